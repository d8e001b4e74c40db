import { z } from 'zod'
import { fullInspectionDocumentSchema } from '../../report/documents/full-inspection-document.ts'
import { groupField, ipsField, thresholdFields } from '../input-fields.ts'

export const input = z.strictObject({
  ...thresholdFields,
  ips: ipsField,
  group: groupField,
  scope: z
    .enum(['abnormal', 'all'])
    .default('abnormal')
    .describe(
      'abnormal:只检查超阈值、无新数据与不可达的服务器;all:全部 / abnormal: servers above a threshold and those without fresh data; all: every one',
    ),
})

export const output = fullInspectionDocumentSchema
