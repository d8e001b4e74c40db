import type { BoardFacts } from '../../../domain/facts/system.ts'
import { fillerToNull } from '../../formats/filler.ts'
import { linesOf, splitPair } from '../../formats/lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'

/** Returns the board as `/sys/class/dmi/id` names it (kernel, drivers/firmware/dmi-id.c), firmware fillers as null. */
export function parseBoard({ stdout }: RawSection): Parsed<BoardFacts> {
  const values = new Map(linesOf(stdout).flatMap((line) => [splitPair(line, '=') ?? ['', '']]))
  if (!values.has('sys_vendor')) return unparseable('no sys_vendor line')
  const read = (name: string): string | null => fillerToNull(values.get(name))
  return {
    value: {
      systemVendor: read('sys_vendor'),
      productName: read('product_name'),
      boardVendor: read('board_vendor'),
      boardName: read('board_name'),
      biosVendor: read('bios_vendor'),
      biosVersion: read('bios_version'),
      biosDate: read('bios_date'),
      serialNumber: read('product_serial'),
    },
  }
}
