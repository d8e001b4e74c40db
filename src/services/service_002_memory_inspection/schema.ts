import { z } from 'zod'
import { memoryDocumentSchema } from '../../report/documents/memory-document.ts'
import { ipsField } from '../input-fields.ts'

export const input = z.strictObject({ ips: ipsField })

export const output = memoryDocumentSchema
