import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { projectDirectory } from './paths.ts'

/** Returns the version of package.json. */
export function productVersion(): string {
  const json: unknown = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8'))
  return z.object({ version: z.string() }).parse(json).version
}
