import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buildAtaReplay } from '../../../src/collect/testing/ata-replay.ts'
import { buildSmbiosDump } from '../../../src/collect/testing/smbios-table.ts'
import type { DriveProfile, HostProfile } from './host-profile.ts'

/** Where the fleet lies inside its own mount namespace. */
export const FLEET_ROOT = '/mnt'

function meminfo(host: HostProfile): string {
  const total = host.memoryTotalKilobytes
  const free = Math.floor(host.memoryAvailableKilobytes / 2)
  const rows: readonly (readonly [string, number])[] = [
    ['MemTotal', total],
    ['MemFree', free],
    ['MemAvailable', host.memoryAvailableKilobytes],
    ['Buffers', 2048],
    ['Cached', host.memoryAvailableKilobytes - free],
    ['Slab', 4096],
    ['SReclaimable', 1024],
    ['Shmem', 512],
    ['SwapTotal', 2_097_148],
    ['SwapFree', 2_097_148],
    ['Committed_AS', Math.floor(total / 3)],
  ]
  return rows
    .map(([name, kilobytes]) => `${`${name}:`.padEnd(16)}${String(kilobytes).padStart(9)} kB\n`)
    .join('')
}

function cpuinfo({ socketCount, coresPerSocket, cpuModel }: HostProfile): string {
  return Array.from({ length: socketCount * coresPerSocket }, (_unused, cpu) =>
    [
      `processor\t: ${cpu}`,
      'vendor_id\t: GenuineIntel',
      `model name\t: ${cpuModel}`,
      `physical id\t: ${Math.floor(cpu / coresPerSocket)}`,
      `core id\t\t: ${cpu % coresPerSocket}`,
      `cpu cores\t: ${coresPerSocket}`,
      'flags\t\t: fpu sse2 avx',
      '\n',
    ].join('\n'),
  ).join('')
}

const smbios = (host: HostProfile): Buffer =>
  buildSmbiosDump({
    arrays: [{ use: 'System Memory', errorCorrection: 'Multi-bit ECC', maximumGigabytes: 1536 }],
    devices: Array.from({ length: host.slotCount }, (_unused, slot) => {
      const module = host.modules[slot]
      return {
        locator: module?.locator ?? `SLOT_${slot + 1}`,
        array: 0,
        module:
          module === undefined
            ? null
            : {
                sizeMegabytes: module.sizeMegabytes,
                type: 'DDR4' as const,
                kind: 'RDIMM' as const,
                rank: 2,
                ratedSpeed: 2666,
                configuredSpeed: 2666,
                manufacturer: 'Example Memory',
                serialNumber: module.serialNumber,
                partNumber: module.partNumber,
                totalWidthBits: 72,
              },
      }
    }),
  })

const ataReplay = (drive: DriveProfile): string => {
  const age = { normalised: 100, threshold: 0, prefailure: false }
  return buildAtaReplay({
    model: drive.model,
    serialNumber: drive.serialNumber,
    firmware: 'FW01',
    capacityBytes: drive.capacityBytes,
    rotationRate: 7_200,
    failing: false,
    attributes: [
      { id: 5, normalised: 100, threshold: 10, raw: drive.reallocatedSectors, prefailure: true },
      { id: 9, raw: drive.powerOnHours, ...age },
      { id: 194, raw: drive.temperatureCelsius, ...age },
      { id: 197, raw: 0, ...age },
      { id: 198, raw: 0, ...age },
    ],
  })
}

/** What smartctl 7 prints of an NVMe drive, in the shape of its JSON. */
const nvmeRecording = (drive: DriveProfile): string =>
  JSON.stringify({
    json_format_version: [1, 0],
    smartctl: { version: [7, 3], exit_status: 0 },
    device: { name: '/dev/nvme0', info_name: '/dev/nvme0', type: 'nvme', protocol: 'NVMe' },
    model_name: drive.model,
    serial_number: drive.serialNumber,
    firmware_version: 'FW01',
    nvme_total_capacity: drive.capacityBytes,
    user_capacity: { blocks: drive.capacityBytes / 512, bytes: drive.capacityBytes },
    smart_status: { passed: true, nvme: { value: 0 } },
    nvme_smart_health_information_log: {
      critical_warning: 0,
      temperature: drive.temperatureCelsius,
      available_spare: 100,
      available_spare_threshold: 10,
      percentage_used: drive.wearPercent,
      power_on_hours: drive.powerOnHours,
      media_errors: 0,
      num_err_log_entries: 0,
    },
    temperature: { current: drive.temperatureCelsius },
    power_on_time: { hours: drive.powerOnHours },
  })

