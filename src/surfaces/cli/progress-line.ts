import type { ProgressEvent } from '../../domain/run.ts'
import { type Language, pick } from '../../domain/text.ts'
import type { Clock } from '../../lib/clock.ts'
import type { StandardError } from './cli-ports.ts'
import { truncateToWidth } from './terminal/display-width.ts'
import { stripControls } from './terminal/strip-controls.ts'

/** What a person sees of a call while it runs. */
export interface ProgressLine {
  readonly onEvent: (event: ProgressEvent) => void
  /** Clears the line and stops its timer. */
  end(): void
}

const ERASE_LINE = '\r\u001b[2K'
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const REDRAW_MS = 200

interface ProgressLook {
  readonly stderr: StandardError
  readonly columns: number
  readonly language: Language
  readonly clock: Clock
  /** Shown until the first event. */
  readonly title: string
}

const NO_PROGRESS: ProgressLine = { onEvent: () => undefined, end: () => undefined }

/** Returns the progress display: one live line on a terminal, a plain line per event elsewhere, nothing when quiet. */
export function createProgressLine(look: ProgressLook, quiet: boolean): ProgressLine {
  if (quiet) return NO_PROGRESS
  return look.stderr.isTTY ? createLiveLine(look) : createPlainLines(look)
}

function createPlainLines(look: ProgressLook): ProgressLine {
  const startedAt = look.clock.now()
  return {
    onEvent: (event) =>
      look.stderr.write(`[${elapsed(startedAt, look.clock.now())}] ${describeEvent(event, look.language)}\n`),
    end: () => undefined,
  }
}

function createLiveLine(look: ProgressLook): ProgressLine {
  const startedAt = look.clock.now()
  let current = look.title
  let frame = 0
  let isDrawn = false
  const draw = () => {
    const line = `${FRAMES[frame % FRAMES.length]} ${elapsed(startedAt, look.clock.now())} ${current}`
    look.stderr.write(ERASE_LINE + truncateToWidth(line, look.columns - 1))
    isDrawn = true
  }
  // The first draw waits for the timer too: a call that answers at once flashes nothing.
  const timer = setInterval(() => {
    frame += 1
    draw()
  }, REDRAW_MS)
  timer.unref()
  return {
    onEvent: (event) => {
      const isNewStep = !current.startsWith(event.step)
      current = describeEvent(event, look.language)
      if (isNewStep) draw()
    },
    end: () => {
      clearInterval(timer)
      if (isDrawn) look.stderr.write(ERASE_LINE)
      isDrawn = false
    },
  }
}

/** Returns `step 3/10 message` on one line; messages may hold names that servers gave themselves. */
function describeEvent(event: ProgressEvent, language: Language): string {
  const count = event.total === null ? String(event.done) : `${event.done}/${event.total}`
  return stripControls(`${event.step} ${count} ${pick(event.message, language)}`).replaceAll(/[\n\t]/g, ' ')
}

/** Returns `7s` or `2m05s`. */
function elapsed(startedAt: Date, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - startedAt.getTime()) / 1000))
  return seconds < 60
    ? `${seconds}s`
    : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`
}
