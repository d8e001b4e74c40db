import { z } from 'zod'
import { summaryDocumentSchema } from '../../report/documents/summary-document.ts'
import { ipsField } from '../input-fields.ts'

export const input = z.strictObject({
  run_id: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional()
    .describe(
      '要汇总的全面巡检运行编号,默认取每台最新一次巡检 / full inspection run to summarise. Default: the newest inspection of each server',
    ),
  ips: ipsField,
})

export const output = summaryDocumentSchema
