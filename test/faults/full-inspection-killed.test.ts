import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { inspectServer } from '../../src/collect/collector.ts'
import { createLocalTransport } from '../../src/collect/transport/local.ts'
import { PROBE_NAMES } from '../../src/domain/inspection.ts'
import type { Server } from '../../src/domain/server.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLogger } from '../../src/lib/logger.ts'
import { encodeTypedJson } from '../../src/lib/typed-json.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { ChildSettings } from './run-killed-at-write.ts'

const run = promisify(execFile)
const child = fileURLToPath(new URL('./run-killed-at-write.ts', import.meta.url))
const IPS = ['10.9.0.1', '10.9.0.2', '10.9.0.3']
/** The lease of a dead process (10 s) has ended by the time the second one looks. */
const LATER_MS = 60_000

let directory = ''
let recording = ''
let template = ''
const nowMs = Date.parse('2026-03-02T01:00:00Z')

before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'smart-ops-killed-'))
  recording = join(directory, 'recording.json')
  template = join(directory, 'template.db')
  const server: Server = {
    id: '1',
    bkCloudId: 0,
    ip: '127.0.0.1',
    name: 'recorded',
    transport: 'local',
    group: null,
    enabled: true,
    registeredAt: new Date(nowMs),
  }
  const inspection = await inspectServer({
    transport: createLocalTransport(),
    server,
    probes: PROBE_NAMES,
    clock: systemClock,
    signal: AbortSignal.timeout(60_000),
    deadlineMs: 60_000,
    maxBytes: 4_000_000,
  })
  writeFileSync(recording, encodeTypedJson(inspection))
  const clock = { now: () => new Date(nowMs) }
  const store = await openStore(
    { kind: 'sqlite', path: template, timeZone: 'Asia/Shanghai' },
    { clock, logger: silentLogger },
  )
  await store.migrate()
  const { id: _id, ...recorded } = server
  for (const ip of IPS) await store.servers.register({ ...recorded, ip, name: ip })
  await store.close()
})

after(() => rmSync(directory, { recursive: true, force: true }))

interface Attempt {
  readonly exit: string | number
  readonly stdout: string
}

async function attempt(settings: ChildSettings): Promise<Attempt> {
  try {
    const { stdout } = await run(process.execPath, [child, JSON.stringify(settings)], {
      maxBuffer: 64 * 1024 ** 2,
    })
    return { exit: 0, stdout }
  } catch (error) {
    const failed = error as { signal?: string; code?: number; stdout?: string; stderr?: string }
    if (failed.signal !== 'SIGKILL') throw error
    return { exit: 'SIGKILL', stdout: failed.stdout ?? '' }
  }
}

/** The document without what must differ: ids, times, attempts. */
const story = (json: string): string =>
  json
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME')
    // How far this machine's clock is from the one of the test, which goes on from death to death.
    .replaceAll(/(服务器时钟比巡检机\S+ |clock is )\d+(?:\.\d+)? (?:天|days)/g, '$1SPAN')
    .replaceAll(/\b\d{19}\b/g, 'ID')
    .replaceAll(/"attempts":\d+/g, '"attempts":N')
    .replaceAll(/\| done \| \d+ \|/g, '| done | N |')

function firstDifference(a: string, b: string): string {
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  return `${a.slice(Math.max(0, at - 60), at + 60)} ≠ ${b.slice(Math.max(0, at - 60), at + 60)}`
}

const looksAt = (path: string): string[] => readFileSync(path, 'utf8').split('\n').filter(Boolean)

interface Trial {
  readonly dieAtWrite: number | null
  readonly dieWhen: 'before' | 'after'
  readonly name: string
}

async function trial({ dieAtWrite, dieWhen, name }: Trial) {
  const database = join(directory, `${name}.db`)
  const looks = join(directory, `${name}.looks`)
  copyFileSync(template, database)
  writeFileSync(looks, '')
  const settings: ChildSettings = { database, looks, recording, dieAtWrite, dieWhen, resume: null, nowMs }
  const first = await attempt(settings)
  return { first, settings, database, looks }
}

/** Ids of servers stored under the newest run, and that run. */
async function storedState(database: string) {
  const clock = { now: () => new Date(nowMs + LATER_MS) }
  const store = await openStore(
    { kind: 'sqlite', path: database, timeZone: 'Asia/Shanghai' },
    { clock, logger: silentLogger },
  )
  try {
    const [newest] = await store.runs.list(1)
    const rows = newest === undefined ? [] : await store.inspections.findByRun(newest.id)
    const reports = newest === undefined ? null : await store.reports.findByRun('hardware_summary', newest.id)
    return { newest, stored: rows.map((row) => row.inspection.serverIp), reports }
  } finally {
    await store.close()
  }
}

test('kill -9 at each write of a full inspection: it resumes, repeats nothing stored, and tells the same story', async (t) => {
  const whole = await trial({ dieAtWrite: null, dieWhen: 'before', name: 'whole' })
  assert.equal(whole.first.exit, 0)
  const expected = story(whole.first.stdout)
  assert.match(expected, /"state":"succeeded"/)
  assert.deepEqual(looksAt(whole.looks), IPS)
  let trials = 0
  for (let write = 1; ; write += 1) {
    let died = false
    for (const dieWhen of ['before', 'after'] as const) {
      const { first, settings, database, looks } = await trial({
        dieAtWrite: write,
        dieWhen,
        name: `${dieWhen}-${write}`,
      })
      if (first.exit === 0) continue
      died = true
      trials += 1
      const { newest, stored } = await storedState(database)
      const label = `${dieWhen} write ${write}`
      if (newest === undefined) {
        assert.equal(write, 1, `${label}: only a death before the run was stored leaves none`)
        continue
      }
      if (newest.state !== 'running') continue
      const looked = looksAt(looks)
      const resumed = await attempt({
        ...settings,
        dieAtWrite: null,
        resume: newest.id,
        nowMs: nowMs + LATER_MS,
      })
      assert.equal(resumed.exit, 0, label)
      assert.ok(
        story(resumed.stdout) === expected,
        `${label}: another story: ${firstDifference(story(resumed.stdout), expected)}`,
      )
      const again = looksAt(looks).slice(looked.length)
      for (const ip of stored)
        assert.ok(!again.includes(ip), `${label}: ${ip} was stored and looked at again`)
      const end = await storedState(database)
      assert.equal(end.newest?.state, 'succeeded', label)
      assert.deepEqual([...end.stored].sort(), IPS, label)
    }
    if (!died) break
  }
  t.diagnostic(`${trials} deaths tried`)
  assert.ok(trials >= 30, `only ${trials} deaths were tried`)
})
