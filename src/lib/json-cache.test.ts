import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { createJsonCache, type JsonCache } from './json-cache.ts'
import { type Logger, silentLogger } from './logger.ts'

const START_MS = Date.parse('2026-03-02T08:00:00Z')

let root = ''
let folders = 0

before(() => {
  root = mkdtempSync(join(tmpdir(), 'smart-ops-cache-'))
})
after(() => rmSync(root, { recursive: true, force: true }))

function open(limits: { maxBytes?: number; maxFiles?: number; logger?: Logger; directory?: string } = {}) {
  folders += 1
  const directory = limits.directory ?? join(root, String(folders), 'cache')
  let nowMs = START_MS
  const clock = { now: () => new Date(nowMs) }
  const cache = createJsonCache({
    maxBytes: 1_000_000,
    maxFiles: 100,
    logger: silentLogger,
    ...limits,
    directory,
    clock,
  })
  const move = (ms: number): void => {
    nowMs += ms
  }
  return { cache, directory, move, clock, inMs: (ms: number) => new Date(nowMs + ms) }
}

const onlyFile = (directory: string): string => {
  const [name = '', ...others] = readdirSync(directory)
  assert.deepEqual(others, [])
  return join(directory, name)
}

describe('the JSON cache', () => {
  it('gives back a value until its instant, from another process too, in files of mode 0600', async () => {
    const { cache, directory, move, clock, inMs } = open()
    assert.equal(await cache.get('a'), null)
    await cache.set('a', { list: [1, '二', null] }, inMs(1000))
    assert.equal(statSync(onlyFile(directory)).mode & 0o777, 0o600)
    assert.equal(statSync(directory).mode & 0o777, 0o700)
    const other = createJsonCache({ directory, maxBytes: 1e6, maxFiles: 9, clock, logger: silentLogger })
    move(999)
    assert.deepEqual(await other.get('a'), { list: [1, '二', null] })
    assert.equal(await cache.get('../a'), null)
    move(1)
    assert.equal(await cache.get('a'), null)
    assert.deepEqual(readdirSync(directory), [], 'what has expired is removed')
  })

  it('does not serve what was made before the clock was set back', async () => {
    const { cache, move, inMs } = open()
    await cache.set('a', 1, inMs(1000))
    move(-1)
    assert.equal(await cache.get('a'), null)
  })

  it('ignores and removes files that are cut short, damaged or not ours', async () => {
    const damages: readonly ((path: string) => void)[] = [
      (path) => truncateSync(path, statSync(path).size - 1),
      (path) => truncateSync(path, 10),
      (path) => truncateSync(path, 0),
      (path) => appendFileSync(path, ' '),
      (path) => writeFileSync(path, '{"list":[1,2,3]}'),
      (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('[1,2,3]', '[1,2,4]')),
    ]
    for (const [number, damage] of damages.entries()) {
      const { cache, directory, inMs } = open()
      await cache.set('a', { list: [1, 2, 3] }, inMs(1000))
      damage(onlyFile(directory))
      assert.equal(await cache.get('a'), null, String(number))
      assert.deepEqual(readdirSync(directory), [], String(number))
    }
  })

  it('cleans away what has expired and what is not ours, and leaves the rest', async () => {
    const { cache, directory, move, clock, inMs } = open()
    assert.equal(await cache.removeExpired(), 0)
    await cache.set('short', 1, inMs(1000))
    await cache.set('long', 2, inMs(100_000))
    writeFileSync(join(directory, 'report.json'), '{}')
    writeFileSync(join(directory, `${'0'.repeat(64)}.json`), 'smart-ops-cache 1 made=')
    const isWriting = join(directory, `${'1'.repeat(64)}.json.aa.tmp`)
    writeFileSync(isWriting, 'sm')
    utimesSync(isWriting, clock.now(), clock.now())
    writeFileSync(join(directory, 'notes.txt'), 'of a person')
    move(1000)
    assert.equal(await cache.removeExpired(), 3)
    assert.equal(await cache.get('long'), 2)
    assert.equal(readdirSync(directory).length, 3)
    move(60_000)
    assert.equal(await cache.removeExpired(), 1, 'a write that takes a minute was given up')
    assert.equal(await cache.clear(), 1)
    assert.deepEqual(readdirSync(directory), ['notes.txt'])
  })

  it('keeps within its files and bytes: what expires first makes room', async () => {
    const { cache, directory, inMs } = open({ maxFiles: 3 })
    for (const [key, ms] of [
      ['b', 2000],
      ['a', 1000],
      ['c', 3000],
      ['d', 500],
    ] as const)
      await cache.set(key, key, inMs(ms))
    assert.deepEqual(await Promise.all(['a', 'b', 'c', 'd'].map((key) => cache.get(key))), [
      null,
      'b',
      'c',
      'd',
    ])
    const small = open({ maxBytes: 1000 })
    await small.cache.set('large', 'x'.repeat(1000), small.inMs(1000))
    assert.equal(await small.cache.get('large'), null)
    await small.cache.set('a', 'x'.repeat(500), small.inMs(1000))
    await small.cache.set('b', 'x'.repeat(500), small.inMs(1000))
    assert.equal(readdirSync(small.directory).length, 1)
    assert.equal(readdirSync(directory).length, 3)
  })

  it('never throws when the disk refuses: it tells the log', async () => {
    const file = join(root, 'a-file')
    writeFileSync(file, '')
    const warnings: string[] = []
    const logger: Logger = { ...silentLogger, warn: (_fields, message) => warnings.push(message) }
    const { cache, inMs } = open({ directory: join(file, 'cache'), logger })
    await cache.set('a', 1, inMs(1000))
    assert.equal(await cache.get('a'), null)
    assert.deepEqual([await cache.removeExpired(), await cache.clear()], [0, 0])
    assert.ok(warnings.includes('a cached result could not be written'), warnings.join('; '))
    const taken = open()
    await taken.cache.set('a', 1, taken.inMs(1000))
    const path = onlyFile(taken.directory)
    rmSync(path)
    mkdirSync(path)
    await taken.cache.set('a', 2, taken.inMs(1000))
    assert.equal(await taken.cache.get('a'), null)
    assert.deepEqual(readdirSync(taken.directory).length, 1, 'nothing half written stays')
  })
})

