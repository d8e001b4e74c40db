import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A recorded text and what a reader must make of it, as JSON. */
export interface RecordedText {
  readonly name: string
  readonly text: string
  readonly expected: unknown
}

/** Returns the pairs `NAME.txt` and `NAME.json` of a folder. Throws when there are none: an empty loop would pass. */
export function recordedTexts(folder: string): readonly RecordedText[] {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort()
  assert.ok(names.length > 0, `${folder} holds no text`)
  return names.map((file) => ({
    name: file.slice(0, -'.txt'.length),
    text: readFileSync(join(folder, file), 'utf8'),
    expected: JSON.parse(readFileSync(join(folder, file.replace(/txt$/, 'json')), 'utf8')),
  }))
}

/** Returns a value as JSON holds it, maps as objects. */
export const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, one: unknown) => (one instanceof Map ? Object.fromEntries(one) : one)),
  )
