import { fuzzParsers } from '../testing/fuzz-parsers.ts'

fuzzParsers(2_000)
