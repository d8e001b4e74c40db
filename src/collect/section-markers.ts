/** Which stream a marker line was printed to. Recordings that merge both streams can still be told apart by it. */
export type MarkedStream = 'out' | 'err'

/** First word of every marker line. */
const MARKER_WORD = '@@smart-ops'

/** 128 random bits in hex: what a server prints cannot guess it, so data is never taken for a marker. */
export const NONCE_PATTERN = /^[0-9a-f]{32}$/

/** `probe.section`: the only shape of id that is put into a script. */
export const SECTION_ID_PATTERN = /^[a-z][a-z0-9_]{0,30}\.[a-z][a-z0-9_]{0,30}$/

/** Returns what each marker line of this run starts with. */
export const markerPrefix = (nonce: string): string => `${MARKER_WORD} ${nonce} `

/**
 * Returns the nonce of the first begin or busy marker in a recorded output, or null when there is none.
 * Used for recordings only: a live run knows its own nonce.
 */
export function findRecordedNonce(output: Buffer): string | null {
  const found = /(?:^|\n)@@smart-ops ([0-9a-f]{32}) out (?:begin |busy)/.exec(output.toString('latin1'))
  return found?.[1] ?? null
}

const MAX_BUSY_LENGTH = 300

/**
 * Returns the processes named by the last `busy` marker (`number name …`, perhaps none: ''), or null when the run found
 * nobody before it. What it says comes from a server: printable, short, and otherwise anything.
 */
export function findBusyNote(output: Buffer, nonce: string): string | null {
  const marker = `\n${markerPrefix(nonce)}out busy`
  const at = output.lastIndexOf(marker, undefined, 'latin1')
  if (at < 0) return null
  const end = output.indexOf('\n', at + marker.length)
  const line = output
    .subarray(at + marker.length, end < 0 ? undefined : end)
    .toString('utf8', 0, MAX_BUSY_LENGTH)
  return line.replaceAll(/[^\x20-\x7e]/g, '?').trim()
}
