import { text } from '../../domain/text.ts'
import { errorAt, type InventoryEncoding, type InventoryProblem } from './parsed-inventory.ts'

/** Bytes as text. Bytes that fit no encoding are U+FFFD. */
export interface DecodedText {
  readonly content: string
  readonly encoding: InventoryEncoding
}

function decodeStrictly(bytes: Uint8Array, encoding: 'utf-8' | 'gb18030'): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

const countBroken = (content: string): number => content.split('\ufffd').length - 1

/**
 * Returns the bytes as text: by its byte order mark, else UTF-8 where all of it is valid, else GB18030 (and with it GBK
 * and GB2312). Where neither is valid throughout, the one with fewer broken places, which are U+FFFD. Newlines survive
 * in each. Takes linear time.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return { content: new TextDecoder('utf-16le').decode(bytes), encoding: 'utf-16le' }
  const utf8 = decodeStrictly(bytes, 'utf-8')
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const marked = hasMark ? 'utf-8-bom' : 'utf-8'
  if (utf8 !== null) return { content: utf8, encoding: marked }
  const gb18030 = hasMark ? null : decodeStrictly(bytes, 'gb18030')
  if (gb18030 !== null) return { content: gb18030, encoding: 'gb18030' }
  const brokenUtf8 = new TextDecoder('utf-8').decode(bytes)
  if (hasMark) return { content: brokenUtf8, encoding: marked }
  const brokenGb = new TextDecoder('gb18030').decode(bytes)
  return countBroken(brokenGb) < countBroken(brokenUtf8)
    ? { content: brokenGb, encoding: 'gb18030' }
    : { content: brokenUtf8, encoding: 'utf-8' }
}

/** Returns whether the text holds a NUL or a place where bytes fitted no encoding. */
export const isBrokenText = (value: string): boolean => value.includes('\0') || value.includes('\ufffd')

/** Returns the error of a line that is no text. */
export const brokenTextAt = (line: number, field: string | null, found: string): InventoryProblem =>
  errorAt(
    { line, field },
    found.replaceAll('\0', '␀'),
    text('UTF-8 或 GB18030 编码的文本,不含 NUL 字符', 'text in UTF-8 or GB18030, without NUL characters'),
  )

/** Returns the lines of the text with their numbers from 1, for files that are read line by line. LF, CRLF or CR. */
export const numberedLines = (
  content: string,
): readonly { readonly line: number; readonly content: string }[] =>
  content.split(/\r\n|\n|\r/).map((one, index) => ({ line: index + 1, content: one }))
