import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspectHere } from '../../src/collect/testing/inspect-here.ts'
import type { SshTransportPool } from '../../src/collect/transport/ssh/ssh-transport-pool.ts'
import {
  credentialOf,
  poolOf,
  secret,
  targetOf,
} from '../../src/collect/transport/ssh/testing/pool-fixture.ts'
import { whyNoSshd } from '../../src/collect/transport/ssh/testing/sshd.ts'
import type { ServerInspection } from '../../src/domain/inspection.ts'
import type { ServerProcess, SickServer } from '../support/hw/sick-server.ts'
import { HUNG_DISK, startSickServer } from '../support/hw/sick-server.ts'
import { whyNoSilentFilesystem } from '../support/hw/silent-filesystem.ts'

/** A drive that hangs costs 13 s, a filesystem 6 s, and there are two looks at filesystems. */
const LONGEST_MS = 45_000

const statuses = ({ sections }: ServerInspection): Readonly<Record<string, string>> =>
  Object.fromEntries(sections.map(({ id, status }) => [id, status]))

describe('a server whose NFS is dead, whose disk hangs, whose /tmp is full, whose shell prints a banner', {
  skip: whyNoSshd() || whyNoSilentFilesystem(),
}, () => {
  let server: SickServer
  let pool: SshTransportPool
  before(async () => {
    server = await startSickServer()
    pool = poolOf()
  })
  after(async () => {
    await pool.close()
    await server.stop()
  })
  const look = (): Promise<ServerInspection> => {
    const credential = credentialOf({ user: 'root', privateKey: secret(server.sshd.key) })
    return inspectHere(pool.transportFor(targetOf(server.sshd.port, server.sshd.key, { credential })))
  }
  /** Those that go away within 5 s are none. */
  const left = async (): Promise<readonly ServerProcess[]> => {
    for (let tries = 50; tries > 0 && server.processes().length > 0; tries -= 1) await sleep(100)
    return server.processes()
  }

  test('gives every other fact, in time, and only what no signal can end stays until the disk answers', async (context) => {
    const well = await look()
    assert.equal(well.unreachable, null)
    assert.deepEqual(await left(), [])
    server.sicken()
    const started = performance.now()
    const ill = await look()
    const tookMs = performance.now() - started
    context.diagnostic(`took ${Math.round(tookMs)} ms`)
    assert.equal(ill.unreachable, null)
    assert.deepEqual(statuses(ill), statuses(well))
    assert.ok(tookMs < LONGEST_MS, `took ${tookMs} ms`)

    const [wellDisk, illDisk] = [well.facts.disk, ill.facts.disk]
    assert.ok(wellDisk?.filesystems.status === 'ok' && illDisk?.filesystems.status === 'ok')
    assert.deepEqual(
      illDisk.filesystems.value.map(({ mount }) => mount),
      wellDisk.filesystems.value.map(({ mount }) => mount),
    )
    const evidence = ill.evidence.find(({ id }) => id === 'disk.filesystems')
    assert.ok(evidence?.excerpt.includes(`df: ${HUNG_DISK} does not answer`), evidence?.excerpt)

    assert.ok(wellDisk.smart.status === 'ok' && illDisk.smart.status === 'ok')
    assert.deepEqual(
      wellDisk.smart.value.map(({ device, healthPassed }) => [device, healthPassed]),
      [
        ['/dev/sda', true],
        ['/dev/sdb', true],
        ['/dev/sdc', true],
      ],
    )
    assert.deepEqual(
      illDisk.smart.value.map(({ device, healthPassed }) => [device, healthPassed]),
      [
        ['/dev/sda', true],
        ['/dev/sdb', null],
        ['/dev/sdc', true],
      ],
    )
    const stuck = await left()
    assert.deepEqual([...new Set(stuck.map(({ name }) => name))].sort(), ['cat', 'df'])
    for (const { name, state } of stuck) assert.equal(state, 'D', `${name} could have been ended`)
    server.release()
    assert.deepEqual(await left(), [])
  })
})
