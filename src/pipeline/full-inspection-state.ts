import { z } from 'zod'
import type { RunStep } from '../domain/run.ts'
import { systemDocumentSchema } from '../report/documents/system-document.ts'

/** What a full inspection was started with; stored with the run. */
export const fullInspectionInputSchema = z.strictObject({
  /** Limits that the call asked for; those left out are the ones in force for each server. */
  thresholds: z.strictObject({
    cpuPercent: z.number().exactOptional(),
    memoryPercent: z.number().exactOptional(),
    diskPercent: z.number().exactOptional(),
    networkPercent: z.number().exactOptional(),
  }),
  /** Null means every enabled server (of the group). */
  ips: z.array(z.string()).nullable(),
  group: z.string().nullable(),
  /** `abnormal` looks at servers above a threshold and at those without fresh data; `all` at every one. */
  scope: z.enum(['abnormal', 'all']),
})
export type FullInspectionInput = z.output<typeof fullInspectionInputSchema>

/** The steps of the flow, in their order. */
const STEP_NAMES = [
  'service_001_system_inspection',
  'service_002_memory_inspection',
  'service_003_disk_inspection',
  'service_004_hardware_summary',
] as const
export const stepNameSchema = z.enum(STEP_NAMES)
export type StepName = z.output<typeof stepNameSchema>

/** What step 001 leaves for the later ones. The documents are kept in both languages. */
export const systemStepOutputSchema = z.object({
  documents: z.object({ zh: systemDocumentSchema, en: systemDocumentSchema }),
  memoryIps: z.array(z.string()),
  diskIps: z.array(z.string()),
  staleIps: z.array(z.string()),
  findingsCount: z.number(),
})

/** What steps 002 and 003 leave. The inspections themselves stand in the store under the run. */
const inspectionStepOutputSchema = z.object({
  inspectedIps: z.array(z.string()),
  unreachableIps: z.array(z.string()),
  findingsCount: z.number(),
})

type StepResult = Pick<RunStep, 'name' | 'state' | 'output'>

/** Returns what the choice of the next step is made from. */
export function nextStepFacts(input: FullInspectionInput, steps: readonly StepResult[]) {
  const done = steps.filter((step) => step.state === 'done')
  const first = done.find((step) => step.name === 'service_001_system_inspection')
  const system = first === undefined ? null : systemStepOutputSchema.parse(first.output)
  const inspected = done
    .filter(
      (step) => step.name === 'service_002_memory_inspection' || step.name === 'service_003_disk_inspection',
    )
    .map((step) => inspectionStepOutputSchema.parse(step.output))
  return {
    completed: done.map((step) => step.name),
    abnormalMemoryIps: system?.memoryIps ?? [],
    abnormalDiskIps: system?.diskIps ?? [],
    staleIps: system?.staleIps ?? [],
    scope: input.scope,
    unreachableIps: [...new Set(inspected.flatMap((output) => output.unreachableIps))],
    findingsCount:
      (system?.findingsCount ?? 0) + inspected.reduce((sum, output) => sum + output.findingsCount, 0),
  }
}
