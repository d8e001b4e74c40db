import type { Envelope, FailureEnvelope } from '../../domain/envelope.ts'
import { type AppError, ERRORS, toAppError } from '../../domain/errors.ts'
import { type Language, pick, type Text, text } from '../../domain/text.ts'
import { systemClock } from '../../lib/clock.ts'
import { formatLocalTime } from '../../lib/format-local-time.ts'
import type { CliFlags } from './cli-flags.ts'
import type { CliPorts } from './cli-ports.ts'
import { createPaint, type Paint, showsColor } from './terminal/paint.ts'
import { renderMarkdown } from './terminal/render-markdown.ts'
import { printableJson, stripControls } from './terminal/strip-controls.ts'

/** How a person sees a result. */
interface ShownResult {
  toMarkdown(data: unknown): string
  /** Null: there is none. */
  toPlainText(data: unknown): string | null
}

/** Where everything that the command line says goes through. */
export interface Printer {
  readonly paint: Paint
  /** Width to write for, in cells. */
  readonly columns: number
  /** Writes text of our own to stdout as it is. */
  plain(value: string): void
  /** Writes a result: the envelope with `--json`, else its plain text as it is, else its Markdown, rendered when a terminal reads. Returns the exit code. */
  envelope(envelope: Envelope, result: ShownResult): number
  /** Writes a result that the command line made itself, in the same two forms. */
  result(message: Text, data: unknown, markdown: string): void
  /** Writes an error: a failure envelope on stdout with `--json`, else sentences on stderr. Returns the exit code. */
  error(error: unknown): number
}

const WIDTH_WITHOUT_TERMINAL = 80

/** Returns the printer for these flags. A pipe that nobody reads any more is no error: the rest goes nowhere. */
export function createPrinter(ports: CliPorts, flags: CliFlags): Printer {
  const color = ports.stdout.isTTY && (ports.color ?? showsColor(true))
  const errorPaint = createPaint(ports.stderr.isTTY && (ports.color ?? showsColor(true)))
  const columns =
    ports.stdout.isTTY && ports.stdout.columns > 0 ? ports.stdout.columns : WIDTH_WITHOUT_TERMINAL
  const paint = createPaint(color)
  const timestamp = () => formatLocalTime((ports.clock ?? systemClock).now(), ports.timeZone)
  const plain = quietOnBrokenPipe((value) => ports.stdout.write(value))
  const json = (envelope: Envelope) => plain(`${printableJson(envelope)}\n`)

  const markdown = (source: string) => {
    const shown = ports.stdout.isTTY ? renderMarkdown(source, { columns, color }) : stripControls(source)
    plain(shown === '' || shown.endsWith('\n') ? shown : `${shown}\n`)
  }
  const failure = (envelope: FailureEnvelope): number => {
    if (flags.json) json(envelope)
    else ports.stderr.write(failureLines(envelope, flags.language, errorPaint))
    return ERRORS[envelope.code].exitCode
  }

  return {
    paint,
    columns,
    plain,
    envelope(envelope, { toMarkdown, toPlainText }) {
      if (!envelope.success) return failure(envelope)
      const text = flags.json ? null : toPlainText(envelope.data)
      if (flags.json) json(envelope)
      else if (text !== null) plain(text.endsWith('\n') ? stripControls(text) : `${stripControls(text)}\n`)
      else markdown(toMarkdown(envelope.data) || envelope.message)
      return 0
    },
    result(message, data, source) {
      if (!flags.json) return markdown(source)
      json({ success: true, message: pick(message, flags.language), timestamp: timestamp(), data })
    },
    error(error) {
      const known = toAppError(error)
      // A defect shows where it is; it goes to stderr with --json too.
      if (known.code === 'INTERNAL') ports.stderr.write(`${stripControls(stackOf(known))}\n`)
      return failure(failureOf(known, flags.language, timestamp()))
    },
  }
}

/** Returns a writer that drops everything once the reader has gone (EPIPE). Other errors are thrown. */
function quietOnBrokenPipe(write: (value: string) => void): (value: string) => void {
  let isBroken = false
  return (value) => {
    if (isBroken || value === '') return
    try {
      write(value)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error
      isBroken = true
    }
  }
}

const stackOf = (error: AppError): string =>
  (error.cause instanceof Error ? error.cause.stack : error.stack) ?? error.message

function failureOf(error: AppError, language: Language, timestamp: string): FailureEnvelope {
  const { help, ...details } = error.details
  return {
    success: false,
    error: pick(error.text, language),
    code: error.code,
    hint:
      typeof help === 'string'
        ? pick(text(`参见 \`${help}\`。`, `See \`${help}\`.`), language)
        : pick(ERRORS[error.code].hint, language),
    timestamp,
    ...(Object.keys(details).length > 0 ? { details } : {}),
  }
}

function failureLines(envelope: FailureEnvelope, language: Language, paint: Paint): string {
  const title = pick(text('错误:', 'Error: '), language)
  const hint = pick(text('建议:', 'Hint: '), language)
  return `${paint(['bold', 'red'], title)}${stripControls(envelope.error)}\n${hint}${stripControls(envelope.hint)}\n`
}
