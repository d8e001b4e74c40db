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

/** What the `system` probe reads. */
export interface SystemFacts {
  readonly os: SectionOutcome<OsFacts>
  readonly cpu: SectionOutcome<CpuFacts>
  readonly board: SectionOutcome<BoardFacts>
  readonly uptime: SectionOutcome<UptimeFacts>
  readonly virtualization: SectionOutcome<VirtualizationFacts>
}
