import type { Npu } from '../../../domain/facts/gpu.ts'
import { parseCount, parseDecimal } from '../../formats/count.ts'
import { linesOf } from '../../formats/lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'

const MEBIBYTE = 1024 ** 2

/** `3162 / 65536`, as all pairs of a cell in their order. */
const pairsOf = (cell: string): readonly (readonly [used: number, total: number])[] =>
  [...cell.matchAll(/(\d{1,9}) {0,8}\/ {0,8}(\d{1,9})/g)].map(([, used, total]) => [
    Number(used),
    Number(total),
  ])

const cellsOf = (line: string): readonly string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())

/** The card's line: number and name, health, power, temperature. */
function cardOf([left = '', health = '', right = '']: readonly string[]) {
  const match = /^(\d{1,3})\s{1,20}(\S.{0,40})$/.exec(left)
  if (match === null || !/^[A-Za-z]{2,20}$/.test(health)) return null
  const [power, temperature] = right.split(/\s+/)
  return {
    npu: Number(match[1]),
    name: (match[2] ?? '').trim(),
    health,
    powerWatts: parseDecimal(power),
    temperatureCelsius: parseDecimal(temperature),
  }
}

/** The chip's line: number (and its device's), bus, load, memory; the last pair with a total is the one that models use. */
function chipOf([left = '', busId = '', right = '']: readonly string[]) {
  const chip = parseCount(left.split(/\s+/)[0])
  if (chip === null || !/^(?:[0-9A-Fa-f]{4}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.\d|NA)$/.test(busId)) return null
  const memory = pairsOf(right).findLast(([, total]) => total > 0)
  return {
    chip,
    busId: busId === 'NA' ? null : busId,
    aiCorePercent: parseDecimal(right.split(/\s+/)[0]),
    memoryUsedBytes: memory === undefined ? null : memory[0] * MEBIBYTE,
    memoryTotalBytes: memory === undefined ? null : memory[1] * MEBIBYTE,
  }
}

/** Returns the chips in the table of `npu-smi info` (CANN driver 20 to 25): two lines each, of the card and of the chip. */
export function parseNpu({ stdout }: RawSection): Parsed<readonly Npu[]> {
  const npus: Npu[] = []
  let card: ReturnType<typeof cardOf> = null
  for (const line of linesOf(stdout)) {
    // Processes stand in a table of their own below the chips.
    if (/^\|\s*NPU\s{1,20}Chip\s*\|/.test(line)) break
    const cells = cellsOf(line)
    const chip = cells.length === 3 ? chipOf(cells) : null
    if (chip === null) card = cells.length === 3 ? cardOf(cells) : card
    else if (card !== null) npus.push({ ...card, ...chip })
  }
  if (npus.length > 0) return { value: npus }
  return /npu-smi/.test(stdout)
    ? { absent: 'no_data', why: 'no chip in the table' }
    : unparseable('no table of NPUs')
}
