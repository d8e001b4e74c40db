import { assessFleet } from '../analyse/fleet/assess-fleet.ts'
import { computeMetricValues } from '../analyse/metrics/compute-metric-values.ts'
import { inspectServer } from '../collect/collector.ts'
import type { CarriedRecording } from '../collect/offline/read-recording.ts'
import { createReplayTransport } from '../collect/transport/replay.ts'
import type { FleetAssessment, ServerAssessment } from '../domain/assessment.ts'
import type { MetricSample } from '../domain/metrics.ts'
import { completeDraft, type InventoryServer, serverKey } from '../domain/server.ts'
import { thresholdsFor } from '../domain/thresholds.ts'
import type { SummaryDocument } from '../report/documents/summary-document.ts'
import { buildSystemDocument } from '../report/documents/system-document.ts'
import { assessInspections } from './assess-inspections.ts'
import { toSample } from './collect-metrics.ts'
import type { PipelineContext } from './context.ts'
import { readDiskGrowth } from './disk-growth.ts'
import { buildSummary } from './hardware-summary.ts'
import { CLOCK_TOLERANCE_MS } from './system-inspection.ts'

interface InspectRecordingInput {
  readonly recording: CarriedRecording
  /** The server that the recording is of; null: one that the inventory does not hold. */
  readonly server: InventoryServer | null
  /** How the report calls a server that the inventory does not hold; null: as it names itself. */
  readonly called: { readonly name: string | null; readonly ip: string | null }
  /** Whether the inspection is stored under `server`. */
  readonly isStored: boolean
}

/** What a recording says, judged like a live inspection. */
export interface InspectedRecording {
  readonly assessment: ServerAssessment
  readonly summary: SummaryDocument
}

/** Clocks of servers without a battery begin at 1970 or 2000. */
const EARLIEST_MS = Date.UTC(2001, 0)

/** A time that a server's clock told, or null when it cannot be right. */
const plausibleTime = (at: Date | null, now: Date): Date | null =>
  at === null || at.getTime() < EARLIEST_MS || at.getTime() > now.getTime() + CLOCK_TOLERANCE_MS ? null : at

/**
 * Returns what a carried script's output says: the sections go through the same parsers, rules and report as those of
 * a live look, and are judged as of when they were recorded (as of now where the server's clock cannot be right).
 * Looks at no server, and stores nothing unless asked to.
 */
export async function inspectRecording(
  context: PipelineContext,
  input: InspectRecordingInput,
): Promise<InspectedRecording> {
  const { recording } = input
  const now = context.clock.now()
  const finishedAt = plausibleTime(recording.finishedAt, now) ?? now
  const startedAt = plausibleTime(recording.startedAt, finishedAt) ?? finishedAt
  const server = input.server ?? unlistedServer(input, finishedAt)
  const clock = { now: () => finishedAt }
  const read = await inspectServer({
    transport: createReplayTransport({ stdout: recording.bytes, stderr: recording.bytes, exitCode: 0 }),
    server,
    probes: recording.probes,
    clock,
    signal: context.signal,
    deadlineMs: 0,
    maxBytes: recording.bytes.length,
    nonce: () => recording.nonce,
  })
  context.signal.throwIfAborted()
  const inspection = { ...read, startedAt }
  if (input.isStored) await context.store.inspections.save(null, inspection)
  const assessments = await assessInspections({ ...context, clock }, [server], [inspection])
  const [assessment] = assessments
  if (assessment === undefined) throw new Error('the recording was not judged')
  const report = { language: context.language, timeZone: context.timeZone, now }
  const fleet = assessAlone({ ...context, clock }, server, assessment)
  const environment = inspection.facts.sensors === undefined ? [] : assessments
  const system = buildSystemDocument({ assessment: fleet, environment, context: report })
  // Only of a server of the inventory there are samples to see it from.
  const growth = input.server === null ? new Map() : await readDiskGrowth({ ...context, clock }, assessments)
  return { assessment, summary: buildSummary({ system, assessments, growth, runId: null, report }) }
}

function unlistedServer({ recording, called }: InspectRecordingInput, at: Date): InventoryServer {
  const name = called.name ?? recording.hostname ?? called.ip ?? 'recording'
  return { id: 'recording', ...completeDraft({ bkCloudId: 0, ip: called.ip ?? name, name }, at) }
}

/** Returns what service 001 would say of the server if it were the only one and its metrics just collected. */
function assessAlone(
  context: Pick<PipelineContext, 'thresholds' | 'clock' | 'metricsIntervalMs'>,
  server: InventoryServer,
  { inspection }: ServerAssessment,
): FleetAssessment {
  const now = context.clock.now()
  const metrics = inspection.facts.metrics
  const filesystems = (metrics?.status === 'ok' ? metrics.value.disk?.filesystems : undefined) ?? []
  const thresholds = thresholdsFor(server, context.thresholds)
  const samples: readonly MetricSample[] =
    metrics?.status === 'ok'
      ? [
          {
            id: '0',
            ...toSample(server, computeMetricValues(null, metrics.value), { thresholds, filesystems, now }),
          },
        ]
      : []
  return assessFleet({
    servers: [{ ...server, enabled: true }],
    latest: { samples, ahead: [] },
    policy: context.thresholds,
    asked: {},
    filesystems: new Map([[serverKey(server.bkCloudId, server.ip), filesystems]]),
    maxAgeMs: context.metricsIntervalMs,
    now,
    group: null,
    histories: new Map(),
    exceededLately: [],
  })
}
