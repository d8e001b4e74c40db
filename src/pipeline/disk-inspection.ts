import type { ServerAssessment } from '../domain/assessment.ts'
import type { ProbeName } from '../domain/inspection.ts'
import type { InventoryServer } from '../domain/server.ts'
import type { Thresholds } from '../domain/thresholds.ts'
import { buildDiskDocument, type DiskDocument } from '../report/documents/disk-document.ts'
import { assessInspections } from './assess-inspections.ts'
import type { PipelineContext } from './context.ts'
import { readDiskGrowth } from './disk-growth.ts'
import { inspectServers } from './inspect-servers.ts'

/** What a disk inspection reads; `sensors` and `kernel` come along because one round trip costs the same. */
export const DISK_PROBES = ['system', 'disk', 'sensors', 'kernel'] as const satisfies readonly ProbeName[]

interface DiskInspectionInput {
  readonly servers: readonly InventoryServer[]
  /** Addresses the caller named; null when the list came from service 001. */
  readonly requestedIps: readonly string[] | null
  readonly runId: string | null
  /** Limits that the run was started with. */
  readonly asked?: Partial<Thresholds>
  /** What is read of a server; a flow reads more at once to save a round trip. */
  readonly probesFor: (server: InventoryServer) => readonly ProbeName[]
}

/** Returns what service 003 says of the servers: each is inspected now (or was, within the run). */
export async function inspectDisks(
  context: PipelineContext,
  input: DiskInspectionInput,
): Promise<{ readonly assessments: readonly ServerAssessment[]; readonly document: DiskDocument }> {
  const inspections = await inspectServers(context, { ...input, step: 'service_003_disk_inspection' })
  const assessments = await assessInspections(context, input.servers, inspections, input.asked)
  const document = buildDiskDocument({
    assessments,
    growth: await readDiskGrowth(context, assessments),
    requestedIps: input.requestedIps,
    context: { language: context.language, timeZone: context.timeZone, now: context.clock.now() },
  })
  return { assessments, document }
}
