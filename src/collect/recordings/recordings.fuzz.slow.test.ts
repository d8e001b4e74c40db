import { fuzzRecordings } from '../testing/fuzz-recordings.ts'

fuzzRecordings(100_000)
