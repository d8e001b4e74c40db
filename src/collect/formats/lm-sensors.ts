import { parseDecimal } from './count.ts'
import { linesOf } from './lines.ts'

/** One feature of a chip: its subfeatures (`temp1_input`, `temp1_crit` …) with their numbers. */
export interface SensorFeature {
  readonly label: string
  readonly values: ReadonlyMap<string, number>
}

/** One chip as libsensors names it, such as `coretemp-isa-0000`. */
export interface SensorChip {
  readonly name: string
  readonly features: readonly SensorFeature[]
}

/** `PREFIX-BUS-ADDRESS` (libsensors, sensors_snprintf_chip_name). */
const CHIP = /^\S{1,100}-[a-z0-9]{2,12}-\S{1,40}$/

interface OpenChip {
  readonly name: string
  readonly features: { readonly label: string; readonly values: Map<string, number> }[]
}

/** Returns the chips of `sensors -u` (lm-sensors 3): values are in °C, V, W, rpm already. Chips without a feature are left out. */
export function readSensorsRaw(text: string): readonly SensorChip[] {
  const chips: OpenChip[] = []
  for (const line of linesOf(text)) {
    const value = /^ {2}([a-z]{2,12}\d{0,4}(?:_[a-z0-9_]{1,30})?): ([+-]?\d{1,15}(?:\.\d{1,9})?)\s*$/.exec(
      line,
    )
    const [subfeature, number] = [value?.[1], parseDecimal(value?.[2])]
    const chip = chips.at(-1)
    if (subfeature !== undefined && number !== null) chip?.features.at(-1)?.values.set(subfeature, number)
    else if (CHIP.test(line.trim())) chips.push({ name: line.trim(), features: [] })
    else if (/^ ?\S.{0,200}:\s*$/.test(line))
      chip?.features.push({ label: line.trim().slice(0, -1), values: new Map() })
  }
  return chips.filter(({ features }) => features.some(({ values }) => values.size > 0))
}

/** Returns the name and number of what a feature reads now: `_input`, else `_average`; null when it reads nothing. */
export function readingOf({ values }: SensorFeature): readonly [field: string, value: number] | null {
  for (const ending of ['_input', '_average'])
    for (const [field, value] of values) if (field.endsWith(ending)) return [field, value]
  return null
}
