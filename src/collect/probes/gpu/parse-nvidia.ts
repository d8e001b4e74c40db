import type { NvidiaFacts, NvidiaGpu } from '../../../domain/facts/gpu.ts'
import { splitBlocks } from '../../formats/blocks.ts'
import { parseCount, parseDecimal } from '../../formats/count.ts'
import { linesOf, splitPair } from '../../formats/lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'

const MEBIBYTE = 1024 ** 2

type Row = ReadonlyMap<string, string>

/** The first line names the columns. Names of cards hold no comma. */
function rowsOf(block: string | undefined): readonly Row[] {
  const [names = '', ...lines] = linesOf(block ?? '')
  const columns = names.split(',')
  return lines.flatMap((line) => {
    const cells = line.split(',').map((cell) => cell.trim())
    return cells.length === columns.length
      ? [new Map(columns.map((column, index) => [column, cells[index] ?? '']))]
      : []
  })
}

/** What stands for "there is no such thing here": not an error of the card. */
const NOT_SUPPORTED = /^(?:\[?n\/a\]?|\[?not (?:supported|available|active|applicable)\]?|\[unknown\]|-|)$/i
/** Instead of a number when the card cannot be read: nvidia-smi's words (`[Unknown Error]`, `ERR!`, `[GPU requires reset]`, `[GPU is lost]`). */
const IS_ERROR = /^(?:\[?unknown error\]?|\[?err!\]?|\[?gpu .{1,60}\]?|\[?insufficient permissions\]?)$/i

/** Names of NVML's throttle reasons by bit (nvml.h, nvmlClocksThrottleReasons / nvmlClocksEventReasons). */
const REASONS: readonly (readonly [bit: number, name: string])[] = [
  [0x1, 'idle'],
  [0x2, 'application_clocks'],
  [0x4, 'sw_power_cap'],
  [0x8, 'hw_slowdown'],
  [0x10, 'sync_boost'],
  [0x20, 'sw_thermal_slowdown'],
  [0x40, 'hw_thermal_slowdown'],
  [0x80, 'hw_power_brake_slowdown'],
  [0x100, 'display_clocks'],
]

function reasonsOf(word: string | undefined): readonly string[] | null {
  const match = /^0x([0-9a-f]{1,16})$/i.exec(word ?? '')
  if (match?.[1] === undefined) return null
  const mask = Number.parseInt(match[1].slice(-8), 16)
  return REASONS.filter(([bit]) => (mask & bit) !== 0).map(([, name]) => name)
}

const yesOrNo = (word: string | undefined): boolean | null =>
  /^(?:yes|enabled|1)$/i.test(word ?? '') ? true : /^(?:no|disabled|0)$/i.test(word ?? '') ? false : null

/** A bus address in one form: domains are printed with four or eight digits. */
const plainBusId = (busId: string | null): string =>
  (busId ?? '').toLowerCase().replace(/^0{4}(?=[0-9a-f]{4}:)/, '')

interface Limits {
  readonly slowdownCelsius: number | null
  readonly shutdownCelsius: number | null
}

