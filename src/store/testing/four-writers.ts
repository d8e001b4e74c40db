import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { createSqliteDatabase } from './test-databases.ts'

const WRITER = fileURLToPath(new URL('../../../test/support/databases/sqlite-writer.ts', import.meta.url))
const WRITERS = ['writer-1', 'writer-2', 'writer-3', 'writer-4']
const START_AND_STOP_MS = 60_000

const resultShape = z.object({ count: z.int(), errors: z.array(z.string()), longestMs: z.number() })

/** Starts the child program of `test/support/databases/sqlite-writer.ts`. */
export const startWriter = (parameters: readonly string[], timeoutMs: number) =>
  spawn(process.execPath, [WRITER, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })

async function runWriter(path: string, seconds: number, name: string): Promise<z.output<typeof resultShape>> {
  const child = startWriter([path, 'loop', String(seconds), name], seconds * 1000 + START_AND_STOP_MS)
  let printed = ''
  for await (const chunk of child.stdout) printed += String(chunk)
  assert.notEqual(printed, '', `${name} printed nothing and ended with ${child.exitCode ?? child.signalCode}`)
  return resultShape.parse(JSON.parse(printed))
}

/** Lets four processes write one SQLite file, which they create together, and asserts that nothing failed or got lost. */
export async function assertFourWritersSucceed(seconds: number): Promise<string> {
  const database = await createSqliteDatabase()
  const { settings } = database
  assert.ok(settings.kind === 'sqlite')
  try {
    const results = await Promise.all(WRITERS.map((name) => runWriter(settings.path, seconds, name)))
    assert.deepEqual(
      results.flatMap((result) => result.errors),
      [],
    )
    assert.ok(results.every((result) => result.count > 0))
    const total = results.reduce((sum, result) => sum + result.count, 0)
    const [counted] = await database.query(`select content from setting where name = 'count'`)
    assert.equal(Number(counted?.['content']), total)
    const [rows] = await database.query('select count(*) as n from howso_server_performance_metrics')
    assert.equal(Number(rows?.['n']), total)
    return `${total} transactions, longest ${Math.max(...results.map((result) => result.longestMs))} ms`
  } finally {
    await database.drop()
  }
}
