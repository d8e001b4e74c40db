import assert from 'node:assert/strict'
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { AppError } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'
import { silentLogger } from '../../lib/logger.ts'
import { TestClock } from '../testing/test-databases.ts'
import { createSpool, type SpoolOptions } from './spool.ts'
import { nodeDisk } from './spool-disk.ts'
import type { SpoolMessage } from './spool-line.ts'

let directory = ''

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'smart-ops-spool-')), 'spool')
})
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }))

const open = (options: Partial<SpoolOptions> = {}) =>
  createSpool({ directory, maxBytes: 1_000_000, clock: new TestClock(), logger: silentLogger, ...options })

const message = (n: number, kind = 'k'): SpoolMessage => ({
  kind,
  id: String(n),
  payload: { n, at: new Date(n), line: '一\n"二"' },
})

/** A handler that remembers what it was given. */
function remember() {
  const seen: SpoolMessage[] = []
  return {
    seen,
    handlers: {
      k: (messages: readonly SpoolMessage[]) => {
        seen.push(...messages)
        return Promise.resolve()
      },
    },
  }
}

const hasCode = (code: string) => (error: unknown) => error instanceof AppError && error.code === code

describe('spool', () => {
  it('gives back what it took, once, in order, over several files, with mode 0600', async () => {
    const spool = open({ segmentBytes: 300 })
    const messages = Array.from({ length: 20 }, (_, n) => message(n))
    for (const one of messages) await spool.append([one])
    assert.ok(readdirSync(directory).length > 3)
    for (const name of readdirSync(directory))
      assert.equal(statSync(join(directory, name)).mode & 0o777, 0o600)
    const { seen, handlers } = remember()
    assert.deepEqual(await spool.replay(handlers), { applied: 20, rejected: 0 })
    assert.deepEqual(seen, messages)
    assert.deepEqual(readdirSync(directory), [])
    assert.deepEqual(await spool.replay(handlers), { applied: 0, rejected: 0 })
  })

  it('keeps the order when the clock is set back', async () => {
    const clock = new TestClock()
    const spool = open({ segmentBytes: 1, clock })
    for (let n = 0; n < 5; n += 1) {
      await spool.append([message(n)])
      clock.move(-3_600_000)
    }
    const { seen, handlers } = remember()
    await spool.replay(handlers)
    assert.deepEqual(
      seen.map(({ id }) => id),
      ['0', '1', '2', '3', '4'],
    )
  })

  it('keeps everything while the database stays away', async () => {
    const spool = open({ segmentBytes: 1 })
    await spool.append([message(1)])
    await spool.append([message(2)])
    const away = { k: () => Promise.reject(new AppError('DATABASE_UNAVAILABLE', text('不在', 'away'))) }
    await assert.rejects(spool.replay(away), hasCode('DATABASE_UNAVAILABLE'))
    await spool.append([message(3)])
    const { seen, handlers } = remember()
    await open().replay(handlers)
    assert.deepEqual(
      seen.map(({ id }) => id),
      ['1', '2', '3'],
    )
  })

  it('refuses the newest when it is full, counts them, and goes on when there is room', async () => {
    const spool = open({ maxBytes: 250, segmentBytes: 100 })
    let taken = 0
    await assert.rejects(async () => {
      for (; taken < 10; taken += 1) await spool.append([message(taken)])
    }, hasCode('SPOOL_FULL'))
    assert.ok(taken >= 1 && taken < 5, String(taken))
    const { bytes, refused } = await spool.status()
    assert.ok(bytes <= 250)
    assert.equal(refused, 1)
    const { seen, handlers } = remember()
    await spool.replay(handlers)
    assert.deepEqual(
      seen.map(({ id }) => Number(id)),
      Array.from({ length: taken }, (_, n) => n),
    )
    await spool.append([message(99)])
  })

  it('leaves out a line that was cut short, and puts damaged lines aside', async () => {
    const spool = open()
    await spool.append([message(1), message(2), message(3)])
    await spool.close()
    const [name = ''] = readdirSync(directory)
    const path = join(directory, name)
    const lines = readFileSync(path, 'utf8').split('\n')
    lines[1] = (lines[1] ?? '').replace('"id":"2"', '"id":"7"')
    writeFileSync(path, lines.join('\n'))
    appendFileSync(path, 'deadbeef {"kind":"k","id":"4"')
    const { seen, handlers } = remember()
    assert.deepEqual(await spool.replay(handlers), { applied: 2, rejected: 1 })
    assert.deepEqual(
      seen.map(({ id }) => id),
      ['1', '3'],
    )
    const [rejected = ''] = readdirSync(directory)
    assert.match(rejected, /\.rejected$/)
    assert.equal(readFileSync(join(directory, rejected), 'utf8'), `${lines[1]}\n`)
    assert.deepEqual(await spool.replay(handlers), { applied: 0, rejected: 0 })
  })

  it('puts aside the one message that its handler refuses, and one that nobody handles', async () => {
    const spool = open()
    await spool.append([message(1), message(2), message(3), message(4, 'unknown')])
    const applied: string[] = []
    const handlers = {
      k: (messages: readonly SpoolMessage[]) => {
        if (messages.some(({ id }) => id === '2')) return Promise.reject(new RangeError('no'))
        applied.push(...messages.map(({ id }) => id))
        return Promise.resolve()
      },
    }
    assert.deepEqual(await spool.replay(handlers), { applied: 2, rejected: 2 })
    assert.deepEqual(applied, ['1', '3'])
  })

  it('loses nothing to another process that replays while it writes', async () => {
    const seen = new Set<string>()
    const handlers = {
      k: (messages: readonly SpoolMessage[]) => {
        for (const { id } of messages) seen.add(id)
        return Promise.resolve()
      },
    }
    const writers = [open({ segmentBytes: 400 }), open({ segmentBytes: 400 })]
    const reader = open()
    let isWriting = true
    const reading = (async () => {
      while (isWriting) await reader.replay(handlers)
      await reader.replay(handlers)
    })()
    await Promise.all(
      writers.map(async (spool, writer) => {
        for (let n = 0; n < 150; n += 1) await spool.append([message(writer * 1000 + n)])
        await spool.close()
      }),
    )
    isWriting = false
    await reading
    assert.equal(seen.size, 300)
    assert.deepEqual(readdirSync(directory), [])
  })

  it('says that the disk refuses, and begins a new file afterwards', async () => {
    let isFull = false
    const spool = open({
      disk: {
        ...nodeDisk,
        append: async (file, content) => {
          if (!isFull) return nodeDisk.append(file, content)
          await nodeDisk.append(file, content.slice(0, 10))
          throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
        },
      },
    })
    await spool.append([message(1)])
    isFull = true
    await assert.rejects(spool.append([message(2)]), hasCode('SPOOL_UNWRITABLE'))
    isFull = false
    await spool.append([message(3)])
    const { seen, handlers } = remember()
    assert.deepEqual(await spool.replay(handlers), { applied: 2, rejected: 0 })
    assert.deepEqual(
      seen.map(({ id }) => id),
      ['1', '3'],
    )
  })
})
