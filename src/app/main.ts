import process from 'node:process'
import { text as readAll } from 'node:stream/consumers'
import { processEnvironment } from '../config/environment.ts'
import { loadConfig } from '../config/load-config.ts'
import type { Actor } from '../domain/actor.ts'
import { AppError } from '../domain/errors.ts'
import { type Language, text } from '../domain/text.ts'
import { readBounded } from '../lib/read-bounded.ts'
import * as operations from '../operations/registry.ts'
import * as services from '../services/registry.ts'
import { type CliPorts, MOST_FILE_BYTES, runCli, standardOutput } from '../surfaces/cli/index.ts'
import { createAnnounce } from './announce.ts'
import { configCheck } from './config-check.ts'
import { dbMigrate, dbSchema, dbStatus } from './database-commands.ts'
import { runMcpRole } from './mcp-role.ts'
import { requireSchema } from './open-configured-store.ts'
import { productVersion } from './product-version.ts'
import { openRuntime } from './runtime.ts'
import { storeSecret } from './store-secret.ts'
import { runWebRole } from './web-role.ts'

const LOCAL: Actor = { kind: 'local_administrator', name: 'local', surface: 'cli' }

/** Hidden flag of a child of the supervisor: it ends when its standard input does, so that nothing is orphaned. */
const SUPERVISED_FLAG = '--supervised'

/** Runs the command line of this process and resolves to its exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const args = argv.filter((arg) => arg !== SUPERVISED_FLAG)
  const stop = new AbortController()
  const end = (signal: string) => () =>
    stop.abort(new AppError('CANCELLED', text(`收到 ${signal},已停止`, `stopped by ${signal}`)))
  process.once('SIGINT', end('SIGINT'))
  process.once('SIGTERM', end('SIGTERM'))
  process.once('SIGHUP', end('SIGHUP'))
  const supervised = argv.length !== args.length
  if (supervised) process.stdin.once('end', end('the end of its supervisor')).resume()
  const settings = languageSettings(args)
  try {
    return await runCli(args, cliPorts(settings, stop.signal))
  } finally {
    // A standard input that is being read keeps the process alive.
    if (supervised) process.stdin.destroy()
  }
}

interface LanguageSettings {
  readonly language: Language
  readonly timeZone: string
}

/** Help and error texts must come even when the configuration is broken: then Chinese and the machine's zone. */
function languageSettings(args: readonly string[]): LanguageSettings {
  const given =
    args.find((arg) => arg.startsWith('--lang='))?.slice('--lang='.length) ?? args[args.indexOf('--lang') + 1]
  const asked: Language | null =
    args.some((arg) => arg.startsWith('--lang')) && (given === 'en' || given === 'zh') ? given : null
  try {
    const config = loadConfig({ env: processEnvironment(), cwd: process.cwd() })
    return { language: asked ?? config.language, timeZone: config.timeZone }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { language: asked ?? 'zh', timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone }
  }
}

function cliPorts({ language, timeZone }: LanguageSettings, signal: AbortSignal): CliPorts {
  const { stdout, stderr } = process
  const output = standardOutput(stdout, (error) => {
    throw error
  })
  const print = (line: string) => output.write(`${line}\n`)
  const announce = createAnnounce(print, language)
  const quiet = createAnnounce((line) => stderr.write(`${line}\n`), language)
  const command = { print, language }
  return {
    stdout: output,
    stderr: { write: (chunk) => stderr.write(chunk), isTTY: stderr.isTTY },
    readStdin: async () => await readBounded(process.stdin, MOST_FILE_BYTES),
    language,
    timeZone,
    version: productVersion(),
    operations: new Map(Object.entries({ ...services, ...operations })),
    openDoor: async ({ tolerateStoreFailure }) => {
      const runtime = await openRuntime({ role: 'cli', language, tolerateStoreFailure })
      try {
        if (!tolerateStoreFailure) await requireSchema(runtime.store)
      } catch (error) {
        await runtime.close()
        throw error
      }
      return { door: runtime.door, actor: LOCAL, close: async () => await runtime.close() }
    },
    signal,
    processes: {
      up: async () => await runWebRole({ withChildren: true, language, announce, stop: signal }),
      web: async () => await runWebRole({ withChildren: false, language, announce, stop: signal }),
      mcp: async ({ stdio }) =>
        await runMcpRole({ stdio, language, announce: stdio ? quiet : announce, stop: signal }),
      dbMigrate: async ({ print: printSql, json }) => await dbMigrate({ ...command, printSql, json }),
      dbStatus: async (options) => await dbStatus({ ...command, ...options }),
      dbSchema: async (options) => await dbSchema({ ...command, ...options }),
      configCheck: async (options) => await configCheck({ ...command, ...options }),
      configSecret: async ({ name }) =>
        await storeSecret({ ...command, name, value: await readAll(process.stdin) }),
    },
  }
}
