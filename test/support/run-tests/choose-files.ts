import { globSync } from 'node:fs'

/** Which of the two suites. */
export type Suite = 'quick' | 'slow'

const PATTERNS = ['src/**/*.test.ts', 'test/**/*.test.ts']

/**
 * Returns the test files of a suite below `root`, sorted. `*.slow.test.ts` belong to the slow suite, all others to
 * the quick one. With filters, only files whose path contains one of them.
 */
export function chooseFiles(root: string, suite: Suite, filters: readonly string[]): string[] {
  return globSync(PATTERNS, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.slow.test.ts') === (suite === 'slow'))
    .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
    .sort()
}
