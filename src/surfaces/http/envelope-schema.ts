import { z } from 'zod'

const timestamp = z.string().describe('YYYY-MM-DD HH:mm:ss')

/** Returns the schema of a success envelope with this data. */
export const successSchema = (data: z.ZodType): z.ZodType =>
  z.object({ success: z.literal(true), message: z.string(), timestamp, data })

/** The schema of a failure envelope. */
export const failureSchema = z.object({
  success: z.literal(false),
  error: z.string(),
  code: z.string().describe('See docs/errors.md'),
  hint: z.string(),
  timestamp,
  details: z.record(z.string(), z.unknown()).optional(),
})