/** Limits by bus address, from `nvidia-smi -q -d TEMPERATURE`. */
function limitsOf(block: string | undefined): ReadonlyMap<string, Limits> {
  const limits = new Map<string, Limits>()
  let busId = ''
  for (const line of linesOf(block ?? '')) {
    const header = /^GPU ([0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.\d)/.exec(line)
    if (header?.[1] !== undefined) busId = plainBusId(header[1])
    const [title, words] = splitPair(line, ':') ?? []
    const celsius = parseDecimal(/^(\d{1,3}) C$/.exec(words ?? '')?.[1])
    if (busId === '' || celsius === null) continue
    const known = limits.get(busId) ?? { slowdownCelsius: null, shutdownCelsius: null }
    if (title === 'GPU Slowdown Temp') limits.set(busId, { ...known, slowdownCelsius: celsius })
    if (title === 'GPU Shutdown Temp') limits.set(busId, { ...known, shutdownCelsius: celsius })
  }
  return limits
}

function toGpu(row: Row, remapped: Row | undefined, limits: Limits | undefined): NvidiaGpu | null {
  const index = parseCount(row.get('index'))
  if (index === null) return null
  const words = (field: string): string | null => {
    const word = row.get(field) ?? ''
    return NOT_SUPPORTED.test(word) || IS_ERROR.test(word) ? null : word
  }
  const number = (field: string): number | null => parseDecimal(row.get(field))
  const bytes = (field: string): number | null => {
    const mebibytes = number(field)
    return mebibytes === null ? null : mebibytes * MEBIBYTE
  }
  return {
    index,
    uuid: words('uuid'),
    name: words('name'),
    busId: words('pci.bus_id'),
    serialNumber: words('serial'),
    driverVersion: words('driver_version'),
    firmwareVersion: words('vbios_version'),
    temperatureCelsius: number('temperature.gpu'),
    memoryTemperatureCelsius: number('temperature.memory'),
    slowdownCelsius: limits?.slowdownCelsius ?? null,
    shutdownCelsius: limits?.shutdownCelsius ?? null,
    powerWatts: number('power.draw'),
    powerLimitWatts: number('power.limit'),
    utilizationPercent: number('utilization.gpu'),
    memoryTotalBytes: bytes('memory.total'),
    memoryUsedBytes: bytes('memory.used'),
    eccEnabled: yesOrNo(row.get('ecc.mode.current')),
    eccCorrected: number('ecc.errors.corrected.volatile.total'),
    eccUncorrected: number('ecc.errors.uncorrected.volatile.total'),
    eccCorrectedTotal: number('ecc.errors.corrected.aggregate.total'),
    eccUncorrectedTotal: number('ecc.errors.uncorrected.aggregate.total'),
    retiredPagesSingleBit: number('retired_pages.single_bit_ecc.count'),
    retiredPagesDoubleBit: number('retired_pages.double_bit.count'),
    retirementPending: yesOrNo(row.get('retired_pages.pending')),
    remappedRowsCorrectable: parseDecimal(remapped?.get('remapped_rows.correctable')),
    remappedRowsUncorrectable: parseDecimal(remapped?.get('remapped_rows.uncorrectable')),
    remapPending: yesOrNo(remapped?.get('remapped_rows.pending')),
    remapFailed: yesOrNo(remapped?.get('remapped_rows.failure')),
    linkGeneration: number('pcie.link.gen.current'),
    linkGenerationMaximum: number('pcie.link.gen.max'),
    linkWidth: number('pcie.link.width.current'),
    linkWidthMaximum: number('pcie.link.width.max'),
    throttleReasons: reasonsOf(
      row.get('clocks_throttle_reasons.active') ?? row.get('clocks_event_reasons.active'),
    ),
    fanPercent: number('fan.speed'),
    performanceState: words('pstate'),
    errorTexts: [...new Set([...row.values()].filter((word) => IS_ERROR.test(word)))].slice(0, 5),
  }
}

const LOST = /Unable to determine the device handle|GPU is lost|has fallen off the bus/i

/** Returns what nvidia-smi (driver 340 and later) says of each GPU, and of those that answer no more. */
export function parseNvidia({ stdout }: RawSection): Parsed<NvidiaFacts> {
  const blocks = splitBlocks(stdout)
  const asked = blocks.get('gpus')
  if (asked === undefined) return unparseable('the output ends before the list of GPUs')
  const remapped = new Map(
    rowsOf(blocks.get('remapped')).map((row) => [plainBusId(row.get('gpu_bus_id') ?? null), row]),
  )
  const limits = limitsOf(blocks.get('limits'))
  const gpus = rowsOf(asked).flatMap((row) => {
    const busId = plainBusId(row.get('pci.bus_id') ?? null)
    return toGpu(row, remapped.get(busId), limits.get(busId)) ?? []
  })
  const said = linesOf(asked).slice(1)
  const lost = said
    .filter((line) => LOST.test(line))
    .map((line) => line.slice(0, 300))
    .slice(0, 16)
  if (gpus.length > 0 || lost.length > 0) return { value: { gpus, lost } }
  const why = said.find((line) => line.trim() !== '')?.slice(0, 300) ?? 'nvidia-smi printed nothing'
  if (/No devices were found/i.test(why)) return { absent: 'no_data', why }
  return {
    absent: /couldn't communicate|driver|NVML|library/i.test(why) ? 'unsupported' : 'unparseable',
    why,
  }
}
