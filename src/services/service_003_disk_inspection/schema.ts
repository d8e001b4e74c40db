import { z } from 'zod'
import { diskDocumentSchema } from '../../report/documents/disk-document.ts'
import { ipsField } from '../input-fields.ts'

export const input = z.strictObject({ ips: ipsField })

export const output = diskDocumentSchema
