import type { SectionOutcome } from '../outcome.ts'

/** One GPU or other accelerator on the PCI bus, seen by the kernel whether its driver works or not. */
export interface PciAccelerator {
  /** Such as `0000:3b:00.0`. */
  readonly address: string
  readonly vendor: 'nvidia' | 'amd' | 'huawei' | 'other'
  /** Null when no driver is bound. */
  readonly driver: string | null
  /** Lanes; null where the kernel does not tell. */
  readonly linkWidth: number | null
  readonly linkWidthMaximum: number | null
  /** GT/s. The speed sinks while a card idles; the width does not. */
  readonly linkGigatransfers: number | null
  readonly linkGigatransfersMaximum: number | null
}

/** One GPU as nvidia-smi sees it. Null is not supported by the card or not known to the driver. */
export interface NvidiaGpu {
  readonly index: number
  readonly uuid: string | null
  readonly name: string | null
  /** Such as `00000000:3B:00.0`. */
  readonly busId: string | null
  readonly serialNumber: string | null
  readonly driverVersion: string | null
  readonly firmwareVersion: string | null
  readonly temperatureCelsius: number | null
  readonly memoryTemperatureCelsius: number | null
  /** The card's own limits: clocks sink, and power is cut. */
  readonly slowdownCelsius: number | null
  readonly shutdownCelsius: number | null
  readonly powerWatts: number | null
  readonly powerLimitWatts: number | null
  readonly utilizationPercent: number | null
  readonly memoryTotalBytes: number | null
  readonly memoryUsedBytes: number | null
  readonly eccEnabled: boolean | null
  /** Since the driver was loaded. */
  readonly eccCorrected: number | null
  readonly eccUncorrected: number | null
  /** Over the card's life. */
  readonly eccCorrectedTotal: number | null
  readonly eccUncorrectedTotal: number | null
  /** Pages taken out of use (before Ampere). */
  readonly retiredPagesSingleBit: number | null
  readonly retiredPagesDoubleBit: number | null
  readonly retirementPending: boolean | null
  /** Rows replaced by spare ones (Ampere and later). */
  readonly remappedRowsCorrectable: number | null
  readonly remappedRowsUncorrectable: number | null
  readonly remapPending: boolean | null
  readonly remapFailed: boolean | null
  readonly linkGeneration: number | null
  readonly linkGenerationMaximum: number | null
  readonly linkWidth: number | null
  readonly linkWidthMaximum: number | null
  /** Why clocks are held down now, such as `hw_thermal_slowdown`; null where not told. */
  readonly throttleReasons: readonly string[] | null
  readonly fanPercent: number | null
  readonly performanceState: string | null
  /** What nvidia-smi printed where a number belongs, such as `[Unknown Error]`, `ERR!`, `[GPU requires reset]`. */
  readonly errorTexts: readonly string[]
}

/** What nvidia-smi says. */
export interface NvidiaFacts {
  readonly gpus: readonly NvidiaGpu[]
  /** Lines about cards that do not answer any more, such as `GPU is lost`. */
  readonly lost: readonly string[]
}

/** One Xid error: NVIDIA's driver reports a fault of a GPU to the kernel log. */
export interface XidEvent {
  readonly at: Date | null
  /** PCI address as printed. */
  readonly busId: string
  readonly code: number
  readonly message: string
}

/** Xid errors since boot, as far back as the kernel log goes. */
export interface XidFacts {
  /** Oldest first, the newest 200. */
  readonly events: readonly XidEvent[]
  /** When the oldest line of the log was written; null when not known. */
  readonly logSince: Date | null
}

/** One chip of a Huawei Ascend card. */
export interface Npu {
  readonly npu: number
  readonly chip: number
  readonly name: string
  /** As printed: `OK`, `Warning`, `Alarm`, `Critical`, `UNKNOWN`. */
  readonly health: string
  readonly busId: string | null
  readonly powerWatts: number | null
  readonly temperatureCelsius: number | null
  readonly aiCorePercent: number | null
  /** Memory that the card's models live in: HBM where it has some, else its DDR. */
  readonly memoryUsedBytes: number | null
  readonly memoryTotalBytes: number | null
}

/** What the `gpu` probe reads. */
export interface GpuFacts {
  /** No data where no accelerator is on the bus. */
  readonly pci: SectionOutcome<readonly PciAccelerator[]>
  readonly nvidia: SectionOutcome<NvidiaFacts>
  readonly xid: SectionOutcome<XidFacts>
  readonly npu: SectionOutcome<readonly Npu[]>
}
