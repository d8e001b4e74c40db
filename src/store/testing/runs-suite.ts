import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'
import { defineSuite } from './define-suite.ts'
import { ACTOR } from './samples-of-domain.ts'
import type { TestDialect } from './test-databases.ts'

const LEASE_MS = 30_000
const lost = (error: unknown): boolean => error instanceof AppError && error.code === 'RUN_ACTIVE'

/** Runs, their steps and the leases under which they are executed. */
export function defineRunsSuite(dialect: TestDialect): void {
  defineSuite(dialect, 'runs', (context) => {
    const create = (startedAt = context().clock.now()) =>
      context().store.runs.create({
        flow: 'full_inspection',
        input: { ips: ['10.0.0.1'] },
        startedBy: ACTOR,
        startedAt,
      })
    const acquire = async (id: string, owner: string, at = context().clock.now()) =>
      (await context().store.runs.acquire(id, owner, at, LEASE_MS)) ?? assert.fail(`${owner} got no lease`)

    test('keeps steps, choices, outputs and the result', async () => {
      const { store, clock } = context()
      const { runs } = store
      const run = await create()
      assert.deepEqual(run, {
        id: run.id,
        flow: 'full_inspection',
        state: 'running',
        input: { ips: ['10.0.0.1'] },
        startedBy: ACTOR,
        startedAt: clock.now(),
        finishedAt: null,
        cancelRequested: false,
        steps: [],
        result: null,
        error: null,
      })
      const lease = await acquire(run.id, 'a')
      const at = clock.now()
      const choice = {
        action: 'memory',
        reason: text('内存高', 'memory is high'),
        chosenBy: 'rules',
        ips: ['10.0.0.1'],
      } as const
      await runs.enterStep(lease, 0, 'overview', at)
      await runs.finishStep(lease, 0, { output: { seen: at, n: 0 }, choice, at })
      await runs.enterStep(lease, 1, 'memory', at)
      await runs.failStep(lease, 1, { code: 'INTERNAL', message: '坏了' }, at)
      await runs.enterStep(lease, 1, 'memory', new Date(at.getTime() + 5))
      const entered = (await runs.find(run.id)) ?? assert.fail('the run is gone')
      assert.deepEqual(entered.steps, [
        {
          position: 0,
          name: 'overview',
          state: 'done',
          startedAt: at,
          finishedAt: at,
          attempts: 1,
          output: { seen: at, n: 0 },
          choice,
          error: null,
        },
        {
          position: 1,
          name: 'memory',
          state: 'running',
          startedAt: new Date(at.getTime() + 5),
          finishedAt: null,
          attempts: 2,
          output: null,
          choice: null,
          error: null,
        },
      ])
      await assert.rejects(runs.finishStep(lease, 7, { output: 1, choice: null, at }), /never entered/)
      await runs.finish(lease, { state: 'succeeded', result: { reportId: '1' }, error: null, at })
      const ended = (await runs.find(run.id)) ?? assert.fail('the run is gone')
      assert.equal(ended.state, 'succeeded')
      assert.deepEqual(ended.result, { reportId: '1' })
      assert.deepEqual(ended.finishedAt, at)
      assert.equal(await runs.acquire(run.id, 'b', at, LEASE_MS), null)
      assert.equal(await runs.requestCancel(run.id), false)
      await assert.rejects(runs.finish(lease, { state: 'failed', result: null, error: null, at }), lost)
      assert.equal((await runs.find(run.id))?.state, 'succeeded')
    })

    test('one of many gets the lease', async () => {
      const { store, clock, openAgain } = context()
      const other = await openAgain()
      const run = await create()
      const leases = await Promise.all(
        Array.from({ length: 16 }, (_, n) =>
          (n % 2 === 0 ? store : other).runs.acquire(run.id, `owner ${n}`, clock.now(), LEASE_MS),
        ),
      )
      assert.equal(leases.filter((lease) => lease !== null).length, 1)
    })

    test('whoever lost the lease can write nothing more', async () => {
      const { store, clock } = context()
      const { runs } = store
      const run = await create()
      const old = await acquire(run.id, 'old')
      assert.equal(await runs.heartbeat(old, clock.now(), LEASE_MS), true)
      await runs.enterStep(old, 0, 'overview', clock.now())
      assert.equal(await runs.acquire(run.id, 'new', clock.now(), LEASE_MS), null)
      const later = new Date(clock.now().getTime() + LEASE_MS)
      const fresh = await acquire(run.id, 'new', later)
      assert.ok(fresh.fence > old.fence)
      const at = later
      assert.equal(await runs.heartbeat(old, at, LEASE_MS), false)
      await assert.rejects(runs.enterStep(old, 0, 'overview', at), lost)
      await assert.rejects(runs.finishStep(old, 0, { output: 'old', choice: null, at }), lost)
      await assert.rejects(runs.failStep(old, 0, { code: 'X', message: 'x' }, at), lost)
      await assert.rejects(runs.finish(old, { state: 'failed', result: null, error: null, at }), lost)
      await runs.release(old)
      await runs.enterStep(fresh, 0, 'overview', at)
      await runs.finishStep(fresh, 0, { output: 'new', choice: null, at })
      const steps = (await runs.find(run.id))?.steps
      assert.equal(steps?.[0]?.output, 'new')
      assert.equal(steps?.[0]?.attempts, 2)
    })

    test('the same owner taking over its own ended lease gets a higher fence', async () => {
      const { store, clock } = context()
      const run = await create()
      const first = await acquire(run.id, 'same')
      const second = await acquire(run.id, 'same', new Date(clock.now().getTime() + LEASE_MS))
      assert.ok(second.fence > first.fence)
      await assert.rejects(store.runs.enterStep(first, 0, 'overview', clock.now()), lost)
    })

    test('a lease that was given back is free at once and good for nothing more', async () => {
      const { store, clock } = context()
      const run = await create()
      const lease = await acquire(run.id, 'a')
      await store.runs.release(lease)
      await assert.rejects(store.runs.enterStep(lease, 0, 'overview', clock.now()), lost)
      assert.equal(await store.runs.heartbeat(lease, clock.now(), LEASE_MS), false)
      assert.ok((await acquire(run.id, 'b')).fence > lease.fence)
    })

    test('lists newest first, and as orphans the running ones that nobody holds', async () => {
      const { store, clock } = context()
      const at = (minutes: number) => new Date(clock.now().getTime() + 86_400_000 + minutes * 60_000)
      const older = await create(at(0))
      const newer = await create(at(1))
      const sameTime = await create(at(1))
      assert.deepEqual(
        (await store.runs.list(3)).map((run) => run.id),
        [sameTime.id, newer.id, older.id],
      )
      await acquire(older.id, 'a', at(2))
      const orphans = async (now: Date): Promise<string[]> =>
        (await store.runs.listOrphans(now))
          .map((run) => run.id)
          .filter((id) => [older.id, newer.id].includes(id))
      assert.deepEqual(await orphans(at(2)), [newer.id])
      assert.deepEqual(await orphans(new Date(at(2).getTime() + LEASE_MS)), [older.id, newer.id])
    })

    test('cancelling is asked for once and seen by all', async () => {
      const { store } = context()
      const run = await create()
      assert.equal(await store.runs.isCancelRequested(run.id), false)
      assert.equal(await store.runs.requestCancel(run.id), true)
      assert.equal(await store.runs.requestCancel(run.id), true)
      assert.equal(await store.runs.isCancelRequested(run.id), true)
      assert.equal((await store.runs.find(run.id))?.cancelRequested, true)
      assert.equal(await store.runs.requestCancel('1'), false)
      assert.equal(await store.runs.isCancelRequested('1'), false)
      assert.equal(await store.runs.find('1'), null)
    })
  })
}
