import { z } from 'zod'
import { metricsDocumentSchema } from '../../report/documents/metrics-document.ts'
import { groupField, ipsField } from '../input-fields.ts'

export const input = z.strictObject({ ips: ipsField, group: groupField })

export const output = metricsDocumentSchema
