import { fuzzRecordingKinds } from '../testing/fuzz-recording-kinds.ts'

fuzzRecordingKinds(2_000)
