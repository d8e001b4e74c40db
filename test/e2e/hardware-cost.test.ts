import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sectionsOf } from '../../src/collect/collector.ts'
import { inspectHere } from '../../src/collect/testing/inspect-here.ts'
import {
  credentialOf,
  poolOf,
  secret,
  targetOf,
} from '../../src/collect/transport/ssh/testing/pool-fixture.ts'
import { startSshd, whyNoSshd } from '../../src/collect/transport/ssh/testing/sshd.ts'
import { PROBE_NAMES } from '../../src/domain/inspection.ts'
import { childSeconds, measureInspection, whyNoMachine } from '../support/hw/inspection-cost.ts'

/** What a full inspection may cost a healthy server without its heavy parts. */
const MOST_CPU_SECONDS = 1

for (const size of [
  { processes: 0, cpus: 4, drives: 2 },
  { processes: 300, cpus: 64, drives: 40 },
])
  test(`a full inspection of ${size.cpus} CPUs, ${size.drives} drives and ${size.processes} more processes costs less than a second of CPU`, {
    skip: whyNoMachine(),
  }, (context) => {
    const costs = Array.from({ length: 3 }, () => measureInspection(size))
    for (const { sectionsEnded } of costs) assert.equal(sectionsEnded, sectionsOf(PROBE_NAMES).length)
    assert.equal([...(costs[0]?.output ?? '').matchAll(/^@@ device \/dev\/sg/gm)].length, size.drives)
    assert.equal([...(costs[0]?.output ?? '').matchAll(/^model name/gm)].length, size.cpus)
    // What else the machine does makes it dearer, never cheaper.
    const cpuSeconds = Math.min(...costs.map((cost) => cost.cpuSeconds))
    context.diagnostic(`${cpuSeconds.toFixed(3)} s of CPU`)
    assert.ok(cpuSeconds > 0.01 && cpuSeconds < MOST_CPU_SECONDS, `${cpuSeconds} s`)
  })

test('and so it does over a real sshd, with the tools of this machine', {
  skip: whyNoSshd(),
}, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'smart-ops-cost-'))
  const times = join(folder, 'times')
  const sshd = await startSshd([], `/bin/sh "$@"; code=$?; times >${times}; exit $code`)
  const pool = poolOf()
  try {
    const credential = credentialOf({ user: 'root', privateKey: secret(sshd.key) })
    const { unreachable, sections } = await inspectHere(
      pool.transportFor(targetOf(sshd.port, sshd.key, { credential })),
      PROBE_NAMES.filter((name) => name !== 'metrics'),
    )
    assert.equal(unreachable, null)
    assert.deepEqual(
      sections.filter(({ status }) => status === 'timeout'),
      [],
    )
    const cpuSeconds = childSeconds(readFileSync(times, 'utf8'))
    context.diagnostic(`${cpuSeconds.toFixed(3)} s of CPU`)
    assert.ok(cpuSeconds > 0.01 && cpuSeconds < MOST_CPU_SECONDS, `${cpuSeconds} s`)
  } finally {
    await pool.close()
    await sshd.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
