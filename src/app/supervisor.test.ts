import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../lib/clock.ts'
import { silentLogger } from '../lib/logger.ts'
import { superviseChildren } from './supervisor.ts'

const child = (name: string, script: string) => ({
  name,
  command: process.execPath,
  args: ['-e', script],
  env: { PATH: process.env['PATH'] },
})
const settings = { clock: systemClock, logger: silentLogger, backoffMs: 20, maxBackoffMs: 40, stopMs: 300 }

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let waited = 0; waited < 15_000; waited += 20) {
    if (holds()) return
    await sleep(20)
  }
  assert.fail(`never came true: ${what}`)
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('a child that is killed is started again with another pid', async () => {
  const supervisor = superviseChildren([child('a', 'setInterval(() => {}, 1000)')], settings)
  try {
    const first = supervisor.list()[0]?.pid
    assert.ok(typeof first === 'number')
    process.kill(first, 'SIGKILL')
    await until(
      'restarted',
      () => supervisor.list()[0]?.restarts === 1 && supervisor.list()[0]?.pid !== first,
    )
    assert.equal(supervisor.list()[0]?.state, 'running')
  } finally {
    await supervisor.stop()
  }
})

test('a child that keeps dying is shown as failing with its last lines', async () => {
  const supervisor = superviseChildren([child('b', 'console.error("no luck"); process.exit(3)')], settings)
  try {
    await until('failing', () => supervisor.list()[0]?.state === 'failing')
    assert.ok(supervisor.list()[0]?.lastLines.includes('no luck'))
  } finally {
    await supervisor.stop()
  }
})

test('a program that does not exist is failing, not a crash of the supervisor', async () => {
  const spec = { name: 'c', command: '/nonexistent/program', args: [], env: {} }
  const supervisor = superviseChildren([spec], settings)
  try {
    await until('failing', () => supervisor.list()[0]?.state === 'failing')
    assert.match(supervisor.list()[0]?.lastLines.join('\n') ?? '', /ENOENT/)
  } finally {
    await supervisor.stop()
  }
})

test('stopping ends a child that ignores SIGTERM, and nothing is left', async () => {
  const stubborn = 'process.on("SIGTERM", () => {}); console.error("ready"); setInterval(() => {}, 1000)'
  const supervisor = superviseChildren([child('d', stubborn)], settings)
  const pid = supervisor.list()[0]?.pid
  assert.ok(typeof pid === 'number')
  await sleep(200)
  await supervisor.stop()
  assert.equal(isAlive(pid), false)
  await sleep(100)
  assert.equal(supervisor.list()[0]?.restarts, 0)
})
