import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ExceededSince, MetricSample, MetricValues } from '../../domain/metrics.ts'
import { thresholdsFor } from '../../domain/thresholds.ts'
import { buildSample, buildServer, LIMITS, minutesBefore, NOW, THRESHOLDS } from '../testing/build-facts.ts'
import { assessMetrics, exceededSinceOf } from './assess-metrics.ts'
import { computeBaseline, isBaselineDue } from './own-baseline.ts'

const QUIET: MetricValues = {
  collectedAt: NOW,
  cpuPercent: 10,
  memoryPercent: 20,
  diskPercent: 30,
  networkPercent: 1,
  gaps: [],
}

const HOUR_MS = 3_600_000

/** As the pipeline does it: the baseline of all that is stored, the last hour for the rest. */
const assess = (
  values: Partial<MetricValues>,
  stored: readonly MetricSample[] = [],
  exceededSince: ExceededSince = {},
) =>
  assessMetrics({
    filesystems: [],
    server: buildServer(),
    values: { ...QUIET, ...values },
    thresholds: THRESHOLDS,
    baseline: computeBaseline(stored, NOW),
    recent: stored.filter(({ collectedAt }) => NOW.getTime() - collectedAt.getTime() <= HOUR_MS),
    exceededSince,
    now: NOW,
  })

const summary = (...given: Parameters<typeof assess>) =>
  assess(...given).map(({ rule, severity }) => `${rule} ${severity}`)

/** Memory shares, the last one a minute ago, one a minute. */
const memoryPast = (...percents: number[]): readonly MetricSample[] =>
  percents.map((memoryPercent, index) =>
    buildSample({ memoryPercent, collectedAt: minutesBefore(percents.length - index) }),
  )

describe('assessMetrics, thresholds', () => {
  it('finds nothing at the thresholds and something above each', () => {
    assert.deepEqual(summary({ cpuPercent: 70, memoryPercent: 70, diskPercent: 80, networkPercent: 95 }), [])
    assert.deepEqual(
      summary({ cpuPercent: 70.01, memoryPercent: 70.01, diskPercent: 80.01, networkPercent: 95.01 }),
      [
        'metrics.disk_high urgent',
        'metrics.cpu_high warning',
        'metrics.memory_high warning',
        'metrics.network_high warning',
      ],
    )
  })

  it('is more severe from the critical share on', () => {
    assert.deepEqual(summary({ memoryPercent: 84.99 }), ['metrics.memory_high warning'])
    assert.deepEqual(summary({ memoryPercent: 85 }), ['metrics.memory_high urgent'])
    assert.deepEqual(summary({ diskPercent: 94.99 }), ['metrics.disk_high urgent'])
    assert.deepEqual(summary({ diskPercent: 95 }), ['metrics.disk_high critical'])
  })

  it('judges by the limits of the server, and says whose they are', () => {
    const thresholds = thresholdsFor({ group: null, thresholds: { memoryPercent: 90 } }, LIMITS)
    const judge = (memoryPercent: number) =>
      assessMetrics({
        filesystems: [],
        server: buildServer(),
        values: { ...QUIET, memoryPercent },
        thresholds,
        baseline: null,
        recent: memoryPast(91),
        exceededSince: {},
        now: NOW,
      })
    assert.deepEqual(judge(85), [])
    assert.match(
      judge(85.01)[0]?.title.en ?? '',
      /was above 90% \(this server\) and has not come down to 85%/,
    )
    assert.match(judge(90.01)[0]?.title.zh ?? '', /高于阈值 90%\(本机设定\)/)
  })

  it('says nothing of a share that was not measured', () => {
    assert.deepEqual(
      summary({ cpuPercent: null, memoryPercent: null, diskPercent: null, networkPercent: null }),
      [],
    )
  })

  it('holds until 5 points below the threshold', () => {
    assert.deepEqual(summary({ memoryPercent: 65.01 }, memoryPast(71)), ['metrics.memory_high warning'])
    assert.deepEqual(summary({ memoryPercent: 65 }, memoryPast(71)), [])
    assert.deepEqual(summary({ memoryPercent: 69 }, memoryPast(71, 65)), [])
    assert.deepEqual(summary({ memoryPercent: 69 }, memoryPast(66)), [])
  })

  it('counts since the stretch began, through dips that did not clear', () => {
    const [finding] = assess({ memoryPercent: 75 }, memoryPast(80, 60, 72, 67, 73))
    assert.deepEqual(finding?.since, minutesBefore(3))
  })

  it('forgets a held state after an hour without samples', () => {
    const past = (minutes: number) => [
      buildSample({ memoryPercent: 80, collectedAt: minutesBefore(minutes) }),
    ]
    assert.deepEqual(summary({ memoryPercent: 68 }, past(60)), ['metrics.memory_high warning'])
    assert.deepEqual(summary({ memoryPercent: 68 }, past(61)), [])
  })

  it('keeps the beginning of a stretch that is older than the last hour', () => {
    const sinceAt = minutesBefore(300)
    const held = assess({ memoryPercent: 68 }, memoryPast(68, 67), { memory: sinceAt })
    assert.deepEqual(held[0]?.since, sinceAt)
    assert.deepEqual(exceededSinceOf(held), { memory: sinceAt })
    assert.deepEqual(
      assess({ memoryPercent: 75 }, memoryPast(72, 73), { memory: sinceAt })[0]?.since,
      sinceAt,
    )
  })

  it('drops that beginning when the stretch ended within the hour, or nothing was sampled in it', () => {
    const sinceAt = minutesBefore(300)
    assert.deepEqual(summary({ memoryPercent: 68 }, memoryPast(80, 60, 68), { memory: sinceAt }), [])
    assert.deepEqual(summary({ memoryPercent: 68 }, [], { memory: sinceAt }), [])
    const [again] = assess({ memoryPercent: 75 }, memoryPast(80, 60, 72), { memory: sinceAt })
    assert.deepEqual(again?.since, minutesBefore(1))
  })

  it('gives a stable id, both languages and the measured value', () => {
    const [finding] = assess({ memoryPercent: 71.25 })
    assert.equal(finding?.id, 'metrics.memory_high:10.0.0.1:')
    assert.match(finding?.title.zh ?? '', /71\.25%.*70%/)
    assert.match(finding?.title.en ?? '', /71\.25%.*70%/)
  })
})

