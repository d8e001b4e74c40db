import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixtureContext } from '../testing/fleet-fixture.ts'
import { healthyVm } from '../testing/healthy-vm.ts'
import { sickServer } from '../testing/sick-server.ts'
import { buildDiskDocument } from './disk-document.ts'
import type { DiskServer } from './disk-schema.ts'
import { raidRows } from './raid-rows.ts'

const [sick] = buildDiskDocument({
  assessments: [sickServer],
  requestedIps: null,
  context: fixtureContext('en'),
}).servers
if (sick === undefined) throw new Error('the fixture has no server')

const bare: DiskServer = {
  ...sick,
  md_arrays: [],
  md_details: null,
  hardware_raid: null,
  zfs_pools: null,
  multipath: null,
}
type Array = NonNullable<DiskServer['md_arrays']>[number]

const array = (change: Partial<Array>): DiskServer => ({
  ...bare,
  md_arrays: [
    {
      name: 'md1',
      level: 'raid1',
      state: 'active',
      members: 2,
      active_members: 2,
      failed_members: [],
      operation: null,
      operation_percent: null,
      ...change,
    },
  ],
})

const judged = (server: DiskServer) => raidRows(server, 'en').map(({ isWell }) => isWell)

test('a sick server shows every array, and of the drives behind its controller only the one that rebuilds', () => {
  assert.deepEqual(
    raidRows(sick, 'en').map(({ kind, name, isWell }) => [kind.en, name, isWell]),
    [
      ['software RAID', 'md0', false],
      ['controller', 'storcli 0, RAID-9361-8i', false],
      ['volume', '0/0', false],
      ['drive', '252:1', false],
      ['multipath', 'mpatha', false],
    ],
  )
})

test('an array is well only with all its members', () => {
  assert.deepEqual(judged(array({})), [true])
  assert.deepEqual(judged(array({ active_members: 1 })), [false])
  assert.deepEqual(judged(array({ failed_members: ['sda1'] })), [false])
  assert.deepEqual(judged(array({ members: null, active_members: null, state: 'inactive' })), [null])
})

test('what mdadm says of a missing member stands over what /proc/mdstat shows', () => {
  const detail = {
    device: '/dev/md1',
    level: 'raid1',
    state: 'clean, degraded',
    degraded: true,
    failed_members: [],
    progress_percent: null,
    mismatches: null,
  }
  assert.deepEqual(judged({ ...array({}), md_details: [detail] }), [false])
})

test('ZFS is well only when the pool and every device in it are', () => {
  const pool = (state: string, device: string): DiskServer => ({
    ...bare,
    zfs_pools: [
      {
        name: 'tank',
        state,
        status: null,
        scan: null,
        errors: null,
        devices: [{ name: 'sda', state: device, read_errors: 0, write_errors: 0, checksum_errors: 0 }],
      },
    ],
  })
  assert.deepEqual(judged(pool('ONLINE', 'ONLINE')), [true])
  assert.deepEqual(judged(pool('ONLINE', 'FAULTED')), [false])
  assert.deepEqual(judged(pool('DEGRADED', 'ONLINE')), [false])
})

test('a word that the tool is not known to use is unknown, not well', () => {
  const unknown: DiskServer = {
    ...bare,
    hardware_raid: [
      {
        tool: 'arcconf',
        controllers: [],
        volumes: [
          { controller: null, name: '0', level: null, state: 'unknown', state_text: 'Zzz', size: null },
        ],
        drives: [],
      },
    ],
  }
  assert.deepEqual(judged(unknown), [null])
})

test('a machine without arrays has no rows', () => {
  const [server] = buildDiskDocument({
    assessments: [healthyVm],
    requestedIps: null,
    context: fixtureContext('en'),
  }).servers
  assert.deepEqual(server === undefined ? null : raidRows(server, 'en'), [])
})