/** Name of the host's drive under /dev. */
export const driveName = (drive: DriveProfile): string => (drive.protocol === 'NVMe' ? 'nvme0n1' : 'sda')

function lsblk({ drive, filesystems }: HostProfile): string {
  const name = driveName(drive)
  const row = (cells: Readonly<Record<string, string | number>>): string =>
    `${Object.entries(cells)
      .map(([key, cell]) => `${key}="${cell}"`)
      .join(' ')}\n`
  const common = { ROTA: drive.protocol === 'ATA' ? 1 : 0 }
  return [
    row({
      NAME: name,
      PKNAME: '',
      TYPE: 'disk',
      SIZE: drive.capacityBytes,
      ...common,
      MODEL: drive.model,
      SERIAL: drive.serialNumber,
      FSTYPE: '',
      MOUNTPOINT: '',
    }),
    ...filesystems.map(({ source, mount, totalKilobytes }) =>
      row({
        NAME: source.replace('/dev/', ''),
        PKNAME: name,
        TYPE: 'part',
        SIZE: totalKilobytes * 1024,
        ...common,
        MODEL: '',
        SERIAL: '',
        FSTYPE: 'ext4',
        MOUNTPOINT: mount,
      }),
    ),
  ].join('')
}

/** Rows for the df stub: source, type, kilobytes (total, used, available), inodes (total, used), mount point. */
const df = ({ filesystems }: HostProfile): string =>
  filesystems
    .map(({ source, mount, totalKilobytes: total, usedKilobytes: used }) =>
      [source, 'ext4', total, used, total - used, 1_000_000, 50_000, mount].join(' '),
    )
    .map((row) => `${row}\n`)
    .join('')

const BOUND = [
  ['meminfo', '/proc/meminfo'],
  ['cpuinfo', '/proc/cpuinfo'],
  ['boot_id', '/proc/sys/kernel/random/boot_id'],
  ['class', '/sys/class'],
] as const

/** Writes the files of a host below `folder`, as the tools of `tools/` and the mounts of its `fstab` expect them. */
export function writeHostFiles(folder: string, address: string, host: HostProfile): void {
  const { drive } = host
  const device = drive.protocol === 'NVMe' ? '/dev/nvme0' : '/dev/sda'
  const type = drive.protocol === 'NVMe' ? 'nvme' : 'sat'
  const place = `${FLEET_ROOT}/hosts/${address}`
  const files: Readonly<Record<string, string | Buffer>> = {
    hostname: `${host.hostname}\n`,
    meminfo: meminfo(host),
    cpuinfo: cpuinfo(host),
    boot_id: `${host.bootId}\n`,
    'class/dmi/id/sys_vendor': `${host.systemVendor}\n`,
    'class/dmi/id/product_name': `${host.productName}\n`,
    'class/dmi/id/product_serial': `${host.serialNumber}\n`,
    'class/hwmon/hwmon0/name': 'coretemp\n',
    'class/hwmon/hwmon0/temp1_label': 'Package id 0\n',
    'class/hwmon/hwmon0/temp1_input': `${host.packageCelsius * 1000}\n`,
    'class/hwmon/hwmon0/temp1_crit': '100000\n',
    'dmi.bin': smbios(host),
    lsblk: lsblk(host),
    df: df(host),
    'smart/scan': `${device} -d ${type} # ${device}, ${drive.protocol} device\n`,
    [`smart/${device.slice(5)}.${drive.protocol === 'NVMe' ? 'json' : 'ata'}`]:
      drive.protocol === 'NVMe' ? nvmeRecording(drive) : ataReplay(drive),
    fstab: BOUND.map(([name, path]) => `${place}/${name} ${path} none bind 0 0\n`).join(''),
  }
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
}