type Step =
  | { readonly kind: 'set'; readonly key: string; readonly size: number; readonly ms: number }
  | { readonly kind: 'get'; readonly key: string }
  | { readonly kind: 'move'; readonly ms: number }
  | { readonly kind: 'clean' }
  | { readonly kind: 'clear' }

const key = fc.constantFrom('a', 'b', 'c', 'd', '../e')
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('set' as const),
      key,
      size: fc.nat(400),
      ms: fc.integer({ min: -10, max: 1000 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('get' as const), key }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('move' as const), ms: fc.integer({ min: -100, max: 600 }) }),
  },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'clean' }, { kind: 'clear' }) },
)

describe('whatever is done to the cache', () => {
  it('what it gives is what was set last or an earlier value that has not expired, and its bounds hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { cache, directory, move, clock, inMs } = open({ maxBytes: 1200, maxFiles: 3 })
        const made = new Map<string, { atMs: number; untilMs: number }>()
        let serial = 0
        for (const one of steps) {
          if (one.kind === 'move') move(one.ms)
          else if (one.kind === 'clean') await cache.removeExpired()
          else if (one.kind === 'clear') {
            await cache.clear()
            made.clear()
          } else if (one.kind === 'set') {
            serial += 1
            const value = `${one.key} ${serial} ${'x'.repeat(one.size)}`
            const untilMs = inMs(one.ms).getTime()
            made.set(value, { atMs: clock.now().getTime(), untilMs })
            await cache.set(one.key, value, new Date(untilMs))
            const names = existsSync(directory) ? readdirSync(directory) : []
            const bytes = names.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0)
            assert.ok(names.length <= 3 && bytes <= 1200, `${names.length} files, ${bytes} bytes`)
          } else {
            const value = await cache.get(one.key)
            if (value === null) continue
            assert.ok(typeof value === 'string' && value.startsWith(`${one.key} `))
            const known = made.get(value)
            const nowMs = clock.now().getTime()
            assert.ok(known !== undefined && known.atMs <= nowMs && nowMs < known.untilMs, value)
          }
        }
        rmSync(directory, { recursive: true, force: true })
      }),
      { numRuns: 100 },
    )
  })
})

