import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { MetricsReading } from '../../domain/metrics.ts'
import { buildReading, NOW } from '../testing/build-facts.ts'
import { computeMetricValues } from './compute-metric-values.ts'

/** A reading one minute after the plain one, with 24,000 ticks gone by, 6,000 of them idle. */
const after = (seconds: number, changes: Partial<MetricsReading> = {}): MetricsReading =>
  buildReading({
    collectedAt: new Date(NOW.getTime() + seconds * 1000),
    uptimeSeconds: 10_000 + seconds,
    cpu: { totalTicks: 1_024_000, idleTicks: 906_000, cpuCount: 4 },
    interfaces: [{ name: 'eth0', receivedBytes: 1e9 + 750_000_000, sentBytes: 1e9, linkBitsPerSecond: 1e9 }],
    ...changes,
  })

const gapsOf = (previous: MetricsReading | null, current: MetricsReading): readonly string[] =>
  computeMetricValues(previous, current).gaps

describe('computeMetricValues', () => {
  it('computes all shares from two readings', () => {
    assert.deepEqual(computeMetricValues(buildReading(), after(60)), {
      collectedAt: new Date(NOW.getTime() + 60_000),
      cpuPercent: 75,
      memoryPercent: 25,
      diskPercent: 40,
      networkPercent: 10,
      gaps: [],
    })
  })

  it('gives memory and disk but no counter share on the first reading', () => {
    const values = computeMetricValues(null, buildReading())
    assert.deepEqual([values.cpuPercent, values.networkPercent], [null, null])
    assert.deepEqual([values.memoryPercent, values.diskPercent], [25, 40])
    assert.deepEqual(values.gaps, ['cpu: first_reading', 'network: first_reading'])
  })

  it('names why counters are not comparable', () => {
    const plain = buildReading()
    const both = (reason: string) => [`cpu: ${reason}`, `network: ${reason}`]
    assert.deepEqual(gapsOf(plain, after(60, { bootId: 'boot-b' })), both('rebooted'))
    const noBoot = buildReading({ bootId: null })
    assert.deepEqual(gapsOf(noBoot, after(60, { bootId: null, uptimeSeconds: 20 })), both('rebooted'))
    assert.deepEqual(gapsOf(noBoot, after(60)), [])
    const young = buildReading({ bootId: null, uptimeSeconds: 10 })
    assert.deepEqual(gapsOf(young, after(300, { bootId: null, uptimeSeconds: 100 })), both('rebooted'))
    assert.deepEqual(gapsOf(plain, after(3600, { uptimeSeconds: 10_060 })), both('clock_jump'))
    assert.deepEqual(gapsOf(plain, after(-60, { uptimeSeconds: 10_060 })), both('clock_jump'))
    const noUptime = buildReading({ uptimeSeconds: null })
    assert.deepEqual(gapsOf(noUptime, after(-1, { uptimeSeconds: null })), both('clock_jump'))
  })

  it('compares over 1 s to 15 min and no less or more', () => {
    const plain = buildReading()
    assert.deepEqual(gapsOf(plain, after(0.99)), ['cpu: interval_too_short', 'network: interval_too_short'])
    assert.deepEqual(gapsOf(plain, after(900)), [])
    assert.deepEqual(gapsOf(plain, after(901)), ['cpu: interval_too_long', 'network: interval_too_long'])
    const one = after(1, { interfaces: buildReading().interfaces })
    assert.deepEqual(gapsOf(plain, one), [])
  })

  it('bears 30 s of difference between clock and uptime and no more', () => {
    const plain = buildReading()
    assert.deepEqual(gapsOf(plain, after(90, { uptimeSeconds: 10_060 })), [])
    assert.deepEqual(gapsOf(plain, after(91, { uptimeSeconds: 10_060 })), [
      'cpu: clock_jump',
      'network: clock_jump',
    ])
  })

  it('gives a gap for CPU counters that ran back, stood still or belong to another number of CPUs', () => {
    const plain = buildReading()
    const cpu = (totalTicks: number, idleTicks: number, cpuCount = 4) =>
      gapsOf(plain, after(60, { cpu: { totalTicks, idleTicks, cpuCount } }))
    assert.deepEqual(cpu(500, 400), ['cpu: counter_reset'])
    assert.deepEqual(cpu(1_024_000, 800_000), ['cpu: counter_reset'])
    assert.deepEqual(cpu(1_000_000, 900_000), ['cpu: counter_stalled'])
    assert.deepEqual(cpu(1_024_000, 906_000, 8), ['cpu: cpus_changed'])
    assert.deepEqual(gapsOf(plain, after(60, { cpu: null })), ['cpu: not_read'])
    assert.deepEqual(gapsOf(buildReading({ cpu: null }), after(60)), ['cpu: first_reading'])
  })

  it('takes an idle counter that ran back within 1 % for a fully busy CPU', () => {
    const cpu = { totalTicks: 1_024_000, idleTicks: 900_000 - 240, cpuCount: 4 }
    assert.equal(computeMetricValues(buildReading(), after(60, { cpu })).cpuPercent, 100)
    const further = { ...cpu, idleTicks: 900_000 - 241 }
    assert.equal(computeMetricValues(buildReading(), after(60, { cpu: further })).cpuPercent, null)
  })

  it('gives a network gap rather than a guess', () => {
    const plain = buildReading()
    const nic = (changes: Partial<MetricsReading['interfaces'][number]>, name = 'eth0') => ({
      name,
      receivedBytes: 2e9,
      sentBytes: 1e9,
      linkBitsPerSecond: 1e9,
      ...changes,
    })
    const network = (...interfaces: MetricsReading['interfaces'][number][]) =>
      gapsOf(plain, after(60, { interfaces }))
    assert.deepEqual(network(), ['network: no_interface'])
    assert.deepEqual(network(nic({ linkBitsPerSecond: null })), ['network: no_link_speed'])
    assert.deepEqual(network(nic({ receivedBytes: 5 })), ['network: counter_reset'])
    assert.deepEqual(network(nic({ linkBitsPerSecond: 1e8 })), ['network: link_speed_changed'])
    assert.deepEqual(network(nic({ receivedBytes: 1e9 + 9_000_000_001 })), ['network: above_link_speed'])
    assert.deepEqual(network(nic({ receivedBytes: 1e9 + 9_000_000_000 })), [])
    assert.deepEqual(network(nic({}, 'eth9')), ['network: first_reading'])
  })

  it('takes the busiest interface and its busier direction', () => {
    const eth1 = { name: 'eth1', receivedBytes: 0, sentBytes: 0, linkBitsPerSecond: 1e10 }
    const previous = buildReading({ interfaces: [...buildReading().interfaces, eth1] })
    const sentBytes = 37_500_000_000
    const current = after(60, { interfaces: [...after(60).interfaces, { ...eth1, sentBytes }] })
    assert.equal(computeMetricValues(previous, current).networkPercent, 50)
  })

  it('names what was not read', () => {
    assert.deepEqual(gapsOf(buildReading(), after(60, { memory: null, disk: null })), [
      'memory: not_read',
      'disk: not_read',
    ])
  })

  it('never gives a share outside 0–100, more than two decimals, or a null without a reason', () => {
    const count = fc.oneof(
      fc.nat(1000),
      fc.integer({ min: 0, max: 2 ** 53 }),
      fc.double({ min: 0, noNaN: true }),
    )
    const nullable = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null })
    const reading = fc.record({
      collectedAt: fc.integer({ min: 0, max: 2_000_000 }).map((ms) => new Date(NOW.getTime() + ms)),
      bootId: nullable(fc.constantFrom('a', 'b')),
      uptimeSeconds: nullable(fc.double({ min: 0, max: 2000, noNaN: true })),
      cpu: nullable(
        fc.record({ totalTicks: count, idleTicks: count, cpuCount: fc.integer({ min: 1, max: 3 }) }),
      ),
      memory: nullable(fc.record({ totalBytes: count, availableBytes: count })),
      swap: fc.constant(null),
      disk: nullable(
        fc.record({
          mount: fc.constant('/'),
          usedPercent: fc.double({ min: -10, max: 200 }),
          freeBytes: count,
          inodesUsedPercent: fc.constant(null),
        }),
      ),
      interfaces: fc.array(
        fc.record({
          name: fc.constantFrom('eth0', 'eth1'),
          receivedBytes: count,
          sentBytes: count,
          linkBitsPerSecond: nullable(fc.constantFrom(-1, 0, 1e6, 1e9)),
        }),
        { maxLength: 3 },
      ),
      load: fc.constant(null),
      psi: fc.constant(null),
    })
    fc.assert(
      fc.property(nullable(reading), reading, (previous, current) => {
        const values = computeMetricValues(previous, current)
        const { cpuPercent, memoryPercent, diskPercent, networkPercent } = values
        const shares = { cpu: cpuPercent, memory: memoryPercent, disk: diskPercent, network: networkPercent }
        for (const [name, percent] of Object.entries(shares)) {
          const reasons = values.gaps.filter((gap) => gap.startsWith(`${name}: `))
          assert.equal(reasons.length, percent === null ? 1 : 0)
          if (percent === null) continue
          assert.ok(percent >= 0 && percent <= 100)
          assert.equal(Math.round(percent * 100) / 100, percent)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('gives back the busy share that the counters were made from', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 900 }),
        fc.integer({ min: 1, max: 256 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (seconds, cpuCount, busyRatio) => {
          const ticks = seconds * cpuCount * 100
          const idle = Math.round(ticks * (1 - busyRatio))
          const previous = buildReading({ cpu: { totalTicks: 5, idleTicks: 3, cpuCount } })
          const current = after(seconds, { cpu: { totalTicks: 5 + ticks, idleTicks: 3 + idle, cpuCount } })
          const expected = (100 * (ticks - idle)) / ticks
          assert.ok(Math.abs((computeMetricValues(previous, current).cpuPercent ?? -1) - expected) <= 0.0051)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
