import type { ProbeName } from '../../domain/inspection.ts'
import { lockOf, randomNonce, sectionsOf } from '../collector.ts'
import type { NamedSection } from '../compose-script.ts'
import { composeScript } from '../compose-script.ts'
import type { ProbeLock } from '../shell/probe-lock.ts'

/** Form of the lines that only a recording has; see `read-recording.ts`, which reads them. */
export const RECORDING_VERSION = 1

const USAGE = `# Run it on the server, as root to see everything, and carry the output back whole:
#   sh probe.sh > output.txt 2>&1
# Then, where smart-ops is installed: smart-ops inspect --from output.txt
`

/** Of each section's stderr so many bytes are kept; a live look keeps more, and no parser needs more. */
const MAX_NOTES_BYTES = 65_536

/**
 * Everything goes to stdout, so that it is one file however it was redirected: what the sections print as it comes,
 * then what they printed to stderr. That is kept in a variable meanwhile, because no probe writes a file. Reading stops
 * at the mark and not at the end of the pipe: a process that cannot be killed holds the pipe open for ever.
 */
const recorderEnd = (nonce: string, sectionCount: number): string => `smart_ops_notes() {
  kept=0
  while IFS= read -r line; do
    case $line in
      '@@smart-ops ${nonce} err done') break ;;
      '@@smart-ops ${nonce} err '*) kept=0 ;;
    esac
    kept=$((kept + \${#line} + 1))
    if [ "$kept" -le ${MAX_NOTES_BYTES} ]; then printf '%s\\n' "$line"; fi
  done
}
smart_ops_look() {
  smart_ops_main
  printf '\\n@@smart-ops ${nonce} err done\\n' >&2
}
smart_ops_record() {
  LC_ALL=C
  export LC_ALL
  echo 'smart-ops recording: carry it back whole, then: smart-ops inspect --from FILE'
  printf '\\n@@smart-ops ${nonce} out start ${RECORDING_VERSION} %s %s\\n' "$(date -u +%s)" "$(uname -n)"
  { notes=$(smart_ops_look 2>&1 >&3 3>&- | smart_ops_notes); } 3>&1
  printf '%s\\n' "$notes"
  printf '\\n@@smart-ops ${nonce} out complete ${sectionCount} %s\\n' "$(date -u +%s)"
}
smart_ops_record
`

/** Returns {@link renderRecorderScript} for any sections. Throws RangeError for what {@link composeScript} refuses. */
export function composeRecorder(
  sections: readonly NamedSection[],
  nonce: string,
  lock: ProbeLock | null = null,
): string {
  const script = composeScript(sections, nonce, { lock, end: recorderEnd(nonce, sections.length) })
  return script.replace('#!/bin/sh\n', (first) => first + USAGE)
}

/**
 * Returns one POSIX-sh script (dash, bash, BusyBox ash) to carry to a machine that we cannot reach: it runs the very
 * sections of a live look at these probes, and its output is read back by `readRecording`. Its markers' nonce is new on
 * every call.
 */
export const renderRecorderScript = (
  probes: readonly ProbeName[],
  nonce: () => string = randomNonce,
): string => composeRecorder(sectionsOf(probes), nonce(), lockOf(probes))
