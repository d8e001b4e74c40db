import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type {
  DeletedOpenFile,
  DiskFacts,
  HardwareRaid,
  MdDetail,
  RaidDrive,
  RaidVolume,
  ZfsPool,
} from '../../domain/facts/disk.ts'
import { absent, buildDisk, buildFilesystem, buildInput, GIB, NOW, ok } from '../testing/build-facts.ts'
import { assessDisk } from './assess-disk.ts'

const SECTIONS = [
  'hardware_raid',
  'zfs_pools',
  'multipath',
  'md_details',
  'deleted_open_files',
  'biggest_entries',
]
const evidence = ['filesystems', ...SECTIONS].map((name) => ({
  id: `disk.${name}`,
  server: '10.0.0.1',
  command: 'x',
  at: NOW,
  excerpt: '',
  rawSha256: '',
}))

const judge = (facts: Partial<DiskFacts>) => assessDisk(buildInput({ disk: buildDisk(facts) }, { evidence }))
const summary = (findings: ReturnType<typeof judge>) =>
  findings.map(({ rule, severity }) => `${rule} ${severity}`)

const drive = (changes: Partial<RaidDrive> = {}): RaidDrive => ({
  controllerId: '0',
  slot: '252:1',
  stateText: 'Onln',
  state: 'online',
  model: 'EXAMPLE',
  serialNumber: 'S1',
  mediaErrors: 0,
  otherErrors: 0,
  predictiveFailures: 0,
  smartAlert: false,
  temperatureCelsius: 30,
  rebuildPercent: null,
  ...changes,
})
const volume = (state: RaidVolume['state']): RaidVolume => ({
  controllerId: '0',
  name: 'data',
  level: 'RAID5',
  stateText: state,
  state,
  sizeText: '10 TB',
})
const raid = (changes: Partial<HardwareRaid>) =>
  judge({ hardwareRaid: ok([{ tool: 'storcli', controllers: [], volumes: [], drives: [], ...changes }]) })

describe('assessDisk, hardware RAID', () => {
  it('judges volumes, and never takes an unknown state for well', () => {
    assert.deepEqual(summary(raid({ volumes: [volume('optimal')] })), [])
    assert.deepEqual(summary(raid({ volumes: [volume('degraded')] })), ['disk.raid_degraded urgent'])
    assert.deepEqual(summary(raid({ volumes: [volume('rebuilding')] })), ['disk.raid_rebuilding warning'])
    assert.deepEqual(summary(raid({ volumes: [volume('failed')] })), ['disk.raid_failed critical'])
    assert.deepEqual(summary(raid({ volumes: [volume('unknown')] })), ['disk.raid_unknown info'])
  })

  it('says that no hot spare waits for a degraded volume', () => {
    const [bare] = raid({ volumes: [volume('degraded')], drives: [drive()] })
    assert.equal(bare?.title.en, 'RAID volume data (RAID5) is degraded (degraded), no hot spare')
    const [spared] = raid({ volumes: [volume('degraded')], drives: [drive({ state: 'spare' })] })
    assert.doesNotMatch(spared?.title.en ?? '', /hot spare/)
  })

  it('judges drives by state, prediction, alert and media errors', () => {
    const one = (changes: Partial<RaidDrive>) => summary(raid({ drives: [drive(changes)] }))
    assert.deepEqual(one({}), [])
    assert.deepEqual(one({ mediaErrors: null, predictiveFailures: null, smartAlert: null }), [])
    assert.deepEqual(one({ state: 'failed' }), ['disk.raid_drive_failed urgent'])
    assert.deepEqual(one({ state: 'missing' }), ['disk.raid_drive_failed urgent'])
    assert.deepEqual(one({ state: 'predictive_failure' }), ['disk.raid_drive_failed urgent'])
    assert.deepEqual(one({ predictiveFailures: 1 }), ['disk.raid_drive_failed urgent'])
    assert.deepEqual(one({ smartAlert: true }), ['disk.raid_drive_failed urgent'])
    assert.deepEqual(one({ mediaErrors: 1 }), ['disk.raid_drive_media_errors warning'])
    const [rebuilding] = raid({ drives: [drive({ state: 'rebuilding', rebuildPercent: 41 })] })
    assert.equal(
      rebuilding?.title.en,
      'Drive 252:1 (EXAMPLE, S/N S1) behind the RAID controller is being rebuilt 41%',
    )
    assert.deepEqual(rebuilding?.evidenceIds, ['disk.hardware_raid'])
  })

  it('judges the controller and its battery', () => {
    const controller = (healthy: boolean | null, battery: boolean | null) =>
      summary(
        raid({
          controllers: [
            {
              id: '0',
              model: null,
              serialNumber: null,
              firmware: null,
              stateText: 'x',
              healthy,
              battery: { stateText: 'y', healthy: battery, temperatureCelsius: null, chargePercent: null },
            },
          ],
        }),
      )
    assert.deepEqual(controller(true, true), [])
    assert.deepEqual(controller(null, null), [])
    assert.deepEqual(controller(false, false), ['disk.raid_controller warning', 'disk.raid_battery warning'])
  })

  it('finds nothing in facts that lack it or were not read', () => {
    assert.deepEqual(judge({}), [])
    assert.deepEqual(judge({ hardwareRaid: absent('denied') }), [])
  })
})

