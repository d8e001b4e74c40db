import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { cleanUpAdvice } from './clean-up-advice.ts'
import type { DiskServer } from './disk-schema.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3

type Measured = Parameters<typeof cleanUpAdvice>[0]

const filesystem = (mount: string): NonNullable<DiskServer['filesystems']>[number] => ({
  source: '/dev/sda1',
  type: 'ext4',
  mount,
  total_bytes: 100 * GIB,
  used_bytes: 90 * GIB,
  available_bytes: 10 * GIB,
  used_percent: 90,
  threshold_percent: 80,
  threshold_source: 'configuration',
  inodes_total: null,
  inodes_used: null,
  inodes_used_percent: null,
  read_only: false,
})

const measured = (change: Partial<Measured>): Measured => ({
  filesystems: [filesystem('/'), filesystem('/var')],
  deleted_open_files: null,
  biggest_entries: null,
  biggest_entries_evidence: '10.0.0.1#disk.biggest_entries',
  ...change,
})

const biggest = (directories: Record<string, number>, files: Record<string, number> = {}) =>
  measured({
    biggest_entries: [
      {
        mount: '/',
        complete: true,
        directories: Object.entries(directories).map(([path, size_bytes]) => ({ path, size_bytes })),
        files: Object.entries(files).map(([path, size_bytes]) => ({ path, size_bytes })),
      },
    ],
  })

test('nothing measured gives no advice', () => {
  assert.deepEqual(cleanUpAdvice(measured({})), [])
})

test('the journal keeps 500 MiB, and what is left of it must be worth it', () => {
  const [advice] = cleanUpAdvice(biggest({ '/var/log/journal': 2 * GIB }))
  assert.equal(advice?.command, 'journalctl --vacuum-size=500M')
  assert.equal(advice.frees_bytes, 2 * GIB - 500 * MIB)
  assert.equal(advice.mount, '/var')
  assert.equal(cleanUpAdvice(biggest({ '/var/log/journal': 600 * MIB })).length, 1)
  assert.equal(cleanUpAdvice(biggest({ '/var/log/journal': 600 * MIB - 1 })).length, 0)
})

test('a package cache is counted once however deep the list goes', () => {
  const advice = cleanUpAdvice(biggest({ '/var/cache/apt': 2 * GIB, '/var/cache/apt/archives': 1.9 * GIB }))
  assert.deepEqual(
    advice.map(({ command, frees_bytes: freed }) => [command, freed]),
    [['apt-get clean', 2 * GIB]],
  )
})

test('a folder whose name begins alike is another folder', () => {
  assert.deepEqual(
    cleanUpAdvice(biggest({ '/var/cache/apt-cacher-ng': 5 * GIB })).map(({ kind }) => kind),
    ['look'],
  )
})

test('deleted files are summed by process, and small ones are not worth a restart', () => {
  const files = (sizes: readonly number[]) =>
    measured({
      deleted_open_files: {
        all_processes: true,
        total_bytes: 0,
        files: sizes.map((allocated_bytes) => ({
          pid: 42,
          command: 'java',
          path: '/var/x',
          allocated_bytes,
        })),
        evidence: null,
      },
    })
  const [advice, ...others] = cleanUpAdvice(files([60 * MIB, 40 * MIB]))
  assert.deepEqual(others, [])
  assert.equal(advice?.kind, 'restart')
  assert.equal(advice.frees_bytes, 100 * MIB)
  assert.equal(advice.command, 'ps -o pid,unit,args -p 42')
  assert.deepEqual(cleanUpAdvice(files([99 * MIB])), [])
})

test('a directory that is mostly one child gives way to the child', () => {
  const advice = cleanUpAdvice(biggest({ '/data': 10 * GIB, '/data/a': 9 * GIB, '/data/b': GIB }))
  assert.deepEqual(
    advice.map(({ command }) => command.split("'")[1]),
    ['/data/a', '/data/b'],
  )
})

test('data of applications is only ever shown, never removed', () => {
  const advice = cleanUpAdvice(
    biggest(
      { '/var/lib/docker': 9 * GIB, '/var/lib/mysql': 20 * GIB, '/var/crash': GIB },
      { '/var/lib/mysql/ibdata1': 18 * GIB },
    ),
  )
  assert.equal(advice.length, 4)
  for (const { kind, command } of advice) {
    assert.equal(kind, 'look')
    assert.doesNotMatch(command, /\b(?:rm|prune|delete|truncate)\b/)
  }
})

test('a path stays one argument of the command whatever its name', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("'", '"', '$(id)', ';', ' ', '*', '\\', '!', 'x', '-')), (parts) => {
      const path = `/${parts.join('')}`
      const advice = cleanUpAdvice(biggest({}, { [path]: GIB })).find(({ command }) =>
        command.startsWith('ls'),
      )
      const shown = spawnSync('sh', ['-c', (advice?.command ?? '').replace(/^ls -lh --/, "printf '%s|'")], {
        encoding: 'utf8',
      })
      assert.equal(shown.stdout, `${path}|`)
    }),
    { numRuns: 25 },
  )
})

test('a path with hidden characters or a backtick is not made into a command', () => {
  for (const path of ['/a\nb', '/a\u202eb', '/a`b', 'relative', '/a\u001b[2J'])
    assert.deepEqual(cleanUpAdvice(biggest({ [path]: GIB }, { [path]: GIB })), [], JSON.stringify(path))
})
