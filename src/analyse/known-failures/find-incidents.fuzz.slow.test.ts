import { fuzzIncidents } from '../testing/fuzz-incidents.ts'

fuzzIncidents(100_000)
