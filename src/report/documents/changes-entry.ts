import { z } from 'zod'
import type { ServerAssessment } from '../../domain/assessment.ts'
import { CHANGE_AREAS, CHANGE_KINDS } from '../../domain/changes.ts'
import type { ProbeName } from '../../domain/inspection.ts'
import { evidenceRefsField, textField, timeField } from './document-fields.ts'
import { evidenceRef } from './evidence-entry.ts'

const changeSchema = z.strictObject({
  id: z.string().describe('Unique within the server'),
  area: z.enum(CHANGE_AREAS).describe('What it is about; health: a finding'),
  kind: z.enum(CHANGE_KINDS).describe('What happened'),
  title: textField('The change as a sentence'),
  from: textField('As it was').nullable().describe('Null where the title says it all'),
  to: textField('As it is').nullable().describe('Null where the title says it all'),
  since: timeField('When it was looked at before'),
  evidence: evidenceRefsField,
})

/** What changed on one server. Reports of versions that did not compare lack it. */
export const sinceLastInspectionField = z
  .strictObject({
    previous_at: timeField('The last inspection'),
    changes: z.array(changeSchema).describe('Most telling first; empty when nothing changed'),
    not_compared: z
      .array(
        z.strictObject({
          section: z.string().describe('probe.section'),
          unread: z.enum(['now', 'before']).describe('Which of the two looks lacks it'),
        }),
      )
      .describe('What was not read at both: changes of it are unknown'),
  })
  .nullable()
  .default(null)
  .describe('What changed since the last inspection; null when there was none')
/** What changed on one server since its last inspection. */
export type SinceLastInspection = z.output<typeof sinceLastInspectionField>

/** Returns what changed in what the probes showed; null when there is nothing to compare with. */
export function sinceLastInspection(
  { server, changes: diff }: ServerAssessment,
  probes: readonly ProbeName[],
  localTime: (at: Date) => string,
): SinceLastInspection {
  if (diff === null) return null
  const times = probes.flatMap((probe) => diff.readAt[probe] ?? [])
  if (times.length === 0) return null
  const isShown = (probe: ProbeName | null): boolean => probe === null || probes.includes(probe)
  return {
    previous_at: localTime(new Date(Math.max(...times.map((at) => at.getTime())))),
    changes: diff.changes
      .filter(({ probe }) => isShown(probe))
      .map(({ id, area, kind, title, from, to, sinceAt, evidenceIds }) => ({
        id,
        area,
        kind,
        title,
        from,
        to,
        since: localTime(sinceAt),
        evidence: evidenceIds.map((evidenceId) => evidenceRef(server, evidenceId)),
      })),
    not_compared: diff.notCompared
      .filter(({ sectionId }) => probes.some((probe) => sectionId.startsWith(`${probe}.`)))
      .map(({ sectionId, unread }) => ({ section: sectionId, unread })),
  }
}
