import PQueue from 'p-queue'
import { assessMetrics } from '../analyse/metrics/assess-metrics.ts'
import { computeMetricValues } from '../analyse/metrics/compute-metric-values.ts'
import { metricStatus } from '../analyse/metrics/metric-status.ts'
import type { MetricsCollection } from '../domain/assessment.ts'
import type { ServerInspection } from '../domain/inspection.ts'
import type { MetricSample, MetricValues } from '../domain/metrics.ts'
import type { Server } from '../domain/server.ts'
import type { Text } from '../domain/text.ts'
import { text } from '../domain/text.ts'
import type { Thresholds } from '../domain/thresholds.ts'
import type { StoredReading } from '../store/repositories.ts'
import type { PipelineContext } from './context.ts'

/** How far back a server's own past is read to tell unusual from usual. */
const OWN_PAST_MS = 14 * 24 * 3_600_000

/**
 * Reads the metrics of each server once, stores a sample where there is one, and judges it.
 * A server that gives nothing is in the result with its reason. Throws when the signal is aborted or the database is gone.
 */
export async function collectMetrics(
  context: PipelineContext,
  servers: readonly Server[],
): Promise<readonly MetricsCollection[]> {
  const queue = new PQueue({ concurrency: context.concurrency })
  let done = 0
  const tasks = servers.map((server) =>
    queue.add(async () => {
      context.signal.throwIfAborted()
      const collection = await collectOne(context, server)
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

async function collectOne(context: PipelineContext, server: Server): Promise<MetricsCollection> {
  const inspection = await context.inspect(server, ['metrics'], context.signal)
  context.signal.throwIfAborted()
  const outcome = inspection.facts.metrics
  if (outcome === undefined || outcome.status !== 'ok')
    return { server, values: null, failure: failureOf(inspection), findings: [] }
  const previous = await context.store.readings.find(server.id)
  const values = computeMetricValues(previous?.reading ?? null, outcome.value)
  const sample = toSample(server, values, context)
  const stored: StoredReading = { serverId: server.id, reading: outcome.value, values }
  await context.store.transaction(async (repositories) => {
    await repositories.samples.insert([sample])
    await repositories.readings.save(stored)
  })
  const now = context.clock.now()
  const recent = await context.store.samples.history(server, new Date(now.getTime() - OWN_PAST_MS), now)
  const findings = assessMetrics({ server, values, thresholds: context.thresholds, recent, now })
  return { server, values, failure: null, findings }
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

function toSample(
  server: Server,
  values: MetricValues,
  context: { readonly thresholds: Thresholds; readonly clock: { now(): Date } },
): Omit<MetricSample, 'id'> {
  const { thresholds } = context
  return {
    bkCloudId: server.bkCloudId,
    ip: server.ip,
    collectedAt: values.collectedAt,
    cpuPercent: values.cpuPercent,
    memoryPercent: values.memoryPercent,
    diskPercent: values.diskPercent,
    cpuStatus: metricStatus(values.cpuPercent, thresholds.cpuPercent),
    memoryStatus: metricStatus(values.memoryPercent, thresholds.memoryPercent),
    diskStatus: metricStatus(values.diskPercent, thresholds.diskPercent),
    networkStatus: metricStatus(values.networkPercent, thresholds.networkPercent),
    insertedAt: context.clock.now(),
  }
}
