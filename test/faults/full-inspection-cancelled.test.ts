import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Actor } from '../../src/domain/actor.ts'
import type { ServerInspection } from '../../src/domain/inspection.ts'
import type { Inspect } from '../../src/pipeline/context.ts'
import {
  cancelFullInspection,
  resumeFullInspection,
  startFullInspection,
} from '../../src/pipeline/full-inspection.ts'
import { LEASE_MS, ShutdownReason } from '../../src/pipeline/run-lease.ts'
import { makeContext } from '../support/make-context.ts'

const ACTOR: Actor = { kind: 'system', name: 'test', surface: 'startup' }

/** Servers that cannot be reached answer at once; `slowIp` answers only when the call is cut off. */
const inspectWithSlow =
  (slowIp: string | null, looks: string[]): Inspect =>
  async (server, _probes, signal): Promise<ServerInspection> => {
    looks.push(server.ip)
    if (server.ip === slowIp)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    const at = new Date('2026-03-02T01:00:00Z')
    const unreachable = { reason: 'connect_failed', message: 'no route' } as const
    return {
      serverId: server.id,
      serverIp: server.ip,
      startedAt: at,
      finishedAt: at,
      unreachable,
      facts: {},
      sections: [],
      evidence: [],
    }
  }

const INPUT = { thresholds: {}, ips: null, group: null, scope: 'all' } as const

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let waited = 0; waited < 15_000; waited += 20) {
    if (await holds()) return
    await sleep(20)
  }
  assert.fail('it never came')
}

test('cancelling from another process stops the run and keeps what is stored', async () => {
  const looks: string[] = []
  const world = await makeContext(inspectWithSlow('10.0.0.2', looks))
  try {
    await world.register('10.0.0.1')
    await world.register('10.0.0.2')
    const { context } = world
    const running = startFullInspection(context, INPUT, ACTOR)
    await until(() => looks.includes('10.0.0.2'))
    const [run] = await context.store.runs.list(1)
    assert.ok(run !== undefined)
    await until(async () => (await context.store.inspections.findByRun(run.id)).length === 1)
    await cancelFullInspection({ ...context, owner: 'other:2' }, run.id)
    const ended = await running
    assert.equal(ended.state, 'cancelled')
    assert.equal(ended.error?.code, 'CANCELLED')
    const stored = await context.store.inspections.findByRun(run.id)
    assert.deepEqual(
      stored.map(({ inspection }) => inspection.serverIp),
      ['10.0.0.1'],
    )
    await assert.rejects(resumeFullInspection(context, run.id), { code: 'RUN_FINISHED' })
    assert.equal(await cancelFullInspection(context, run.id), null)
  } finally {
    await world.close()
  }
})

test('a process that stops gives its run back; the next one goes on without repeating', async () => {
  const looks: string[] = []
  const world = await makeContext(inspectWithSlow('10.0.0.2', looks))
  try {
    await world.register('10.0.0.1')
    await world.register('10.0.0.2')
    const stop = new AbortController()
    const context = { ...world.context, signal: stop.signal }
    const running = startFullInspection(context, INPUT, ACTOR)
    await until(async () => {
      const [run] = await context.store.runs.list(1)
      return (
        run !== undefined &&
        looks.includes('10.0.0.2') &&
        (await context.store.inspections.findByRun(run.id)).length === 1
      )
    })
    stop.abort(new ShutdownReason())
    await assert.rejects(running)
    const [run] = await world.context.store.runs.list(1)
    assert.equal(run?.state, 'running')
    looks.length = 0
    const next = { ...world.context, owner: 'next:2', inspect: inspectWithSlow(null, looks) }
    const ended = await resumeFullInspection(next, run?.id ?? '')
    assert.equal(ended.state, 'succeeded')
    assert.deepEqual(looks, ['10.0.0.2'])
  } finally {
    await world.close()
  }
})

test('a run held by a living process is not taken from it; one whose lease ended is', async () => {
  const looks: string[] = []
  const world = await makeContext(inspectWithSlow(null, looks))
  try {
    await world.register('10.0.0.1')
    const { context, clock } = world
    const run = await context.store.runs.create({
      flow: 'full_inspection',
      input: INPUT,
      startedBy: ACTOR,
      startedAt: clock.now(),
    })
    assert.ok(await context.store.runs.acquire(run.id, 'dead:9', clock.now(), LEASE_MS))
    await assert.rejects(resumeFullInspection(context, run.id), { code: 'RUN_ACTIVE' })
    clock.advance(LEASE_MS + 1)
    assert.equal((await resumeFullInspection(context, run.id)).state, 'succeeded')
  } finally {
    await world.close()
  }
})

test('one bad server fails neither the run nor the others', async () => {
  const looks: string[] = []
  const world = await makeContext(inspectWithSlow(null, looks))
  try {
    for (const last of [1, 2, 3]) await world.register(`10.0.0.${last}`)
    const run = await startFullInspection(world.context, INPUT, ACTOR)
    assert.equal(run.state, 'succeeded')
    assert.equal((await world.context.store.inspections.findByRun(run.id)).length, 3)
  } finally {
    await world.close()
  }
})
