import { z } from 'zod'
import { MEMORY_AREAS, type MemoryArea } from '../../domain/judged-area.ts'
import { type Language, type Text, text } from '../../domain/text.ts'
import { markdownTable } from '../markdown-table.ts'
import { textField } from './document-fields.ts'
import { markdownCellOf } from './finding-markdown.ts'

/** How each area of a server's memory stands. Reports of versions that did not say lack it. */
export const memoryAreasField = z
  .array(
    z.strictObject({
      area: z.enum(MEMORY_AREAS).describe('What was judged'),
      state: z.enum(['healthy', 'attention', 'unknown']).describe('Unread is unknown, never healthy'),
      reason: textField('By what, or why nothing can be said'),
    }),
  )
  .default([])
  .describe('How each area of the memory stands; empty when nothing was read')

const AREA_TITLES: Readonly<Record<MemoryArea, Text>> = {
  usage: text('使用', 'Usage'),
  pressure: text('压力', 'Pressure'),
  oom: text('OOM', 'OOM kills'),
  errors: text('内存错误', 'Memory errors'),
  modules: text('内存条', 'Modules'),
  numa: text('NUMA', 'NUMA'),
}

const STATE_TITLES = {
  healthy: text('正常', 'healthy'),
  attention: text('需要关注', 'needs attention'),
  unknown: text('未知', 'unknown'),
} as const

/** Returns the areas as a table; '' without any. */
export const memoryAreasMarkdown = (areas: z.output<typeof memoryAreasField>, language: Language): string =>
  markdownTable(
    language === 'zh' ? ['检查项', '状态', '说明'] : ['Looked at', 'State', 'Note'],
    areas.map(({ area, state, reason }) => [
      AREA_TITLES[area][language],
      STATE_TITLES[state][language],
      markdownCellOf(reason, language),
    ]),
  )
