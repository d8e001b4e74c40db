import { z } from 'zod'
import { systemDocumentSchema } from '../../report/documents/system-document.ts'
import { groupField, thresholdFields } from '../input-fields.ts'

export const input = z.strictObject({
  ...thresholdFields,
  group: groupField,
  max_age_seconds: z
    .number()
    .int()
    .min(60)
    .max(7 * 86_400)
    .optional()
    .describe(
      '多久没有新数据算失联,秒;默认 max(300, 3 × 采集间隔) / a server whose latest sample is older has no fresh data, seconds. Default: max(300, 3 × the collection interval)',
    ),
})

export const output = systemDocumentSchema
