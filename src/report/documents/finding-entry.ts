import { z } from 'zod'
import { bySeverity, type Finding, SEVERITIES } from '../../domain/finding.ts'
import { evidenceRefsField, textField, timeField } from './document-fields.ts'
import { evidenceRef } from './evidence-entry.ts'

/** One finding in a document. */
export const findingEntrySchema = z.strictObject({
  id: z.string().describe('Stable from one inspection to the next'),
  rule: z.string().describe('Name of the rule that found it'),
  severity: z.enum(SEVERITIES).describe('From harmless to act-now'),
  ip: z.string().describe('Address of the server it is about'),
  bk_cloud_id: z.number().int().describe('BlueKing cloud area of that server'),
  kind: z
    .enum(['server', 'cpu', 'memory', 'dimm', 'filesystem', 'drive', 'sensor', 'network', 'gpu', 'data'])
    .describe('What part of the server it is about'),
  component: z.string().nullable().describe('Name of the part; null when it is the server itself'),
  since: timeField('Since when it is known'),
  title: textField('What is wrong, with the measured values'),
  cause: textField('Why it matters or where it comes from')
    .nullable()
    .describe('Null when the title says all'),
  next_step: textField('What to do next').nullable().describe('Null when nothing needs doing'),
  evidence: evidenceRefsField,
})
export type FindingEntry = z.output<typeof findingEntrySchema>

/** Returns a finding as documents hold it. `bkCloudId` is the cloud area of its server. */
export function findingEntry(
  finding: Finding,
  bkCloudId: number,
  localTime: (at: Date) => string,
): FindingEntry {
  const machine = { ip: finding.subject.serverIp, bkCloudId }
  return {
    id: finding.id,
    rule: finding.rule,
    severity: finding.severity,
    ip: finding.subject.serverIp,
    bk_cloud_id: bkCloudId,
    kind: finding.subject.kind,
    component: finding.subject.component,
    since: localTime(finding.since),
    title: finding.title,
    cause: finding.cause,
    next_step: finding.nextStep,
    evidence: finding.evidenceIds.map((id) => evidenceRef(machine, id)),
  }
}

/** Returns the findings, most severe first, each id of one server once. */
export function distinctFindings(findings: readonly Finding[]): Finding[] {
  const byKey = new Map(findings.map((finding) => [`${finding.subject.serverId} ${finding.id}`, finding]))
  return [...byKey.values()].sort(bySeverity)
}

/** Where a finding belongs: what is known only of the server as a whole belongs to memory and disk alike. */
export function findingArea(finding: Finding): 'memory' | 'disk' | 'both' | 'elsewhere' {
  const { kind } = finding.subject
  if (kind === 'memory' || kind === 'dimm' || finding.rule.startsWith('memory.')) return 'memory'
  if (kind === 'filesystem' || kind === 'drive' || finding.rule.startsWith('disk.')) return 'disk'
  return kind === 'server' ? 'both' : 'elsewhere'
}
