import { inflateRawSync } from 'node:zlib'
import { type Text, text } from '../../domain/text.ts'
import { reasonOf } from './parsed-inventory.ts'

/** Bytes that the parts of an XLSX file may have together once inflated: room for 20,000 servers several times over. */
const MOST_INFLATED_BYTES = 48 * 1024 * 1024
const MOST_PARTS = 500
/** Columns that a sheet may have. The reader fills gaps, so that one far cell would cost memory without bound. */
const MOST_COLUMNS = 256

/** Why a file is refused before it is handed to the reader. */
interface ZipRefusal {
  readonly found: string
  readonly allowed: Text
}

const NOT_XLSX = text('完整的 XLSX 文件(未加密)', 'a whole XLSX file without a password')
const TOO_BIG = text(
  `解压后不超过 ${MOST_INFLATED_BYTES / 1024 / 1024} MiB,不超过 ${MOST_PARTS} 个部件`,
  `at most ${MOST_INFLATED_BYTES / 1024 / 1024} MiB when inflated, in at most ${MOST_PARTS} parts`,
)

interface ZipPart {
  readonly name: string
  readonly content: Uint8Array
}

/** APPNOTE.TXT 6.3.10, 4.3.16: the end record is 22 bytes and a comment of at most 65,535. */
function findEndRecord(bytes: Buffer): number | null {
  const first = Math.max(0, bytes.length - 22 - 65_535)
  for (let at = bytes.length - 22; at >= first; at -= 1) if (bytes.readUInt32LE(at) === 0x06054b50) return at
  return null
}

/** Inflates one part (4.3.7 and 4.3.12). Throws RangeError or a zlib error for what is no part or is too big. */
function readPart(bytes: Buffer, header: number, mostBytes: number): ZipPart {
  const method = bytes.readUInt16LE(header + 10)
  const packed = bytes.readUInt32LE(header + 20)
  const declared = bytes.readUInt32LE(header + 24)
  const nameLength = bytes.readUInt16LE(header + 28)
  const local = bytes.readUInt32LE(header + 42)
  const name = bytes.toString('utf8', header + 46, header + 46 + nameLength)
  if (declared > mostBytes) throw new RangeError('too big')
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
  const raw = bytes.subarray(start, start + packed)
  const content = method === 0 ? raw : inflateRawSync(raw, { maxOutputLength: mostBytes + 1 })
  // The reader makes room by the declared size and trusts it.
  if (content.length !== declared) throw new RangeError(`${name}: ${content.length} ≠ ${declared}`)
  return { name, content }
}

function readParts(bytes: Buffer): readonly ZipPart[] | ZipRefusal {
  const end = findEndRecord(bytes)
  if (end === null) return { found: 'ZIP', allowed: NOT_XLSX }
  const count = bytes.readUInt16LE(end + 10)
  if (count > MOST_PARTS) return { found: `${count} parts`, allowed: TOO_BIG }
  const parts: ZipPart[] = []
  let left = MOST_INFLATED_BYTES
  let header = bytes.readUInt32LE(end + 16)
  try {
    for (let index = 0; index < count; index += 1) {
      if (bytes.readUInt32LE(header) !== 0x02014b50) return { found: 'ZIP', allowed: NOT_XLSX }
      const part = readPart(bytes, header, left)
      left -= part.content.length
      parts.push(part)
      header += 46 + [28, 30, 32].reduce((sum, at) => sum + bytes.readUInt16LE(header + at), 0)
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    const isTooBig = code === 'ERR_BUFFER_TOO_LARGE' || reasonOf(error) === 'too big'
    return { found: reasonOf(error), allowed: isTooBig ? TOO_BIG : NOT_XLSX }
  }
  return parts
}

const CELL_ADDRESS = /^([A-Z]{0,3})(\d{1,7})$/

const columnNumber = (letters: string): number =>
  [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)

/** Returns the first address in a sheet that lies outside what is read, or is none; null when there is none. */
function farCell(sheet: string, mostRows: number): string | null {
  for (const match of sheet.matchAll(/[\s"']r\s{0,8}=\s{0,8}["']([^"']{0,20})/g)) {
    const address = match[1] ?? ''
    const parts = CELL_ADDRESS.exec(address)
    if (parts === null || Number(parts[2]) > mostRows || columnNumber(parts[1] ?? '') > MOST_COLUMNS)
      return address
  }
  return null
}

/**
 * Returns why an XLSX file must not be handed to the reader, null when it may: every part is inflated here first, never
 * beyond the limit, its true size compared with the declared one, and no cell of a sheet may lie further out than the
 * rows and columns that are read.
 */
export function checkZip(content: Uint8Array, mostRows: number): ZipRefusal | null {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  const parts = readParts(bytes)
  if (!('length' in parts)) return parts
  for (const part of parts) {
    if (!part.name.includes('worksheets/') || !part.name.endsWith('.xml')) continue
    const far = farCell(Buffer.from(part.content).toString('utf8'), mostRows)
    if (far !== null)
      return {
        found: `${part.name} ${far}`,
        allowed: text(
          `不超过 ${mostRows} 行、${MOST_COLUMNS} 列`,
          `at most ${mostRows} rows and ${MOST_COLUMNS} columns`,
        ),
      }
  }
  return null
}
