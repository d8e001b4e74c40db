import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeContext, type TestContext } from '../../test/support/make-context.ts'
import type { FactsByProbe, ServerInspection } from '../domain/inspection.ts'
import type { InventoryServer } from '../domain/server.ts'
import { assessInspections } from './assess-inspections.ts'
import { readEarlierLooks } from './earlier-looks.ts'

const absent = { status: 'unsupported', command: 'x', exitCode: 127, stderr: '' } as const

const systemFacts = (kernelRelease: string): FactsByProbe['system'] => ({
  os: {
    status: 'ok',
    value: {
      prettyName: 'Debian 13',
      id: 'debian',
      versionId: '13',
      kernelRelease,
      architecture: 'x86_64',
      hostname: 'a',
    },
  },
  cpu: absent,
  board: absent,
  uptime: absent,
  virtualization: absent,
})

const diskFacts: FactsByProbe['disk'] = {
  filesystems: absent,
  blockDevices: absent,
  mdArrays: absent,
  smart: absent,
}

let world: TestContext
let server: InventoryServer
let other: InventoryServer

before(async () => {
  world = await makeContext()
  server = await world.register('10.0.0.1')
  other = await world.register('10.0.0.2')
})

after(async () => {
  await world.close()
})

const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 1, minute))

const look = (minute: number, facts: Partial<FactsByProbe>, of = server): ServerInspection => ({
  serverId: of.id,
  serverIp: of.ip,
  startedAt: at(minute),
  finishedAt: at(minute + 1),
  unreachable: null,
  facts,
  sections: Object.keys(facts).map((probe) => ({
    id: `${probe}.os`,
    status: 'ok',
    command: `minute ${minute}`,
    remedy: null,
  })),
  evidence: [],
})

test('an earlier look has each probe as it was last read, whichever looks those were', async () => {
  const { inspections } = world.context.store
  await inspections.save(null, look(0, { system: systemFacts('6.1'), disk: diskFacts }))
  await inspections.save(null, look(10, { system: systemFacts('6.6') }))
  const now = look(20, { system: systemFacts('6.12'), disk: diskFacts })
  await inspections.save(null, now)
  await inspections.save(null, look(30, { system: systemFacts('7.0') }))
  const looks = await readEarlierLooks(world.context.store, [now, look(20, { disk: diskFacts }, other)])
  assert.deepEqual([...looks.keys()], [server.id])
  const found = looks.get(server.id)
  assert.deepEqual(found?.readAt, { system: at(11), disk: at(1) })
  assert.deepEqual(found?.inspection.facts, { system: systemFacts('6.6'), disk: diskFacts })
  assert.deepEqual(
    found?.inspection.sections.map(({ id, command }) => [id, command]),
    [
      ['system.os', 'minute 10'],
      ['disk.os', 'minute 0'],
    ],
  )
})

test('servers are judged in the order given, each with what changed since its own last look', async () => {
  const now = look(20, { system: systemFacts('6.12') })
  const first = look(20, { disk: diskFacts }, other)
  const assessments = await assessInspections(world.context, [other, server], [now, first])
  assert.deepEqual(
    assessments.map(({ server: { ip }, changes }) => [ip, changes?.changes.map(({ title }) => title.en)]),
    [
      ['10.0.0.2', undefined],
      ['10.0.0.1', ['System kernel: 6.6 → 6.12']],
    ],
  )
})

test('a look that could not be made changes nothing', async () => {
  const lost: ServerInspection = {
    ...look(40, {}),
    unreachable: { reason: 'timeout', message: 'no answer' },
  }
  const [assessment] = await assessInspections(world.context, [server], [lost])
  assert.equal(assessment?.changes, null)
})
