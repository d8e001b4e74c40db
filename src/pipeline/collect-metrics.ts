import { assessMetrics, exceededSinceOf } from '../analyse/metrics/assess-metrics.ts'
import { computeMetricValues } from '../analyse/metrics/compute-metric-values.ts'
import { judgedShare } from '../analyse/metrics/judged-share.ts'
import { metricStatus } from '../analyse/metrics/metric-status.ts'
import { BASELINE_SPAN_MS, computeBaseline, isBaselineDue } from '../analyse/metrics/own-baseline.ts'
import type { MetricsCollection } from '../domain/assessment.ts'
import { AppError } from '../domain/errors.ts'
import type { ServerInspection } from '../domain/inspection.ts'
import type { FilesystemShare, MetricBaseline, MetricSample, MetricValues } from '../domain/metrics.ts'
import type { InventoryServer } from '../domain/server.ts'
import type { Text } from '../domain/text.ts'
import { text } from '../domain/text.ts'
import { type ServerThresholds, thresholdsFor } from '../domain/thresholds.ts'
import { createFairQueue } from '../lib/fair-queue.ts'
import type { StoredReading } from '../store/repositories.ts'
import { createMetricsRecorder, type MetricsRecorder } from '../store/spool/metrics-recorder.ts'
import type { PipelineContext } from './context.ts'

/** Samples that the judgement of "exceeded" looks at; what began earlier is kept with the reading. */
const RECENT_MS = 3_600_000
/** Within so long every baseline that is due is made again, so that no single cycle reads the past of all servers. */
const BASELINE_ROUND_MS = 12 * 3_600_000
/** Baselines that one collection may make whatever the size of the fleet. */
const LEAST_BASELINES = 8

/** What the servers of one collection share. */
interface Collecting {
  readonly context: PipelineContext
  readonly recorder: MetricsRecorder
  /** Baselines that may still be made. */
  baselinesLeft: number
}

/**
 * Reads the metrics of each server once, stores a sample where there is one, and judges it.
 * A server that gives nothing, or whose sample neither the database nor the spool takes, is in the result with its
 * reason. Throws when the signal is aborted, or the database is gone and there is no spool.
 */
export async function collectMetrics(
  context: PipelineContext,
  servers: readonly InventoryServer[],
): Promise<readonly MetricsCollection[]> {
  const queue = createFairQueue(context.concurrency)
  const recorder =
    context.recorder ??
    createMetricsRecorder({ store: context.store, spool: null, clock: context.clock, logger: context.logger })
  const share = Math.ceil((servers.length * context.metricsIntervalMs) / BASELINE_ROUND_MS)
  const collecting: Collecting = {
    context,
    recorder,
    baselinesLeft: Math.max(LEAST_BASELINES, share),
  }
  let done = 0
  const tasks = servers.map((server) =>
    queue.add(async () => {
      context.signal.throwIfAborted()
      const collection = await collectOne(collecting, server)
      done += 1
      const message = collection.failure ?? text(`${server.ip} 已采集`, `${server.ip} collected`)
      context.progress({ runId: null, step: 'collect_metrics', done, total: servers.length, message })
      return collection
    }),
  )
  try {
    return await Promise.all(tasks)
  } finally {
    queue.clear()
    await queue.onIdle()
  }
}

async function collectOne(collecting: Collecting, server: InventoryServer): Promise<MetricsCollection> {
  const { context, recorder } = collecting
  const inspection = await context.inspect(server, ['metrics'], context.signal)
  context.signal.throwIfAborted()
  const outcome = inspection.facts.metrics
  if (outcome === undefined || outcome.status !== 'ok')
    return { server, values: null, failure: failureOf(inspection), findings: [] }
  const previous = await recorder.findReading(server.id)
  const values = computeMetricValues(previous?.reading ?? null, outcome.value)
  const now = context.clock.now()
  const baseline = await currentBaseline(collecting, server, previous)
  const recent = await recorder.history(server, new Date(now.getTime() - RECENT_MS), now)
  const thresholds = thresholdsFor(server, context.thresholds)
  const filesystems = outcome.value.disk?.filesystems ?? []
  const findings = assessMetrics({
    server,
    values,
    thresholds,
    filesystems,
    baseline,
    recent,
    exceededSince: previous?.exceededSince ?? {},
    now,
  })
  const exceededSince = exceededSinceOf(findings)
  try {
    const reading = { serverId: server.id, reading: outcome.value, values, baseline, exceededSince }
    if (await (context.writesSamples?.(server.group) ?? true))
      await recorder.record(
        toSample(server, values, { thresholds, filesystems, now: context.clock.now() }),
        reading,
      )
    else await context.store.readings.save(reading)
  } catch (error) {
    const isLost =
      error instanceof AppError && (error.code === 'SPOOL_FULL' || error.code === 'SPOOL_UNWRITABLE')
    if (!isLost) throw error
    context.logger.error({ error, ip: server.ip }, 'a sample was lost')
    return { server, values: null, failure: error.text, findings: [] }
  }
  return { server, values, failure: null, findings }
}

/** Returns the stored baseline, or a new one when it is due and this collection may still make one. */
async function currentBaseline(
  collecting: Collecting,
  server: InventoryServer,
  previous: StoredReading | null,
): Promise<MetricBaseline | null> {
  const known = previous?.baseline ?? null
  const now = collecting.context.clock.now()
  if (!isBaselineDue(known, now) || collecting.baselinesLeft <= 0) return known
  collecting.baselinesLeft -= 1
  const past = await collecting.recorder.history(server, new Date(now.getTime() - BASELINE_SPAN_MS), now)
  // No sample is what the database says when it is away; a known baseline is worth more.
  return past.length === 0 ? known : computeBaseline(past, now)
}

function failureOf(inspection: ServerInspection): Text {
  if (inspection.unreachable !== null) {
    const { reason, message } = inspection.unreachable
    return text(
      `${inspection.serverIp} 无法访问(${reason}):${message}`,
      `${inspection.serverIp} unreachable (${reason}): ${message}`,
    )
  }
  const outcome = inspection.facts.metrics
  const status = outcome === undefined ? 'no_data' : outcome.status
  return text(
    `${inspection.serverIp} 指标未读到(${status})`,
    `${inspection.serverIp} gave no metrics (${status})`,
  )
}

interface SampleParts {
  readonly thresholds: ServerThresholds
  readonly filesystems: readonly FilesystemShare[]
  readonly now: Date
}

/** Returns the sample that the values come to, with their states by the limits in force. */
export function toSample(
  server: InventoryServer,
  values: MetricValues,
  { thresholds, filesystems, now }: SampleParts,
): Omit<MetricSample, 'id'> {
  const judgedDisk =
    values.diskPercent === null
      ? null
      : judgedShare({ metric: 'disk', percent: values.diskPercent, thresholds, filesystems })
  return {
    bkCloudId: server.bkCloudId,
    ip: server.ip,
    collectedAt: values.collectedAt,
    cpuPercent: values.cpuPercent,
    memoryPercent: values.memoryPercent,
    diskPercent: values.diskPercent,
    cpuStatus: metricStatus(values.cpuPercent, thresholds.cpuPercent),
    memoryStatus: metricStatus(values.memoryPercent, thresholds.memoryPercent),
    diskStatus: judgedDisk === null ? null : metricStatus(judgedDisk.percent, judgedDisk.limit.percent),
    networkStatus: metricStatus(values.networkPercent, thresholds.networkPercent),
    insertedAt: now,
  }
}
