import type { ServerAssessment } from '../../domain/assessment.ts'
import type { Finding } from '../../domain/finding.ts'
import type { Server } from '../../domain/server.ts'
import { text } from '../../domain/text.ts'
import { FIXTURE_THRESHOLDS } from './fixture-thresholds.ts'
import { evidence, GIB, healthyVm, READ_AT } from './healthy-vm.ts'
import { finding } from './make-finding.ts'
import {
  failingDrive,
  quietDrive,
  sickOutlooks,
  sickSlots,
  silentDrive,
  silentFirmware,
} from './sick-hardware.ts'
import { sickStorage } from './sick-storage.ts'

const server: Server = {
  id: '2000000000000000002',
  bkCloudId: 0,
  ip: '10.0.0.12',
  name: 'gpu-train-02',
  transport: 'ssh',
  group: '训练平台',
  enabled: true,
  registeredAt: READ_AT,
}

const unnamed = { sizeBytes: null, memoryType: null, errorCorrection: null }

const findings: Finding[] = [
  finding(server, {
    rule: 'disk.smart_critical',
    severity: 'critical',
    kind: 'drive',
    component: 'sdb',
    title: text(
      '硬盘 sdb SMART 判定失败:重映射扇区 1288,待定扇区 64',
      'Drive sdb fails SMART: 1288 reallocated, 64 pending sectors',
    ),
    cause: text('盘面损坏在扩散,随时可能丢失数据。', 'The damage spreads; data may be lost at any time.'),
    nextStep: text(
      '立即备份并更换该盘;用 `smartctl -x /dev/sdb` 复核。',
      'Back up and replace it now; confirm with `smartctl -x /dev/sdb`.',
    ),
    evidenceIds: ['disk.smart'],
  }),
  finding(server, {
    rule: 'memory.ecc_uncorrected',
    severity: 'critical',
    kind: 'dimm',
    component: 'DIMM_B1',
    title: text('DIMM_B1 出现 2 次不可纠正错误', 'DIMM_B1 had 2 uncorrected errors'),
    nextStep: text('安排停机更换该内存条。', 'Plan a stop and replace the module.'),
    evidenceIds: ['memory.edac'],
  }),
  finding(server, {
    rule: 'disk.space_high',
    severity: 'urgent',
    kind: 'filesystem',
    component: '/data',
    title: text('/data 已用 97%,剩余 120 GiB', '/data is 97% full, 120 GiB left'),
    cause: text('写入超过清理。', 'More is written than is cleaned up.'),
    nextStep: text(
      '用 `du -x -d 2 /data | sort -n | tail` 找出占用。',
      'See what holds it with `du -x -d 2 /data | sort -n | tail`.',
    ),
    evidenceIds: ['disk.filesystems'],
  }),
  finding(server, {
    rule: 'memory.usage_high',
    severity: 'warning',
    kind: 'memory',
    component: null,
    title: text('内存使用率 92.86%,高于阈值 70%', 'Memory usage 92.86%, above the threshold of 70%'),
    evidenceIds: ['memory.meminfo', 'memory.processes'],
  }),
  finding(server, {
    rule: 'memory.oom_kills',
    severity: 'warning',
    kind: 'memory',
    component: null,
    title: text(
      '自启动以来内核因内存不足杀死进程 3 次',
      'The kernel killed processes for lack of memory 3 times since boot',
    ),
    evidenceIds: ['memory.vmstat'],
  }),
  finding(server, {
    rule: 'memory.modules_mixed',
    severity: 'info',
    kind: 'memory',
    component: null,
    title: text('内存条混用:32 GiB 与 16 GiB', 'Mixed modules: 32 GiB and 16 GiB'),
    evidenceIds: ['memory.inventory'],
  }),
]

const vmMemory = healthyVm.inspection.facts.memory
const vmSystem = healthyVm.inspection.facts.system
if (vmMemory?.meminfo.status !== 'ok' || vmSystem === undefined)
  throw new Error('the healthy fixture has no memory')

