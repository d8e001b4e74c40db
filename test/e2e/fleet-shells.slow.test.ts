import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { inspectServer } from '../../src/collect/collector.ts'
import { waitForNone } from '../../src/collect/testing/list-processes.ts'
import { poolOf, runOptions, targetOf } from '../../src/collect/transport/ssh/testing/pool-fixture.ts'
import { PROBE_NAMES } from '../../src/domain/inspection.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { whyNoFleet } from '../support/fleet/fleet-requirements.ts'
import { expectedFactsOf, hostFactsOf } from '../support/fleet/host-facts.ts'
import { runOverSsh } from '../support/fleet/run-over-ssh.ts'
import { type Fleet, startFleet } from '../support/fleet/start-fleet.ts'

/** Login shells, the Debian packages that bring them, and what no other shell answers. csh and fish are no POSIX shells. */
const SHELLS = [
  ['/bin/dash', 'dash', 'echo $0', /^\/bin\/dash$/],
  ['/bin/bash', 'bash', 'echo $BASH_VERSION', /^\d/],
  ['/bin/busybox ash', 'busybox-static', 'echo $0', /^ash$/],
  ['/bin/tcsh', 'tcsh', 'echo $tcsh', /^\d/],
  ['/bin/csh', 'tcsh', 'echo $tcsh', /^\d/],
  ['/usr/bin/fish', 'fish', 'echo $FISH_VERSION', /^\d/],
] as const
const MARK = `6${String(process.pid).padStart(8, '0')}`

const whyWithout = (program: string, name: string): string | false =>
  existsSync(program.split(' ')[0] ?? '') ? false : `${program} is not installed (package ${name})`

describe('login shells', { skip: whyNoFleet() ?? false }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'smart-ops-shells-'))
  const pool = poolOf()
  let fleet: Fleet | null = null
  before(async () => {
    const faults = SHELLS.map(([program], n) => [n, { kind: 'login-shell', program }] as const)
    fleet = await startFleet({ directory, hosts: SHELLS.length, faults: new Map(faults) })
  })
  after(async () => {
    await pool.close()
    await fleet?.stop()
    rmSync(directory, { recursive: true, force: true })
  })
  const loginTo = (n: number) => {
    if (fleet === null) throw new Error('the fleet did not start')
    const { address: host, port } = fleet.hostAt(n)
    return { host, port, privateKey: fleet.privateKey }
  }
  const transportTo = (n: number) => {
    const { host, port, privateKey } = loginTo(n)
    return pool.transportFor({ ...targetOf(port, privateKey), host })
  }

  for (const [n, [program, name, question, answer]] of SHELLS.entries()) {
    const skip = whyWithout(program, name)

    test(`${program} is the login shell`, { skip }, async () => {
      const seen = await runOverSsh(question, { ...loginTo(n), username: 'ops', deadlineMs: 10_000 })
      assert.match(seen.stdout.toString().trim(), answer)
    })

    test(`${program}: an inspection reads what the host is`, { skip }, async () => {
      const { unreachable, facts } = await inspectServer({
        transport: transportTo(n),
        server: {
          id: String(n),
          bkCloudId: 0,
          ip: `127.1.0.${n + 1}`,
          name: program,
          transport: 'ssh',
          group: null,
          enabled: true,
          registeredAt: systemClock.now(),
        },
        probes: PROBE_NAMES,
        clock: systemClock,
        signal: AbortSignal.timeout(60_000),
        deadlineMs: 60_000,
        maxBytes: 4_000_000,
      })
      assert.equal(unreachable, null)
      assert.deepEqual(hostFactsOf(facts), expectedFactsOf(n))
    })

    test(`${program}: at the deadline nothing is left on the server`, { skip }, async () => {
      const result = await transportTo(n).run(
        `echo begun; sleep ${MARK}.${n}\n`,
        runOptions({ deadlineMs: 2_000 }),
      )
      assert.ok(result.status === 'ran', JSON.stringify(result))
      assert.deepEqual([result.stdout.toString(), result.timedOut], ['begun\n', true])
      assert.deepEqual(await waitForNone(`${MARK}.${n}`), [])
    })
  }
})