describe('assessDisk, pools, paths and checks', () => {
  const pool = (state: string, checksumErrors = 0): ZfsPool => ({
    name: 'tank',
    state,
    status: null,
    scan: null,
    errors: null,
    devices: [{ name: 'sda', state: 'ONLINE', readErrors: 0, writeErrors: null, checksumErrors }],
  })

  it('judges ZFS pools, also in states never seen', () => {
    const judged = (one: ZfsPool) => summary(judge({ zfsPools: ok([one]) }))
    assert.deepEqual(judged(pool('ONLINE')), [])
    assert.deepEqual(judged(pool('ONLINE', 1)), ['disk.zfs_errors warning'])
    assert.deepEqual(judged(pool('DEGRADED')), ['disk.zfs_pool urgent'])
    assert.deepEqual(judged(pool('SUSPENDED')), ['disk.zfs_pool critical'])
    assert.deepEqual(judged(pool('FROBNICATED')), ['disk.zfs_pool warning'])
  })

  it('judges multipath by the paths that are left', () => {
    const paths = (...up: readonly boolean[]) =>
      summary(
        judge({
          multipath: ok([
            {
              name: 'mpatha',
              wwid: null,
              paths: up.map((one, n) => ({ device: `sd${n}`, up: one, stateText: '' })),
            },
          ]),
        }),
      )
    assert.deepEqual(paths(true, true), [])
    assert.deepEqual(paths(true, true, false), ['disk.multipath_down warning'])
    assert.deepEqual(paths(true, false), ['disk.multipath_down urgent'])
    assert.deepEqual(paths(false, false), ['disk.multipath_down critical'])
  })

  it('names mismatches, milder on mirrors', () => {
    const md = (level: string, mismatchCount: number | null): MdDetail => ({
      device: '/dev/md0',
      level,
      stateText: 'clean',
      raidDevices: 2,
      activeDevices: 2,
      failedDevices: 0,
      spareDevices: 0,
      degraded: false,
      failedMembers: [],
      progressPercent: null,
      hasBitmap: true,
      mismatchCount,
    })
    const judged = (one: MdDetail) => summary(judge({ mdDetails: ok([one]) }))
    assert.deepEqual(judged(md('raid5', 0)), [])
    assert.deepEqual(judged(md('raid5', null)), [])
    assert.deepEqual(judged(md('raid5', 8)), ['disk.md_mismatch warning'])
    assert.deepEqual(judged(md('raid1', 8)), ['disk.md_mismatch info'])
  })
})

describe('assessDisk, what takes the space', () => {
  const deleted = (allocatedBytes: number) => {
    const files: readonly DeletedOpenFile[] = [
      { pid: 7, command: 'java', path: '/var/log/a', allocatedBytes },
    ]
    return judge({ deletedOpenFiles: ok({ allProcesses: true, files }) })
  }

  it('names deleted open files from 1 GiB, and warns from 10 GiB', () => {
    assert.deepEqual(summary(deleted(GIB - 1)), [])
    assert.deepEqual(summary(deleted(GIB)), ['disk.deleted_open_space info'])
    const [finding] = deleted(10 * GIB)
    assert.equal(finding?.severity, 'warning')
    assert.equal(
      finding?.title.en,
      'Files that are deleted but still open hold 10 GiB: /var/log/a 10 GiB (java, PID 7)',
    )
    assert.deepEqual(finding?.evidenceIds, ['disk.deleted_open_files'])
  })

  it('names what is largest on a full filesystem', () => {
    const [finding] = judge({
      filesystems: ok([buildFilesystem({ usedPercent: 90, mount: '/var' })]),
      biggestEntries: ok([
        {
          mount: '/var',
          directories: [{ path: '/var/lib', sizeBytes: 30 * GIB }],
          files: [{ path: '/var/lib/x.img', sizeBytes: 20 * GIB }],
          complete: true,
        },
      ]),
    })
    assert.equal(finding?.cause?.en, 'Largest on it: /var/lib/x.img 20 GiB, /var/lib 30 GiB')
    assert.deepEqual(finding?.evidenceIds, ['disk.filesystems', 'disk.biggest_entries'])
  })
})
