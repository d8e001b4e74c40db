import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../domain/errors.ts'
import type { SudoRefusal } from '../domain/sudo-refusal.ts'
import { text } from '../domain/text.ts'
import { silentLogger } from '../lib/logger.ts'
import { createSudoMemory } from './sudo-memory.ts'

const HOUR_MS = 3_600_000

function world() {
  const stored = new Map<string, readonly SudoRefusal[]>()
  let at = new Date('2026-04-01T00:00:00Z')
  let isAway = false
  const unlessAway = (): void => {
    if (isAway) throw new AppError('DATABASE_UNAVAILABLE', text('不在', 'away'))
  }
  const repository = {
    async find(serverId: string) {
      unlessAway()
      return stored.get(serverId) ?? []
    },
    async replace(serverId: string, refusals: readonly SudoRefusal[]) {
      unlessAway()
      stored.set(serverId, refusals)
    },
  }
  const open = () => createSudoMemory({ repository, clock: { now: () => at }, logger: silentLogger })
  return {
    open,
    stored,
    pass: (ms: number) => {
      at = new Date(at.getTime() + ms)
    },
    setAway: (value: boolean) => {
      isAway = value
    },
  }
}

const commandsOf = (refusals: readonly SudoRefusal[]) => refusals.map(({ command }) => command)

test('a refusal is in force for 24 hours of its own, in every process', async () => {
  const { open, pass } = world()
  const memory = open()
  await memory.refused('1', ['dmidecode', 'smartctl --scan'])
  pass(23 * HOUR_MS)
  await memory.refused('1', ['ipmitool'])
  assert.deepEqual(commandsOf(await open().inForce('1')), ['dmidecode', 'smartctl --scan', 'ipmitool'])
  assert.deepEqual(await memory.inForce('2'), [])
  pass(HOUR_MS)
  assert.deepEqual(commandsOf(await open().inForce('1')), ['ipmitool'])
})

test('asking anew leaves only what is refused now, from now on', async () => {
  const { open, pass, stored } = world()
  const memory = open()
  await memory.askedAnew('1', [])
  assert.equal(stored.size, 0, 'nothing to remember is not written')
  await memory.refused('1', ['dmidecode', 'ipmitool'])
  pass(20 * HOUR_MS)
  await memory.askedAnew('1', ['ipmitool'])
  pass(20 * HOUR_MS)
  assert.deepEqual(commandsOf(await memory.inForce('1')), ['ipmitool'])
  await memory.askedAnew('1', [])
  assert.deepEqual(await open().inForce('1'), [])
})

test('while the database is away the process remembers by itself', async () => {
  const { open, setAway } = world()
  const memory = open()
  await memory.refused('1', ['dmidecode'])
  setAway(true)
  await memory.refused('1', ['ipmitool'])
  assert.deepEqual(commandsOf(await memory.inForce('1')), ['dmidecode', 'ipmitool'])
})

test('any other failure of the database is not hidden', async () => {
  const repository = {
    find: () => Promise.reject(new Error('broken')),
    replace: () => Promise.reject(new Error('broken')),
  }
  const clock = { now: () => new Date('2026-04-01T00:00:00Z') }
  const memory = createSudoMemory({ repository, clock, logger: silentLogger })
  await assert.rejects(memory.inForce('1'), /broken/)
})
