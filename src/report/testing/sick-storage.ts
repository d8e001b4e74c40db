import type { DiskFacts } from '../../domain/facts/disk.ts'
import { GIB } from './healthy-vm.ts'

/** Arrays and space of the sick server: a degraded volume, a dead battery, a path down, space that deleted files hold. */
export const sickStorage: Pick<
  DiskFacts,
  'hardwareRaid' | 'mdDetails' | 'zfsPools' | 'multipath' | 'swaps' | 'deletedOpenFiles' | 'biggestEntries'
> = {
  hardwareRaid: {
    status: 'ok',
    value: [
      {
        tool: 'storcli',
        controllers: [
          {
            id: '0',
            model: 'RAID-9361-8i',
            serialNumber: 'SK00112233',
            firmware: '24.21.0-0159',
            stateText: 'Needs Attention',
            healthy: false,
            battery: { stateText: 'Failed', healthy: false, temperatureCelsius: 41, chargePercent: null },
          },
        ],
        volumes: [
          {
            controllerId: '0',
            name: '0/0',
            level: 'RAID5',
            stateText: 'Dgrd',
            state: 'degraded',
            sizeText: '10.913 TB',
          },
        ],
        drives: [
          {
            controllerId: '0',
            slot: '252:1',
            stateText: 'Rbld',
            state: 'rebuilding',
            model: 'HGST-A1',
            serialNumber: 'K7G0001',
            mediaErrors: 0,
            otherErrors: 2,
            predictiveFailures: 0,
            smartAlert: false,
            temperatureCelsius: 38,
            rebuildPercent: 41,
          },
          {
            controllerId: '0',
            slot: '252:0',
            stateText: 'Onln',
            state: 'online',
            model: 'HGST-A1',
            serialNumber: 'K7G0002',
            mediaErrors: 0,
            otherErrors: 0,
            predictiveFailures: 0,
            smartAlert: false,
            temperatureCelsius: 37,
            rebuildPercent: null,
          },
        ],
      },
    ],
  },
  mdDetails: {
    status: 'ok',
    value: [
      {
        device: '/dev/md0',
        level: 'raid1',
        stateText: 'clean, degraded, recovering',
        raidDevices: 2,
        activeDevices: 1,
        failedDevices: 1,
        spareDevices: 0,
        degraded: true,
        failedMembers: ['/dev/sdb1'],
        progressPercent: 12,
        hasBitmap: false,
        mismatchCount: 0,
      },
    ],
  },
  zfsPools: { status: 'ok', value: [] },
  multipath: {
    status: 'ok',
    value: [
      {
        name: 'mpatha',
        wwid: '3600a098000aa',
        paths: [
          { device: 'sdx', up: true, stateText: 'active ready running' },
          { device: 'sdy', up: false, stateText: 'failed faulty offline' },
        ],
      },
    ],
  },
  swaps: {
    status: 'ok',
    value: [{ device: '/dev/nvme0n1p3', type: 'partition', totalBytes: 8 * GIB, usedBytes: 6 * GIB }],
  },
  deletedOpenFiles: {
    status: 'ok',
    value: {
      allProcesses: true,
      files: [{ pid: 993, command: 'mysqld', path: '/data/mysql/slow.log', allocatedBytes: 210 * GIB }],
    },
  },
  biggestEntries: {
    status: 'ok',
    value: [
      {
        mount: '/data',
        complete: true,
        directories: [
          { path: '/data', sizeBytes: 3880 * GIB },
          { path: '/data/train', sizeBytes: 3100 * GIB },
          { path: "/data/train/last week's checkpoints", sizeBytes: 2900 * GIB },
          { path: '/data/mysql', sizeBytes: 410 * GIB },
        ],
        files: [{ path: '/data/mysql/ibdata1', sizeBytes: 180 * GIB }],
      },
      {
        mount: '/',
        complete: false,
        directories: [
          { path: '/', sizeBytes: 120 * GIB },
          { path: '/var/log/journal', sizeBytes: 4 * GIB },
          { path: '/var/cache/apt', sizeBytes: 1.5 * GIB },
          { path: '/var/lib/docker', sizeBytes: 60 * GIB },
        ],
        files: [],
      },
    ],
  },
}
