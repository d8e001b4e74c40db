import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { RotatingFile } from './rotating-file.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smart-ops-log-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const linesIn = (directory: string): string[] =>
  readdirSync(directory)
    .filter((name) => name.startsWith('x.log'))
    .flatMap((name) => readFileSync(join(directory, name), 'utf8').split('\n'))
    .filter((line) => line !== '')

it('rotates by size, keeps so many files and drops the oldest', () => {
  const file = new RotatingFile({ path: join(folder, 'logs', 'x.log'), maxBytes: 100, keptFiles: 2 })
  for (let number = 0; number < 50; number += 1) file.write(`line ${String(number).padStart(4, '0')}\n`)
  file.close()
  const directory = join(folder, 'logs')
  assert.deepEqual(readdirSync(directory).sort(), ['x.log', 'x.log.1', 'x.log.2'])
  assert.deepEqual(linesIn(directory).sort().at(-1), 'line 0049')
  assert.equal(linesIn(directory).length, 30)
  for (const name of readdirSync(directory)) assert.ok(statSync(join(directory, name)).size <= 100)
  assert.equal(statSync(directory).mode & 0o777, 0o700)
  assert.equal(statSync(join(directory, 'x.log')).mode & 0o137, 0)
})

it('writes a line longer than the limit whole', () => {
  const file = new RotatingFile({ path: join(folder, 'x.log'), maxBytes: 100, keptFiles: 5 })
  const long = `${'宽'.repeat(400)}\n`
  for (const line of ['a\n', long, 'b\n']) file.write(line)
  file.close()
  assert.deepEqual(linesIn(folder).sort(), ['a', 'b', long.trim()])
})

it('opens the new file when another program has moved the old one', () => {
  const path = join(folder, 'x.log')
  const file = new RotatingFile({ path, maxBytes: 1_000_000, keptFiles: 5 })
  file.write('a\n')
  renameSync(path, join(folder, 'moved'))
  file.write('b\n')
  rmSync(path)
  file.write('c\n')
  file.close()
  assert.equal(readFileSync(path, 'utf8'), 'c\n')
  assert.equal(readFileSync(join(folder, 'moved'), 'utf8'), 'a\n')
})

it('goes on writing while another process holds the lock, and takes a lock that was left behind', () => {
  const path = join(folder, 'x.log')
  const lock = `${path}.lock`
  writeFileSync(lock, '')
  const file = new RotatingFile({ path, maxBytes: 10, keptFiles: 3 })
  for (const line of ['first\n', 'second\n', 'third\n']) file.write(line)
  assert.equal(readFileSync(path, 'utf8'), 'first\nsecond\nthird\n')
  utimesSync(lock, new Date(0), new Date(0))
  file.write('fourth\n')
  file.close()
  assert.equal(readFileSync(path, 'utf8'), 'fourth\n')
  assert.equal(readFileSync(`${path}.1`, 'utf8'), 'first\nsecond\nthird\n')
  assert.ok(!readdirSync(folder).includes('x.log.lock'))
})

it('throws what the file system says', () => {
  writeFileSync(join(folder, 'taken'), '')
  const file = new RotatingFile({ path: join(folder, 'taken', 'x.log'), maxBytes: 10, keptFiles: 1 })
  assert.throws(() => file.write('a\n'), /ENOTDIR|EEXIST/)
})

it('loses no line and doubles none when four processes write and rotate one file', {
  timeout: 60_000,
}, async () => {
  const program = `
    const { RotatingFile } = await import(${JSON.stringify(fileURLToPath(new URL('./rotating-file.ts', import.meta.url)))})
    const file = new RotatingFile({ path: process.argv[1], maxBytes: 8192, keptFiles: 400 })
    for (let number = 0; number < 4000; number += 1) file.write(process.argv[2] + ' ' + number + ' ' + 'x'.repeat(number % 90) + '\\n')
    file.close()`
  const writers = ['a', 'b', 'c', 'd'].map((name) =>
    spawn(process.execPath, ['--input-type=module', '-e', program, join(folder, 'x.log'), name], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  )
  const codes = await Promise.all(writers.map(async (writer) => (await once(writer, 'exit'))[0]))
  assert.deepEqual(codes, [0, 0, 0, 0])
  const lines = linesIn(folder).map((line) => line.split(' ').slice(0, 2).join(' '))
  assert.equal(lines.length, 16_000)
  assert.equal(new Set(lines).size, 16_000)
  assert.ok(readdirSync(folder).length > 10, 'the file was rotated')
})
