import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { whyNoFleet } from './fleet-requirements.ts'
import { expectedFactsOf } from './host-facts.ts'
import { runOverSsh } from './run-over-ssh.ts'
import { startFleet } from './start-fleet.ts'

const HOSTS = 1_000
const AT_ONCE = 32

test('a thousand hosts answer, each as itself', { skip: whyNoFleet() ?? false }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'smart-ops-fleet-'))
  const fleet = await startFleet({ directory, hosts: HOSTS })
  assert.ok(fleet !== null)
  try {
    const seen: string[] = []
    let next = 0
    const work = async (): Promise<void> => {
      while (next < HOSTS) {
        const n = next
        next += 1
        const { address: host, port } = fleet.hostAt(n)
        const login = { host, port, username: fleet.user, privateKey: fleet.privateKey, deadlineMs: 60_000 }
        const run = await runOverSsh('uname -n; head -n 1 /proc/meminfo', login)
        seen[n] = run.stdout.toString()
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    for (let n = 0; n < HOSTS; n += 1) {
      const { hostname, memory } = expectedFactsOf(n)
      const kilobytes = String((memory?.[0] ?? 0) / 1024)
      assert.equal(seen[n], `${hostname}\nMemTotal:       ${kilobytes.padStart(9)} kB\n`)
    }
  } finally {
    await fleet.stop()
    rmSync(directory, { recursive: true, force: true })
  }
})
