import type { MarkedStream } from './section-markers.ts'
import { markerPrefix } from './section-markers.ts'

/** One section as both streams carried it. */
export interface SplitSection {
  readonly stdout: string
  readonly stderr: string
  /** The section's standard output byte for byte, for its hash. */
  readonly stdoutBytes: Buffer
  /** Null when its end marker never came. */
  readonly exitCode: number | null
}

interface StreamPart {
  readonly bytes: Buffer
  readonly exitCode: number | null
}

interface Marker {
  readonly verb: 'begin' | 'end'
  readonly id: string
  readonly exitCode: number | null
  /** Where the section's data before this marker ends. */
  readonly dataEnd: number
  /** Where the data after it starts. */
  readonly next: number
}

const MAX_MARKER_LENGTH = 200

function readMarker(text: string, at: number, prefix: string, stream: MarkedStream): Marker | null {
  if (at > 0 && text[at - 1] !== '\n') return null
  const lineEnd = text.indexOf('\n', at)
  if (lineEnd < 0 || lineEnd - at > MAX_MARKER_LENGTH) return null
  const words = text
    .slice(at + prefix.length, lineEnd)
    .trimEnd()
    .split(' ')
  const [tag, verb, id, code] = words
  if (tag !== stream || id === undefined) return null
  const dataEnd = at < 1 ? 0 : text[at - 2] === '\r' ? at - 2 : at - 1
  if (verb === 'begin' && words.length === 3) return { verb, id, exitCode: null, dataEnd, next: lineEnd + 1 }
  if (verb === 'end' && words.length === 4 && code !== undefined && /^\d{1,3}$/.test(code))
    return { verb, id, exitCode: Number(code), dataEnd, next: lineEnd + 1 }
  return null
}

function splitStream(bytes: Buffer, nonce: string, stream: MarkedStream): Map<string, StreamPart> {
  // latin1 maps bytes to characters one to one, so that offsets hold in both.
  const text = bytes.toString('latin1')
  const prefix = markerPrefix(nonce)
  const parts = new Map<string, StreamPart>()
  let open: { id: string; start: number } | null = null
  const close = (end: number, exitCode: number | null): void => {
    if (open !== null && !parts.has(open.id))
      parts.set(open.id, { bytes: bytes.subarray(open.start, Math.max(open.start, end)), exitCode })
    open = null
  }
  for (let at = text.indexOf(prefix); at >= 0; at = text.indexOf(prefix, at + prefix.length)) {
    const marker = readMarker(text, at, prefix, stream)
    if (marker === null) continue
    const openId: string | null = (open as { id: string } | null)?.id ?? null
    if (marker.verb === 'begin') {
      close(marker.dataEnd, null)
      open = { id: marker.id, start: marker.next }
    } else if (openId === marker.id) close(marker.dataEnd, marker.exitCode)
  }
  close(bytes.length, null)
  return parts
}

function decode(bytes: Buffer, nonce: string): string {
  const decoded = new TextDecoder('utf-8').decode(bytes).replaceAll('\r\n', '\n')
  const prefix = markerPrefix(nonce)
  if (!decoded.includes(prefix)) return decoded
  return decoded
    .split('\n')
    .filter((line) => !line.startsWith(prefix))
    .join('\n')
}

/**
 * Returns the sections found in the two streams, by id. Text before the first marker (login banners) and between
 * sections is dropped; bytes that are not UTF-8 become U+FFFD; CRLF becomes LF. A section whose markers are missing or
 * malformed is absent or has a null exit code, and no other section is touched by that. Of a repeated id the first counts.
 * Linear in the size of the input.
 */
export function splitSections(stdout: Buffer, stderr: Buffer, nonce: string): Map<string, SplitSection> {
  const errors = splitStream(stderr, nonce, 'err')
  const sections = new Map<string, SplitSection>()
  for (const [id, part] of splitStream(stdout, nonce, 'out')) {
    const error = errors.get(id)
    sections.set(id, {
      stdout: decode(part.bytes, nonce),
      stderr: error === undefined ? '' : decode(error.bytes, nonce),
      stdoutBytes: part.bytes,
      exitCode: part.exitCode,
    })
  }
  return sections
}