describe('assessMetrics, against the server’s own past', () => {
  const steady = (count: number, percent: (index: number) => number) =>
    memoryPast(...Array.from({ length: count }, (_, index) => percent(index)))

  it('claims nothing with fewer than 48 samples', () => {
    assert.deepEqual(
      summary(
        { memoryPercent: 60 },
        steady(47, () => 20),
      ),
      [],
    )
    assert.deepEqual(
      summary(
        { memoryPercent: 60 },
        steady(48, () => 20),
      ),
      ['metrics.memory_unusual info'],
    )
  })

  it('names unusually low shares too', () => {
    const [finding] = assess(
      { memoryPercent: 5 },
      steady(60, () => 40),
    )
    assert.match(finding?.title.en ?? '', /unusually low/)
  })

  it('needs 10 points of difference however steady the server is', () => {
    assert.deepEqual(
      summary(
        { memoryPercent: 29.99 },
        steady(60, () => 20),
      ),
      [],
    )
    assert.deepEqual(
      summary(
        { memoryPercent: 30 },
        steady(60, () => 20),
      ),
      ['metrics.memory_unusual info'],
    )
  })

  it('bears more on a server that always varies', () => {
    const varying = steady(60, (index) => 30 + (index % 5) * 4)
    assert.deepEqual(summary({ memoryPercent: 58 }, varying), [])
    assert.deepEqual(summary({ memoryPercent: 60 }, varying), ['metrics.memory_unusual info'])
  })

  it('does not call unusual what it does every night', () => {
    const nightly = (busy: number) => steady(100, (index) => (index < busy ? 60 : 20))
    assert.deepEqual(summary({ memoryPercent: 60 }, nightly(2)), [])
    assert.deepEqual(summary({ memoryPercent: 60 }, nightly(1)), ['metrics.memory_unusual info'])
  })

  it('looks no further back than 28 days', () => {
    const old = (days: number) =>
      steady(60, () => 20).map((sample) => ({
        ...sample,
        collectedAt: new Date(sample.collectedAt.getTime() - days * 86_400_000),
      }))
    assert.deepEqual(summary({ memoryPercent: 60 }, old(27)), ['metrics.memory_unusual info'])
    assert.deepEqual(summary({ memoryPercent: 60 }, old(28)), [])
  })

  it('puts it into the cause when the share is above its threshold anyway', () => {
    const [finding, ...others] = assess(
      { memoryPercent: 80 },
      steady(60, () => 20),
    )
    assert.deepEqual(others, [])
    assert.equal(finding?.rule, 'metrics.memory_high')
    assert.match(finding?.cause?.en ?? '', /median of 60 samples.*20%/)
  })

  it('is due again after a day, and after an hour while there are too few samples', () => {
    const many = computeBaseline(
      steady(60, () => 20),
      NOW,
    )
    const few = computeBaseline(
      steady(5, () => 20),
      NOW,
    )
    const later = (ms: number) => new Date(NOW.getTime() + ms)
    assert.equal(isBaselineDue(null, NOW), true)
    assert.deepEqual(
      [isBaselineDue(many, later(24 * HOUR_MS)), isBaselineDue(many, later(24 * HOUR_MS + 1))],
      [false, true],
    )
    assert.deepEqual(
      [isBaselineDue(few, later(HOUR_MS)), isBaselineDue(few, later(HOUR_MS + 1))],
      [false, true],
    )
    assert.equal(isBaselineDue(many, later(-1)), true)
  })

  it('claims exactly what counting the samples themselves claims', () => {
    let seed = 7
    const random = (): number => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed / 2_147_483_647
    }
    for (let round = 0; round < 300; round += 1) {
      const percents = Array.from({ length: 48 + Math.floor(random() * 120) }, () =>
        Math.round(random() < 0.03 ? random() * 100 : 20 + random() * 3),
      )
      const percent = Math.round(random() * 100)
      const middle = computeBaseline(memoryPast(...percents), NOW).memory
      assert.ok(middle)
      const asFar = percents.filter((one) =>
        percent > middle.medianPercent ? one >= percent : one <= percent,
      )
      const deviation = Math.abs(percent - middle.medianPercent)
      const expected =
        deviation >= 10 &&
        (0.6745 * deviation) / Math.max(1, middle.madPercent) > 3.5 &&
        asFar.length / percents.length < 0.02
      const [found] = assess({ memoryPercent: percent }, memoryPast(...percents)).filter(({ rule }) =>
        rule.endsWith('unusual'),
      )
      if (percent <= 65) assert.equal(found !== undefined, expected, `${percent} in ${percents.join(' ')}`)
    }
  })
})

