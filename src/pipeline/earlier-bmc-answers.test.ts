import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { makeContext, type TestContext } from '../../test/support/make-context.ts'
import { sectionsOf } from '../collect/collector.ts'
import { IPMI_SECTION_IDS } from '../collect/probes/sensors/ipmi-interval.ts'
import type { SensorFacts } from '../domain/facts/sensors.ts'
import type { ProbeName, SectionReport, ServerInspection } from '../domain/inspection.ts'
import type { InventoryServer } from '../domain/server.ts'
import type { Inspect } from './context.ts'
import { inspectServers } from './inspect-servers.ts'

const MINUTE_MS = 60_000
const notRun = { status: 'no_data', command: 'x', exitCode: null, stderr: 'the section was not run' } as const

let world: TestContext
let asked: string[][] = []
let ipmiStatus: SectionReport['status'] = 'ok'
let degrees = 40
let reads = 0

const sensorFacts = (leaveOut: readonly string[]): SensorFacts => ({
  hwmon: { status: 'ok', value: [] },
  thermalZones: notRun,
  ipmi:
    leaveOut.includes('sensors.ipmi') || ipmiStatus !== 'ok'
      ? notRun
      : {
          status: 'ok',
          value: [
            {
              source: 'ipmi',
              chip: 'bmc',
              label: 'Inlet',
              kind: 'temperature',
              reading: degrees,
              unit: 'celsius',
              warnAbove: null,
              criticalAbove: null,
              plausible: true,
            },
          ],
        },
})

/** A server with a BMC, looked at as the collector does. */
const look: Inspect = async (server, probes, _signal, leaveOut = []) => {
  const now = world.clock.now()
  const ids = sectionsOf(probes)
    .map(({ id }) => id)
    .filter((id) => !leaveOut.includes(id))
  asked.push(ids.filter((id) => IPMI_SECTION_IDS.includes(id)))
  const statusOf = (id: string) => (IPMI_SECTION_IDS.includes(id) ? ipmiStatus : 'ok')
  return {
    serverId: server.id,
    serverIp: server.ip,
    startedAt: now,
    finishedAt: now,
    unreachable: null,
    facts: probes.includes('sensors') ? { sensors: sensorFacts(leaveOut) } : {},
    sections: ids.map((id) => ({ id, status: statusOf(id), command: 'x', remedy: null })),
    evidence: ids.map((id) => ({
      id,
      server: server.ip,
      command: 'x',
      at: now,
      excerpt: '',
      rawSha256: '',
    })),
  }
}

before(async () => {
  const made = await makeContext(look)
  const { inspections } = made.context.store
  const store = {
    ...made.context.store,
    inspections: {
      ...inspections,
      previousWith: (...input: Parameters<typeof inspections.previousWith>) => {
        reads += 1
        return inspections.previousWith(...input)
      },
    },
  }
  world = { ...made, context: { ...made.context, store } }
})

after(async () => {
  await world.close()
})

beforeEach(() => {
  asked = []
  reads = 0
  ipmiStatus = 'ok'
  degrees = 40
})

const inspect = async (
  servers: readonly InventoryServer[],
  probes: readonly ProbeName[] = ['sensors'],
): Promise<readonly ServerInspection[]> =>
  await inspectServers(world.context, { servers, probesFor: () => probes, runId: null, step: 'test' })

const bmcDegrees = (inspection: ServerInspection | undefined): number | undefined => {
  const ipmi = inspection?.facts.sensors?.ipmi
  return ipmi?.status === 'ok' ? ipmi.value[0]?.reading : undefined
}

const evidenceAt = (inspection: ServerInspection | undefined, id: string): Date | undefined =>
  inspection?.evidence.find((entry) => entry.id === id)?.at

const SENSORS = ['sensors.ipmi', 'sensors.ipmi_sel', 'sensors.bmc']

test('a BMC is asked once in ten minutes, and what it said then is shown with its true time', async () => {
  const server = await world.register('10.0.1.1')
  const firstAt = world.clock.now()
  const [first] = await inspect([server])
  degrees = 50
  const looks = []
  for (const _ of [1, 2]) {
    world.clock.advance(4 * MINUTE_MS)
    looks.push(...(await inspect([server])))
  }
  assert.deepEqual(asked, [SENSORS, [], []])
  for (const [index, seen] of looks.entries()) {
    assert.equal(bmcDegrees(seen), 40)
    assert.deepEqual(evidenceAt(seen, 'sensors.ipmi'), firstAt)
    assert.deepEqual(
      evidenceAt(seen, 'sensors.hwmon')?.getTime(),
      firstAt.getTime() + (index + 1) * 4 * MINUTE_MS,
    )
    assert.deepEqual(seen.sections, first?.sections, 'every section is there, in order')
    assert.deepEqual(
      seen.evidence.map(({ id }) => id),
      first?.evidence.map(({ id }) => id),
    )
  }
  assert.deepEqual(
    await world.context.store.inspections.latestOf(server.id).then((it) => it?.inspection),
    looks[1],
  )
  world.clock.advance(2 * MINUTE_MS)
  const [again] = await inspect([server])
  assert.deepEqual(asked.at(-1), SENSORS, 'ten minutes after it was really asked')
  assert.equal(bmcDegrees(again), 50)
  assert.deepEqual(evidenceAt(again, 'sensors.ipmi'), world.clock.now())
})

test('a BMC that hung is left alone; a tool that has become available is used at once', async () => {
  const server = await world.register('10.0.1.2')
  ipmiStatus = 'unsupported'
  await inspect([server])
  ipmiStatus = 'timeout'
  await inspect([server])
  const [third] = await inspect([server])
  assert.deepEqual(asked, [SENSORS, SENSORS, []])
  assert.equal(third?.sections.find(({ id }) => id === 'sensors.ipmi')?.status, 'timeout')
})

test('a look for other things changes nothing about the BMC', async () => {
  const server = await world.register('10.0.1.3')
  await inspect([server])
  const [disk] = await inspect([server], ['disk'])
  assert.equal(disk?.facts.sensors, undefined)
  assert.ok(disk?.sections.every(({ id }) => id.startsWith('disk.')))
  assert.equal(reads, 1, 'a look that asks no BMC reads nothing')
})

test('a fleet is read in one go, servers never looked at are asked', async () => {
  const known = await world.register('10.0.1.4')
  await inspect([known])
  reads = 0
  asked = []
  const others = await Promise.all([5, 6, 7, 8].map((host) => world.register(`10.0.1.${host}`)))
  await inspect([known, ...others])
  assert.equal(reads, 1)
  assert.equal(asked.filter((ids) => ids.length === 0).length, 1)
  assert.equal(asked.filter((ids) => ids.length === SENSORS.length).length, 4)
})
