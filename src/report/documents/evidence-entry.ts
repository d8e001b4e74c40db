import { z } from 'zod'
import type { ServerAssessment } from '../../domain/assessment.ts'
import type { ServerInspection } from '../../domain/inspection.ts'
import { timeField } from './document-fields.ts'

/** One piece of evidence in a document. */
export const evidenceEntrySchema = z.strictObject({
  ref: z.string().describe('What statements refer to: serverIp#evidenceId'),
  command: z.string().describe('What was run, as a person would type it'),
  at: timeField('When it was run'),
  excerpt: z.string().describe('What it printed, at most 4,000 characters, secrets redacted'),
  raw_sha256: z.string().describe('SHA-256 (hex) of the whole raw output before redaction'),
})
export type EvidenceEntry = z.output<typeof evidenceEntrySchema>

/** Returns the name under which documents refer to a piece of evidence; the same address in two cloud areas gives two names. */
export const evidenceRef = (
  machine: { readonly ip: string; readonly bkCloudId: number },
  evidenceId: string,
): string => `${machine.ip}${machine.bkCloudId === 0 ? '' : `@${machine.bkCloudId}`}#${evidenceId}`

/** Returns the reference of a section's evidence; null when the inspection holds none. */
export const sectionRef = ({ server, inspection }: ServerAssessment, sectionId: string): string | null =>
  inspection.evidence.some(({ id }) => id === sectionId) ? evidenceRef(server, sectionId) : null

/** Returns the evidence of the named probes, in the order it was read. */
export function evidenceEntries(
  machine: { readonly ip: string; readonly bkCloudId: number },
  inspection: ServerInspection,
  probes: readonly string[],
  localTime: (at: Date) => string,
): EvidenceEntry[] {
  return inspection.evidence
    .filter(({ id }) => probes.includes(id.slice(0, Math.max(0, id.indexOf('.')))))
    .map((evidence) => ({
      ref: evidenceRef(machine, evidence.id),
      command: evidence.command,
      at: localTime(evidence.at),
      excerpt: evidence.excerpt,
      raw_sha256: evidence.rawSha256,
    }))
}