describe('assessMetrics, limits of mount points', () => {
  const thresholds = thresholdsFor({ group: null, thresholds: { mounts: { '/data': 95 } } }, LIMITS)
  const judge = (data: number, root: number, exceededSince: ExceededSince = {}) =>
    assessMetrics({
      filesystems: [
        { mount: '/data', usedPercent: data },
        { mount: '/', usedPercent: root },
      ],
      server: buildServer(),
      values: { ...QUIET, diskPercent: data },
      thresholds,
      baseline: null,
      recent: [buildSample({ diskPercent: data, collectedAt: minutesBefore(1) })],
      exceededSince,
      now: NOW,
    })
  const said = (...given: Parameters<typeof judge>) =>
    judge(...given).map(({ title, since }) => [title.en, since])

  it('hold for the filesystem there, whose name is told', () => {
    assert.deepEqual(said(95, 75), [])
    assert.deepEqual(said(96, 75), [
      ['Usage of filesystem /data 96%, above the threshold of 95% (this mount point)', minutesBefore(1)],
    ])
  })

  it('keep, of a filesystem that is not the fullest, since when it is above, and hold it until 5 points below', () => {
    const title = 'Usage of filesystem / 81%, above the threshold of 80%'
    assert.deepEqual(said(90, 81), [[title, NOW]])
    assert.deepEqual(said(90, 81, { disk: minutesBefore(500) }), [[title, minutesBefore(500)]])
    assert.equal(said(90, 76, { disk: minutesBefore(500) }).length, 1)
    assert.deepEqual(said(90, 75, { disk: minutesBefore(500) }), [])
    assert.deepEqual(said(90, 76), [])
  })
})
