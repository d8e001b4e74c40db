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

/** A local filesystem on which df hung: nothing is known of its space, and whatever touches it may hang as well. */
export interface SilentFilesystem {
  readonly source: string
  readonly type: string
  readonly mount: string
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

/** One row of an ATA attribute table. */
export interface SmartAttribute {
  readonly id: number
  readonly name: string
  /** 100, 200 or 253 new, falling. */
  readonly normalised: number | null
  readonly worst: number | null
  readonly threshold: number | null
  /** The raw value, of packed ones the first number; null where a narrow table cut it off. */
  readonly raw: number | null
  /** At or below its threshold. */
  readonly failed: 'now' | 'past' | null
}

/** The self-test log in short. */
export interface SmartSelfTests {
  readonly lastOutcome: 'passed' | 'failed' | 'aborted' | 'running' | 'unknown'
  /** `Short offline`, `Background long` …; null when not printed. */
  readonly lastKind: string | null
  readonly lastAtPowerOnHours: number | null
  /** Entries of the log that failed. */
  readonly failedCount: number
}

/** Whether a drive was asked at all. A sleeping drive is not woken. */
export type DriveAccess = 'answered' | 'asleep' | 'not_opened' | 'denied' | 'timeout' | 'no_answer'

/** The rest of what smartctl says of one drive. Null means not printed. */
export interface SmartDetails {
  readonly access: DriveAccess
  /** What smartctl said where there was no answer. */
  readonly message: string | null
  readonly wwn: string | null
  /** 0 means solid state. */
  readonly rotationRpm: number | null
  readonly formFactor: string | null
  readonly interfaceMaxGigabits: number | null
  readonly interfaceGigabits: number | null
  readonly smartEnabled: boolean | null
  /** The drive's own limits. */
  readonly temperatureWarnCelsius: number | null
  readonly temperatureCriticalCelsius: number | null
  readonly powerCycles: number | null
  readonly startStopCycles: number | null
  readonly crcErrors: number | null
  readonly commandTimeouts: number | null
  readonly availableSparePercent: number | null
  readonly availableSpareThresholdPercent: number | null
  readonly unsafeShutdowns: number | null
  readonly bytesWritten: number | null
  readonly nonMediumErrors: number | null
  readonly errorLogCount: number | null
  readonly selfTests: SmartSelfTests | null
  readonly attributes: readonly SmartAttribute[]
  /** Bit mask of smartctl(8); null when not known. */
  readonly exitStatus: number | null
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
  /** Absent in facts stored before it was read. */
  readonly details?: SmartDetails
}

/** What a controller's own tool calls a state, in words that all tools share. */
export type RaidVolumeState = 'optimal' | 'degraded' | 'rebuilding' | 'failed' | 'unknown'
export type RaidDriveState =
  | 'online'
  | 'spare'
  | 'unassigned'
  | 'rebuilding'
  | 'predictive_failure'
  | 'failed'
  | 'missing'
  | 'unknown'

/** Backup power of a controller's write cache (battery or capacitor). */
export interface RaidBattery {
  /** As the tool prints it. */
  readonly stateText: string
  /** Null where the tool's word is not known. */
  readonly healthy: boolean | null
  readonly temperatureCelsius: number | null
  readonly chargePercent: number | null
}

/** One RAID controller. */
export interface RaidController {
  /** Name within the tool, such as `0`, `Slot 0`. */
  readonly id: string
  readonly model: string | null
  readonly serialNumber: string | null
  readonly firmware: string | null
  readonly stateText: string | null
  /** Null where the tool's word is not known. */
  readonly healthy: boolean | null
  readonly battery: RaidBattery | null
}

/** One volume (virtual drive, logical drive) of a controller. */
export interface RaidVolume {
  readonly controllerId: string | null
  readonly name: string
  readonly level: string | null
  readonly stateText: string
  readonly state: RaidVolumeState
  readonly sizeText: string | null
}

/** One drive behind a controller. */
export interface RaidDrive {
  readonly controllerId: string | null
  /** Enclosure and slot, or port, box and bay. */
  readonly slot: string
  readonly stateText: string
  readonly state: RaidDriveState
  readonly model: string | null
  readonly serialNumber: string | null
  readonly mediaErrors: number | null
  readonly otherErrors: number | null
  readonly predictiveFailures: number | null
  readonly smartAlert: boolean | null
  readonly temperatureCelsius: number | null
  readonly rebuildPercent: number | null
}

export type RaidTool = 'storcli' | 'megacli' | 'ssacli' | 'arcconf'

/** What one controller tool says. */
export interface HardwareRaid {
  readonly tool: RaidTool
  readonly controllers: readonly RaidController[]
  readonly volumes: readonly RaidVolume[]
  readonly drives: readonly RaidDrive[]
}

/** `mdadm --detail` or `--examine` of one array, with what sysfs counts of mismatches. */
export interface MdDetail {
  readonly device: string
  readonly level: string | null
  /** As printed, such as `clean, degraded, recovering`. */
  readonly stateText: string | null
  readonly raidDevices: number | null
  readonly activeDevices: number | null
  readonly failedDevices: number | null
  readonly spareDevices: number | null
  /** Null from one member's superblock (`--examine`), which does not know. */
  readonly degraded: boolean | null
  readonly failedMembers: readonly string[]
  readonly progressPercent: number | null
  readonly hasBitmap: boolean
  /** Sectors that differed at the last check; null when not read. */
  readonly mismatchCount: number | null
}

/** One vdev or drive of a ZFS pool. */
export interface ZfsDevice {
  readonly name: string
  readonly state: string
  readonly readErrors: number | null
  readonly writeErrors: number | null
  readonly checksumErrors: number | null
}

/** One ZFS pool. */
export interface ZfsPool {
  readonly name: string
  /** ONLINE, DEGRADED, FAULTED, OFFLINE, UNAVAIL, SUSPENDED. */
  readonly state: string
  readonly status: string | null
  readonly scan: string | null
  readonly errors: string | null
  readonly devices: readonly ZfsDevice[]
}

/** One multipath map. */
export interface MultipathMap {
  readonly name: string
  readonly wwid: string | null
  readonly paths: readonly { readonly device: string; readonly up: boolean; readonly stateText: string }[]
}

/** One line of /proc/swaps. */
export interface SwapArea {
  readonly device: string
  readonly type: string
  readonly totalBytes: number
  readonly usedBytes: number
}

/** What fills one filesystem, measured without leaving it. */
export interface BiggestEntries {
  readonly mount: string
  readonly directories: readonly { readonly path: string; readonly sizeBytes: number }[]
  readonly files: readonly { readonly path: string; readonly sizeBytes: number }[]
  /** False when the time ran out or directories could not be read: then the list may lack some. */
  readonly complete: boolean
}

/** A file that is deleted but still open: its space comes back when the process closes it. */
export interface DeletedOpenFile {
  readonly pid: number
  readonly command: string | null
  readonly path: string
  /** Space that it holds. */
  readonly allocatedBytes: number
}

export interface DeletedOpenFiles {
  /** False when only the login user's own processes could be looked into. */
  readonly allProcesses: boolean
  /** Largest first, each file once. */
  readonly files: readonly DeletedOpenFile[]
}

/** What the `disk` probe reads. */
export interface DiskFacts {
  readonly filesystems: SectionOutcome<readonly Filesystem[]>
  readonly blockDevices: SectionOutcome<readonly BlockDevice[]>
  readonly mdArrays: SectionOutcome<readonly MdArray[]>
  readonly smart: SectionOutcome<readonly SmartDrive[]>
  // Absent in facts stored before these were read.
  /** Sorted by mount point, at most 100. From the same output as `filesystems`. */
  readonly silentFilesystems?: SectionOutcome<readonly SilentFilesystem[]>
  readonly hardwareRaid?: SectionOutcome<readonly HardwareRaid[]>
  readonly mdDetails?: SectionOutcome<readonly MdDetail[]>
  readonly zfsPools?: SectionOutcome<readonly ZfsPool[]>
  readonly multipath?: SectionOutcome<readonly MultipathMap[]>
  readonly swaps?: SectionOutcome<readonly SwapArea[]>
  readonly deletedOpenFiles?: SectionOutcome<DeletedOpenFiles>
  /** Read only where a filesystem is nearly full. */
  readonly biggestEntries?: SectionOutcome<readonly BiggestEntries[]>
}

/** Signs from which the risk of a drive is made up. */
export const SMART_SIGNS = [
  'healthFailed',
  'failingAttributes',
  'pastFailedAttributes',
  'nvmeCriticalWarning',
  'reallocatedSectors',
  'pendingSectors',
  'offlineUncorrectable',
  'reportedUncorrectable',
  'commandTimeouts',
  'mediaErrors',
  'grownDefects',
  'scsiUncorrectedErrors',
  'failedSelfTests',
  'wearPercent',
  'powerOnHours',
] as const
export type SmartSign = (typeof SMART_SIGNS)[number]

/** What a sign is worth, from `knowledge/smart-thresholds.json`: of the steps the highest one reached counts. */
export interface SmartThreshold {
  readonly source: string
  readonly steps: readonly { readonly from: number; readonly riskPercent: number }[]
}
export type SmartThresholds = Readonly<Record<SmartSign, SmartThreshold>>
