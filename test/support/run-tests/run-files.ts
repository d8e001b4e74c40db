import { run } from 'node:test'
import { spec } from 'node:test/reporters'

/** What a run of test files came to. */
export interface TestTotals {
  readonly passed: number
  readonly failed: number
  /** Names of skipped and todo tests, with their file and reason. */
  readonly skipped: readonly string[]
}

const FILES_AT_ONCE = 2
const FILE_DEADLINE_MS = 5 * 60_000

export interface RunFilesOptions {
  readonly root: string
  readonly files: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
}

/** Runs test files, each in its own process, two at a time; prints Node's report and returns the totals. */
export async function runFiles({ root, files, env, signal }: RunFilesOptions): Promise<TestTotals> {
  const skipped: string[] = []
  let passed = 0
  let failed = 0
  const stream = run({
    cwd: root,
    files: files.map((file) => `${root}/${file}`),
    env,
    signal,
    concurrency: FILES_AT_ONCE,
    timeout: FILE_DEADLINE_MS,
  })
  stream.on('test:pass', (data) => {
    const reason = data.skip ?? data.todo
    if (reason === undefined || reason === false) return
    const file = (data.file ?? '').replace(`${root}/`, '')
    skipped.push(`${file}: ${data.name}${typeof reason === 'string' && reason !== '' ? ` (${reason})` : ''}`)
  })
  stream.on('test:summary', ({ file, counts }) => {
    if (file !== undefined) return
    passed = counts.passed
    failed = counts.tests - counts.passed - counts.skipped - counts.todo
  })
  for await (const chunk of stream.compose(new spec())) process.stdout.write(chunk)
  return { passed, failed, skipped }
}
