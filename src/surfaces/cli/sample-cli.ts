import { z } from 'zod'
import type { Actor } from '../../domain/actor.ts'
import type { Envelope } from '../../domain/envelope.ts'
import { ERRORS, type ErrorCode } from '../../domain/errors.ts'
import { pick, text } from '../../domain/text.ts'
import type { CallOptions, Door } from '../../services/call.ts'
import { type AnyOperation, defineOperation, defineService } from '../../services/service-definition.ts'
import type { CliPorts } from './cli-ports.ts'

const sampleInspection = defineService({
  name: 'service_901_sample_inspection',
  serviceId: '901',
  title: text('样本巡检', 'Sample inspection'),
  description: text('查看样本超过阈值的服务器。', 'Which servers are above a threshold in their sample.'),
  keywords: ['样本'],
  input: z.strictObject({
    memory_threshold: z
      .number()
      .gt(0)
      .lte(100)
      .default(70)
      .describe('内存使用率阈值,百分比 / memory usage above which a server is abnormal, percent'),
    ips: z
      .array(z.union([z.ipv4(), z.ipv6()]))
      .max(5)
      .optional()
      .describe('服务器地址 / addresses of servers'),
    scope: z.enum(['abnormal', 'all']).default('abnormal').describe('范围 / which servers'),
    use_ai: z.boolean().optional().describe('使用模型 / use the model'),
    rounds: z.int().optional(),
    note: z.string().nullable().optional(),
    filter: z.strictObject({ group: z.string() }).optional(),
  }),
  output: z.strictObject({ received: z.unknown() }),
  effect: 'read',
  idempotent: true,
  command: ['inspect', 'sample'],
  run: async () => ({ received: null }),
  message: () => text('共 1 台', '1 server'),
  toMarkdown: (_data, language) =>
    [
      `# ${language === 'zh' ? '样本巡检' : 'Sample inspection'}`,
      '',
      '共 **1** 台。',
      '',
      '| 名称 | 内存 | 进程 |',
      '|---|---:|---|',
      '| 数据库一号 | 91.2% | java |',
      '| web | 3% | \u001b[31mevil\u001b[0m\u001b]0;title\u0007\u202eexe |',
      '',
    ].join('\n'),
})

const showRun = defineOperation({
  name: 'runs_show',
  serviceId: null,
  title: text('查看运行', 'Show a run'),
  description: text('查看一次运行的每一步。', 'Shows every step of one run.'),
  keywords: [],
  input: z.strictObject({
    run_id: z.string().min(1).describe('运行编号 / id of the run'),
    verbose: z.boolean().optional(),
  }),
  output: z.strictObject({ received: z.unknown() }),
  effect: 'read',
  idempotent: true,
  command: ['runs', 'show'],
  run: async () => ({ received: null }),
  message: () => text('运行', 'run'),
  toMarkdown: () => '',
})

const doctor = defineOperation({
  name: 'sample_doctor',
  serviceId: null,
  title: text('体检', 'Doctor'),
  description: text('检查每项依赖。', 'Checks each dependency.'),
  keywords: [],
  input: z.strictObject({}),
  output: z.strictObject({ healthy: z.boolean() }),
  effect: 'read',
  idempotent: true,
  command: ['doctor'],
  run: async () => ({ healthy: true }),
  message: () => text('已检查', 'checked'),
  toMarkdown: (data) => `healthy: ${data.healthy}`,
})

/** Operations for tests, of every kind of input the command line converts. */
export const sampleOperations: ReadonlyMap<string, AnyOperation> = new Map<string, AnyOperation>([
  [sampleInspection.name, sampleInspection],
  [showRun.name, showRun],
  [doctor.name, doctor],
])

/** What a call through the sample door came with. */
interface SeenCall {
  readonly name: string
  readonly input: unknown
  readonly options: CallOptions
}

/** How the sample world behaves; everything has a default. */
export interface SampleWorld {
  readonly language?: 'zh' | 'en'
  readonly stdoutIsTTY?: boolean
  readonly stderrIsTTY?: boolean
  readonly columns?: number
  readonly stdin?: string
  readonly signal?: AbortSignal
  readonly operations?: ReadonlyMap<string, AnyOperation>
  /** Answers a call; default: success with the input as data. */
  readonly answer?: (call: SeenCall) => Promise<Envelope>
  readonly openFailure?: Error
  readonly onWrite?: (text: string) => void
}

/** The ports of a sample world, and what happened in it. */
export interface SampleCli {
  readonly ports: CliPorts
  readonly calls: SeenCall[]
  readonly events: string[]
  stdout(): string
  stderr(): string
}

const NOW = new Date('2026-03-01T04:05:06Z')
const TIMESTAMP = '2026-03-01 12:05:06'

/** A successful answer of the sample door. */
export const success = (data: unknown): Envelope => ({
  success: true,
  message: 'ok',
  timestamp: TIMESTAMP,
  data,
})

/** A failed answer of the sample door. */
export const failure = (code: ErrorCode, sentence: string): Envelope => ({
  success: false,
  error: sentence,
  code,
  hint: pick(ERRORS[code].hint, 'zh'),
  timestamp: TIMESTAMP,
})

/** Returns ports over memory: a door that validates like the real one and remembers what it was asked. */
export function createSampleCli(world: SampleWorld = {}): SampleCli {
  const calls: SeenCall[] = []
  const events: string[] = []
  const out: string[] = []
  const err: string[] = []
  const operations = world.operations ?? sampleOperations
  const door: Door = {
    operations,
    async call(_actor, name, input, options = {}) {
      const call = { name, input, options }
      calls.push(call)
      const parsed = operations.get(name)?.input.safeParse(input)
      if (parsed?.success === false)
        return failure('INPUT_INVALID', parsed.error.issues[0]?.message ?? 'invalid')
      return world.answer === undefined ? success({ received: input }) : world.answer(call)
    },
  }
  const actor: Actor = { kind: 'local_administrator', name: 'tester', surface: 'cli' }
  const exit = (event: string) => async (options?: object) => {
    events.push(options === undefined ? event : `${event} ${JSON.stringify(options)}`)
    return 7
  }
  const ports: CliPorts = {
    stdout: {
      write: (value) => {
        world.onWrite?.(value)
        out.push(value)
      },
      isTTY: world.stdoutIsTTY ?? false,
      columns: world.columns ?? 80,
    },
    stderr: { write: (value) => err.push(value), isTTY: world.stderrIsTTY ?? false },
    readStdin: async () => Buffer.from(world.stdin ?? ''),
    language: world.language ?? 'zh',
    timeZone: 'Asia/Shanghai',
    version: '1.2.3',
    operations,
    openDoor: async (options) => {
      if (world.openFailure !== undefined) throw world.openFailure
      events.push(options.tolerateStoreFailure ? 'open tolerant' : 'open')
      return { door, actor, close: async () => void events.push('close') }
    },
    signal: world.signal ?? new AbortController().signal,
    processes: {
      up: exit('up'),
      web: exit('web'),
      mcp: exit('mcp'),
      dbMigrate: exit('dbMigrate'),
      dbStatus: exit('dbStatus'),
      dbSchema: exit('dbSchema'),
      configCheck: exit('configCheck'),
      configSecret: exit('configSecret'),
    },
    clock: { now: () => NOW },
    color: true,
  }
  return { ports, calls, events, stdout: () => out.join(''), stderr: () => err.join('') }
}
