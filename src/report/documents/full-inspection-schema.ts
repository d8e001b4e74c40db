import { z } from 'zod'
import { countField, documentHead, textField, timeField } from './document-fields.ts'
import { VERDICTS } from './summary-schema.ts'

const stepSchema = z.strictObject({
  position: countField('Order in which it was entered, from 0'),
  name: z.string().describe('Name of the step'),
  state: z.enum(['running', 'done', 'failed', 'skipped']).describe('State of the step'),
  choice: z.string().nullable().describe('What was chosen to come next; null when nothing was chosen'),
  reason: textField('Why').nullable().describe('Null when nothing was chosen'),
  ips: z.array(z.string()).describe('Servers the choice is about; empty when it is about none in particular'),
  chosen_by: z.enum(['rules', 'model']).nullable().describe('Who chose; null when nothing was chosen'),
  attempts: countField('How often it was entered; above 1 after a restart'),
  started_at: timeField('When it was entered first'),
  finished_at: timeField('When it ended').nullable().describe('Null while it runs'),
  error: z
    .strictObject({
      code: z.string().describe('Error code'),
      message: z.string().describe('What went wrong'),
    })
    .nullable()
    .describe('Null unless it failed'),
})

/** `data` of service 005. */
export const fullInspectionDocumentSchema = z.strictObject({
  ...documentHead,
  run_id: z.string().describe('Run'),
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled']).describe('State of the run'),
  started_at: timeField('When it began'),
  finished_at: timeField('When it ended').nullable().describe('Null while it runs'),
  steps: z.array(stepSchema).describe('Every step with what it chose next and why'),
  servers: z
    .array(
      z.strictObject({
        ip: z.string().describe('Address'),
        state: z.enum(['inspected', 'unreachable', 'failed', 'skipped']).describe('What came of it'),
        reason: textField('Why').nullable().describe('Null when it was inspected'),
      }),
    )
    .describe('Every server of the run: a bad one never fails it'),
  totals: z
    .strictObject({
      servers: countField('Servers of the run'),
      inspected: countField('Inspected'),
      unreachable: countField('Not reached'),
      failed: countField('Inspection failed'),
      skipped: countField('Left out, with the reason'),
    })
    .describe('Every server is in exactly one of them'),
  verdict: z.enum(VERDICTS).nullable().describe('Verdict of the summary; null when there is none yet'),
  error: z
    .strictObject({
      code: z.string().describe('Error code'),
      message: z.string().describe('What went wrong'),
    })
    .nullable()
    .describe('Why the run failed; null unless it did'),
  summary: textField('One or two sentences'),
  report_markdown: z.string().describe('The run and the summary for people, in `language`'),
})
/** What service 005 returns. */
export type FullInspectionDocument = z.output<typeof fullInspectionDocumentSchema>
