import { z } from 'zod'
import type { Actor } from '../../src/domain/actor.ts'
import { mayCause } from '../../src/domain/actor.ts'
import type { Envelope } from '../../src/domain/envelope.ts'
import type { ErrorCode } from '../../src/domain/errors.ts'
import { AppError, ERRORS } from '../../src/domain/errors.ts'
import { text } from '../../src/domain/text.ts'
import type { Door } from '../../src/services/call.ts'
import type { AnyOperation } from '../../src/services/service-definition.ts'

/** A call that reached a sample operation, and the signal it was given. */
export interface SeenCall {
  readonly actor: Actor
  readonly name: string
  readonly input: unknown
  readonly language: string | undefined
  readonly signal: AbortSignal
}

/** A door over four sample operations, for tests of surfaces: it validates and authorises, and remembers calls. */
export interface SampleDoor extends Door {
  readonly calls: SeenCall[]
  /** Settles when an operation with this name has begun. */
  begun(name: string): Promise<SeenCall>
}

type Work = (input: unknown, signal: AbortSignal) => Promise<unknown>

const sample = (
  name: string,
  serviceId: string | null,
  effect: AnyOperation['effect'],
  input: z.ZodType,
  output: z.ZodType,
): AnyOperation => ({
  name,
  serviceId,
  title: text('示例 <b>服务</b>', `Sample ${name}`),
  description: text(`【${name}】示例。`, `The sample ${name}.`),
  keywords: [],
  input,
  output,
  effect,
  idempotent: effect === 'read',
  command: [name],
  run: () => Promise.reject(new Error('the sample door runs its own work')),
  message: () => text('完成', 'done'),
  toMarkdown: () => '',
})

const thresholds = z.strictObject({
  memory_threshold: z.number().min(0).max(100).default(70),
  group: z.string().max(40).optional(),
})
const judged = z.strictObject({
  memory_threshold: z.number(),
  group: z.string().nullable(),
  at: z.iso.datetime(),
})

const OPERATIONS: readonly (readonly [AnyOperation, Work])[] = [
  [
    sample('service_001_system_inspection', '001', 'read', thresholds, judged),
    (input) => {
      const { memory_threshold, group } = thresholds.parse(input)
      return Promise.resolve({ memory_threshold, group: group ?? null, at: '2026-11-22T10:00:00.000Z' })
    },
  ],
  [
    sample('service_005_full_inspection', '005', 'collect', z.strictObject({}), z.strictObject({})),
    (_input, signal) =>
      new Promise((_resolve, reject) => {
        const stop = (): void => reject(new AppError('CANCELLED', text('已取消', 'The call was cancelled')))
        if (signal.aborted) stop()
        else signal.addEventListener('abort', stop, { once: true })
      }),
  ],
  [
    sample(
      'service_012_wechat_notification',
      '012',
      'send',
      z.strictObject({ content: z.string() }),
      z.strictObject({}),
    ),
    () => Promise.resolve({}),
  ],
  [
    sample('runs_show', null, 'read', z.strictObject({ run_id: z.string() }), z.strictObject({})),
    (input) => {
      const { run_id } = z.object({ run_id: z.string() }).parse(input)
      if (run_id === 'defect') return Promise.reject(new Error('a planted defect in /secret/path'))
      return Promise.reject(
        new AppError('RUN_UNKNOWN', text(`没有运行 ${run_id}`, `There is no run ${run_id}`), {
          details: { run_id },
        }),
      )
    },
  ],
]

const TIMESTAMP = '2026-11-22 18:00:00'

const failure = (code: ErrorCode, error: string): Envelope => ({
  success: false,
  error,
  code,
  hint: ERRORS[code].hint.en,
  timestamp: TIMESTAMP,
})

/** Returns the issues as sentences that name the field, the value and what is allowed. */
function describeIssues(error: z.ZodError, input: unknown): string {
  return error.issues
    .map((issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown field ${issue.keys.join(', ')}`
        : `${issue.path.join('.')}: found ${JSON.stringify(valueAt(input, issue.path))}: ${issue.message}`,
    )
    .join('; ')
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (current, key) =>
      typeof current === 'object' && current !== null ? Reflect.get(current, key) : undefined,
    value,
  )

/** Returns a door whose operations need nothing of the world. */
export function createSampleDoor(): SampleDoor {
  const calls: SeenCall[] = []
  const waiting = new Map<string, (call: SeenCall) => void>()
  const operations = new Map(OPERATIONS.map(([operation]) => [operation.name, operation]))
  const works = new Map(OPERATIONS.map(([operation, work]) => [operation.name, work]))
  return {
    operations,
    calls,
    begun: (name) =>
      new Promise((resolve) => {
        const seen = calls.find((call) => call.name === name)
        if (seen === undefined) waiting.set(name, resolve)
        else resolve(seen)
      }),
    async call(actor, name, input, options) {
      const operation = operations.get(name)
      const work = works.get(name)
      if (operation === undefined || work === undefined)
        return failure('OPERATION_UNKNOWN', `no operation ${name}`)
      if (!mayCause(actor, operation.effect))
        return failure('FORBIDDEN', `${name} needs the scope ${operation.effect}`)
      const parsed = operation.input.safeParse(input)
      if (!parsed.success) return failure('INPUT_INVALID', describeIssues(parsed.error, input))
      const signal = options?.signal ?? new AbortController().signal
      const seen = { actor, name, input, language: options?.language, signal }
      calls.push(seen)
      waiting.get(name)?.(seen)
      try {
        const data = await work(parsed.data, signal)
        return { success: true, message: `done <script>`, timestamp: TIMESTAMP, data }
      } catch (error) {
        if (error instanceof AppError) return failure(error.code, error.text.en)
        throw error
      }
    },
  }
}
