import type { Filesystem, MdArray, SmartDrive } from '../../domain/facts/disk.ts'
import type { MeminfoFacts, MemoryModule, MemorySlot } from '../../domain/facts/memory.ts'
import type { SensorReading } from '../../domain/facts/sensors.ts'
import type { FirmwareFacts } from '../../domain/facts/system.ts'
import type { FactsByProbe, ServerInspection } from '../../domain/inspection.ts'
import { EMPTY_INVENTORY_FIELDS } from '../../domain/inventory-fields.ts'
import type { MetricSample, MetricsReading } from '../../domain/metrics.ts'
import type { SectionOutcome } from '../../domain/outcome.ts'
import type { InventoryServer } from '../../domain/server.ts'
import { thresholdsFor } from '../../domain/thresholds.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'

/** Values for tests: one ordinary, well server, of which each test changes what it is about. */

export const GIB = 1024 ** 3
export const NOW = new Date('2026-03-02T09:00:00.000Z')
export const LIMITS = { cpuPercent: 70, memoryPercent: 70, diskPercent: 80, networkPercent: 95 } as const
export const THRESHOLDS = thresholdsFor({ group: null, thresholds: null }, LIMITS)

export const ok = <T>(value: T): SectionOutcome<T> => ({ status: 'ok', value })
export const absent = (status: 'no_data' | 'denied' | 'timeout' | 'unsupported' = 'no_data') =>
  ({ status, command: 'x', exitCode: 1, stderr: '' }) as const

export const minutesBefore = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000)

export function buildServer(changes: Partial<InventoryServer> = {}): InventoryServer {
  return {
    ...EMPTY_INVENTORY_FIELDS,
    id: '100',
    bkCloudId: 0,
    ip: '10.0.0.1',
    name: 'node-1',
    transport: 'ssh',
    group: null,
    enabled: true,
    registeredAt: new Date('2026-01-01T00:00:00.000Z'),
    ...changes,
  }
}

export function buildSample(changes: Partial<MetricSample> = {}): MetricSample {
  return {
    id: '1',
    bkCloudId: 0,
    ip: '10.0.0.1',
    collectedAt: NOW,
    cpuPercent: 10,
    memoryPercent: 20,
    diskPercent: 30,
    cpuStatus: 'normal',
    memoryStatus: 'normal',
    diskStatus: 'normal',
    networkStatus: null,
    insertedAt: NOW,
    ...changes,
  }
}

export function buildReading(changes: Partial<MetricsReading> = {}): MetricsReading {
  return {
    collectedAt: NOW,
    bootId: 'boot-a',
    uptimeSeconds: 10_000,
    cpu: { totalTicks: 1_000_000, idleTicks: 900_000, cpuCount: 4 },
    memory: { totalBytes: 16 * GIB, availableBytes: 12 * GIB },
    swap: null,
    disk: { mount: '/', usedPercent: 40, freeBytes: 60 * GIB, inodesUsedPercent: 5 },
    interfaces: [{ name: 'eth0', receivedBytes: 1e9, sentBytes: 1e9, linkBitsPerSecond: 1e9 }],
    load: null,
    psi: null,
    ...changes,
  }
}

export function buildMeminfo(changes: Partial<MeminfoFacts> = {}): MeminfoFacts {
  return {
    totalBytes: 100 * GIB,
    freeBytes: 50 * GIB,
    availableBytes: 60 * GIB,
    availableIsKernelEstimate: true,
    buffersBytes: GIB,
    cachedBytes: 10 * GIB,
    slabBytes: 2 * GIB,
    slabReclaimableBytes: GIB,
    sharedBytes: GIB,
    hugePagesTotal: 0,
    hugePagesFree: 0,
    hugePageSizeBytes: 2 * 1024 ** 2,
    swapTotalBytes: 10 * GIB,
    swapFreeBytes: 10 * GIB,
    committedBytes: null,
    hardwareCorruptedBytes: 0,
    ...changes,
  }
}

export function buildModule(changes: Partial<MemoryModule> = {}): MemoryModule {
  return {
    sizeBytes: 16 * GIB,
    generation: 'DDR4',
    kind: 'RDIMM',
    detail: null,
    technology: null,
    isPersistent: false,
    minimumVolts: null,
    maximumVolts: null,
    configuredVolts: null,
    manufacturerId: null,
    assetTag: null,
    firmwareVersion: null,
    formFactor: 'DIMM',
    totalWidthBits: 72,
    dataWidthBits: 64,
    rank: 2,
    ratedMegatransfersPerSecond: 3200,
    configuredMegatransfersPerSecond: 3200,
    manufacturer: 'Maker',
    partNumber: 'PART-A',
    serialNumber: 'S1',
    ...changes,
  }
}

