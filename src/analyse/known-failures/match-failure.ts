import type { KnownFailure } from '../../domain/known-failure.ts'
import type { LogLine } from './read-log-line.ts'

/** A line and the failure that it tells of. */
export interface FailureMatch {
  readonly line: LogLine
  readonly failure: KnownFailure
  readonly subject: string | null
  readonly fields: Readonly<Record<string, string>>
}

/** Returns the failure that a line tells of; null for nearly every line. */
export type FailureMatcher = (line: LogLine) => FailureMatch | null

/** `/dev/sda` and `sda` are one. */
const nameOf = (subject: string): string => subject.trim().replace(/^\/dev\//, '')

const isMeant = (failure: KnownFailure, { origin, uptimeSeconds }: LogLine): boolean =>
  (origin === null || origin === failure.origin) &&
  (uptimeSeconds === null || uptimeSeconds >= (failure.ignoredUntilUptimeSeconds ?? 0))

function matchOne(failure: KnownFailure, line: LogLine): FailureMatch | null {
  const groups = failure.pattern.exec(line.message)
  if (groups === null) return null
  const fields: Record<string, string> = {}
  for (const [name, found] of Object.entries(groups.groups ?? {})) if (found) fields[name] = found
  const subject = failure.subject === null ? undefined : fields[failure.subject]
  return { line, failure, subject: subject === undefined ? null : nameOf(subject), fields }
}

/** One search for all keywords: a choice of literal texts never goes back, so it takes time in proportion to the line. */
const anyOf = (keywords: readonly string[]): RegExp =>
  new RegExp(
    keywords.map((keyword) => keyword.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|') || '(?!)',
    'u',
  )

/**
 * Returns a matcher of the failures; of several that fit a line the first counts. Nearly every line costs one search for
 * all keywords; only where one stands in it are the patterns of that keyword tried.
 */
export function createFailureMatcher(failures: readonly KnownFailure[]): FailureMatcher {
  const byKeyword = new Map<string, number[]>()
  for (const [index, { keywords }] of failures.entries())
    for (const keyword of keywords) byKeyword.set(keyword, [...(byKeyword.get(keyword) ?? []), index])
  const searched = [...byKeyword]
  const hasKeyword = anyOf([...byKeyword.keys()])
  return (line) => {
    if (!hasKeyword.test(line.message)) return null
    const tried = new Set<number>()
    for (const [keyword, indexes] of searched)
      if (line.message.includes(keyword)) for (const index of indexes) tried.add(index)
    for (const index of [...tried].sort((a, b) => a - b)) {
      const failure = failures[index]
      if (failure === undefined || !isMeant(failure, line)) continue
      const match = matchOne(failure, line)
      if (match !== null) return match
    }
    return null
  }
}
