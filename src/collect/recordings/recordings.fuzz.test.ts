import { fuzzRecordings } from '../testing/fuzz-recordings.ts'

fuzzRecordings(2_000)
