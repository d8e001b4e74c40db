import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, it } from 'node:test'
import type { LoggerOptions } from './log-file.ts'
import { createLogger, LOG_FILE_NAMES } from './log-file.ts'
import type { Logger } from './logger.ts'

const PLANTED = 'Hunter2-planted-Zx9'
const NOW = new Date('2026-03-04T05:06:07.089Z')
let directory = ''
let stderr: string[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'smart-ops-logs-'))
  stderr = []
})
afterEach(() => rmSync(directory, { recursive: true }))

const open = (changes: Partial<LoggerOptions> = {}) =>
  createLogger({
    role: 'web',
    directory,
    level: 'info',
    maxFileBytes: 1_000_000,
    keptFiles: 2,
    toStderr: false,
    clock: { now: () => NOW },
    stderr: (line) => void stderr.push(line),
    ...changes,
  })

const linesOf = (name: string): readonly Record<string, unknown>[] =>
  readFileSync(join(directory, name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

it('writes one JSON line per call with the level as a word, UTC time, role and service', () => {
  const logger: Logger = open()
  logger.error({ service: 'service_001', server: '10.0.0.1' }, 'it failed')
  logger.debug({}, 'below the level')
  const raw = readFileSync(join(directory, 'system.log'), 'utf8')
  assert.ok(raw.startsWith('{"level":"ERROR","time":"2026-03-04T05:06:07.089Z","role":"web"'), raw)
  assert.deepEqual(linesOf('system.log'), [
    {
      level: 'ERROR',
      time: '2026-03-04T05:06:07.089Z',
      role: 'web',
      pid: process.pid,
      service: 'service_001',
      server: '10.0.0.1',
      msg: 'it failed',
    },
  ])
})

it('has a file of its own for every role', () => {
  for (const role of ['web', 'mcp', 'cli'] as const) open({ role }).warn({}, role)
  for (const role of ['web', 'mcp', 'cli'] as const)
    assert.equal(linesOf(LOG_FILE_NAMES[role])[0]?.['role'], role)
})

it('lets no secret through: field, depth, child, error, cause, message, message of a message', () => {
  const logger = open({ toStderr: true })
  const cause = new Error(`mysql -p${PLANTED}`)
  logger.info(
    { password: PLANTED, deep: { list: [{ api_key: PLANTED, cookie: PLANTED }] } },
    `token=${PLANTED}`,
  )
  logger
    .child({ authorization: `Bearer ${PLANTED}` })
    .info({ command: `sshpass -p ${PLANTED} ssh h` }, 'child')
  logger.error({ err: new Error(`password: ${PLANTED}`, { cause }) }, 'err')
  logger.error({ error: Object.assign(new Error('x'), { details: { secret: PLANTED } }) }, 'error')
  logger.error({ url: new URL(`https://u:${PLANTED}@h/`) }, '{"secret":"%s"}', PLANTED)
  const everything = readFileSync(join(directory, 'system.log'), 'utf8') + stderr.join('')
  assert.ok(!everything.includes(PLANTED), everything)
  assert.equal(linesOf('system.log').length, 5)
  assert.equal(stderr.length, 5)
})

it('keeps one line per call, whatever is logged', () => {
  const logger = open()
  const loop: Record<string, unknown> = { name: 'loop' }
  loop['self'] = loop
  logger.info(
    { loop, big: 10n, when: NOW, nothing: undefined, work: () => 1 },
    'two\nlines {"level":"ERROR"}',
  )
  logger.info({ long: 'x'.repeat(100_000) }, 'long')
  const lines = linesOf('system.log')
  assert.equal(lines.length, 2)
  assert.ok(JSON.stringify(lines[1]).length < 20_000)
})

it('does not stop the product when it cannot write, says so once, and counts what was lost', () => {
  const path = join(directory, 'taken')
  writeFileSync(path, '')
  const logger = open({ directory: path })
  for (let count = 0; count < 3; count += 1) logger.info({}, 'lost')
  assert.equal(stderr.length, 1)
  assert.match(stderr[0] ?? '', /"level":"ERROR".*the log cannot be written/)
  rmSync(path)
  logger.info({}, 'back')
  assert.deepEqual(
    linesOf('taken/system.log').map((line) => line['msg']),
    ['3 log lines were lost', 'back'],
  )
})
