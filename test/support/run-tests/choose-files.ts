import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Which of the two suites. */
export type Suite = 'quick' | 'slow'

const PATTERNS = ['src/**/*.test.ts', 'test/**/*.test.ts', 'corpora/**/*.test.ts']

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

/**
 * True when one of the files is a test of the database servers, by its name (`*.db.test.ts`) or by what it reads. Asked
 * only for a chosen few: a whole suite always gets its databases.
 */
export function needDatabases(root: string, files: readonly string[]): boolean {
  return files.some(
    (file) =>
      file.endsWith('.db.test.ts') ||
      /SMART_OPS_TEST_M|test-databases|database-from-environment/.test(
        readFileSync(join(root, file), 'utf8'),
      ),
  )
}
