import type { ServerAssessment } from '../../domain/assessment.ts'
import type { MemoryFacts } from '../../domain/facts/memory.ts'
import type { SystemFacts } from '../../domain/facts/system.ts'
import type { Evidence } from '../../domain/finding.ts'
import type { SectionReport } from '../../domain/inspection.ts'
import type { SectionAbsence } from '../../domain/outcome.ts'
import type { Server } from '../../domain/server.ts'
import { FIXTURE_THRESHOLDS } from './fixture-thresholds.ts'

export const GIB = 1024 ** 3
/** When everything in the fixtures was read. */
export const READ_AT = new Date('2026-11-02T01:00:00Z')

/** Returns a piece of evidence. */
export const evidence = (server: string, id: string, command: string, excerpt: string): Evidence => ({
  id,
  server,
  command,
  at: READ_AT,
  excerpt,
  rawSha256: '5a'.repeat(32),
})

/** Returns a section that was not read. */
export const absent = (status: SectionAbsence['status'], command: string): SectionAbsence => ({
  status,
  command,
  exitCode: 1,
  stderr: '',
})

const server: Server = {
  id: '2000000000000000001',
  bkCloudId: 0,
  ip: '10.0.0.11',
  name: 'app-01',
  transport: 'local',
  group: '训练平台',
  enabled: true,
  registeredAt: READ_AT,
}

const system: SystemFacts = {
  os: {
    status: 'ok',
    value: {
      prettyName: 'Debian GNU/Linux 12 (bookworm)',
      id: 'debian',
      versionId: '12',
      kernelRelease: '6.1.0-28-amd64',
      architecture: 'x86_64',
      hostname: 'app-01',
    },
  },
  cpu: {
    status: 'ok',
    value: {
      modelName: 'QEMU Virtual CPU',
      socketCount: 1,
      coreCount: 4,
      logicalCount: 4,
      vendor: null,
      signature: null,
      numaNodeCount: null,
      maximumMegahertz: null,
    },
  },
  board: absent('denied', 'dmidecode -t system'),
  uptime: { status: 'ok', value: { uptimeSeconds: 864_000, bootId: null, serverClockAt: READ_AT } },
  virtualization: { status: 'ok', value: { isVirtual: true, technology: 'kvm' } },
}

const memory: MemoryFacts = {
  meminfo: {
    status: 'ok',
    value: {
      totalBytes: 8 * GIB,
      freeBytes: 2 * GIB,
      availableBytes: 5 * GIB,
      availableIsKernelEstimate: true,
      buffersBytes: 0.25 * GIB,
      cachedBytes: 3 * GIB,
      slabBytes: 0.5 * GIB,
      slabReclaimableBytes: 0.25 * GIB,
      sharedBytes: 0,
      hugePagesTotal: 0,
      hugePagesFree: 0,
      hugePageSizeBytes: 2 * 1024 ** 2,
      swapTotalBytes: 0,
      swapFreeBytes: 0,
      committedBytes: 4 * GIB,
      hardwareCorruptedBytes: 0,
    },
  },
  pressure: {
    status: 'ok',
    value: {
      someAvg10Percent: 0,
      someAvg60Percent: 0,
      someAvg300Percent: 0,
      fullAvg10Percent: 0,
      fullAvg60Percent: 0,
      fullAvg300Percent: 0,
    },
  },
  vmstat: {
    status: 'ok',
    value: {
      oomKillCount: 0,
      swappedInPages: 0,
      swappedOutPages: 0,
      majorFaultCount: 0,
      allocationStallCount: 0,
    },
  },
  inventory: absent('denied', 'dmidecode -t 16,17'),
  edac: absent('no_data', 'ls /sys/devices/system/edac/mc'),
  numa: absent('no_data', 'ls /sys/devices/system/node'),
  hugePages: absent('no_data', 'ls /sys/kernel/mm/hugepages'),
  oomKills: { status: 'ok', value: { kills: [], logSince: null } },
  processShares: absent('denied', 'cat /proc/PID/smaps_rollup'),
  processes: {
    status: 'ok',
    value: [
      {
        pid: 812,
        user: 'app',
        residentBytes: GIB,
        proportionalBytes: null,
        swappedBytes: null,
        startedAt: null,
        elapsedSeconds: 90_000,
        command: 'java -Xmx1g -jar app.jar',
      },
    ],
  },
}

const sections: SectionReport[] = [
  { id: 'memory.meminfo', status: 'ok', command: 'cat /proc/meminfo', remedy: null },
  {
    id: 'memory.inventory',
    status: 'denied',
    command: 'dmidecode -t 16,17',
    remedy: {
      zh: '以 root 运行,或允许 `sudo -n dmidecode`',
      en: 'run as root, or permit `sudo -n dmidecode`',
    },
  },
  { id: 'memory.edac', status: 'no_data', command: 'ls /sys/devices/system/edac/mc', remedy: null },
  {
    id: 'disk.smart',
    status: 'unsupported',
    command: 'smartctl --scan',
    remedy: { zh: '安装 `smartmontools`', en: 'install `smartmontools`' },
  },
  { id: 'sensors.hwmon', status: 'no_data', command: 'cat /sys/class/hwmon/*/temp*_input', remedy: null },
]

/** A virtual machine on which nothing is wrong; modules, drives and sensors cannot be read there. */
export const healthyVm: ServerAssessment = {
  server,
  thresholds: FIXTURE_THRESHOLDS,
  inspection: {
    serverId: server.id,
    serverIp: server.ip,
    startedAt: READ_AT,
    finishedAt: READ_AT,
    unreachable: null,
    facts: {
      system,
      memory,
      disk: {
        filesystems: {
          status: 'ok',
          value: [
            {
              source: '/dev/vda1',
              type: 'ext4',
              mount: '/',
              totalBytes: 40 * GIB,
              usedBytes: 10 * GIB,
              availableBytes: 28 * GIB,
              usedPercent: 27,
              inodesTotal: 2_600_000,
              inodesUsed: 260_000,
              inodesUsedPercent: 10,
              readOnly: false,
            },
          ],
        },
        blockDevices: {
          status: 'ok',
          value: [
            {
              name: 'vda',
              parentName: null,
              type: 'disk',
              sizeBytes: 40 * GIB,
              rotational: true,
              model: null,
              serialNumber: null,
              filesystemType: null,
              mount: null,
            },
          ],
        },
        mdArrays: { status: 'ok', value: [] },
        smart: absent('unsupported', 'smartctl --scan'),
      },
      sensors: {
        hwmon: absent('no_data', 'cat /sys/class/hwmon/*/temp*_input'),
        thermalZones: absent('no_data', 'cat /sys/class/thermal/*/temp'),
        ipmi: absent('unsupported', 'ipmitool sdr'),
      },
    },
    sections,
    evidence: [
      evidence(
        server.ip,
        'memory.meminfo',
        'cat /proc/meminfo',
        'MemTotal: 8388608 kB\nMemAvailable: 5242880 kB',
      ),
      evidence(
        server.ip,
        'disk.filesystems',
        'df -PkT -l',
        '/dev/vda1 ext4 41943040 10485760 29360128 27% /',
      ),
    ],
  },
  findings: [],
  driveOutlooks: [],
  memoryAreas: [],
  changes: null,
}
