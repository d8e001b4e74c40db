import type { SectionOutcome } from '../outcome.ts'

export interface OsFacts {
  readonly prettyName: string
  /** `ID` of os-release (`debian`, `centos`, `kylin` …); null on systems without os-release. */
  readonly id: string | null
  readonly versionId: string | null
  readonly kernelRelease: string
  readonly architecture: string
  readonly hostname: string
}

export interface CpuFacts {
  readonly modelName: string | null
  readonly socketCount: number | null
  readonly coreCount: number | null
  readonly logicalCount: number
  /** `GenuineIntel`, `AuthenticAMD`, `HygonGenuine`, `Phytium` …; null where not printed. */
  readonly vendor: string | null
  /** Decimal family, model and stepping of x86: what tells a platform where the name is cut. */
  readonly signature: { readonly family: number; readonly model: number; readonly stepping: number } | null
  readonly numaNodeCount: number | null
  readonly maximumMegahertz: number | null
}

export interface BoardFacts {
  /** Null means not printed, or a firmware's filler text such as "To Be Filled By O.E.M.". */
  readonly systemVendor: string | null
  readonly productName: string | null
  readonly boardVendor: string | null
  readonly boardName: string | null
  readonly biosVendor: string | null
  readonly biosVersion: string | null
  readonly biosDate: string | null
  /** Readable by root only. */
  readonly serialNumber: string | null
}

/** Maker, model and numbers of the system, a board or the chassis. Firmware fillers are null. */
export interface HardwareIdentity {
  readonly manufacturer: string | null
  readonly product: string | null
  readonly version: string | null
  readonly serialNumber: string | null
  readonly assetTag: string | null
}

/** One processor socket (SMBIOS type 4). */
export interface ProcessorSocket {
  readonly socket: string | null
  /** Null where old dmidecode versions do not say. */
  readonly populated: boolean | null
  /** `Populated, Enabled`, `Populated, Disabled By BIOS`, `Unpopulated` … */
  readonly status: string | null
  readonly manufacturer: string | null
  /** Often cut ("Intel(R) Xeon(R) CPU E"): then `signature` tells the platform. */
  readonly version: string | null
  /** `Type 0, Family 6, Model 85, Stepping 4` */
  readonly signature: string | null
  readonly coreCount: number | null
  readonly enabledCoreCount: number | null
  readonly threadCount: number | null
  readonly maximumMegahertz: number | null
  readonly currentMegahertz: number | null
}

/** What the firmware's table (SMBIOS types 0–4) says of the machine. */
export interface FirmwareFacts {
  /** `3.2.0`; null where dmidecode printed none. */
  readonly smbiosVersion: string | null
  readonly bios: {
    readonly vendor: string | null
    readonly version: string | null
    readonly date: string | null
  }
  readonly system: HardwareIdentity & { readonly sku: string | null; readonly family: string | null }
  /** In the firmware's order; the first is the main board. */
  readonly boards: readonly HardwareIdentity[]
  /** `Rack Mount Chassis`, `Desktop` … */
  readonly chassisType: string | null
  readonly processors: readonly ProcessorSocket[]
}

export interface UptimeFacts {
  readonly uptimeSeconds: number
  readonly bootId: string | null
  /** The server's own clock when the probe ran. */
  readonly serverClockAt: Date
}

export interface VirtualizationFacts {
  readonly isVirtual: boolean
  /** `kvm`, `vmware`, `lxc`, `docker` …; null on bare metal. */
  readonly technology: string | null
}

/** The board's management controller as firmware and kernel show it, without any right. */
export interface BmcPresence {
  /** True where firmware (SMBIOS type 38, ACPI IPI0001) or kernel name one; false where the SMBIOS table has none; null where it cannot be seen. */
  readonly isPresent: boolean | null
  /** Device by which ipmitool asks it, such as `/dev/ipmi0`; null where the driver ipmi_devintf is not loaded. */
  readonly device: string | null
  /** Null, as all below, where the kernel's driver does not speak with it. */
  readonly firmwareVersion: string | null
  readonly ipmiVersion: string | null
  /** IANA enterprise number of its maker. */
  readonly manufacturerId: number | null
  readonly productId: number | null
}

/** The management controller's own address. */
export interface BmcLan {
  /** Null where none is set (0.0.0.0). */
  readonly ipAddress: string | null
  /** `Static Address`, `DHCP Address` … */
  readonly ipSource: string | null
  /** Lower case. */
  readonly macAddress: string | null
}

/** What made a watchdog driver say that it had to do with the last reset. */
export type ResetCause = 'watchdog' | 'overheat' | 'fan_fault' | 'power_low' | 'power_high'

/** Something on the server that tells how the boot before ended. */
export interface BootEvidence {
  readonly source: 'wtmp' | 'journal' | 'crash_dump' | 'pstore'
  /** As printed, secrets redacted, at most 300 characters. */
  readonly line: string
}

/** The last boots and how the one before ended. Instants are by the server's clock. */
export interface BootFacts {
  readonly lastBootAt: Date | null
  readonly previousBootAt: Date | null
  /** When the boot before was last heard of: its shutdown, or the last line that it logged. */
  readonly previousEndedAt: Date | null
  /** `crash` is any end without a shutdown: kernel panic, hang, reset or loss of power; `unknown` where nothing was kept. */
  readonly previousEnded: 'shutdown' | 'crash' | 'unknown'
  readonly evidence: readonly BootEvidence[]
  /** What the watchdogs say of the last reset, empty when nothing; null without a watchdog that says. */
  readonly resetCauses: readonly ResetCause[] | null
}

/** How the server keeps its clock right. */
export interface TimeSyncFacts {
  /** Who answered, else which time daemon runs; null where none is seen. */
  readonly daemon: string | null
  /** Null where nobody can say (BusyBox ntpd has no query). */
  readonly isSynchronized: boolean | null
  /** True where the clock follows only itself (a master without a source); null where not told. */
  readonly followsOnlyItself: boolean | null
  /** Positive when the server's clock is ahead of its source. */
  readonly offsetSeconds: number | null
  /** The server's own stratum: one more than its source's. */
  readonly stratum: number | null
  /** How long ago the source last gave the time; null where not told. */
  readonly lastUpdateAgeSeconds: number | null
  /** `Asia/Shanghai` … */
  readonly timeZone: string | null
  readonly utcOffsetMinutes: number | null
  /** Whether /etc/adjtime says that the hardware clock runs on local time; null without that file. */
  readonly hardwareClockIsLocal: boolean | null
}

/** What the `system` probe reads. */
export interface SystemFacts {
  readonly os: SectionOutcome<OsFacts>
  readonly cpu: SectionOutcome<CpuFacts>
  readonly board: SectionOutcome<BoardFacts>
  readonly uptime: SectionOutcome<UptimeFacts>
  readonly virtualization: SectionOutcome<VirtualizationFacts>
  // Absent in facts stored before these were read.
  readonly bmc?: SectionOutcome<BmcPresence>
  readonly bmcLan?: SectionOutcome<BmcLan>
  readonly boots?: SectionOutcome<BootFacts>
  readonly timeSync?: SectionOutcome<TimeSyncFacts>
}
