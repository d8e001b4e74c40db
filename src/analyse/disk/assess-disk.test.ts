import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { BlockDevice, Filesystem, MdArray, SmartDrive } from '../../domain/facts/disk.ts'
import {
  buildArray,
  buildDisk,
  buildDrive,
  buildFilesystem,
  buildInput,
  buildSystem,
  GIB,
  ok,
} from '../testing/build-facts.ts'
import { assessDisk } from './assess-disk.ts'
import { judgeSmart } from './smart-verdict.ts'

const filesystems = (...changes: Partial<Filesystem>[]) =>
  assessDisk(buildInput({ disk: buildDisk({ filesystems: ok(changes.map(buildFilesystem)) }) }))

const arrays = (change: Partial<MdArray>) =>
  assessDisk(buildInput({ disk: buildDisk({ mdArrays: ok([buildArray(change)]) }) }))

const drive = (change: Partial<SmartDrive>, rotational: boolean | null = true) => {
  const device: BlockDevice = {
    name: 'sda',
    parentName: null,
    type: 'disk',
    sizeBytes: 1,
    rotational,
    model: null,
    serialNumber: null,
    filesystemType: null,
    mount: null,
  }
  return assessDisk(
    buildInput({ disk: buildDisk({ smart: ok([buildDrive(change)]), blockDevices: ok([device]) }) }),
  )
}

const summary = (findings: ReturnType<typeof assessDisk>) =>
  findings.map(({ rule, severity }) => `${rule} ${severity}`)

