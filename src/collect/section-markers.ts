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
 * Returns the nonce of the first begin marker in a recorded output, or null when there is none.
 * Used for recordings only: a live run knows its own nonce.
 */
export function findRecordedNonce(output: Buffer): string | null {
  const found = /(?:^|\n)@@smart-ops ([0-9a-f]{32}) out begin /.exec(output.toString('latin1'))
  return found?.[1] ?? null
}
