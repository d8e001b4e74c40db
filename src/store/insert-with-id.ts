import { AppError } from '../domain/errors.ts'
import { text } from '../domain/text.ts'
import { duplicateKeyOf } from './dialects/database-errors.ts'

/** Two processes with one worker id would have to meet in the same millisecond again and again. */
const MAX_ID_ATTEMPTS = 10

/**
 * Runs the insert with a new id, and with another one for as long as that id is taken. Returns the id that went in, or
 * null when another unique key of the row is taken. Throws AppError INTERNAL when ten ids in a row are taken.
 */
export async function insertWithId(
  nextId: () => Promise<string>,
  insert: (id: string) => Promise<unknown>,
): Promise<string | null> {
  for (let attempt = 1; attempt <= MAX_ID_ATTEMPTS; attempt += 1) {
    const id = await nextId()
    try {
      await insert(id)
      return id
    } catch (error) {
      const key = duplicateKeyOf(error)
      if (key === 'unique') return null
      if (key === null) throw error
    }
  }
  throw new AppError(
    'INTERNAL',
    text(
      `连续 ${MAX_ID_ATTEMPTS} 个新编号都已被占用`,
      `${MAX_ID_ATTEMPTS} new ids in a row were taken already`,
    ),
  )
}

/**
 * Updates the row, or inserts it when there is none; when another process inserts it first, updates after all.
 * `update` returns the number of rows it found.
 */
export async function updateOrInsert(
  update: () => Promise<bigint>,
  insert: () => Promise<unknown>,
): Promise<void> {
  if ((await update()) > 0n) return
  try {
    await insert()
  } catch (error) {
    if (duplicateKeyOf(error) === null) throw error
    await update()
  }
}
