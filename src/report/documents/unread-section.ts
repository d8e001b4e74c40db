import { z } from 'zod'
import type { SectionReport, ServerInspection } from '../../domain/inspection.ts'
import type { AbsenceStatus } from '../../domain/outcome.ts'
import { type Text, text } from '../../domain/text.ts'
import { textField } from './document-fields.ts'

/** A section of a probe that gave no value. */
export const unreadSectionSchema = z.strictObject({
  section: z.string().describe('probe.section'),
  status: z
    .enum(['no_data', 'unsupported', 'denied', 'timeout', 'unparseable'])
    .describe('How the reading ended'),
  command: z.string().describe('What was run, as a person would type it'),
  reason: textField('Why there is no value'),
  remedy: textField('What would make it readable').nullable().describe('Null when nothing would'),
})
export type UnreadSection = z.output<typeof unreadSectionSchema>

const REASONS: Readonly<Record<AbsenceStatus, Text>> = {
  no_data: text('该机器上没有这项数据', 'this machine has no such data'),
  unsupported: text('该机器缺少所需的工具或功能', 'the tool or feature it needs is not on this machine'),
  denied: text('没有读取权限', 'no right to read it'),
  timeout: text('读取超时', 'reading it took too long'),
  unparseable: text('输出无法识别', 'its output could not be understood'),
}

/** Returns the sections of the named probes that gave no value, those that can be mended first. */
export function unreadSections(inspection: ServerInspection, probes: readonly string[]): UnreadSection[] {
  const entries = inspection.sections
    .filter(({ id }) => probes.includes(id.slice(0, Math.max(0, id.indexOf('.')))))
    .flatMap((section) => unreadSection(section))
  return [
    ...entries.filter((entry) => entry.remedy !== null),
    ...entries.filter((entry) => entry.remedy === null),
  ]
}

function unreadSection(section: SectionReport): UnreadSection[] {
  const { status } = section
  if (status === 'ok') return []
  return [
    {
      section: section.id,
      status,
      command: section.command,
      reason: REASONS[status],
      remedy: section.remedy,
    },
  ]
}