describe('assessDisk, filesystems', () => {
  it('judges space against the threshold and states the free bytes', () => {
    assert.deepEqual(summary(filesystems({ usedPercent: 80 })), [])
    assert.deepEqual(summary(filesystems({ usedPercent: 80.1 })), ['disk.space_high urgent'])
    assert.deepEqual(summary(filesystems({ usedPercent: 94.9 })), ['disk.space_high urgent'])
    const [finding] = filesystems({ usedPercent: 95, availableBytes: 5 * GIB })
    assert.equal(finding?.severity, 'critical')
    assert.equal(finding?.id, 'disk.space_high:10.0.0.1:/data')
    assert.match(finding?.title.zh ?? '', /95%,剩余 5 GiB/)
    assert.match(finding?.title.en ?? '', /95% full, 5 GiB of 100 GiB left/)
    assert.deepEqual(finding?.evidenceIds, ['disk.filesystems'])
  })

  it('judges inodes alike, and not where there is no table of them', () => {
    assert.deepEqual(summary(filesystems({ inodesUsedPercent: 80 })), [])
    assert.deepEqual(summary(filesystems({ inodesUsedPercent: 81 })), ['disk.inodes_high urgent'])
    assert.deepEqual(summary(filesystems({ inodesUsedPercent: 95 })), ['disk.inodes_high critical'])
    assert.deepEqual(summary(filesystems({ inodesUsedPercent: null })), [])
    const [finding] = filesystems({ inodesUsedPercent: 81, inodesUsed: 810 })
    assert.equal(finding?.title.en, 'Filesystem /data has used 81% of its inodes, 190 of 1000 left')
  })

  it('names a filesystem that hangs, once, beside those that answer', () => {
    const silent = { source: '/dev/sdb1', type: 'xfs', mount: '/srv/data' }
    const judge = (silentFilesystems: readonly (typeof silent)[]) =>
      assessDisk(
        buildInput({
          disk: buildDisk({
            filesystems: ok([buildFilesystem({ usedPercent: 10 })]),
            silentFilesystems: ok(silentFilesystems),
          }),
        }),
      )
    assert.deepEqual(judge([]), [])
    const found = judge([silent, { ...silent, mount: '/srv' }])
    assert.deepEqual(summary(found), ['disk.filesystem_silent urgent'])
    assert.equal(found[0]?.subject.component, '/srv')
    assert.equal(found[0]?.title.en, 'Filesystem /srv (xfs, /dev/sdb1) does not answer')
    assert.match(found[0]?.nextStep?.en ?? '', /dmesg.*do not run df in loops/)
    assert.deepEqual(found[0]?.evidenceIds, ['disk.filesystems'])
    const alone = buildDisk({ silentFilesystems: ok([silent]) })
    assert.deepEqual(summary(assessDisk(buildInput({ disk: alone }))), ['disk.filesystem_silent urgent'])
  })

  it('names one filesystem once, by its shortest mount', () => {
    const full = { usedPercent: 90 }
    const found = filesystems({ ...full, mount: '/data/bind' }, { ...full, mount: '/data' })
    assert.deepEqual(
      found.map(({ subject }) => subject.component),
      ['/data'],
    )
    assert.equal(
      filesystems({ ...full, source: 'pool/a' }, { ...full, source: 'pool/a', mount: '/b' }).length,
      2,
    )
  })

  it('minds read-only where it should be writable', () => {
    const readOnly = { readOnly: true }
    assert.deepEqual(summary(filesystems(readOnly)), ['disk.read_only urgent'])
    assert.deepEqual(summary(filesystems({ ...readOnly, mount: '/' })), ['disk.read_only warning'])
    assert.deepEqual(summary(filesystems({ ...readOnly, mount: '/boot/efi', type: 'vfat' })), [])
    assert.deepEqual(summary(filesystems({ ...readOnly, mount: '/boot' })), [])
    assert.deepEqual(summary(filesystems({ ...readOnly, mount: '/bootstrap' })), ['disk.read_only urgent'])
    assert.deepEqual(summary(filesystems({ ...readOnly, type: 'iso9660', usedPercent: 100 })), [])
    assert.deepEqual(summary(filesystems({ readOnly: null })), [])
    assert.deepEqual(summary(filesystems({ ...readOnly, mount: '/app' }, { mount: '/data' })), [])
  })

  it('quotes a mount point in the command that it shows', () => {
    const [finding] = filesystems({ usedPercent: 90, mount: "/mnt/it's; rm -rf" })
    assert.match(finding?.nextStep?.en ?? '', /--max-depth=2 '\/mnt\/it'\\''s; rm -rf' \|/)
  })
})

describe('assessDisk, RAID', () => {
  it('finds nothing on a whole array, nor on one without counted members', () => {
    assert.deepEqual(summary(arrays({})), [])
    assert.deepEqual(summary(arrays({ level: 'raid0', memberCount: null, activeMemberCount: null })), [])
    assert.deepEqual(summary(arrays({ operation: 'check', operationPercent: 5 })), [])
  })

  it('judges by what redundancy is left', () => {
    const lost = (level: string, memberCount: number, activeMemberCount: number) =>
      arrays({ level, memberCount, activeMemberCount })[0]?.severity
    assert.equal(lost('raid1', 2, 1), 'urgent')
    assert.equal(lost('raid1', 2, 0), 'critical')
    assert.equal(lost('raid5', 4, 3), 'urgent')
    assert.equal(lost('raid5', 4, 2), 'critical')
    assert.equal(lost('raid6', 6, 4), 'urgent')
    assert.equal(lost('raid6', 6, 3), 'critical')
    assert.equal(lost('raid10', 4, 2), 'urgent')
    assert.equal(
      arrays({ level: 'raid0', memberCount: null, activeMemberCount: null, failedMembers: ['sdb'] })[0]
        ?.severity,
      'critical',
    )
  })

  it('names failed members although a spare took over, and progress', () => {
    const [finding] = arrays({ failedMembers: ['sdb1'], operation: 'recovery', operationPercent: 12.5 })
    assert.equal(finding?.severity, 'urgent')
    assert.equal(
      finding?.title.en,
      'Array md0 (raid1) has failed members (active), 2 of 2 members active, failed: sdb1, recovery 12.5%',
    )
  })

  it('is critical when the array does not run', () => {
    assert.deepEqual(summary(arrays({ state: 'inactive', memberCount: null, activeMemberCount: null })), [
      'disk.raid_degraded critical',
    ])
  })

  it('names a rebuild', () => {
    assert.deepEqual(summary(arrays({ operation: 'recovery' })), ['disk.raid_rebuilding warning'])
    assert.deepEqual(summary(arrays({ operation: 'resync' })), ['disk.raid_rebuilding info'])
  })
})

describe('judgeSmart', () => {
  const verdict = (change: Partial<SmartDrive>) => judgeSmart(buildDrive(change)).verdict

  it('never calls a drive healthy', () => {
    assert.equal(verdict({}), 'no_warning_signs')
    assert.equal(verdict({ healthPassed: null }), 'unknown')
  })

  it('is critical for a failed self-assessment, an attribute failing now, an NVMe warning', () => {
    assert.equal(verdict({ healthPassed: false }), 'critical')
    assert.equal(verdict({ failingAttributes: ['Reallocated_Sector_Ct'] }), 'critical')
    assert.equal(verdict({ nvmeCriticalWarning: 0 }), 'no_warning_signs')
    assert.equal(verdict({ nvmeCriticalWarning: 1 }), 'critical')
  })

  it('warns from the first of each counter, and from 90 % wear', () => {
    const counters = [
      'pendingSectors',
      'offlineUncorrectable',
      'reallocatedSectors',
      'mediaErrors',
      'grownDefects',
      'scsiUncorrectedErrors',
    ] as const
    for (const counter of counters) {
      assert.equal(verdict({ [counter]: 0 }), 'no_warning_signs')
      assert.equal(verdict({ [counter]: 1 }), 'warning')
      assert.equal(verdict({ [counter]: 1, healthPassed: null }), 'warning')
    }
    assert.equal(verdict({ wearPercent: 89 }), 'no_warning_signs')
    assert.equal(verdict({ wearPercent: 90 }), 'warning')
    assert.equal(verdict({ pastFailedAttributes: ['Airflow_Temperature_Cel'] }), 'warning')
  })

  it('says what decided', () => {
    const { reasons } = judgeSmart(buildDrive({ nvmeCriticalWarning: 0b1001, pendingSectors: 8 }))
    assert.deepEqual(
      reasons.map(({ en }) => en),
      [
        'NVMe critical warning 0x09: spare space below its threshold, media is read-only',
        'pending sectors 8',
      ],
    )
  })
})

describe('assessDisk, drives', () => {
  it('turns the verdict into one finding per drive', () => {
    assert.deepEqual(summary(drive({})), [])
    assert.deepEqual(summary(drive({ healthPassed: false, pendingSectors: 3 })), [
      'disk.smart_critical critical',
    ])
    assert.deepEqual(summary(drive({ pendingSectors: 3 })), ['disk.smart_warning warning'])
    const [finding] = drive({ healthPassed: null })
    assert.deepEqual([finding?.id, finding?.severity], ['disk.smart_unknown:10.0.0.1:sda', 'info'])
    assert.equal(finding?.title.en, 'The health of drive sda (Model X, S/N Z1) is unknown (not: healthy)')
    const [nameless] = drive({ healthPassed: null, model: null, serialNumber: null })
    assert.equal(nameless?.title.en, 'The health of drive sda is unknown (not: healthy)')
  })

  it('does not complain of virtual drives without SMART', () => {
    const system = buildSystem({ virtualization: ok({ isVirtual: true, technology: 'kvm' }) })
    const smart = ok([buildDrive({ healthPassed: null })])
    assert.deepEqual(assessDisk(buildInput({ system, disk: buildDisk({ smart }) })), [])
  })

  it('names errors reported to the host beside the verdict', () => {
    assert.deepEqual(summary(drive({ reportedUncorrectable: 1 })), [
      'disk.smart_reported_uncorrectable warning',
    ])
  })

  it('judges the temperature by the kind of drive', () => {
    const hot = (celsius: number, rotational: boolean | null) =>
      summary(drive({ temperatureCelsius: celsius }, rotational))
    assert.deepEqual(hot(50, true), [])
    assert.deepEqual(hot(51, true), ['disk.temperature_high warning'])
    assert.deepEqual(hot(60, true), ['disk.temperature_high warning'])
    assert.deepEqual(hot(61, true), ['disk.temperature_high urgent'])
    assert.deepEqual(hot(70, false), [])
    assert.deepEqual(hot(71, false), ['disk.temperature_high warning'])
    assert.deepEqual(hot(70, null), [])
    const nvme = { protocol: 'NVMe', device: '/dev/nvme0' } as const
    assert.deepEqual(summary(drive({ ...nvme, temperatureCelsius: 65 })), [])
    assert.deepEqual(summary(drive({ ...nvme, temperatureCelsius: 71 })), ['disk.temperature_high warning'])
  })

  it('names an implausible temperature and does not alarm on it', () => {
    assert.deepEqual(summary(drive({ temperatureCelsius: 125 }, false)), ['disk.temperature_high warning'])
    assert.deepEqual(summary(drive({ temperatureCelsius: 126 }, false)), [
      'disk.temperature_implausible info',
    ])
    assert.deepEqual(summary(drive({ temperatureCelsius: -41 })), ['disk.temperature_implausible info'])
    assert.deepEqual(summary(drive({ temperatureCelsius: -40 })), [])
  })
})
