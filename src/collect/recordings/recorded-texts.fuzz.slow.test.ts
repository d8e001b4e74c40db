import { fuzzRecordedTexts } from '../testing/fuzz-recorded-texts.ts'

fuzzRecordedTexts(100_000)
