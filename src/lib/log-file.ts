import { join } from 'node:path'
import process from 'node:process'
import type { Logger as PinoLogger } from 'pino'
import { pino } from 'pino'
import type { Clock } from './clock.ts'
import { systemClock } from './clock.ts'
import { redactFields } from './redact.ts'
import { RotatingFile } from './rotating-file.ts'

/** Which process logs; each has a file of its own. */
export type LogRole = 'web' | 'mcp' | 'cli'

/** File names by process; names from the product specification §2. */
export const LOG_FILE_NAMES: Readonly<Record<LogRole, string>> = {
  web: 'system.log',
  mcp: 'mcp_server.log',
  cli: 'cli.log',
}

export interface LoggerOptions {
  readonly role: LogRole
  readonly directory: string
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly maxFileBytes: number
  readonly keptFiles: number
  /** Also writes every line to standard error. */
  readonly toStderr: boolean
  readonly clock?: Clock
  /** Where lines for standard error go. Default: the process's own. */
  readonly stderr?: (line: string) => void
}

/** Complaints about the log itself come at most this often. */
const COMPLAINT_EVERY_MS = 60_000
/** Longest text in a line; what is beyond is counted, not kept. */
const MAX_TEXT_CHARS = 16_384
const MAX_ITEMS = 200

function shorten(_key: string, value: unknown): unknown {
  if (typeof value !== 'string' || value.length <= MAX_TEXT_CHARS) return value
  return `${value.slice(0, MAX_TEXT_CHARS)}…(+${value.length - MAX_TEXT_CHARS})`
}

/** Redacts the finished line, so that nothing gets past it: fields, child bindings, error stacks, the message. */
function cleanLine(line: string): string {
  return `${JSON.stringify(redactFields(JSON.parse(line, shorten)))}\n`
}

function openSink(options: LoggerOptions, clock: Clock, toStderr: (line: string) => void) {
  const file = new RotatingFile({
    path: join(options.directory, LOG_FILE_NAMES[options.role]),
    maxBytes: options.maxFileBytes,
    keptFiles: options.keptFiles,
  })
  let complainedAtMs = Number.NEGATIVE_INFINITY
  let lostLines = 0
  const note = (level: string, msg: string): string =>
    `${JSON.stringify({ level, time: clock.now().toISOString(), role: options.role, msg })}\n`
  return (line: string): void => {
    const clean = cleanLine(line)
    if (options.toStderr) toStderr(clean)
    try {
      file.write(lostLines > 0 ? `${note('WARN', `${lostLines} log lines were lost`)}${clean}` : clean)
      lostLines = 0
    } catch (error) {
      lostLines += 1
      const nowMs = clock.now().getTime()
      if (nowMs - complainedAtMs < COMPLAINT_EVERY_MS) return
      complainedAtMs = nowMs
      toStderr(
        note('ERROR', `the log cannot be written: ${error instanceof Error ? error.message : String(error)}`),
      )
    }
  }
}

/**
 * Returns a pino logger that writes JSON lines to its role's file: `time` in ISO 8601 UTC, `level` as the upper-case
 * word, `role`, `pid`, and whatever fields are given (`service` among them). Secrets are redacted by field name and by
 * pattern. A log that cannot be written never stops the product: standard error is told, at most once a minute, and
 * the number of lost lines is logged when writing works again.
 */
export function createLogger(options: LoggerOptions): PinoLogger {
  const clock = options.clock ?? systemClock
  const toStderr = options.stderr ?? ((line: string) => void process.stderr.write(line))
  const write = openSink(options, clock, toStderr)
  return pino(
    {
      level: options.level,
      base: { role: options.role, pid: process.pid },
      timestamp: () => `,"time":"${clock.now().toISOString()}"`,
      formatters: { level: (label) => ({ level: label.toUpperCase() }) },
      serializers: {
        err: pino.stdSerializers.err,
        error: pino.stdSerializers.err,
        cause: pino.stdSerializers.err,
      },
      depthLimit: 12,
      edgeLimit: MAX_ITEMS,
    },
    { write },
  )
}
