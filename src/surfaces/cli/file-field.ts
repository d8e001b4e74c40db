import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { AppError } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'
import { readBounded } from '../../lib/read-bounded.ts'
import type { AnyOperation } from '../../services/service-definition.ts'
import type { InputField } from './input-field.ts'

/** No more of a file or of standard input is read; operations have lower limits of their own. */
export const MOST_FILE_BYTES = 64 * 1024 * 1024

/** The word that means standard input. */
const STDIN = '-'

/** Returns whether the operation's result is a file, in its field `content_base64`. */
export function givesContent(operation: AnyOperation): boolean {
  const schema = z.toJSONSchema(operation.output, { unrepresentable: 'any' })
  return Object.hasOwn(schema.properties ?? {}, 'content_base64')
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * Returns the word of a file field as the base64 of the file's bytes: of `@FILE`, or, where the field takes a path, of
 * FILE, `-` and no word at all being standard input. Any other word is the base64 itself (which never begins with @).
 * Throws AppError INPUT_INVALID, naming the file, when it cannot be read.
 */
export async function readFileField(
  field: InputField,
  word: string | null,
  readStdin: () => Promise<Buffer>,
): Promise<string> {
  if (field.isPath && (word ?? STDIN) === STDIN) return (await readStdin()).toString('base64')
  if (word === null || (!field.isPath && !word.startsWith('@'))) return word ?? ''
  const path = field.isPath ? word : word.slice(1)
  try {
    return (await readBounded(createReadStream(path), MOST_FILE_BYTES)).toString('base64')
  } catch (error) {
    const shown = JSON.stringify(path)
    throw new AppError(
      'INPUT_INVALID',
      text(
        `${field.option}:无法读取文件 ${shown}:${reasonOf(error)}`,
        `${field.option}: cannot read the file ${shown}: ${reasonOf(error)}`,
      ),
      { cause: error, details: { field: field.name, found: path } },
    )
  }
}

/**
 * Writes the `content_base64` of a result to a new file. Throws AppError INPUT_INVALID, naming the file, when it is
 * there already or cannot be written.
 */
export async function saveContent(data: unknown, path: string): Promise<void> {
  const content =
    typeof data === 'object' && data !== null && 'content_base64' in data ? data.content_base64 : null
  if (typeof content !== 'string') throw new Error('the result holds no content_base64')
  try {
    await writeFile(path, Buffer.from(content, 'base64'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    const shown = JSON.stringify(path)
    throw new AppError(
      'INPUT_INVALID',
      text(
        `save:无法写入文件 ${shown}:${reasonOf(error)};允许:可写目录中尚不存在的文件`,
        `save: cannot write the file ${shown}: ${reasonOf(error)}; allowed: a file that is not there yet, in a folder that can be written`,
      ),
      { cause: error, details: { field: 'save', found: path } },
    )
  }
}