const VALUE_LENGTH = 20_000_000
/** Sets large values one after the other. Arguments: the module, the directory, how many. */
const WRITER = String.raw`
const { createJsonCache } = await import(process.argv[1])
const tell = (fields, message) => process.stdout.write(message + ': ' + fields.err?.code + '\n')
const logger = { debug: tell, info: tell, warn: tell, error: tell }
const clock = { now: () => new Date() }
const cache = createJsonCache({ directory: process.argv[2], maxBytes: 1e8, maxFiles: 9, clock, logger })
for (let n = 0; n < Number(process.argv[3]); n += 1) {
  await cache.set('a', String(n % 10).repeat(${VALUE_LENGTH}), new Date(Date.now() + 600_000))
  if (n === 0) process.stdout.write('ready\n')
}`

const writerArgs = (directory: string, values: number): string[] => {
  const module = new URL('./json-cache.ts', import.meta.url).href
  return ['--input-type=module', '-e', WRITER, module, directory, String(values)]
}

/** Kills a process that sets values, one after the other, as soon as it is seen writing. */
async function killWriter(directory: string): Promise<void> {
  const child = spawn(process.execPath, writerArgs(directory, 1000), { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await Promise.race([ended, new Promise<void>((resolve) => child.stdout.once('data', () => resolve()))])
  assert.equal(child.exitCode, null)
  const isWriting = () =>
    readdirSync(directory).some(
      (name) =>
        name.endsWith('.tmp') && (statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0) > 0,
    )
  while (!isWriting() && child.exitCode === null) await sleep(1)
  child.kill('SIGKILL')
  await ended
}

const temporaries = (directory: string): readonly string[] =>
  readdirSync(directory).filter((name) => name.endsWith('.tmp'))

async function assertWhole(cache: JsonCache): Promise<void> {
  const value = await cache.get('a')
  assert.ok(typeof value === 'string' && value === value.charAt(0).repeat(VALUE_LENGTH))
}

describe('a writer that does not come to its end', () => {
  it('killed in the middle leaves the value before it whole, and its half is cleaned away', async (t) => {
    const directory = join(root, 'killed')
    let offsetMs = 0
    const clock = { now: () => new Date(Date.now() + offsetMs) }
    const cache = createJsonCache({ directory, maxBytes: 1e8, maxFiles: 9, clock, logger: silentLogger })
    let tries = 0
    do {
      await killWriter(directory)
      await assertWhole(cache)
      tries += 1
    } while (temporaries(directory).length === 0 && tries < 10)
    t.diagnostic(`killed in the middle of writing at try ${tries}`)
    assert.ok(temporaries(directory).length > 0, 'no writer was killed in the middle of writing')
    offsetMs = 61_000
    assert.ok((await cache.removeExpired()) > 0)
    assert.deepEqual(temporaries(directory), [])
    await assertWhole(cache)
  })

  it('goes on without the cache when the disk takes a part only, and leaves no half', async () => {
    const directory = join(root, 'full')
    // A limit on the size of files refuses in the middle of a write, as a full disk does.
    const command = 'ulimit -f 1000; exec "$0" "$@"'
    const child = spawn('sh', ['-c', command, process.execPath, ...writerArgs(directory, 2)])
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8')
    })
    await new Promise<void>((resolve) => child.once('exit', () => resolve()))
    assert.equal(child.exitCode, 0)
    assert.match(output, /^a cached result could not be written: EFBIG\nready\n/)
    assert.deepEqual(readdirSync(directory), [])
  })
})
