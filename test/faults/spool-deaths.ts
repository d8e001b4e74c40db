import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { silentLogger } from '../../src/lib/logger.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { SpoolChildSettings } from './spool-killed-at-step.ts'

const run = promisify(execFile)
const child = fileURLToPath(new URL('./spool-killed-at-step.ts', import.meta.url))
const SAMPLES = 3

/** When within a step the process dies. */
export type DieWhen = SpoolChildSettings['dieWhen']

const clock = { now: () => new Date('2026-03-02T01:00:00Z') }
const open = (path: string) =>
  openStore({ kind: 'sqlite', path, timeZone: 'Asia/Shanghai' }, { clock, logger: silentLogger })

/** A folder with a migrated database, copied for each death. */
export interface DeathPlace {
  readonly folder: string
  remove(): void
}

/** Makes the folder. */
export async function makeDeathPlace(): Promise<DeathPlace> {
  const folder = mkdtempSync(join(tmpdir(), 'smart-ops-spool-killed-'))
  const store = await open(templateIn(folder))
  await store.migrate()
  await store.close()
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

const templateIn = (folder: string): string => join(folder, 'template.db')

async function live(settings: SpoolChildSettings): Promise<{ died: boolean; acknowledged: number[] }> {
  const acknowledgedIn = (stdout: string): number[] =>
    [...stdout.matchAll(/acknowledged (\d+)/g)].map(([, n]) => Number(n))
  try {
    const { stdout } = await run(process.execPath, [child, JSON.stringify(settings)])
    return { died: false, acknowledged: acknowledgedIn(stdout) }
  } catch (error) {
    const failed = error as { signal?: string; stdout?: string }
    if (failed.signal !== 'SIGKILL') throw error
    return { died: true, acknowledged: acknowledgedIn(failed.stdout ?? '') }
  }
}

/** The samples that the database holds, by their number. */
async function stored(database: string) {
  const store = await open(database)
  try {
    const rows = await store.samples.history(
      { bkCloudId: 0, ip: '10.0.0.1' },
      clock.now(),
      new Date(clock.now().getTime() + 86_400_000),
    )
    return { numbers: rows.map((row) => row.cpuPercent), reading: await store.readings.find('1') }
  } finally {
    await store.close()
  }
}

/**
 * Lets a process die at a step of spooling and replaying, and the next one while it replays; then checks that another
 * one stores all that was acknowledged, once. Returns false, without a check, when there was no such step.
 */
export async function deathAt({ folder }: DeathPlace, dieAtStep: number, dieWhen: DieWhen): Promise<boolean> {
  const name = join(folder, `${dieWhen}-${dieAtStep}`)
  const settings = { database: `${name}.db`, directory: `${name}.spool`, samples: SAMPLES }
  copyFileSync(templateIn(folder), settings.database)
  mkdirSync(settings.directory)
  const first = await live({ ...settings, dieAtStep, dieWhen })
  if (!first.died) return false
  // The one that replays dies as well, then another one comes to the end.
  await live({ ...settings, samples: 0, dieAtStep: 2, dieWhen })
  assert.equal((await live({ ...settings, samples: 0, dieAtStep: null, dieWhen })).died, false)
  const label = `death ${dieWhen} step ${dieAtStep}`
  const { numbers, reading } = await stored(settings.database)
  assert.equal(new Set(numbers).size, numbers.length, `${label}: doubled in ${numbers.join(' ')}`)
  for (const n of first.acknowledged) assert.ok(numbers.includes(n), `${label}: ${n} is lost`)
  assert.ok(numbers.length <= first.acknowledged.length + 1, `${label}: more than was ever recorded`)
  assert.deepEqual(readdirSync(settings.directory, { recursive: true }), [], label)
  const newest = Math.max(-1, ...first.acknowledged)
  assert.ok((reading?.reading.uptimeSeconds ?? -1) >= newest, `${label}: an older reading won`)
  return true
}

/** Checks that a process which nobody kills stores every sample once. */
export async function liveWhole({ folder }: DeathPlace): Promise<void> {
  const settings = { database: join(folder, 'whole.db'), directory: join(folder, 'whole.spool') }
  copyFileSync(templateIn(folder), settings.database)
  await live({ ...settings, samples: SAMPLES, dieAtStep: null, dieWhen: 'before' })
  const { numbers, reading } = await stored(settings.database)
  assert.deepEqual(numbers, [0, 1, 2])
  assert.equal(reading?.reading.uptimeSeconds, SAMPLES - 1)
  assert.deepEqual(readdirSync(settings.directory), [])
}
