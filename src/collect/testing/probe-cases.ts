import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProbeName } from '../../domain/inspection.ts'
import { classifySection } from '../classify-section.ts'
import type { Probe, RawOutcome } from '../probe.ts'

/** When every case was "read". */
export const CASE_TIME = new Date('2026-01-02T03:04:05.000Z')

/** Names of the case folders below `testdata`. Throws when there are none: an empty loop would pass. */
export function listCases(testdata: string): readonly string[] {
  const names = readdirSync(testdata).sort()
  assert.ok(names.length > 0, `${testdata} has no case`)
  return names
}

/** Reads `<section>.stdout`, `<section>.stderr` and `<section>.exit` (default 0) of a case; a section without stdout and stderr was not run. */
function readCase(folder: string, probe: Probe<ProbeName>): Record<string, RawOutcome> {
  const read = (name: string): string | null => {
    const path = join(folder, name)
    return existsSync(path) ? readFileSync(path, 'utf8') : null
  }
  const raw: Record<string, RawOutcome> = {}
  for (const { name, command } of probe.sections) {
    const stdout = read(`${name}.stdout`)
    const stderr = read(`${name}.stderr`)
    if (stdout === null && stderr === null) continue
    const exitCode = Number(read(`${name}.exit`) ?? '0')
    const section = { stdout: stdout ?? '', stderr: stderr ?? '', exitCode }
    raw[name] = classifySection(section, command, { timedOut: false, truncated: false })
  }
  return raw
}

/** Returns what the probe makes of a case as JSON values, as `expected.json` holds it. */
const parseCase = (folder: string, probe: Probe<ProbeName>): unknown =>
  JSON.parse(JSON.stringify(probe.parse(readCase(folder, probe), CASE_TIME)))

/** Compares every section that the case has with `expected.json`; a section not run is not compared. */
export function checkCase(folder: string, probe: Probe<ProbeName>): void {
  const expected: unknown = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))
  assert.deepEqual(parseCase(folder, probe), expected)
}
