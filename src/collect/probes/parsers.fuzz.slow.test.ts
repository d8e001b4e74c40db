import { fuzzParsers } from '../testing/fuzz-parsers.ts'

fuzzParsers(100_000)
