import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Writable } from 'node:stream'
import { describe, it } from 'node:test'
import { standardOutput } from './standard-output.ts'

const failing = (code: string) =>
  new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error(code), { code }))
    },
  })

/** `once` of node:events would reject on the very error that is under test. */
const closed = (stream: Writable) => new Promise((resolve) => stream.once('close', resolve))

describe('standardOutput', () => {
  it('drops what comes after the reader has gone', async () => {
    const errors: Error[] = []
    const stream = failing('EPIPE')
    const output = standardOutput(stream, (error) => errors.push(error))
    output.write('a')
    await closed(stream)
    output.write('b')
    assert.deepEqual(errors, [])
    assert.deepEqual([output.isTTY, output.columns], [false, 80])
  })

  it('hands every other error on', async () => {
    const errors: Error[] = []
    const stream = failing('ENOSPC')
    standardOutput(stream, (error) => errors.push(error)).write('a')
    await closed(stream)
    assert.deepEqual(
      errors.map((error) => error.message),
      ['ENOSPC'],
    )
  })

  it('lets a process whose reader closes early end with 0', async () => {
    const script = `import { standardOutput } from ${JSON.stringify(new URL('./standard-output.ts', import.meta.url).href)}
      const output = standardOutput(process.stdout, (error) => { throw error })
      for (let i = 0; i < 50; i++) { output.write('x'.repeat(10_000) + '\\n'); await new Promise((r) => setTimeout(r, 2)) }`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.once('data', () => child.stdout.destroy())
    const errors: string[] = []
    child.stderr.on('data', (chunk) => errors.push(String(chunk)))
    const [code] = await once(child, 'close', { signal: AbortSignal.timeout(20_000) })
    assert.deepEqual([code, errors.join('')], [0, ''])
  })
})
