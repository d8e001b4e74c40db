import { fuzzRecordingKinds } from '../testing/fuzz-recording-kinds.ts'

fuzzRecordingKinds(100_000)
