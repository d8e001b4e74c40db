import type { ServerAssessment } from '../domain/assessment.ts'
import type { ProbeName } from '../domain/inspection.ts'
import type { Run } from '../domain/run.ts'
import type { InventoryServer } from '../domain/server.ts'
import type { PipelineContext } from './context.ts'
import { DISK_PROBES, inspectDisks } from './disk-inspection.ts'
import {
  type FullInspectionInput,
  nextStepFacts,
  type StepName,
  systemStepOutputSchema,
} from './full-inspection-state.ts'
import { summariseHardware } from './hardware-summary.ts'
import { inspectMemory, MEMORY_PROBES } from './memory-inspection.ts'
import { selectServers } from './select-servers.ts'
import { inspectSystem } from './system-inspection.ts'

/** Read along with the first step that looks at a server: a full inspection judges them, and no step is theirs. */
const OTHER_PROBES = ['network', 'gpu'] as const satisfies readonly ProbeName[]

interface StepInput {
  readonly name: StepName
  readonly input: FullInspectionInput
  readonly run: Run
  /** Servers that the choice named. */
  readonly ips: readonly string[]
}

/** Does one step and returns the JSON value that is stored for it. Doing it again after a crash repeats nothing stored. */
export async function runStep(context: PipelineContext, step: StepInput): Promise<unknown> {
  switch (step.name) {
    case 'service_001_system_inspection':
      return await systemStep(context, step)
    case 'service_002_memory_inspection':
      return await memoryStep(context, step)
    case 'service_003_disk_inspection':
      return await diskStep(context, step)
    case 'service_004_hardware_summary':
      return await summaryStep(context, step)
  }
}

async function systemStep(context: PipelineContext, { input }: StepInput) {
  const { assessment, documents } = await inspectSystem(context, {
    asked: input.thresholds,
    group: input.group,
    maxAgeMs: null,
  })
  const inScope = new Set((await selectServers(context, input)).map((server) => server.ip))
  const above = (metric: 'memory' | 'disk') =>
    assessment.abnormal
      .filter((server) => server.exceedances.some((exceedance) => exceedance.metric === metric))
      .map(({ server }) => server.ip)
      .filter((ip) => inScope.has(ip))
  return {
    documents,
    memoryIps: above('memory'),
    diskIps: above('disk'),
    staleIps: assessment.stale.map(({ server }) => server.ip).filter((ip) => inScope.has(ip)),
    findingsCount: assessment.findings.length,
  }
}

/** Servers a step looks at: all in scope, or those its choice named. */
async function serversOf(
  context: PipelineContext,
  { input, ips }: StepInput,
): Promise<readonly InventoryServer[]> {
  const inScope = await selectServers(context, input)
  if (input.scope === 'all') return inScope
  const named = new Set(ips)
  return inScope.filter((server) => named.has(server.ip))
}

async function memoryStep(context: PipelineContext, step: StepInput) {
  const facts = nextStepFacts(step.input, step.run.steps)
  const alsoDisk = new Set([...facts.abnormalDiskIps, ...facts.staleIps])
  const probesFor = (server: InventoryServer): readonly ProbeName[] =>
    step.input.scope === 'all' || alsoDisk.has(server.ip)
      ? [...MEMORY_PROBES, 'disk', ...OTHER_PROBES]
      : [...MEMORY_PROBES, ...OTHER_PROBES]
  const servers = await serversOf(context, step)
  const { assessments } = await inspectMemory(context, {
    servers,
    requestedIps: null,
    runId: step.run.id,
    asked: step.input.thresholds,
    probesFor,
  })
  return inspectionOutput(assessments)
}

async function diskStep(context: PipelineContext, step: StepInput) {
  const servers = await serversOf(context, step)
  const probesFor = () => [...DISK_PROBES, ...OTHER_PROBES]
  const { assessments } = await inspectDisks(context, {
    servers,
    requestedIps: null,
    runId: step.run.id,
    asked: step.input.thresholds,
    probesFor,
  })
  return inspectionOutput(assessments)
}

function inspectionOutput(assessments: readonly ServerAssessment[]) {
  const unreachable = assessments.filter(({ inspection }) => inspection.unreachable !== null)
  return {
    inspectedIps: assessments.map(({ server }) => server.ip),
    unreachableIps: unreachable.map(({ server }) => server.ip),
    findingsCount: assessments.reduce((sum, { findings }) => sum + findings.length, 0),
  }
}

async function summaryStep(context: PipelineContext, { input, run }: StepInput) {
  const first = run.steps.find((step) => step.name === 'service_001_system_inspection')
  const system = first === undefined ? null : systemStepOutputSchema.parse(first.output).documents
  const servers = await selectServers(context, input)
  const summary = await summariseHardware(context, {
    servers,
    runId: run.id,
    system,
    asked: input.thresholds,
  })
  return { verdict: summary.verdict }
}
