import { join } from 'node:path'
import { AppError, type ErrorCode } from '../../domain/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { SpoolDisk } from './spool-disk.ts'
import { decodeSpoolLines, encodeSpoolLine, type SpoolMessage } from './spool-line.ts'

/** Files that are or were written. */
export const SPOOL_SUFFIX = '.spool'
/** Files that are read: nobody writes them any more. */
const REPLAYING_SUFFIX = '.spool.replaying'
/** Lines that could not be applied; kept for a person, never read again. */
const REJECTED_SUFFIX = '.rejected'

/** Messages given to a handler at once; one INSERT takes as many. */
const MESSAGES_PER_CALL = 500

/** The database cannot take anything at all: what waits goes on waiting. */
const AWAY: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'DATABASE_UNAVAILABLE',
  'DATABASE_REFUSED',
  'SCHEMA_OUTDATED',
])

/** Applies messages of one kind in order, all or none; does nothing for an id that was applied before. */
export type SpoolHandlers = Readonly<Record<string, (messages: readonly SpoolMessage[]) => Promise<void>>>

/** What a replay came to. */
export interface ReplayResult {
  readonly applied: number
  /** Messages that their handler refuses, and lines that are damaged: kept in files `*.rejected`. */
  readonly rejected: number
}

interface ReplayOptions {
  readonly directory: string
  readonly disk: SpoolDisk
  readonly logger: Logger
  readonly handlers: SpoolHandlers
}

/** Applies every file of the directory, oldest first, and removes each when it is applied. */
export async function replayFiles(options: ReplayOptions): Promise<ReplayResult> {
  const { directory, disk } = options
  let applied = 0
  let rejected = 0
  for (const { name } of await disk.list(directory)) {
    const taken = await take(options, name)
    if (taken === null) continue
    const { messages, damaged } = decodeSpoolLines(await disk.read(join(directory, taken)))
    const refused = [...damaged.map((line) => `${line}\n`), ...(await applyAll(options, messages))]
    if (refused.length > 0) await keepRejected(options, taken, refused)
    await disk.remove(directory, taken)
    applied += messages.length + damaged.length - refused.length
    rejected += refused.length
  }
  return { applied, rejected }
}

/** Renames a file, so that no writer adds to it unseen; null when it is none of ours or another process took it. */
async function take({ directory, disk }: ReplayOptions, name: string): Promise<string | null> {
  if (name.endsWith(REPLAYING_SUFFIX)) return name
  if (!name.endsWith(SPOOL_SUFFIX)) return null
  const taken = `${name.slice(0, -SPOOL_SUFFIX.length)}${REPLAYING_SUFFIX}`
  return (await disk.move(directory, name, taken)) ? taken : null
}

/** Returns the lines of the messages that were refused. */
async function applyAll(
  options: ReplayOptions,
  messages: readonly SpoolMessage[],
): Promise<readonly string[]> {
  const refused: string[] = []
  let from = 0
  while (from < messages.length) {
    const kind = messages[from]?.kind
    let to = from + 1
    while (to < messages.length && to - from < MESSAGES_PER_CALL && messages[to]?.kind === kind) to += 1
    refused.push(...(await applyPart(options, messages.slice(from, to))))
    from = to
  }
  return refused
}

async function applyPart(options: ReplayOptions, part: readonly SpoolMessage[]): Promise<readonly string[]> {
  try {
    await applyWith(options, part)
    return []
  } catch (error) {
    if (error instanceof AppError && AWAY.has(error.code)) throw error
    if (part.length > 1) {
      const refused: string[] = []
      for (const message of part) refused.push(...(await applyPart(options, [message])))
      return refused
    }
    options.logger.error({ error, id: part[0]?.id, kind: part[0]?.kind }, 'a spooled message was refused')
    return part.map(encodeSpoolLine)
  }
}

async function applyWith({ handlers }: ReplayOptions, part: readonly SpoolMessage[]): Promise<void> {
  const kind = part[0]?.kind ?? ''
  const handler = Object.hasOwn(handlers, kind) ? handlers[kind] : undefined
  if (handler === undefined) throw new Error(`no handler for spooled messages of kind ${kind}`)
  await handler(part)
}

async function keepRejected(
  { directory, disk, logger }: ReplayOptions,
  taken: string,
  lines: readonly string[],
): Promise<void> {
  const base = taken.slice(0, -REPLAYING_SUFFIX.length)
  const names = new Set((await disk.list(directory)).map(({ name }) => name))
  let name = `${base}${REJECTED_SUFFIX}`
  for (let copy = 2; names.has(name); copy += 1) name = `${base}-${copy}${REJECTED_SUFFIX}`
  const file = await disk.create(directory, name)
  try {
    await disk.append(file, lines.join(''))
  } finally {
    await disk.close(file)
  }
  logger.warn({ file: name, lines: lines.length }, 'spooled lines could not be applied and were put aside')
}
