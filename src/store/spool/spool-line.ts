import { crc32 } from 'node:zlib'
import { decodeTypedJson, encodeTypedJson } from '../../lib/typed-json.ts'

/** Something that is to be stored once, whenever the database is there to take it. */
export interface SpoolMessage {
  /** Which handler applies it. */
  readonly kind: string
  /** Stays the same however often it is replayed. */
  readonly id: string
  /** JSON; dates survive. */
  readonly payload: unknown
}

/** Returns the line of a message: CRC-32 of the JSON (8 hex digits), a blank, the JSON, a line feed. */
export function encodeSpoolLine({ kind, id, payload }: SpoolMessage): string {
  const json = encodeTypedJson({ kind, id, payload })
  return `${checksum(json)} ${json}\n`
}

const checksum = (json: string): string => crc32(json).toString(16).padStart(8, '0')

/** What a file holds: whole messages in order, and lines that are not what was written. */
export interface SpoolContent {
  readonly messages: readonly SpoolMessage[]
  readonly damaged: readonly string[]
}

/** Reads a file. An end without line feed is a write that was cut short and never acknowledged: it is left out. */
export function decodeSpoolLines(content: string): SpoolContent {
  const messages: SpoolMessage[] = []
  const damaged: string[] = []
  for (const line of content.split('\n').slice(0, -1)) {
    const message = decodeLine(line)
    if (message === null) damaged.push(line)
    else messages.push(message)
  }
  return { messages, damaged }
}

function decodeLine(line: string): SpoolMessage | null {
  const json = line.slice(9)
  if (line.charAt(8) !== ' ' || line.slice(0, 8) !== checksum(json)) return null
  const value: unknown = decodeTypedJson(json)
  if (typeof value !== 'object' || value === null) return null
  const { kind, id, payload } = value as Partial<SpoolMessage> // the checksum says that we wrote it
  return typeof kind === 'string' && typeof id === 'string' ? { kind, id, payload } : null
}
