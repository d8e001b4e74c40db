import type { SectionOutcome } from '../outcome.ts'
import type { FirmwareFacts } from './system.ts'

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
  readonly majorFaultCount: number | null
  /** Times that an allocation had to free memory itself first, all zones together. */
  readonly allocationStallCount: number | null
}

/** One physical memory array (SMBIOS type 16). */
export interface MemoryArray {
  readonly handle: string
  /** Only "System Memory" counts as RAM. */
  readonly use: string | null
  readonly location: string | null
  readonly errorCorrection: string | null
  /** What the firmware declares; a hint, often wrong. */
  readonly maximumBytes: number | null
  readonly slotCount: number | null
}

/**
 * What is in a slot: a module (`populated`), nothing (`empty`), a module that the firmware lists and does not use
 * (`disabled`), or the firmware does not say (`unknown`: no size, or the size "Unknown").
 */
export type MemorySlotState = 'populated' | 'empty' | 'disabled' | 'unknown'

/** One memory device (SMBIOS type 17, on very old machines type 6): a slot, with or without a module. */
export interface MemorySlot {
  readonly handle: string
  readonly arrayHandle: string | null
  /** Not unique: 17 % of machines repeat names. */
  readonly locator: string | null
  readonly bankLocator: string | null
  /** Number of the group of slots that must be filled alike; null where none. */
  readonly set: number | null
  readonly state: MemorySlotState
  /** Null when the slot is empty, or when nothing at all is known of it. */
  readonly module: MemoryModule | null
  /** `No Error`, or the handle of the firmware's record of the last error; null where it keeps none. */
  readonly errorInformation: string | null
}

export interface MemoryModule {
  /** Null when the firmware says "Unknown", and for a disabled module. */
  readonly sizeBytes: number | null
  /** `DDR4`, `DDR5` …; null when not given. */
  readonly generation: string | null
  /** From Type Detail: `RDIMM`, `LRDIMM`, `UDIMM`; null where it cannot be told. */
  readonly kind: 'RDIMM' | 'LRDIMM' | 'UDIMM' | null
  /** Type Detail as printed: `Synchronous Registered (Buffered)`. */
  readonly detail: string | null
  readonly formFactor: string | null
  /** `DRAM`, `NVDIMM-N`, `Intel Optane persistent memory` …; SMBIOS 3.2 and later. */
  readonly technology: string | null
  /** Keeps its content without power. It counts as installed memory, yet may not be RAM. */
  readonly isPersistent: boolean
  readonly totalWidthBits: number | null
  readonly dataWidthBits: number | null
  readonly rank: number | null
  readonly ratedMegatransfersPerSecond: number | null
  readonly configuredMegatransfersPerSecond: number | null
  readonly minimumVolts: number | null
  readonly maximumVolts: number | null
  readonly configuredVolts: number | null
  readonly manufacturer: string | null
  /** JEDEC id of the maker: `Bank 1, Hex 0xCE`. */
  readonly manufacturerId: string | null
  readonly partNumber: string | null
  readonly serialNumber: string | null
  readonly assetTag: string | null
  readonly firmwareVersion: string | null
}

/** What dmidecode types 0, 1, 2, 4, 16 and 17 say. */
export interface MemoryInventory {
  readonly arrays: readonly MemoryArray[]
  /** Slots of arrays whose use is System Memory, in the firmware's order. */
  readonly slots: readonly MemorySlot[]
  /** Flash, video and cache devices that stand in the same list. */
  readonly otherDevices: readonly MemorySlot[]
  /** The machine around the slots. */
  readonly firmware: FirmwareFacts
}

/** Error counters of one DIMM (EDAC sysfs), since `countersSince`. */
export interface EdacDimm {
  readonly controller: string
  readonly label: string
  readonly correctedCount: number
  readonly uncorrectedCount: number
  /** Null on the older form of the files (csrow). */
  readonly sizeBytes: number | null
  /** `Registered-DDR4` …, as the driver names it. */
  readonly memoryType: string | null
  /** `S4ECD4ED`, `SECDED` … */
  readonly errorCorrection: string | null
}

export interface EdacFacts {
  readonly dimms: readonly EdacDimm[]
}

/** Memory of one NUMA node. */
export interface NumaNode {
  readonly node: number
  readonly totalBytes: number
  readonly freeBytes: number
  /** `0-15,32-47`; empty for a node without CPUs, null where not printed. */
  readonly cpuList: string | null
}

/** Huge pages of one size. */
export interface HugePagePool {
  readonly pageBytes: number
  readonly totalPages: number
  readonly freePages: number
  /** Promised to a process and not yet used. */
  readonly reservedPages: number | null
  readonly surplusPages: number | null
}

export interface HugePageFacts {
  readonly pools: readonly HugePagePool[]
  /** `always`, `madvise`, `never`; null where the kernel has none. */
  readonly transparent: string | null
}

/** One process that the kernel killed for lack of memory. */
export interface OomKill {
  /** Null where the kernel log has no times. */
  readonly at: Date | null
  readonly victim: string
  readonly pid: number
  /** User id of the victim; null on kernels that do not print it. */
  readonly uid: number | null
  readonly residentBytes: number | null
  readonly virtualBytes: number | null
  /** `machine`: the whole machine ran out; `cgroup`: a container or service reached its own limit; null where not told. */
  readonly scope: 'machine' | 'cgroup' | null
  /** Path of the cgroup that reached its limit. */
  readonly cgroup: string | null
  /** Process whose allocation failed. */
  readonly invokedBy: string | null
}

export interface OomFacts {
  /** Oldest first, at most 50: of more the latest. */
  readonly kills: readonly OomKill[]
  /** Kills before this are no longer in the log; null where it has no times. */
  readonly logSince: Date | null
}

/** What a process holds when shared pages are divided among those that share them. */
export interface ProcessShare {
  readonly pid: number
  readonly proportionalBytes: number
  /** Null where the kernel does not print it. */
  readonly swappedBytes: number | null
}

/** One process; arguments have their secrets redacted. */
export interface ProcessMemory {
  readonly pid: number
  readonly user: string
  readonly residentBytes: number
  /** Proportional share (PSS) of `processShares`; null where it was not read. */
  readonly proportionalBytes: number | null
  readonly swappedBytes: number | null
  readonly elapsedSeconds: number | null
  /** By the clock of the controller. */
  readonly startedAt: Date | null
  readonly command: string
}

/** What the `memory` probe reads. */
export interface MemoryFacts {
  readonly meminfo: SectionOutcome<MeminfoFacts>
  readonly pressure: SectionOutcome<MemoryPressureFacts>
  readonly vmstat: SectionOutcome<VmstatFacts>
  readonly inventory: SectionOutcome<MemoryInventory>
  readonly edac: SectionOutcome<EdacFacts>
  readonly numa: SectionOutcome<readonly NumaNode[]>
  readonly hugePages: SectionOutcome<HugePageFacts>
  readonly oomKills: SectionOutcome<OomFacts>
  /** Largest first, by proportional where it could be read, else by resident memory; at most 20. */
  readonly processes: SectionOutcome<readonly ProcessMemory[]>
  /** The largest processes that may be read (as root all, else one's own). */
  readonly processShares: SectionOutcome<readonly ProcessShare[]>
}
