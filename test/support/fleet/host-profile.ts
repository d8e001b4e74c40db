/** One memory module of a made-up host. */
export interface ModuleProfile {
  readonly locator: string
  readonly sizeMegabytes: number
  readonly serialNumber: string
  readonly partNumber: string
}

/** The one drive of a made-up host: a SATA drive that the real smartctl replays, or a recorded NVMe. */
export interface DriveProfile {
  readonly protocol: 'ATA' | 'NVMe'
  readonly model: string
  readonly serialNumber: string
  /** A multiple of 512. */
  readonly capacityBytes: number
  readonly temperatureCelsius: number
  readonly powerOnHours: number
  /** ATA only. */
  readonly reallocatedSectors: number
  /** NVMe only, percent of the endurance. */
  readonly wearPercent: number
}

export interface FilesystemProfile {
  readonly source: string
  readonly mount: string
  readonly totalKilobytes: number
  readonly usedKilobytes: number
}

/** Everything that makes one host of the fleet another machine than the next. */
export interface HostProfile {
  readonly hostname: string
  readonly bootId: string
  readonly systemVendor: string
  readonly productName: string
  readonly serialNumber: string
  readonly cpuModel: string
  readonly socketCount: number
  readonly coresPerSocket: number
  readonly memoryTotalKilobytes: number
  readonly memoryAvailableKilobytes: number
  readonly slotCount: number
  readonly modules: readonly ModuleProfile[]
  readonly drive: DriveProfile
  readonly filesystems: readonly FilesystemProfile[]
  readonly packageCelsius: number
}

const SLOTS = 16
const GIB_IN_KILOBYTES = 1024 ** 2

/** Returns the element at n, counted round. Throws RangeError for an empty list. */
function pick<T>(list: readonly T[], n: number): T {
  const found = list[n % list.length]
  if (found === undefined) throw new RangeError('nothing to pick from')
  return found
}

const hex = (value: number, length: number): string => value.toString(16).toUpperCase().padStart(length, '0')

function modulesOf(n: number): readonly ModuleProfile[] {
  const sizeMegabytes = pick([8192, 16_384, 32_768], n)
  return Array.from({ length: 2 + 2 * (n % 4) }, (_unused, slot) => ({
    locator: `DIMM_${String.fromCharCode(65 + (slot >> 1))}${(slot & 1) + 1}`,
    sizeMegabytes,
    serialNumber: hex(n * SLOTS + slot + 1, 8),
    partNumber: `EXM${sizeMegabytes / 1024}G2666R`,
  }))
}

function driveOf(n: number): DriveProfile {
  const isNvme = n % 4 === 3
  return {
    protocol: isNvme ? 'NVMe' : 'ATA',
    model: isNvme ? 'EXAMPLE NVME 1' : 'EXAMPLE HDD 7200',
    serialNumber: `${isNvme ? 'EXN' : 'EXS'}${String(n).padStart(7, '0')}`,
    capacityBytes: (1 + (n % 5)) * 1_000_000_000_000 + n * 1024 ** 2,
    temperatureCelsius: 25 + (n % 20),
    powerOnHours: 1_000 + n,
    reallocatedSectors: isNvme ? 0 : n % 7,
    wearPercent: isNvme ? n % 60 : 0,
  }
}

function filesystemsOf(n: number, { protocol }: DriveProfile): readonly FilesystemProfile[] {
  const part = protocol === 'NVMe' ? '/dev/nvme0n1p' : '/dev/sda'
  const root = 40 * GIB_IN_KILOBYTES + 4 * n
  const data = 200 * GIB_IN_KILOBYTES + 8 * n
  return [
    {
      source: `${part}2`,
      mount: '/',
      totalKilobytes: root,
      usedKilobytes: Math.floor((root * (20 + (n % 50))) / 100),
    },
    {
      source: `${part}3`,
      mount: '/data',
      totalKilobytes: data,
      usedKilobytes: Math.floor((data * (10 + (n % 70))) / 100),
    },
  ]
}

/** Returns what host n of a fleet is: no two hosts are alike, and every number follows from n. */
export function hostProfile(n: number): HostProfile {
  const modules = modulesOf(n)
  const installed = modules.reduce((sum, { sizeMegabytes }) => sum + sizeMegabytes * 1024, 0)
  // The kernel keeps some memory to itself; the odd kilobytes tell the hosts apart.
  const memoryTotalKilobytes = installed - 400_000 - n
  const drive = driveOf(n)
  return {
    hostname: `fleet-${String(n).padStart(5, '0')}`,
    bootId: `00000000-0000-4000-8000-${hex(n, 12).toLowerCase()}`,
    systemVendor: pick(['Example Systems', 'Sample Computing', 'Model Servers'], n),
    productName: `Rack ${2 + (n % 3)}U Generation ${10 + (n % 6)}`,
    serialNumber: `EXH${String(n).padStart(6, '0')}`,
    cpuModel: `Example CPU ${pick([4210, 5218, 6230, 8260], n)} @ 2.${n % 10}0GHz`,
    socketCount: 1 + (n % 2),
    coresPerSocket: pick([4, 8, 12, 16], n >> 1),
    memoryTotalKilobytes,
    memoryAvailableKilobytes: Math.floor((memoryTotalKilobytes * (20 + (n % 60))) / 100),
    slotCount: SLOTS,
    modules,
    drive,
    filesystems: filesystemsOf(n, drive),
    packageCelsius: 35 + (n % 30),
  }
}
