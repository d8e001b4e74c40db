import { linesOf, splitPair } from '../lines.ts'

/** One part that the BMC knows. */
export interface FruDevice {
  /** Name and number as printed, such as `PS1 (ID 1)`. */
  readonly description: string
  /** Fields as printed, such as `Board Mfg`, without those that are empty; of a repeated field the first. */
  readonly fields: ReadonlyMap<string, string>
}

/** Returns the parts of `ipmitool fru [print]`, in their order; those that are not present have no fields. */
export function readFru(text: string): readonly FruDevice[] {
  const devices: { readonly description: string; readonly fields: Map<string, string> }[] = []
  for (const line of linesOf(text)) {
    const pair = splitPair(line, ':')
    if (pair === null) continue
    const [title, value] = pair
    if (title === 'FRU Device Description') devices.push({ description: value, fields: new Map() })
    else {
      const fields = devices.at(-1)?.fields
      if (value !== '' && fields?.has(title) === false) fields.set(title, value)
    }
  }
  return devices
}
