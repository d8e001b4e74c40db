import type { SectionOutcome } from '../outcome.ts'

/** `/proc/meminfo` in bytes. Null means that this kernel does not print the line. */
export interface MeminfoFacts {
  readonly totalBytes: number
  readonly freeBytes: number
  /** MemAvailable; on kernels before 3.14 free + buffers + cached. */
  readonly availableBytes: number
  /** True when `availableBytes` is the kernel's own MemAvailable. */
  readonly availableIsKernelEstimate: boolean
  readonly buffersBytes: number
  readonly cachedBytes: number
  readonly slabBytes: number | null
  readonly slabReclaimableBytes: number | null
  readonly sharedBytes: number | null
  readonly hugePagesTotal: number | null
  readonly hugePagesFree: number | null
  readonly hugePageSizeBytes: number | null
  readonly swapTotalBytes: number
  readonly swapFreeBytes: number
  readonly committedBytes: number | null
  /** Sum of "HardwareCorrupted"; null where not printed. */
  readonly hardwareCorruptedBytes: number | null
}

/** Pressure stall information of memory, percent of time. */
export interface MemoryPressureFacts {
  readonly someAvg10Percent: number
  readonly someAvg60Percent: number
  readonly someAvg300Percent: number
  readonly fullAvg10Percent: number
  readonly fullAvg60Percent: number
  readonly fullAvg300Percent: number
}

/** Counters of `/proc/vmstat` since boot. */
export interface VmstatFacts {
  /** Kernel 4.13 and later; null before. */
  readonly oomKillCount: number | null
  readonly swappedInPages: number | null
  readonly swappedOutPages: number | null
}

/** One physical memory array (SMBIOS type 16). */
export interface MemoryArray {
  readonly handle: string
  /** Only "System Memory" counts as RAM. */
  readonly use: string | null
  readonly errorCorrection: string | null
  /** What the firmware declares; a hint, often wrong. */
  readonly maximumBytes: number | null
  readonly slotCount: number | null
}

/** One memory device (SMBIOS type 17): a slot, with or without a module. */
export interface MemorySlot {
  readonly arrayHandle: string | null
  readonly locator: string | null
  readonly bankLocator: string | null
  /** Null when the slot is empty. */
  readonly module: MemoryModule | null
}

export interface MemoryModule {
  /** Null when the firmware says "Unknown". */
  readonly sizeBytes: number | null
  /** `DDR4`, `DDR5` …; null when not given. */
  readonly generation: string | null
  /** From Type Detail: `RDIMM`, `LRDIMM`, `UDIMM`; null where it cannot be told. */
  readonly kind: 'RDIMM' | 'LRDIMM' | 'UDIMM' | null
  readonly formFactor: string | null
  readonly totalWidthBits: number | null
  readonly dataWidthBits: number | null
  readonly rank: number | null
  readonly ratedMegatransfersPerSecond: number | null
  readonly configuredMegatransfersPerSecond: number | null
  readonly manufacturer: string | null
  readonly partNumber: string | null
  readonly serialNumber: string | null
}

/** What dmidecode types 16 and 17 say. */
export interface MemoryInventory {
  readonly arrays: readonly MemoryArray[]
  /** Slots of arrays whose use is System Memory, in the firmware's order. */
  readonly slots: readonly MemorySlot[]
}

/** Error counters of one DIMM (EDAC sysfs), since `countersSince`. */
export interface EdacDimm {
  readonly controller: string
  readonly label: string
  readonly correctedCount: number
  readonly uncorrectedCount: number
}

export interface EdacFacts {
  readonly dimms: readonly EdacDimm[]
}

/** One process; arguments have their secrets redacted. */
export interface ProcessMemory {
  readonly pid: number
  readonly user: string
  readonly residentBytes: number
  readonly elapsedSeconds: number | null
  readonly command: string
}

/** What the `memory` probe reads. */
export interface MemoryFacts {
  readonly meminfo: SectionOutcome<MeminfoFacts>
  readonly pressure: SectionOutcome<MemoryPressureFacts>
  readonly vmstat: SectionOutcome<VmstatFacts>
  readonly inventory: SectionOutcome<MemoryInventory>
  readonly edac: SectionOutcome<EdacFacts>
  /** Largest resident first, at most 20. */
  readonly processes: SectionOutcome<readonly ProcessMemory[]>
}
