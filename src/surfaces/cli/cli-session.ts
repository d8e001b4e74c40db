import { AppError } from '../../domain/errors.ts'
import { type Language, pick, text } from '../../domain/text.ts'
import { systemClock } from '../../lib/clock.ts'
import type { AnyOperation } from '../../services/service-definition.ts'
import type { CliFlags } from './cli-flags.ts'
import type { CliPorts } from './cli-ports.ts'
import { saveContent } from './file-field.ts'
import type { Printer } from './printer.ts'
import { createProgressLine } from './progress-line.ts'

/** One run of the command line: what it was given and what it came to. */
export interface CliSession {
  readonly ports: CliPorts
  readonly flags: CliFlags
  readonly printer: Printer
  readonly language: Language
  /** Set by the command that ran. */
  exitCode: number
}

/** Command of the operation whose job is to report a database that cannot be opened. */
const DOCTOR = 'doctor'
/** Exit code of a call that succeeded and found something that must be mended. */
export const CHECK_FAILED_EXIT_CODE = 1

/**
 * Calls the operation through the door with live progress, writes the file of its result to `saveTo`, prints what it
 * came to and sets the session's exit code.
 */
export async function callOperation(
  session: CliSession,
  operation: AnyOperation,
  input: unknown,
  { saveTo }: { readonly saveTo?: string } = {},
): Promise<void> {
  const { ports, flags, printer, language } = session
  const isDoctor = operation.command.join(' ') === DOCTOR
  const opened = await untilAborted(
    ports.openDoor({ tolerateStoreFailure: isDoctor }),
    ports.signal,
    (late) => late.close(),
  )
  try {
    const progress = createProgressLine(
      {
        stderr: ports.stderr,
        columns: ports.stdout.columns > 0 ? ports.stdout.columns : printer.columns,
        language,
        clock: ports.clock ?? systemClock,
        title: pick(operation.title, language),
      },
      flags.quiet,
    )
    const envelope = await opened.door
      .call(opened.actor, operation.name, input, {
        signal: ports.signal,
        language,
        onProgress: progress.onEvent,
      })
      .finally(() => progress.end())
    if (saveTo !== undefined && envelope.success) await saveContent(envelope.data, saveTo)
    session.exitCode = printer.envelope(envelope, {
      toMarkdown: (data) => operation.toMarkdown(data, language),
      toPlainText: (data) => operation.toPlainText?.(data) ?? null,
    })
    if (envelope.success && isDoctor && isUnhealthy(envelope.data)) session.exitCode = CHECK_FAILED_EXIT_CODE
  } finally {
    await opened.close()
  }
}

/** Returns true when the doctor says of its own checks that one failed. */
const isUnhealthy = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'healthy' in data && data.healthy === false

/**
 * Returns what the work comes to; throws AppError CANCELLED as soon as the signal is aborted. Work that cannot be
 * stopped goes on by itself: `onLate` gets its result, so that what it opened can be closed.
 */
export async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  onLate: (result: T) => unknown = () => undefined,
): Promise<T> {
  const outcome = Promise.withResolvers<T>()
  let isCancelled = false
  const onAbort = () => {
    isCancelled = true
    outcome.reject(new AppError('CANCELLED', text('操作已取消。', 'The call was cancelled.')))
  }
  // A failure after the cancellation changes nothing any more: the outcome is settled.
  work.then((result) => (isCancelled ? onLate(result) : outcome.resolve(result))).catch(outcome.reject)
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await outcome.promise
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
