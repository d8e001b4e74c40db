import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { whyNoFleet } from './fleet-requirements.ts'
import { runOverSsh } from './run-over-ssh.ts'
import { opensshCacheOf, startFleet10 } from './start-fleet10.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const WRONG_TRIES = 5
/** sshd_config(5), PerSourcePenalties: authfail 5 s each, enforced from 15 s on. */
const PENALTY_ENDS_WITHIN_MS = 40_000

test('OpenSSH 10 shuts out an address after wrong passwords, good keys too, and lets it in again', {
  skip: whyNoFleet() ?? false,
}, async (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'smart-ops-fleet10-'))
  const fleet = await startFleet10({ directory, cache: opensshCacheOf(root) })
  try {
    if (fleet === null) {
      context.skip('OpenSSH 10 cannot be had')
      return
    }
    const { port, privateKey, user: username } = fleet
    const host = '127.0.0.1'
    const withKey = async (): Promise<string> => {
      const config = { host, port, username, privateKey, deadlineMs: 5_000 }
      return (await runOverSsh('echo in', config)).stdout.toString()
    }
    assert.equal(await withKey(), 'in\n')
    for (let left = WRONG_TRIES; left > 0; left -= 1)
      await runOverSsh('true', { host, port, username, password: 'wrong', deadlineMs: 5_000 })
    assert.equal(await withKey(), '', 'a good key is refused during the penalty')
    const deadline = performance.now() + PENALTY_ENDS_WITHIN_MS
    let answer = ''
    while (answer === '' && performance.now() < deadline) {
      await sleep(1_000)
      answer = await withKey()
    }
    assert.equal(answer, 'in\n')
  } finally {
    await fleet?.stop()
    rmSync(directory, { recursive: true, force: true })
  }
})
