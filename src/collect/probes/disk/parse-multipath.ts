import type { MultipathMap } from '../../../domain/facts/disk.ts'
import { linesOf } from '../../formats/lines.ts'

/** `mpatha (3600508b4000156d70001200000b0000) dm-0 HP,HSV210`, or without the parentheses when the name is the WWID. */
const MAP = /^(?:\w{1,20}: )?([\w:.-]{1,80})(?: \(([\w:.-]{1,80})\))? dm-\d{1,5}\b/
/** `| |- 1:0:0:1 sda 8:0  active ready  running` or `\_ 5:0:0:1 sdc 8:32 [active][ready]`. */
const PATH =
  /^[\s|`\\_+-]{1,12}(?:\d{1,5}|#):(?:\d{1,5}|#):(?:\d{1,5}|#):(?:\d{1,20}|#) (\S{1,20})\s{1,6}[\d:-]{1,12}\s{1,4}(\S.{0,80})$/

/** Returns the maps of `multipath -ll` (device-mapper-multipath 0.4–0.9); empty for another text. */
export function readMultipath(text: string): readonly MultipathMap[] {
  const maps: { name: string; wwid: string | null; paths: MultipathMap['paths'][number][] }[] = []
  for (const line of linesOf(text)) {
    const [, name, wwid] = MAP.exec(line) ?? []
    if (name !== undefined) maps.push({ name, wwid: wwid ?? null, paths: [] })
    const [, device, words] = PATH.exec(line) ?? []
    if (device === undefined || words === undefined) continue
    const stateText = words
      .replaceAll(/[[\]]{1,2}/g, ' ')
      .trim()
      .replaceAll(/\s{1,20}/g, ' ')
    const up = !/\b(?:failed|faulty|offline|shaky|undef)\b/.test(stateText)
    maps.at(-1)?.paths.push({ device, up, stateText })
  }
  return maps
}
