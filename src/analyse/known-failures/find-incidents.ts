import { SEVERITIES, type Severity } from '../../domain/finding.ts'
import type { FailureIncident, FailureLine, KnownFailure } from '../../domain/known-failure.ts'
import { createFailureMatcher, type FailureMatch } from './match-failure.ts'
import { type LogLine, readLogLine } from './read-log-line.ts'

/** The same failure after a longer silence is another incident. Source: ours (an hour is one spell of trouble). */
const PAUSE_SECONDS = 3_600
/** How near parts and consequences stand: error recovery of ATA and SCSI takes up to half a minute (libata, scsi_error.c). */
const NEAR_SECONDS = 30
const NEAR_LINES = 60
/** So many are kept; a log with more is noise, and the most severe stay. */
const MAX_INCIDENTS = 500
const FIRST_LINES = 8
const LAST_LINES = 4
const MAX_SHOWN_MESSAGE = 400

/** An incident while lines still come. */
interface OpenIncident {
  readonly first: FailureMatch
  last: LogLine
  count: number
  readonly lines: LogLine[]
  readonly latest: LogLine[]
}

/** Takes the lines of one log in order and tells what went wrong. Keeps a bounded number of lines, however long the log. */
export interface IncidentFinder {
  /** `written` is one line with its header. */
  add(written: string): void
  /** Returns the incidents found so far, in the order in which they began. */
  incidents(): readonly FailureIncident[]
}

const moreSevere = (a: Severity, b: Severity): Severity =>
  SEVERITIES.indexOf(a) >= SEVERITIES.indexOf(b) ? a : b

const keyOf = ({ failure, subject }: FailureMatch): string => `${failure.id}\n${subject ?? ''}`

const distance = (from: LogLine, to: LogLine): number | null =>
  from.seconds === null || to.seconds === null ? null : Math.abs(to.seconds - from.seconds)

function continues(open: OpenIncident, line: LogLine): boolean {
  const seconds = distance(open.last, line)
  return seconds === null || seconds <= PAUSE_SECONDS
}

function addTo(open: OpenIncident, line: LogLine): void {
  if (open.lines.length < FIRST_LINES) open.lines.push(line)
  else {
    open.latest.push(line)
    if (open.latest.length > LAST_LINES) open.latest.shift()
  }
}

const isNear = (from: LogLine, to: LogLine): boolean => {
  const seconds = distance(from, to)
  return seconds === null ? Math.abs(to.number - from.number) <= NEAR_LINES : seconds <= NEAR_SECONDS
}

/** True where no line of the one is far from the other: they overlap, or stand close one after the other. */
function touches(a: OpenIncident, b: OpenIncident): boolean {
  if (a.first.line.number <= b.last.number && b.first.line.number <= a.last.number) return true
  return isNear(a.last, b.first.line) || isNear(b.last, a.first.line)
}

/** `sda` and `sdb` are two things of one kind, `ata3.00` and `sdb` may be one thing with two names. */
const kindOf = (subject: string): string => subject.slice(0, 2).toLowerCase()

function mayBeSame(a: string | null, b: string | null): boolean {
  if (a === null || b === null || a === b) return true
  return kindOf(a) !== kindOf(b) || a.startsWith(b) || b.startsWith(a)
}

const mayBePartOf = (part: KnownFailure, whole: KnownFailure): boolean => part.partOf.includes(whole.sort)

/** Two that may each be part of the other: the earlier is the whole. */
const mayHold = (whole: OpenIncident, part: OpenIncident): boolean =>
  mayBePartOf(part.first.failure, whole.first.failure) &&
  (whole.first.line.number < part.first.line.number || !mayBePartOf(whole.first.failure, part.first.failure))

/** Returns the incident of which `part` is a part or a consequence: of several the nearest before it. */
function wholeOf(part: OpenIncident, others: readonly OpenIncident[]): OpenIncident | null {
  if (part.first.failure.partOf.length === 0) return null
  const candidates = others.filter(
    (other) =>
      other !== part &&
      mayHold(other, part) &&
      mayBeSame(part.first.subject, other.first.subject) &&
      touches(part, other),
  )
  const before = candidates.filter(({ first }) => first.line.number <= part.first.line.number)
  return before.at(-1) ?? candidates[0] ?? null
}

