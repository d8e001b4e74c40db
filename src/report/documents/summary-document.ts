import type { ServerAssessment } from '../../domain/assessment.ts'
import { type Text, text } from '../../domain/text.ts'
import { localTimeFormatter } from '../../lib/format-local-time.ts'
import type { ReportContext } from '../report-context.ts'
import { fleetChanges } from './changes-fleet.ts'
import type { DiskDocument } from './disk-schema.ts'
import { environmentEntry, newestEnvironment } from './environment-entry.ts'
import { evidenceEntries } from './evidence-entry.ts'
import type { MemoryDocument } from './memory-schema.ts'
import { upgradeAdvice } from './summary-advice.ts'
import { areaStates } from './summary-areas.ts'
import { renderSummaryMarkdown } from './summary-markdown.ts'
import { optimisationAdvice, riskAdvice } from './summary-outlook.ts'
import { analysisParts } from './summary-parts.ts'
import { purchaseAdvice } from './summary-purchase.ts'
import type { SummaryDocument, SummaryFacts } from './summary-schema.ts'
import {
  allFindings,
  countStates,
  outsideMaintenance,
  overallVerdict,
  serverStates,
} from './summary-servers.ts'
import type { SystemDocument } from './system-schema.ts'

export { type SummaryDocument, summaryDocumentSchema } from './summary-schema.ts'

interface SummaryDocumentInput {
  readonly system: SystemDocument
  readonly memory: MemoryDocument
  readonly disk: DiskDocument
  /** The inspections the documents were made from, for their sensor readings and findings. */
  readonly assessments: readonly ServerAssessment[]
  readonly runId: string | null
  readonly context: ReportContext
}

/** Returns what service 004 says: five parts written by rules, every number from the documents, every claim with its evidence. */
export function buildSummaryDocument(input: SummaryDocumentInput): SummaryDocument {
  const { assessments, context } = input
  const facts = summaryFacts(input)
  const findings = allFindings(facts, assessments, context.timeZone)
  const servers = serverStates(facts, assessments, findings)
  const inspectedCount = assessments.filter(({ inspection }) => inspection.unreachable === null).length
  const totals = countStates(facts, servers, inspectedCount)
  const advice = facts.memory.servers.map((server) =>
    upgradeAdvice(server, server.usage?.threshold_percent ?? facts.system.thresholds.memory_percent),
  )
  const document = {
    generated_at: localTimeFormatter(context.timeZone)(context.now),
    time_zone: context.timeZone,
    language: context.language,
    run_id: input.runId,
    written_by: 'rules' as const,
    verdict: overallVerdict(totals),
    totals,
    servers,
    areas: areaStates({ facts, assessments, findings: outsideMaintenance(facts, findings) }),
    analysis: analysisParts({ facts, assessments, findings, advice }),
    upgrade_advice: advice,
    purchase_advice: purchaseAdvice(facts, advice),
    optimisation: optimisationAdvice(facts, advice),
    risk: riskAdvice(facts, findings),
    findings,
    changes: fleetChanges(assessments, context),
    summary: summarise(totals, servers),
    facts,
  }
  return { ...document, report_markdown: renderSummaryMarkdown(document, context.language) }
}

/** Sensors are read after service 001 has spoken: the inspections' own readings are the newer ones. */
function summaryFacts({ system, memory, disk, assessments, context }: SummaryDocumentInput): SummaryFacts {
  const localTime = localTimeFormatter(context.timeZone)
  const evidence = assessments.flatMap(({ server, inspection }) =>
    evidenceEntries(server, inspection, ['sensors', 'network', 'gpu', 'kernel'], localTime),
  )
  const known = new Set(evidence.map(({ ref }) => ref))
  return {
    system,
    memory,
    disk,
    environment: newestEnvironment(system.environment, environmentEntry(assessments, localTime)),
    environment_evidence: [...evidence, ...system.evidence.filter(({ ref }) => !known.has(ref))],
  }
}

function summarise(totals: SummaryDocument['totals'], servers: SummaryDocument['servers']): Text {
  if (totals.servers === 0)
    return text('清单中没有服务器,状态未知。', 'The inventory holds no server; the state is unknown.')
  const worst = servers.find((server) => server.state !== 'healthy' && server.in_maintenance === null)
  const apart =
    totals.in_maintenance === 0
      ? text('', '')
      : text(`${totals.in_maintenance} 台维护中。`, ` ${totals.in_maintenance} in maintenance.`)
  const unread = text(
    totals.inspected === 0 ? '未深入巡检任何服务器。' : '',
    totals.inspected === 0 ? ' No server was inspected in depth.' : '',
  )
  if (worst === undefined)
    return text(
      `${totals.servers} 台服务器中没有需要处理的。${apart.zh}${unread.zh}`,
      `None of ${totals.servers} server(s) needs attention.${apart.en}${unread.en}`,
    )
  return text(
    `${totals.servers} 台服务器中有 ${totals.need_attention} 台需要关注。最严重:${worst.ip} ${worst.reason.zh}。${apart.zh}${unread.zh}`,
    `${totals.need_attention} of ${totals.servers} server(s) need attention. Worst: ${worst.ip}, ${worst.reason.en}.${apart.en}${unread.en}`,
  )
}
