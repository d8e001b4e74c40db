import type { z } from 'zod'
import { type Actor, mayCause } from '../domain/actor.ts'
import type { Envelope, FailureEnvelope, SuccessEnvelope } from '../domain/envelope.ts'
import { AppError, ERRORS, toAppError } from '../domain/errors.ts'
import { type Language, pick, text } from '../domain/text.ts'
import { formatLocalTime } from '../lib/format-local-time.ts'
import type { CallOptions, Door } from './call.ts'
import type { ServiceContext } from './context.ts'
import { inputError } from './describe-input-issues.ts'
import type { ResultCache } from './result-cache.ts'
import type { AnyOperation } from './service-definition.ts'

/** What every call gets, besides what belongs to the call itself. */
export type DoorContext = Omit<ServiceContext, 'actor' | 'signal' | 'progress'>

export interface DoorSettings {
  readonly services: Readonly<Record<string, AnyOperation>>
  readonly operations: Readonly<Record<string, AnyOperation>>
  readonly context: DoorContext
  /** Turns an input into what may stand in an audit row: secrets gone, at most 8,000 characters. */
  readonly redactInput: (input: unknown) => string
  /** Keeps answers of reading calls; absent: none are kept. */
  readonly cache?: ResultCache
}

/** Returns the one door: authorise → validate → run (or give a kept answer) → audit → envelope. */
export function openDoor(settings: DoorSettings): Door {
  const operations = new Map(
    Object.entries({ ...settings.services, ...settings.operations }).map(([name, operation]) => [
      name,
      operation,
    ]),
  )
  return {
    operations,
    call: async (actor, name, input, options = {}) =>
      await callOperation({ settings, operations, actor, name, input, options }),
  }
}

interface Call {
  readonly settings: DoorSettings
  readonly operations: ReadonlyMap<string, AnyOperation>
  readonly actor: Actor
  readonly name: string
  readonly input: unknown
  readonly options: CallOptions
}

async function callOperation(call: Call): Promise<Envelope> {
  const { context } = call.settings
  const language = call.options.language ?? context.language
  const startedAt = context.clock.now()
  let outcome: AppError | null = null
  let envelope: Envelope
  try {
    const operation = authorise(call)
    const input = validate(call, operation)
    envelope = await answerFromCache(call, { operation, input, language }, async () => {
      const data = await run(call, { operation, input, language })
      return {
        success: true,
        message: pick(operation.message(data), language),
        timestamp: stamp(call),
        data,
      }
    })
  } catch (error) {
    outcome = errorOf(call, error)
    envelope = failure(call, outcome, language)
  }
  await forgetAnswers(call)
  await audit(call, startedAt, outcome)
  return envelope
}

/** A call that passed validation. */
interface ValidCall {
  readonly operation: AnyOperation
  readonly input: unknown
  readonly language: Language
}

/** An answer keeps the timestamp that it was made at. */
async function answerFromCache(
  { settings: { cache }, options, name }: Call,
  { operation, input, language }: ValidCall,
  make: () => Promise<SuccessEnvelope>,
): Promise<SuccessEnvelope> {
  if (cache === undefined || operation.isCacheable !== true || options.mayBeCached !== true)
    return await make()
  return await cache.answer({ name, input, language }, make)
}

/** What collects or changes may make every kept answer wrong, also when it failed half-way. */
async function forgetAnswers({ settings: { cache }, operations, name }: Call): Promise<void> {
  const effect = operations.get(name)?.effect ?? 'read'
  if (effect !== 'read') await cache?.forget()
}

function authorise({ operations, actor, name }: Call): AnyOperation {
  const operation = operations.get(name)
  if (operation === undefined) {
    const sentence = text(
      `没有名为 ${JSON.stringify(name)} 的服务或操作;可用:${[...operations.keys()].join(', ')}`,
      `no service or operation named ${JSON.stringify(name)}; there are: ${[...operations.keys()].join(', ')}`,
    )
    throw new AppError('OPERATION_UNKNOWN', sentence, {
      details: { found: name, allowed: [...operations.keys()] },
    })
  }
  if (mayCause(actor, operation.effect)) return operation
  const sentence = text(
    `${actor.name} 没有 ${operation.effect} 权限,不能调用 ${name}`,
    `${actor.name} lacks the scope ${operation.effect} that ${name} needs`,
  )
  throw new AppError('FORBIDDEN', sentence, { details: { operation: name, needs: operation.effect } })
}

function validate(call: Call, operation: AnyOperation): unknown {
  const given = call.input ?? {}
  const parsed: z.ZodSafeParseResult<unknown> = operation.input.safeParse(given)
  if (!parsed.success) throw inputError(operation.input, given, parsed.error)
  call.options.signal?.throwIfAborted()
  return parsed.data
}

async function run(call: Call, { operation, input, language }: ValidCall): Promise<unknown> {
  const { context } = call.settings
  const signal = call.options.signal ?? new AbortController().signal
  const data: unknown = await operation.run(
    {
      ...context,
      language,
      actor: call.actor,
      signal,
      progress: (step) => call.options.onProgress?.({ ...step, at: context.clock.now() }),
    },
    input,
  )
  const checked: z.ZodSafeParseResult<unknown> = operation.output.safeParse(data)
  if (checked.success) return checked.data
  const sentence = text(
    `${call.name} 的结果不符合其输出格式:${checked.error.message}`,
    `the result of ${call.name} does not match its output schema: ${checked.error.message}`,
  )
  throw new AppError('INTERNAL', sentence, { cause: checked.error })
}

/** An abort of the caller reads CANCELLED whatever was thrown on the way. */
function errorOf(call: Call, error: unknown): AppError {
  const { signal } = call.options
  if (!(error instanceof AppError) && signal?.aborted === true)
    return new AppError('CANCELLED', text(`${call.name} 被取消`, `${call.name} was cancelled`), {
      cause: error,
    })
  const known = toAppError(error)
  if (known.code === 'INTERNAL')
    call.settings.context.logger.error({ service: call.name, err: known }, known.message)
  return known
}

const failure = (call: Call, error: AppError, language: Language): FailureEnvelope => ({
  success: false,
  error: pick(error.text, language),
  code: error.code,
  hint: pick(ERRORS[error.code].hint, language),
  timestamp: stamp(call),
  ...(Object.keys(error.details).length === 0 ? {} : { details: error.details }),
})

const stamp = ({ settings: { context } }: Call): string =>
  formatLocalTime(context.clock.now(), context.timeZone)

/**
 * A call whose audit row can be neither stored nor kept for later is written to the log as an error, with all that the
 * row would have held.
 */
async function audit(call: Call, startedAt: Date, outcome: AppError | null): Promise<void> {
  const { context, redactInput } = call.settings
  const entry = {
    at: startedAt,
    actor: call.actor,
    operation: call.name.slice(0, 100),
    effect: call.operations.get(call.name)?.effect ?? 'read',
    input: redactInput(call.input),
    outcome: outcome?.code ?? 'OK',
    durationMs: context.clock.now().getTime() - startedAt.getTime(),
  } as const
  context.logger.info(
    { service: call.name, outcome: entry.outcome, durationMs: entry.durationMs, actor: call.actor.name },
    'call',
  )
  try {
    await context.store.audit.append(entry)
  } catch (error) {
    context.logger.error({ service: call.name, entry, err: error }, 'audit row could not be stored')
  }
}
