import { readFileSync } from 'node:fs'

/** One fired collection of metrics, as the log tells it; times in ms since 1970. */
export interface MetricsCycle {
  readonly startedMs: number
  readonly endedMs: number
  /** `OK` or an error code. */
  readonly outcome: string
}

/** One stored row of metrics. */
export interface MetricsRow {
  readonly id: bigint
  readonly ip: string
  /** In whole seconds, as the column holds it. */
  readonly collectedMs: number
}

/** Reads the collections that the schedule fired, oldest first. */
export function readCycles(logPath: string): readonly MetricsCycle[] {
  return readFileSync(logPath, 'utf8')
    .split('\n')
    .filter((line) => line.includes('service_010_platform_monitoring') && line.includes('"durationMs"'))
    .map((line) => JSON.parse(line) as { time: string; msg: string; outcome: string; durationMs: number })
    .filter(({ msg }) => msg === 'call')
    .map(({ time, outcome, durationMs }) => {
      const endedMs = Date.parse(time)
      return { startedMs: endedMs - durationMs, endedMs, outcome }
    })
}

const second = (ms: number): number => Math.floor(ms / 1000) * 1000

/** Between these instants every row must belong to a cycle, and every cycle must have its row. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** What is wrong with the rows of a span, one line each; nothing when every cycle has one row of every server. */
export function compareCycles(
  cycles: readonly MetricsCycle[],
  rows: readonly MetricsRow[],
  { fromMs, toMs }: Span,
): readonly string[] {
  const wrong: string[] = []
  const inside = cycles.filter(({ startedMs, endedMs }) => startedMs >= fromMs && endedMs <= toMs)
  const [first, last] = [inside[0], inside.at(-1)]
  if (first === undefined || last === undefined) return ['no cycle at all']
  for (const { outcome, startedMs } of inside)
    if (outcome !== 'OK')
      wrong.push(`the cycle of ${new Date(startedMs).toISOString()} ended with ${outcome}`)
  for (const ip of new Set(rows.map((row) => row.ip))) {
    const times = rows.filter((row) => row.ip === ip).map(({ collectedMs }) => collectedMs)
    const within = (from: number, to: number): number =>
      times.filter((at) => at >= second(from) && at <= second(to)).length
    for (const { startedMs, endedMs } of inside) {
      const found = within(startedMs, endedMs)
      if (found !== 1) wrong.push(`${ip} has ${found} rows of ${new Date(startedMs).toISOString()}`)
    }
    const found = within(first.startedMs, last.endedMs)
    if (found !== inside.length) wrong.push(`${ip} has ${found} rows of ${inside.length} cycles`)
  }
  return wrong
}

/** Longest distance in ms between two rows of one server from one instant to the other. */
export function longestGapMs(rows: readonly MetricsRow[], { fromMs, toMs }: Span): number {
  let longest = 0
  for (const ip of new Set(rows.map((row) => row.ip))) {
    const times = rows
      .filter((row) => row.ip === ip && row.collectedMs >= fromMs && row.collectedMs <= toMs)
      .map(({ collectedMs }) => collectedMs)
      .sort((a, b) => a - b)
    for (const [index, at] of times.entries()) longest = Math.max(longest, at - (times[index - 1] ?? at))
  }
  return longest
}

/** Ids that do not grow with the time of collection of their server. */
export function rowsOutOfOrder(rows: readonly MetricsRow[]): readonly string[] {
  const sorted = [...rows].sort((a, b) => a.collectedMs - b.collectedMs || (a.id < b.id ? -1 : 1))
  const newest = new Map<string, bigint>()
  const wrong: string[] = []
  for (const { id, ip, collectedMs } of sorted) {
    if (id <= (newest.get(ip) ?? 0n)) wrong.push(`${ip} ${new Date(collectedMs).toISOString()} ${id}`)
    newest.set(ip, id)
  }
  return wrong
}
