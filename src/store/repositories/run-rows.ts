import type { Selectable } from 'kysely'
import type { FlowName, Run, RunState, RunStep } from '../../domain/run.ts'
import {
  actorShape,
  anyShape,
  choiceShape,
  errorShape,
  readStored,
  readStoredOrNull,
  storedDataInvalid,
} from '../stored-json.ts'
import type { RunRow, RunStepRow } from '../tables.ts'

const isFlow = (word: string): word is FlowName => word === 'full_inspection'
const isRunState = (word: string): word is RunState =>
  ['running', 'succeeded', 'failed', 'cancelled'].includes(word)
const isStepState = (word: string): word is RunStep['state'] =>
  ['running', 'done', 'failed', 'skipped'].includes(word)

const toDate = (ms: number | null): Date | null => (ms === null ? null : new Date(ms))

function toStep(row: Selectable<RunStepRow>): RunStep {
  const at = { table: 'run_step', id: `${row.run_id}/${row.position}` }
  if (!isStepState(row.state))
    throw storedDataInvalid({ ...at, column: 'state' }, `unknown word ${row.state}`)
  return {
    position: row.position,
    name: row.name,
    state: row.state,
    startedAt: new Date(row.started_at),
    finishedAt: toDate(row.finished_at),
    attempts: row.attempts,
    output: readStoredOrNull({ ...at, column: 'output' }, row.output, anyShape),
    choice: readStoredOrNull({ ...at, column: 'choice' }, row.choice, choiceShape),
    error: readStoredOrNull({ ...at, column: 'error' }, row.error, errorShape),
  }
}

/** Returns the run that its row and the rows of its steps (in order) describe. Throws AppError STORED_DATA_INVALID. */
export function toRun(row: Selectable<RunRow>, steps: readonly Selectable<RunStepRow>[]): Run {
  const at = { table: 'run', id: row.id }
  if (!isFlow(row.flow)) throw storedDataInvalid({ ...at, column: 'flow' }, `unknown word ${row.flow}`)
  if (!isRunState(row.state)) throw storedDataInvalid({ ...at, column: 'state' }, `unknown word ${row.state}`)
  return {
    id: row.id,
    flow: row.flow,
    state: row.state,
    input: readStoredOrNull({ ...at, column: 'input' }, row.input, anyShape),
    startedBy: readStored({ ...at, column: 'started_by' }, row.started_by, actorShape),
    startedAt: new Date(row.started_at),
    finishedAt: toDate(row.finished_at),
    cancelRequested: row.cancel_requested !== 0,
    steps: steps.map(toStep),
    result: readStoredOrNull({ ...at, column: 'result' }, row.result, anyShape),
    error: readStoredOrNull({ ...at, column: 'error' }, row.error, errorShape),
  }
}
