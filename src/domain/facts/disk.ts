import type { SectionOutcome } from '../outcome.ts'

/** One real filesystem (network, overlay, squashfs, ISO, tmpfs and other pseudo filesystems are left out). */
export interface Filesystem {
  readonly source: string
  readonly type: string
  readonly mount: string
  readonly totalBytes: number
  readonly usedBytes: number
  /** What an ordinary user may still write. */
  readonly availableBytes: number
  /** used / (used + available), as df rounds it up; 0–100. */
  readonly usedPercent: number
  /** Null on filesystems without a fixed inode table (btrfs, vfat). */
  readonly inodesTotal: number | null
  readonly inodesUsed: number | null
  readonly inodesUsedPercent: number | null
  /** From /proc/mounts; null when the mount is not listed there. */
  readonly readOnly: boolean | null
}

/** One block device of lsblk. */
export interface BlockDevice {
  readonly name: string
  /** Null for a device at the top of the tree. */
  readonly parentName: string | null
  readonly type: string
  readonly sizeBytes: number
  readonly rotational: boolean | null
  readonly model: string | null
  readonly serialNumber: string | null
  readonly filesystemType: string | null
  readonly mount: string | null
}

/** One array of /proc/mdstat. */
export interface MdArray {
  readonly name: string
  readonly level: string | null
  readonly state: string
  readonly memberCount: number | null
  readonly activeMemberCount: number | null
  readonly failedMembers: readonly string[]
  /** `recovery`, `resync`, `check` …; null when idle. */
  readonly operation: string | null
  readonly operationPercent: number | null
}

/** What smartctl says of one drive. Null means not printed: unknown, never healthy. */
export interface SmartDrive {
  readonly device: string
  readonly protocol: 'ATA' | 'NVMe' | 'SCSI' | null
  readonly model: string | null
  readonly serialNumber: string | null
  readonly firmware: string | null
  readonly capacityBytes: number | null
  readonly healthPassed: boolean | null
  readonly temperatureCelsius: number | null
  readonly powerOnHours: number | null
  readonly reallocatedSectors: number | null
  readonly pendingSectors: number | null
  readonly offlineUncorrectable: number | null
  readonly reportedUncorrectable: number | null
  readonly mediaErrors: number | null
  readonly nvmeCriticalWarning: number | null
  /** Share of rated endurance used; may exceed 100. */
  readonly wearPercent: number | null
  /** Names of ATA attributes that are at or below their threshold now. */
  readonly failingAttributes: readonly string[]
  readonly pastFailedAttributes: readonly string[]
  readonly grownDefects: number | null
  readonly scsiUncorrectedErrors: number | null
}

/** What the `disk` probe reads. */
export interface DiskFacts {
  readonly filesystems: SectionOutcome<readonly Filesystem[]>
  readonly blockDevices: SectionOutcome<readonly BlockDevice[]>
  readonly mdArrays: SectionOutcome<readonly MdArray[]>
  readonly smart: SectionOutcome<readonly SmartDrive[]>
}
