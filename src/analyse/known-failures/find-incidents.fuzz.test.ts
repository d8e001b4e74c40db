import { fuzzIncidents } from '../testing/fuzz-incidents.ts'

fuzzIncidents(2_000)
