import { z } from 'zod'
import type { DiskGrowth, ServerAssessment } from '../domain/assessment.ts'
import { AppError } from '../domain/errors.ts'
import type { ServerInspection } from '../domain/inspection.ts'
import type { InventoryServer } from '../domain/server.ts'
import { inBothLanguages, type Language, text } from '../domain/text.ts'
import type { Thresholds } from '../domain/thresholds.ts'
import { buildDiskDocument } from '../report/documents/disk-document.ts'
import { buildMemoryDocument } from '../report/documents/memory-document.ts'
import {
  buildSummaryDocument,
  type SummaryDocument,
  summaryDocumentSchema,
} from '../report/documents/summary-document.ts'
import type { SystemDocument } from '../report/documents/system-document.ts'
import type { ReportContext } from '../report/report-context.ts'
import type { Store, StoredReport } from '../store/repositories.ts'
import { assessInspections } from './assess-inspections.ts'
import type { PipelineContext } from './context.ts'
import { readDiskGrowth } from './disk-growth.ts'
import { inspectSystem } from './system-inspection.ts'

interface HardwareSummaryInput {
  readonly servers: readonly InventoryServer[]
  /** The run whose inspections are summarised; null takes the newest stored inspection of each server. */
  readonly runId: string | null
  /** What 001 said in the run; null asks it now. */
  readonly system: Readonly<Record<Language, SystemDocument>> | null
  /** Limits that the run was started with. */
  readonly asked?: Partial<Thresholds>
}

/**
 * Returns what service 004 says, from stored inspections, and keeps it as the latest report.
 * Looks at no server. The five parts are written by rules.
 */
export async function summariseHardware(
  context: PipelineContext,
  input: HardwareSummaryInput,
): Promise<SummaryDocument> {
  const inspections = await storedInspections(context, input)
  const assessments = await assessInspections(context, input.servers, inspections, input.asked)
  const now = context.clock.now()
  const system = input.system ?? (await inspectSystem(context, WHOLE_FLEET)).documents
  const growth = await readDiskGrowth(context, assessments)
  const documents = inBothLanguages((language) =>
    buildSummary({
      system: system[language],
      assessments,
      growth,
      runId: input.runId,
      report: { language, timeZone: context.timeZone, now },
    }),
  )
  await context.store.reports.save({
    kind: 'hardware_summary',
    runId: input.runId,
    createdAt: now,
    title: text('硬件巡检综合分析', 'Hardware inspection summary'),
    document: documents,
  })
  return documents[context.language]
}

const WHOLE_FLEET = { asked: {}, group: null, maxAgeMs: null } as const

interface SummaryParts {
  readonly system: SystemDocument
  readonly assessments: readonly ServerAssessment[]
  /** Without it no growth is told. */
  readonly growth?: ReadonlyMap<string, DiskGrowth>
  readonly runId: string | null
  readonly report: ReportContext
}

/** Returns the summary of inspected servers; the documents of 002 and 003 hold those with such facts. */
export function buildSummary({ system, assessments, growth, runId, report }: SummaryParts): SummaryDocument {
  const withFacts = (probe: 'memory' | 'disk') =>
    assessments.filter(
      ({ inspection }) => inspection.unreachable !== null || inspection.facts[probe] !== undefined,
    )
  return buildSummaryDocument({
    system,
    memory: buildMemoryDocument({ assessments: withFacts('memory'), requestedIps: null, context: report }),
    disk: buildDiskDocument({
      assessments: withFacts('disk'),
      ...(growth && { growth }),
      requestedIps: null,
      context: report,
    }),
    assessments,
    runId,
    context: report,
  })
}

/** A stored summary in one language. */
export interface StoredSummary {
  readonly report: StoredReport
  readonly summary: SummaryDocument
}

/** Returns the newest stored summary in the language asked for, or null when there is none yet. */
export async function latestSummary(store: Store, language: Language): Promise<StoredSummary | null> {
  const report = await store.reports.latest('hardware_summary')
  return report === null ? null : { report, summary: summaryIn(report, language) }
}

/** Returns the summary of one run in the language of the context, or null when the run has none. */
export async function summaryOfRun(context: PipelineContext, runId: string): Promise<SummaryDocument | null> {
  const report = await context.store.reports.findByRun('hardware_summary', runId)
  return report === null ? null : summaryIn(report, context.language)
}

function summaryIn(report: StoredReport, language: Language): SummaryDocument {
  const parsed = z.object({ zh: summaryDocumentSchema, en: summaryDocumentSchema }).safeParse(report.document)
  if (parsed.success) return parsed.data[language]
  const sentence = text(
    `表 report 中编号 ${report.id} 的文档不符合格式`,
    `table report, id ${report.id}: the document does not have the expected shape`,
  )
  throw new AppError('STORED_DATA_INVALID', sentence, { cause: parsed.error })
}

async function storedInspections(
  context: PipelineContext,
  input: HardwareSummaryInput,
): Promise<readonly ServerInspection[]> {
  if (input.runId !== null) {
    const rows = await context.store.inspections.findByRun(input.runId)
    return rows.map((row) => row.inspection)
  }
  const wanted = new Set(input.servers.map((server) => server.id))
  const rows = await context.store.inspections.latestPerServer()
  return rows.map((row) => row.inspection).filter((inspection) => wanted.has(inspection.serverId))
}

/** Throws RUN_UNKNOWN unless the run exists. */
export async function requireRun(context: Pick<PipelineContext, 'store'>, runId: string) {
  const run = await context.store.runs.find(runId)
  if (run !== null) return run
  throw new AppError(
    'RUN_UNKNOWN',
    text(
      `run_id:没有编号为 ${JSON.stringify(runId)} 的运行`,
      `run_id: there is no run ${JSON.stringify(runId)}`,
    ),
    {
      details: { field: 'run_id', found: runId },
    },
  )
}