export const buildSlot = (
  locator: string,
  module: MemoryModule | null,
  bankLocator?: string,
): MemorySlot => ({
  handle: '0x1100',
  set: null,
  state: module === null ? 'empty' : 'populated',
  errorInformation: null,
  arrayHandle: '0x1000',
  locator,
  bankLocator: bankLocator ?? null,
  module,
})

export function buildDrive(changes: Partial<SmartDrive> = {}): SmartDrive {
  return {
    device: '/dev/sda',
    protocol: 'ATA',
    model: 'Model X',
    serialNumber: 'Z1',
    firmware: null,
    capacityBytes: null,
    healthPassed: true,
    temperatureCelsius: 35,
    powerOnHours: 1000,
    reallocatedSectors: 0,
    pendingSectors: 0,
    offlineUncorrectable: 0,
    reportedUncorrectable: 0,
    mediaErrors: null,
    nvmeCriticalWarning: null,
    wearPercent: null,
    failingAttributes: [],
    pastFailedAttributes: [],
    grownDefects: null,
    scsiUncorrectedErrors: null,
    ...changes,
  }
}

export function buildFilesystem(changes: Partial<Filesystem> = {}): Filesystem {
  return {
    source: '/dev/sda1',
    type: 'ext4',
    mount: '/data',
    totalBytes: 100 * GIB,
    usedBytes: 40 * GIB,
    availableBytes: 60 * GIB,
    usedPercent: 40,
    inodesTotal: 1000,
    inodesUsed: 100,
    inodesUsedPercent: 10,
    readOnly: false,
    ...changes,
  }
}

export function buildArray(changes: Partial<MdArray> = {}): MdArray {
  return {
    name: 'md0',
    level: 'raid1',
    state: 'active',
    memberCount: 2,
    activeMemberCount: 2,
    failedMembers: [],
    operation: null,
    operationPercent: null,
    ...changes,
  }
}

export function buildSensor(changes: Partial<SensorReading> = {}): SensorReading {
  return {
    source: 'hwmon',
    chip: 'coretemp',
    label: 'Core 0',
    kind: 'temperature',
    reading: 50,
    unit: 'celsius',
    warnAbove: 80,
    criticalAbove: 100,
    plausible: true,
    ...changes,
  }
}

/** A firmware that says nothing of the machine. */
export const SILENT_FIRMWARE: FirmwareFacts = {
  smbiosVersion: null,
  bios: { vendor: null, version: null, date: null },
  system: {
    manufacturer: null,
    product: null,
    version: null,
    serialNumber: null,
    assetTag: null,
    sku: null,
    family: null,
  },
  boards: [],
  chassisType: null,
  processors: [],
}

export function buildMemory(changes: Partial<FactsByProbe['memory']> = {}): FactsByProbe['memory'] {
  return {
    meminfo: ok(buildMeminfo()),
    pressure: absent(),
    vmstat: absent(),
    inventory: absent(),
    edac: absent(),
    numa: absent(),
    hugePages: absent(),
    oomKills: absent(),
    processes: absent(),
    processShares: absent(),
    ...changes,
  }
}

export const buildDisk = (changes: Partial<FactsByProbe['disk']> = {}): FactsByProbe['disk'] => ({
  filesystems: absent(),
  blockDevices: absent(),
  mdArrays: absent(),
  smart: absent(),
  ...changes,
})

export const buildSystem = (changes: Partial<FactsByProbe['system']> = {}): FactsByProbe['system'] => ({
  os: absent(),
  cpu: absent(),
  board: absent(),
  uptime: ok({ uptimeSeconds: 86_400, bootId: null, serverClockAt: NOW }),
  virtualization: ok({ isVirtual: false, technology: null }),
  ...changes,
})

const SECTION_IDS = [
  'memory.meminfo',
  'memory.pressure',
  'memory.vmstat',
  'memory.inventory',
  'memory.edac',
  'memory.processes',
  'disk.filesystems',
  'disk.block_devices',
  'disk.md_arrays',
  'disk.smart',
  'sensors.hwmon',
  'sensors.thermal_zones',
  'sensors.ipmi',
] as const

/** An inspection that holds the facts and one piece of evidence for each section. */
function buildInspection(
  facts: Partial<FactsByProbe>,
  changes: Partial<ServerInspection> = {},
): ServerInspection {
  return {
    serverId: '100',
    serverIp: '10.0.0.1',
    startedAt: NOW,
    finishedAt: NOW,
    unreachable: null,
    facts,
    sections: [],
    evidence: SECTION_IDS.map((id) => ({
      id,
      server: '10.0.0.1',
      command: 'x',
      at: NOW,
      excerpt: '',
      rawSha256: '',
    })),
    ...changes,
  }
}

export const buildInput = (
  facts: Partial<FactsByProbe>,
  changes: Partial<ServerInspection> = {},
): AssessmentInput => ({
  server: buildServer(),
  inspection: buildInspection({ system: buildSystem(), ...facts }, changes),
  thresholds: THRESHOLDS,
  now: NOW,
})
