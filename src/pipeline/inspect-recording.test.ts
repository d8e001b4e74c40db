import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { makeContext, type TestContext } from '../../test/support/make-context.ts'
import { inspectServer, randomNonce, sectionsOf } from '../collect/collector.ts'
import { composeScript, type NamedSection } from '../collect/compose-script.ts'
import { type CarriedRecording, readRecording } from '../collect/offline/read-recording.ts'
import { composeRecorder } from '../collect/offline/recorder-script.ts'
import { createReplayTransport } from '../collect/transport/replay.ts'
import type { ServerInspection } from '../domain/inspection.ts'
import type { InventoryServer } from '../domain/server.ts'
import { quoteForShell } from '../lib/quote-for-shell.ts'
import { inspectDisks } from './disk-inspection.ts'
import { inspectRecording } from './inspect-recording.ts'
import { inspectMemory } from './memory-inspection.ts'

/** A machine put together from cases of the probes. */
const CASES = {
  system: 'centos-6-two-sockets',
  metrics: 'centos-6-bond',
  memory: 'rack-server-ddr4',
  disk: 'rack-server-mixed-drives',
  sensors: 'rack-server',
} as const
const PROBES = ['system', 'metrics', 'memory', 'disk', 'sensors'] as const

function sectionsOfMachine(): readonly NamedSection[] {
  return sectionsOf(PROBES).map(({ id, section }) => {
    const probe = PROBES.find((name) => id.startsWith(`${name}.`)) ?? 'system'
    const testdata = join(import.meta.dirname, '..', 'collect', 'probes', probe, 'testdata', CASES[probe])
    const file = (end: string) => join(testdata, `${section.name}.${end}`)
    const print = (end: string, to: string) =>
      existsSync(file(end)) ? `cat ${quoteForShell(file(end))}${to}; ` : ''
    const known = existsSync(file('stdout')) || existsSync(file('stderr'))
    const exit = existsSync(file('exit')) ? readFileSync(file('exit'), 'utf8').trim() : known ? '0' : '127'
    const body = `${print('stdout', '')}${print('stderr', ' >&2')}exit ${exit}`
    return { id, section: { ...section, body } }
  })
}

const MACHINE = sectionsOfMachine()

function record(): Buffer {
  const script = composeRecorder(MACHINE, randomNonce())
  return spawnSync('/bin/sh', ['-c', 'exec /bin/sh -s 2>&1'], { input: script, maxBuffer: 64e6 }).stdout
}

function recordingOf(content: Buffer): CarriedRecording {
  const read = readRecording(content)
  assert.ok('recording' in read, 'problem' in read ? read.problem.en : '')
  return read.recording
}

let made: TestContext
let server: InventoryServer
let live: ServerInspection
const RECORDED = record()

before(async () => {
  made = await makeContext(async () => live)
  server = await made.register('10.0.0.7')
  const nonce = randomNonce()
  const input = composeScript(MACHINE, nonce)
  const { stdout, stderr, status } = spawnSync('/bin/sh', ['-s'], { input, maxBuffer: 64e6 })
  live = await inspectServer({
    transport: createReplayTransport({ stdout, stderr, exitCode: status }),
    server,
    probes: PROBES,
    clock: made.clock,
    signal: made.context.signal,
    deadlineMs: 0,
    maxBytes: 64e6,
    nonce: () => nonce,
  })
})

after(async () => await made.close())

const inspect = async (content = RECORDED, more: Partial<Parameters<typeof inspectRecording>[1]> = {}) =>
  await inspectRecording(made.context, {
    recording: recordingOf(content),
    server,
    called: { name: null, ip: null },
    isStored: false,
    ...more,
  })

/** The recording as if its server's clock had shown other times. */
const recordedAt = (start: string, end: string): Buffer =>
  Buffer.from(
    RECORDED.toString('latin1')
      .replace(/ out start 1 \d+ /, ` out start 1 ${start} `)
      .replace(/ out complete (\d+) \d+/, ` out complete $1 ${end}`),
    'latin1',
  )

describe('a recording and a live look at the same machine', () => {
  test('give the same facts, sections and evidence', async () => {
    const { inspection } = (await inspect()).assessment
    assert.ok(live.sections.filter(({ status }) => status === 'ok').length > 8)
    assert.deepEqual(inspection, live)
  })

  test('are judged alike, and say the same in the documents of 002 and 003', async () => {
    const { assessment, summary } = await inspect()
    const call = { servers: [server], requestedIps: null, runId: null, asked: {}, probesFor: () => PROBES }
    const memory = await inspectMemory(made.context, call)
    const disk = await inspectDisks(made.context, call)
    assert.ok(assessment.findings.length > 3)
    assert.deepEqual([assessment], memory.assessments)
    assert.deepEqual(summary.facts.memory, memory.document)
    assert.deepEqual(summary.facts.disk, disk.document)
    assert.equal(summary.verdict, 'critical')
    assert.equal(summary.totals.inspected, 1)
    assert.equal(summary.facts.system.stale.length, 0)
  })
})

describe('a recording', () => {
  test('is judged as of when it was made', async () => {
    const start = made.clock.now().getTime() / 1_000 - 86_400
    const { inspection, findings } = (await inspect(recordedAt(`${start}`, `${start + 40}`))).assessment
    assert.deepEqual(
      [inspection.startedAt, inspection.finishedAt],
      [new Date(start * 1_000), new Date((start + 40) * 1_000)],
    )
    for (const { since } of findings) assert.ok(since <= inspection.finishedAt)
  })

  test('of a server whose clock cannot be right is judged as of now', async () => {
    const now = made.clock.now()
    for (const content of [
      recordedAt('12', '40'),
      recordedAt('', ''),
      recordedAt('99999999999', '99999999999'),
    ]) {
      const { inspection } = (await inspect(content)).assessment
      assert.deepEqual([inspection.startedAt, inspection.finishedAt], [now, now])
    }
  })

  test('of a server that the inventory does not hold is called as asked, or as it calls itself', async () => {
    const called = async (name: string | null, ip: string | null) => {
      const { assessment } = await inspect(RECORDED, { server: null, called: { name, ip } })
      return [assessment.server.name, assessment.server.ip]
    }
    const { hostname } = recordingOf(RECORDED)
    assert.deepEqual(await called(null, null), [hostname, hostname])
    assert.deepEqual(await called('db-1', '192.0.2.7'), ['db-1', '192.0.2.7'])
  })

  test('is stored only when that is asked for', async () => {
    const { inspections } = made.context.store
    const before = (await inspections.latestOf(server.id))?.inspection.finishedAt ?? null
    const at = made.clock.now().getTime() / 1_000 + 60
    await inspect(recordedAt(`${at}`, `${at}`))
    assert.deepEqual((await inspections.latestOf(server.id))?.inspection.finishedAt ?? null, before)
    const { assessment } = await inspect(recordedAt(`${at}`, `${at}`), { isStored: true })
    assert.deepEqual((await inspections.latestOf(server.id))?.inspection, assessment.inspection)
  })
})
