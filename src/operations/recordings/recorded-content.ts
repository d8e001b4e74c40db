import { z } from 'zod'
import { AppError } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'

/** Larger contents are refused; the output of a carried script has some hundred kilobytes. */
export const MOST_BYTES = 16 * 1024 ** 2
const MOST_BASE64 = Math.ceil(MOST_BYTES / 3) * 4

/** Bytes of JSON of the largest input: a text may need two characters for one (`\n`), and there are other fields. */
export const LARGEST_INPUT_BYTES = 2 * MOST_BYTES + 64 * 1024

/** The fields by which a content comes: one of the two. */
export const contentFields = {
  content_base64: z
    .base64()
    .max(MOST_BASE64)
    .optional()
    .describe('内容的 Base64,至多 16 MiB / the content as base64, at most 16 MiB'),
  recorded_text: z
    .string()
    .max(MOST_BYTES)
    .optional()
    .describe('内容本身,代替 content_base64 / the content itself in place of content_base64'),
}

interface ContentInput {
  readonly content_base64?: string | undefined
  readonly recorded_text?: string | undefined
}

/** Returns the bytes of the content. Throws AppError INPUT_INVALID unless exactly one of the two fields is given. */
export function contentOf({ content_base64: base64, recorded_text: plain }: ContentInput): Buffer {
  if (base64 !== undefined && plain === undefined) return Buffer.from(base64, 'base64')
  if (plain !== undefined && base64 === undefined) return Buffer.from(plain, 'utf8')
  throw new AppError(
    'INPUT_INVALID',
    text(
      'content_base64、recorded_text:必须且只能给出其中一个;命令行给出文件',
      'content_base64, recorded_text: exactly one of them must be given; on the command line a file',
    ),
    { details: { field: 'content_base64' } },
  )
}
