import type { ServerAssessment } from '../domain/assessment.ts'
import type { ProbeName } from '../domain/inspection.ts'
import type { InventoryServer } from '../domain/server.ts'
import type { Thresholds } from '../domain/thresholds.ts'
import { buildMemoryDocument, type MemoryDocument } from '../report/documents/memory-document.ts'
import { assessInspections } from './assess-inspections.ts'
import type { PipelineContext } from './context.ts'
import { inspectServers } from './inspect-servers.ts'

/** What a memory inspection reads; `sensors` and `kernel` come along because one round trip costs the same. */
export const MEMORY_PROBES = ['system', 'memory', 'sensors', 'kernel'] as const satisfies readonly ProbeName[]

interface MemoryInspectionInput {
  readonly servers: readonly InventoryServer[]
  /** Addresses the caller named; null when the list came from service 001. */
  readonly requestedIps: readonly string[] | null
  readonly runId: string | null
  /** Limits that the run was started with. */
  readonly asked?: Partial<Thresholds>
  /** What is read of a server; a flow reads more at once to save a round trip. */
  readonly probesFor: (server: InventoryServer) => readonly ProbeName[]
}

/** Returns what service 002 says of the servers: each is inspected now (or was, within the run). */
export async function inspectMemory(
  context: PipelineContext,
  input: MemoryInspectionInput,
): Promise<{ readonly assessments: readonly ServerAssessment[]; readonly document: MemoryDocument }> {
  const inspections = await inspectServers(context, { ...input, step: 'service_002_memory_inspection' })
  const assessments = await assessInspections(context, input.servers, inspections, input.asked)
  const document = buildMemoryDocument({
    assessments,
    requestedIps: input.requestedIps,
    context: { language: context.language, timeZone: context.timeZone, now: context.clock.now() },
  })
  return { assessments, document }
}
