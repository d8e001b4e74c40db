import { sectionsToLeaveOut } from '../collect/probes/sensors/ipmi-interval.ts'
import type { ProbeName, ServerInspection } from '../domain/inspection.ts'
import type { InventoryServer } from '../domain/server.ts'
import { text } from '../domain/text.ts'
import { createFairQueue } from '../lib/fair-queue.ts'
import type { PipelineContext } from './context.ts'
import { type BmcAnswers, readBmcAnswers, withBmcAnswers } from './earlier-bmc-answers.ts'

interface InspectServersInput {
  readonly servers: readonly InventoryServer[]
  readonly probesFor: (server: InventoryServer) => readonly ProbeName[]
  /** Run under which the inspections are stored; null outside a run. */
  readonly runId: string | null
  /** Name of the step in progress events. */
  readonly step: string
}

/**
 * Returns one inspection per server, in the order of `servers`, each stored as soon as it is there.
 * Within a run a server already stored under it is not looked at again, so a resumed run goes on where it was.
 * A server that cannot be reached gives an inspection that says so; throws only when the signal is aborted or the
 * database is gone.
 */
export async function inspectServers(
  context: PipelineContext,
  input: InspectServersInput,
): Promise<readonly ServerInspection[]> {
  const known = await storedInRun(context, input.runId)
  const bmcAnswers = await readBmcAnswers(
    context,
    new Map(input.servers.map((server) => [server.id, input.probesFor(server)])),
  )
  const queue = createFairQueue(context.concurrency)
  let done = 0
  const total = input.servers.length
  const tasks = input.servers.map((server) =>
    queue.add(async () => {
      context.signal.throwIfAborted()
      const probes = input.probesFor(server)
      const inspection = await inspectOnce(context, {
        server,
        probes,
        runId: input.runId,
        stored: known.get(server.id),
        bmcAnswers: bmcAnswers.get(server.id),
      })
      done += 1
      context.progress({
        runId: input.runId,
        step: input.step,
        done,
        total,
        message: progressMessage(inspection),
      })
      return inspection
    }),
  )
  try {
    return await Promise.all(tasks)
  } finally {
    queue.clear()
    await queue.onIdle()
  }
}

async function storedInRun(
  context: PipelineContext,
  runId: string | null,
): Promise<ReadonlyMap<string, ServerInspection>> {
  if (runId === null) return new Map()
  const rows = await context.store.inspections.findByRun(runId)
  return new Map(rows.map((row) => [row.inspection.serverId, row.inspection]))
}

interface OneInspection {
  readonly server: InventoryServer
  readonly probes: readonly ProbeName[]
  readonly runId: string | null
  /** What the run already knows of the server. */
  readonly stored: ServerInspection | undefined
  /** What its BMC said in the last minutes. */
  readonly bmcAnswers: BmcAnswers | undefined
}

async function inspectOnce(
  context: PipelineContext,
  { server, probes, runId, stored, bmcAnswers }: OneInspection,
): Promise<ServerInspection> {
  if (stored !== undefined && stored.unreachable !== null) return stored
  const missing = probes.filter((probe) => stored?.facts[probe] === undefined)
  if (stored !== undefined && missing.length === 0) return stored
  const leaveOut = sectionsToLeaveOut(bmcAnswers?.askedAt ?? new Map(), context.clock.now())
  const seen = await context.inspect(server, missing, context.signal, leaveOut)
  const fresh =
    bmcAnswers === undefined || leaveOut.length === 0 ? seen : withBmcAnswers(seen, bmcAnswers, leaveOut)
  context.signal.throwIfAborted()
  const inspection = stored === undefined ? fresh : merge(stored, fresh)
  await context.store.inspections.save(runId, inspection)
  return inspection
}

const merge = (earlier: ServerInspection, later: ServerInspection): ServerInspection => ({
  ...earlier,
  finishedAt: later.finishedAt,
  unreachable: later.unreachable,
  facts: { ...earlier.facts, ...later.facts },
  sections: [...earlier.sections, ...later.sections],
  evidence: [...earlier.evidence, ...later.evidence],
})

function progressMessage(inspection: ServerInspection) {
  const ip = inspection.serverIp
  return inspection.unreachable === null
    ? text(`${ip} 已检查`, `${ip} inspected`)
    : text(
        `${ip} 无法访问:${inspection.unreachable.message}`,
        `${ip} unreachable: ${inspection.unreachable.message}`,
      )
}