const allLines = ({ lines, latest }: OpenIncident): readonly LogLine[] => [...lines, ...latest]

function shownLines(lines: readonly LogLine[]): readonly FailureLine[] {
  const sorted = [...lines].sort((a, b) => a.number - b.number)
  const kept =
    sorted.length <= FIRST_LINES + LAST_LINES
      ? sorted
      : [...sorted.slice(0, FIRST_LINES), ...sorted.slice(-LAST_LINES)]
  return kept.map(({ number, message }) => ({ number, message: message.slice(0, MAX_SHOWN_MESSAGE) }))
}

function severityOf({ first: { failure }, count }: OpenIncident): Severity {
  const { severity, repeated } = failure
  return repeated !== null && count >= repeated.from ? moreSevere(severity, repeated.severity) : severity
}

function toIncident(open: OpenIncident, parts: readonly OpenIncident[]): FailureIncident {
  const { failure, subject, fields, line } = open.first
  return {
    failure,
    subject,
    fields,
    severity: [open, ...parts].map(severityOf).reduce(moreSevere),
    count: open.count,
    firstAt: line.at,
    lastAt: open.last.at,
    lines: shownLines([open, ...parts].flatMap(allLines)),
  }
}

/** Puts each part to the whole that it belongs to, following parts of parts; a circle leaves its members apart. */
function joinParts(found: readonly OpenIncident[]): readonly FailureIncident[] {
  const wholes = new Map(found.map((open) => [open, wholeOf(open, found)]))
  const rootOf = (open: OpenIncident): OpenIncident => {
    let root = open
    for (let step = 0; step < found.length; step += 1) {
      const whole = wholes.get(root) ?? null
      if (whole === null) return root
      root = whole
    }
    return open
  }
  const groups = [...Map.groupBy(found, rootOf)].sort(([a], [b]) => a.first.line.number - b.first.line.number)
  return groups.map(([root, members]) =>
    toIncident(
      root,
      members.filter((member) => member !== root),
    ),
  )
}

/** Takes the least severe out of the list and returns it. */
function forgetLeast(found: OpenIncident[]): OpenIncident {
  const least = found.reduce((kept, open) =>
    SEVERITIES.indexOf(open.first.failure.severity) < SEVERITIES.indexOf(kept.first.failure.severity)
      ? open
      : kept,
  )
  found.splice(found.indexOf(least), 1)
  return least
}

/** Returns a finder for one log. `bootAt` places seconds since boot in time; null where it is not known. */
export function createIncidentFinder(
  failures: readonly KnownFailure[],
  bootAt: Date | null = null,
): IncidentFinder {
  const match = createFailureMatcher(failures)
  const open = new Map<string, OpenIncident>()
  const found: OpenIncident[] = []
  let number = 0
  const begin = (first: FailureMatch): OpenIncident => {
    const begun: OpenIncident = { first, last: first.line, count: 0, lines: [], latest: [] }
    open.set(keyOf(first), begun)
    found.push(begun)
    if (found.length > MAX_INCIDENTS) {
      const forgotten = forgetLeast(found)
      const key = keyOf(forgotten.first)
      if (open.get(key) === forgotten) open.delete(key)
    }
    return begun
  }
  return {
    add: (written) => {
      number += 1
      const line = readLogLine(written, number, bootAt)
      const matched = match(line)
      if (matched === null) return
      const current = open.get(keyOf(matched))
      const incident = current !== undefined && continues(current, line) ? current : begin(matched)
      incident.last = line
      incident.count += 1
      addTo(incident, line)
    },
    incidents: () => joinParts(found),
  }
}

/** Returns the incidents of a whole log, in the order in which they began. */
export function findIncidents(
  lines: Iterable<string>,
  failures: readonly KnownFailure[],
  bootAt: Date | null = null,
): readonly FailureIncident[] {
  const finder = createIncidentFinder(failures, bootAt)
  for (const line of lines) finder.add(line)
  return finder.incidents()
}
