import type { SensorReading } from '../../../domain/facts/sensors.ts'
import { splitBlocks } from '../../formats/blocks.ts'
import { parseDecimal } from '../../formats/count.ts'
import { readingOf, readSensorsRaw, type SensorChip } from '../../formats/lm-sensors.ts'
import { parsePathLines } from '../../formats/path-lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'
import { isPlausible, limitOrNull, UNITS } from './plausibility.ts'

/** Name in sysfs → kind and what to divide by (kernel, hwmon/sysfs-interface: milli °C, mV, µW, milli %). */
const KINDS: Readonly<Record<string, { readonly kind: SensorReading['kind']; readonly divisor: number }>> = {
  temp: { kind: 'temperature', divisor: 1_000 },
  fan: { kind: 'fan', divisor: 1 },
  in: { kind: 'voltage', divisor: 1_000 },
  power: { kind: 'power', divisor: 1_000_000 },
  humidity: { kind: 'humidity', divisor: 1_000 },
}

const FILE = /^\/sys\/class\/hwmon\/(hwmon\d{1,4})\/(?:device\/)?([a-z]{2,12}\d{0,4}(?:_[a-z]{1,12})?)$/

type Chip = Map<string, string>

function readChips(stdout: string): ReadonlyMap<string, Chip> {
  const chips = new Map<string, Chip>()
  for (const { path, value } of parsePathLines(stdout)) {
    const match = FILE.exec(path)
    if (match?.[1] === undefined || match[2] === undefined) continue
    const chip = chips.get(match[1]) ?? new Map<string, string>()
    if (!chip.has(match[2])) chip.set(match[2], value.trim())
    chips.set(match[1], chip)
  }
  return chips
}

function readChip(folder: string, chip: Chip): readonly SensorReading[] {
  const chipName = chip.get('name') || folder
  return [...chip].flatMap(([file, word]): readonly SensorReading[] => {
    const match = /^([a-z]{2,12})(\d{1,4})_(input|average)$/.exec(file)
    const known = KINDS[match?.[1] ?? '']
    const raw = parseDecimal(word)
    if (match === null || known === undefined || raw === null) return []
    const channel = `${match[1]}${match[2]}`
    if (chip.get(`${channel}_fault`) === '1') return []
    if (match[3] === 'average' && chip.has(`${channel}_input`)) return []
    const scaled = (name: string): number | null => {
      const limit = parseDecimal(chip.get(`${channel}_${name}`))
      return limitOrNull(known.kind, limit === null ? null : limit / known.divisor)
    }
    const reading = raw / known.divisor
    return [
      {
        source: 'hwmon',
        chip: chipName,
        label: chip.get(`${channel}_label`) || channel,
        kind: known.kind,
        reading,
        unit: UNITS[known.kind],
        warnAbove: scaled('max'),
        criticalAbove: scaled('crit'),
        plausible: isPlausible(known.kind, reading),
      },
    ]
  })
}

/** Readings of `sensors -u`, which knows the board's scales and names (sensors.conf). */
function readLibrary(chips: readonly SensorChip[]): readonly SensorReading[] {
  return chips.flatMap((chip) =>
    chip.features.flatMap((feature): readonly SensorReading[] => {
      const [field, reading] = readingOf(feature) ?? []
      const channel = /^([a-z]{2,12}?)\d{1,4}_/.exec(field ?? '')
      const known = KINDS[channel?.[1] ?? '']
      if (field === undefined || reading === undefined || known === undefined) return []
      const value = (name: string): number | null =>
        feature.values.get(`${field.slice(0, field.indexOf('_'))}_${name}`) ?? null
      if (value('fault') === 1) return []
      return [
        {
          source: 'hwmon',
          chip: chip.name,
          label: feature.label,
          kind: known.kind,
          reading,
          unit: UNITS[known.kind],
          warnAbove: limitOrNull(known.kind, value('max')),
          criticalAbove: limitOrNull(known.kind, value('crit')),
          plausible: isPlausible(known.kind, reading),
        },
      ]
    }),
  )
}

/** Returns the readings of all chips, from `sensors -u` where it is installed, else from sysfs; inputs whose own fault flag is set are left out. */
export function parseHwmon({ stdout }: RawSection): Parsed<readonly SensorReading[]> {
  const library = readLibrary(readSensorsRaw(splitBlocks(stdout).get('sensors') ?? ''))
  if (library.length > 0) return { value: library }
  const chips = readChips(stdout)
  if (chips.size === 0) return unparseable('no hwmon file in the output')
  const readings = [...chips].flatMap(([folder, chip]) => readChip(folder, chip))
  return readings.length > 0 ? { value: readings } : { absent: 'no_data', why: 'the chips give no reading' }
}
