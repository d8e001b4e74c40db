import { z } from 'zod'
import { sinceLastInspectionField } from './changes-entry.ts'
import { diskDocumentSchema } from './disk-schema.ts'
import {
  countField,
  documentHead,
  evidenceRefsField,
  machineFields,
  maintenanceField,
  textField,
} from './document-fields.ts'
import { environmentSchema } from './environment-entry.ts'
import { evidenceEntrySchema } from './evidence-entry.ts'
import { findingEntrySchema } from './finding-entry.ts'
import { memoryDocumentSchema } from './memory-schema.ts'
import { systemDocumentSchema } from './system-schema.ts'

/** How a server, an area or the whole fleet stands. What was not measured is unknown, never healthy. */
export const VERDICTS = ['healthy', 'attention', 'critical', 'unknown'] as const
/** One of {@link VERDICTS}. */
export type Verdict = (typeof VERDICTS)[number]

const verdictField = (description: string) =>
  z.enum(VERDICTS).describe(`${description}; unknown where data are missing, never healthy by silence`)

const claimSchema = z.strictObject({
  ip: z.string().nullable().describe('Server the statement is about; null when about all'),
  text: textField('One statement; its numbers stand in the facts'),
  evidence: evidenceRefsField,
})
/** One statement of the analysis and what it rests on. */
export type Claim = z.output<typeof claimSchema>

const serverStateSchema = z.strictObject({
  ...machineFields,
  state: verdictField('How the server stands'),
  reason: textField('The worst thing known of it, or why nothing is known'),
  in_maintenance: maintenanceField,
  findings: z
    .strictObject({
      critical: countField('Critical findings'),
      urgent: countField('Urgent findings'),
      warning: countField('Warnings'),
      info: countField('Findings worth knowing'),
    })
    .describe('How many findings of which severity'),
})

const areaSchema = z.strictObject({
  area: z
    .enum(['metrics', 'memory', 'modules', 'filesystems', 'drives', 'environment', 'network', 'gpu'])
    .describe('What was looked at'),
  title: textField('Its name'),
  state: verdictField('How it stands'),
  note: textField('Why, in a few words'),
})

const upgradeSchema = z.strictObject({
  ip: z.string().describe('Server'),
  bk_cloud_id: z.number().int().describe('BlueKing cloud area'),
  decision: z
    .enum(['no_need', 'use_less_first', 'change_allocation', 'plan_needed', 'cannot_say'])
    .describe(
      'no_need: no shortage was measured; use_less_first: something reclaimable is named; change_allocation: a virtual machine short of memory; plan_needed: shortage measured, the slots need planning; cannot_say: not measured',
    ),
  slots_free: z.number().int().nullable().describe('Empty slots; null when not read'),
  slots_total: z.number().int().nullable().describe('Slots; null when not read'),
  reason: textField('Why, with the measured values'),
  evidence: evidenceRefsField,
})
/** What the summary says of one server's memory. */
export type UpgradeAdvice = z.output<typeof upgradeSchema>

const PARTS = ['inspection_state', 'environment', 'alerts', 'memory', 'upgrade_advice'] as const

/** `data` of service 004. */
export const summaryDocumentSchema = z.strictObject({
  ...documentHead,
  run_id: z.string().nullable().describe('Run it belongs to; null when made from the newest inspections'),
  written_by: z.literal('rules').describe('The texts were written by rules, not by a model'),
  verdict: verdictField('How all servers together stand'),
  totals: z
    .strictObject({
      servers: countField('Servers'),
      healthy: countField('Nothing wrong in what was measured'),
      attention: countField('With a warning or an urgent finding'),
      critical: countField('With a critical finding'),
      unknown: countField('Unreachable, without fresh data, or not measured'),
      inspected: countField('Looked at in depth and reached'),
      need_attention: countField('critical + attention + unknown'),
      in_maintenance: countField('In a maintenance window: listed, and not counted as the others').default(0),
    })
    .describe('Every server is in exactly one of healthy, attention, critical, unknown and in_maintenance'),
  servers: z
    .array(serverStateSchema)
    .describe('Inspected, abnormal and stale servers, worst first; the rest are healthy by their metrics'),
  areas: z.array(areaSchema).describe('The same by what was looked at'),
  analysis: z
    .array(
      z.strictObject({
        part: z.enum(PARTS).describe('Which of the five parts'),
        title: textField('Its heading'),
        claims: z.array(claimSchema).describe('Its statements'),
      }),
    )
    .describe(
      'Five parts: inspection state, environment anomalies, monitoring alerts, memory per server, upgrade advice per server',
    ),
  upgrade_advice: z.array(upgradeSchema).describe('One entry per server of the memory inspection'),
  purchase_advice: z
    .array(claimSchema)
    .describe('What measured facts say should be bought or replaced; no prices'),
  optimisation: z.array(claimSchema).describe('What can be improved without buying'),
  risk: z.array(claimSchema).describe('What may go wrong next, and what nobody can see'),
  findings: z.array(findingEntrySchema).describe('All findings, most severe first'),
  changes: z
    .array(z.strictObject({ ...machineFields, since_last_inspection: sinceLastInspectionField }))
    .default([])
    .describe('Per inspected server that was inspected before; those with most changes first'),
  summary: textField('One or two sentences'),
  facts: z
    .strictObject({
      system: systemDocumentSchema,
      memory: memoryDocumentSchema,
      disk: diskDocumentSchema,
      environment: environmentSchema,
      environment_evidence: z
        .array(evidenceEntrySchema)
        .describe('What the sensor readings and the findings on network, GPUs and the kernel rest on'),
    })
    .describe('The documents everything above was made from'),
  report_markdown: z.string().describe('The report for people, in `language`'),
})
/** What service 004 returns. */
export type SummaryDocument = z.output<typeof summaryDocumentSchema>
/** The summary before its texts are written. */
export type SummaryFacts = SummaryDocument['facts']
