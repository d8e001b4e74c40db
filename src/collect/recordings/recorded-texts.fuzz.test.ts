import { fuzzRecordedTexts } from '../testing/fuzz-recorded-texts.ts'

fuzzRecordedTexts(2_000)
