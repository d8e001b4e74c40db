import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Facts, FactsByFile, Json } from './corpus-kind.ts'
import { isFacts } from './corpus-kind.ts'

/** Returns what `expected.json` of a kind's folder says, by file. Throws when it cannot be read or has another shape. */
export function readExpected(folder: string): FactsByFile {
  const path = join(folder, 'expected.json')
  const parsed: Json = JSON.parse(readFileSync(path, 'utf8'))
  if (!isFacts(parsed)) throw new TypeError(`${path} is not an object of file → facts`)
  const facts = new Map<string, Facts>()
  for (const [file, value] of Object.entries(parsed)) {
    if (!isFacts(value)) throw new TypeError(`${path}: ${file} has no facts`)
    facts.set(file, value)
  }
  return facts
}

/** Returns the inputs that `expected.json` names. */
export const expectedFiles = (folder: string): readonly string[] => [...readExpected(folder).keys()]
