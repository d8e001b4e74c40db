import assert from 'node:assert/strict'

const MOST_CPU_MS = 50

function cpuMsOf(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

/**
 * Fails when the work takes 50 ms of CPU in each of three tries. CPU and not the clock, because what else the machine
 * does must not count; three, because collecting garbage does.
 */
export function assertQuick(work: () => void): void {
  let quickest = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < 3 && quickest >= MOST_CPU_MS; tries += 1)
    quickest = Math.min(quickest, cpuMsOf(work))
  assert.ok(quickest < MOST_CPU_MS, `took ${quickest.toFixed(1)} ms of CPU`)
}

const FACTS_PER_CHARACTER = 200
const FACTS_OF_NOTHING = 20_000

/** Fails when facts, as JSON, are longer than a text of that length can be worth: a parser that multiplies its input. */
export function assertInProportion(facts: string, textLength: number): void {
  const most = FACTS_OF_NOTHING + FACTS_PER_CHARACTER * textLength
  assert.ok(facts.length <= most, `${facts.length} characters of facts from ${textLength} of text`)
}

const MOST_RESIDENT_KILOBYTES = 1_500_000

/** Fails when this process ever had more than 1.5 GB resident. */
export function assertMemoryBounded(): void {
  const { maxRSS } = process.resourceUsage()
  assert.ok(maxRSS < MOST_RESIDENT_KILOBYTES, `${maxRSS} kB were resident`)
}