/** A physical server with a failing drive, a full filesystem, memory errors, mixed modules and OOM kills. */
export const sickServer: ServerAssessment = {
  server,
  thresholds: FIXTURE_THRESHOLDS,
  inspection: {
    serverId: server.id,
    serverIp: server.ip,
    startedAt: READ_AT,
    finishedAt: READ_AT,
    unreachable: null,
    facts: {
      system: {
        ...vmSystem,
        board: {
          status: 'ok',
          value: {
            systemVendor: 'Dell Inc.',
            productName: 'PowerEdge R740',
            boardVendor: 'Dell Inc.',
            boardName: '06WXJT',
            biosVendor: 'Dell Inc.',
            biosVersion: '2.19.1',
            biosDate: '06/06/2023',
            serialNumber: 'ABC1234',
          },
        },
        cpu: {
          status: 'ok',
          value: {
            modelName: 'Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz',
            socketCount: 2,
            coreCount: 40,
            logicalCount: 80,
            vendor: 'GenuineIntel',
            signature: { family: 6, model: 85, stepping: 7 },
            numaNodeCount: 2,
            maximumMegahertz: 3900,
          },
        },
        virtualization: { status: 'ok', value: { isVirtual: false, technology: null } },
      },
      memory: {
        meminfo: {
          status: 'ok',
          value: {
            ...vmMemory.meminfo.value,
            totalBytes: 112 * GIB,
            freeBytes: 2 * GIB,
            availableBytes: 8 * GIB,
            cachedBytes: 9 * GIB,
            sharedBytes: 1.5 * GIB,
            swapTotalBytes: 8 * GIB,
            swapFreeBytes: 2 * GIB,
          },
        },
        pressure: {
          status: 'ok',
          value: {
            someAvg10Percent: 31.2,
            someAvg60Percent: 24.75,
            someAvg300Percent: 12,
            fullAvg10Percent: 11,
            fullAvg60Percent: 8.5,
            fullAvg300Percent: 3,
          },
        },
        vmstat: {
          status: 'ok',
          value: {
            oomKillCount: 3,
            swappedInPages: 120_000,
            swappedOutPages: 480_000,
            majorFaultCount: 96_000,
            allocationStallCount: 1_200,
          },
        },
        numa: vmMemory.numa,
        hugePages: vmMemory.hugePages,
        oomKills: {
          status: 'ok',
          value: {
            kills: [
              {
                at: READ_AT,
                victim: 'python3',
                pid: 4_102,
                uid: 1_001,
                residentBytes: 38 * GIB,
                virtualBytes: 61 * GIB,
                scope: 'machine',
                cgroup: null,
                invokedBy: 'mysqld',
              },
            ],
            logSince: READ_AT,
          },
        },
        processShares: vmMemory.processShares,
        inventory: {
          status: 'ok',
          value: {
            arrays: [
              {
                handle: '0x1000',
                use: 'System Memory',
                location: 'System Board Or Motherboard',
                errorCorrection: 'Multi-bit ECC',
                maximumBytes: 3072 * GIB,
                slotCount: 8,
              },
            ],
            slots: sickSlots,
            otherDevices: [],
            firmware: silentFirmware,
          },
        },
        edac: {
          status: 'ok',
          value: {
            dimms: [
              { controller: 'mc0', label: 'DIMM_A1', correctedCount: 0, uncorrectedCount: 0, ...unnamed },
              { controller: 'mc0', label: 'DIMM_B1', correctedCount: 412, uncorrectedCount: 2, ...unnamed },
            ],
          },
        },
        processes: {
          status: 'ok',
          value: [
            {
              pid: 4711,
              user: 'train',
              residentBytes: 41 * GIB,
              proportionalBytes: 40.5 * GIB,
              swappedBytes: 0,
              startedAt: null,
              elapsedSeconds: 260_000,
              command: 'python3 train.py --epochs 90 --token ***',
            },
            {
              pid: 993,
              user: 'mysql',
              residentBytes: 18 * GIB,
              proportionalBytes: null,
              swappedBytes: null,
              startedAt: null,
              elapsedSeconds: null,
              command: '/usr/sbin/mysqld',
            },
          ],
        },
      },
      disk: {
        filesystems: {
          status: 'ok',
          value: [
            {
              source: '/dev/nvme0n1p2',
              type: 'xfs',
              mount: '/',
              totalBytes: 400 * GIB,
              usedBytes: 120 * GIB,
              availableBytes: 280 * GIB,
              usedPercent: 30,
              inodesTotal: 200_000_000,
              inodesUsed: 900_000,
              inodesUsedPercent: 1,
              readOnly: false,
            },
            {
              source: '/dev/md0',
              type: 'ext4',
              mount: '/data',
              totalBytes: 4000 * GIB,
              usedBytes: 3880 * GIB,
              availableBytes: 120 * GIB,
              usedPercent: 97,
              inodesTotal: 250_000_000,
              inodesUsed: 30_000_000,
              inodesUsedPercent: 12,
              readOnly: true,
            },
          ],
        },
        blockDevices: {
          status: 'ok',
          value: [
            {
              name: 'sdb',
              parentName: null,
              type: 'disk',
              sizeBytes: 8_001_563_222_016,
              rotational: true,
              model: 'ST8000NM0055',
              serialNumber: 'ZA10XXXX',
              filesystemType: null,
              mount: null,
            },
            {
              name: 'md0',
              parentName: 'sdb',
              type: 'raid1',
              sizeBytes: 4000 * GIB,
              rotational: true,
              model: null,
              serialNumber: null,
              filesystemType: 'ext4',
              mount: '/data',
            },
          ],
        },
        mdArrays: {
          status: 'ok',
          value: [
            {
              name: 'md0',
              level: 'raid1',
              state: 'active',
              memberCount: 2,
              activeMemberCount: 1,
              failedMembers: ['sdb1'],
              operation: 'recovery',
              operationPercent: 12.6,
            },
          ],
        },
        smart: { status: 'ok', value: [quietDrive, silentDrive, failingDrive] },
        ...sickStorage,
      },
      sensors: {
        hwmon: {
          status: 'ok',
          value: [
            {
              source: 'hwmon',
              chip: 'coretemp',
              label: 'Package id 0',
              kind: 'temperature',
              reading: 91,
              unit: 'celsius',
              warnAbove: 84,
              criticalAbove: 100,
              plausible: true,
            },
            {
              source: 'hwmon',
              chip: 'nct6775',
              label: 'AUXTIN3',
              kind: 'temperature',
              reading: -128,
              unit: 'celsius',
              warnAbove: null,
              criticalAbove: null,
              plausible: false,
            },
          ],
        },
        thermalZones: { status: 'ok', value: [] },
        ipmi: { status: 'denied', command: 'ipmitool sdr', exitCode: 1, stderr: '' },
      },
    },
    sections: [
      { id: 'memory.meminfo', status: 'ok', command: 'cat /proc/meminfo', remedy: null },
      {
        id: 'sensors.ipmi',
        status: 'denied',
        command: 'ipmitool sdr',
        remedy: { zh: '允许 `sudo -n ipmitool sdr elist`', en: 'permit `sudo -n ipmitool sdr elist`' },
      },
    ],
    evidence: [
      evidence(
        server.ip,
        'memory.meminfo',
        'cat /proc/meminfo',
        'MemTotal: 117440512 kB\nMemAvailable: 8388608 kB',
      ),
      evidence(
        server.ip,
        'memory.pressure',
        'cat /proc/pressure/memory',
        'some avg10=31.20 avg60=24.75 avg300=12.00',
      ),
      evidence(server.ip, 'memory.vmstat', 'cat /proc/vmstat', 'oom_kill 3'),
      evidence(
        server.ip,
        'memory.inventory',
        'dmidecode -t 16,17',
        'Handle 0x1100, DMI type 17\n\tSize: 32 GB',
      ),
      evidence(
        server.ip,
        'memory.edac',
        'cat /sys/devices/system/edac/mc/*/dimm*/dimm_ue_count',
        'DIMM_B1 412 2',
      ),
      evidence(
        server.ip,
        'memory.processes',
        'ps -eo pid,user,rss,etimes,args',
        '4711 train 42991616 260000 python3',
      ),
      evidence(
        server.ip,
        'disk.filesystems',
        'df -PkT -l',
        '/dev/md0 ext4 4194304000 4068474880 125829120 97% /data',
      ),
      evidence(
        server.ip,
        'disk.smart',
        'smartctl -x /dev/sdb',
        'SMART overall-health self-assessment test result: FAILED!',
      ),
      evidence(
        server.ip,
        'disk.hardware_raid',
        'storcli64 /call show all J nolog',
        '{"Controllers":[{"Response Data":{"Status":{"Controller Status":"Needs Attention"}}}]}',
      ),
      evidence(
        server.ip,
        'disk.biggest_entries',
        'ionice -c 3 nice -n 19 timeout 15 du -xk -d 3 /data',
        '4068474880 /data',
      ),
      evidence(
        server.ip,
        'disk.deleted_open_files',
        "ls -ln /proc/[0-9]*/fd | grep ' (deleted)$'",
        '/proc/993/fd/7 /data/mysql/slow.log (deleted)',
      ),
      evidence(
        server.ip,
        'memory.oom_kills',
        'dmesg | grep -i "killed process"',
        '[259200.0] Out of memory: Killed process 4102 (python3)',
      ),
      evidence(
        server.ip,
        'sensors.hwmon',
        'cat /sys/class/hwmon/*/temp*_input',
        'coretemp Package id 0 91000',
      ),
    ],
  },
  findings,
  driveOutlooks: sickOutlooks,
  memoryAreas: [],
  changes: null,
}
