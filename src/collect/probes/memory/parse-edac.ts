import type { EdacDimm, EdacFacts } from '../../../domain/facts/memory.ts'
import { parseCount } from '../../formats/count.ts'
import { fillerToNull } from '../../formats/filler.ts'
import { parsePathLines } from '../../formats/path-lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'

const CONTROLLER_PATH = /^\/sys\/devices\/system\/edac\/mc\/(mc\d{1,4})\/(.{1,200})$/

type Files = ReadonlyMap<string, string>

/** Groups the files by controller, in the order they were printed. */
function byController(stdout: string): ReadonlyMap<string, Files> {
  const controllers = new Map<string, Map<string, string>>()
  for (const { path, value } of parsePathLines(stdout)) {
    const match = CONTROLLER_PATH.exec(path)
    if (match?.[1] === undefined || match[2] === undefined) continue
    const files = controllers.get(match[1]) ?? new Map<string, string>()
    files.set(match[2], value.trim())
    controllers.set(match[1], files)
  }
  return controllers
}

/** Names of the sub-folders that match, each once. */
const folders = (files: Files, pattern: RegExp): readonly string[] => [
  ...new Set([...files.keys()].map((path) => path.split('/')[0] ?? '').filter((name) => pattern.test(name))),
]

function modernDimms(controller: string, files: Files): readonly EdacDimm[] {
  return folders(files, /^(?:dimm|rank)\d{1,4}$/).flatMap((folder) => {
    const corrected = parseCount(files.get(`${folder}/dimm_ce_count`))
    const uncorrected = parseCount(files.get(`${folder}/dimm_ue_count`))
    if (corrected === null || uncorrected === null) return []
    const label = files.get(`${folder}/dimm_label`) || files.get(`${folder}/dimm_location`) || folder
    const megabytes = parseCount(files.get(`${folder}/size`))
    return [
      {
        controller,
        label,
        correctedCount: corrected,
        uncorrectedCount: uncorrected,
        sizeBytes: megabytes === null ? null : megabytes * 1024 ** 2,
        memoryType: fillerToNull(files.get(`${folder}/dimm_mem_type`)),
        errorCorrection: fillerToNull(files.get(`${folder}/dimm_edac_mode`)),
      },
    ]
  })
}

/** Before kernel 3.6 (and where only the legacy form has counters): rows with channels; uncorrected errors count per row. */
function legacyRows(controller: string, files: Files): readonly EdacDimm[] {
  return folders(files, /^csrow\d{1,4}$/).flatMap((row) => {
    const base = {
      controller,
      sizeBytes: null,
      memoryType: fillerToNull(files.get(`${row}/mem_type`)),
      errorCorrection: fillerToNull(files.get(`${row}/edac_mode`)),
    }
    const channels = [...files.keys()]
      .map((path) => /^csrow\d{1,4}\/(ch\d{1,3})_ce_count$/.exec(path))
      .filter((match) => match?.[0].startsWith(`${row}/`))
      .map((match) => match?.[1] ?? '')
    const dimms = channels.flatMap((channel) => {
      const corrected = parseCount(files.get(`${row}/${channel}_ce_count`))
      const label = files.get(`${row}/${channel}_dimm_label`) || `${row}/${channel}`
      return corrected === null ? [] : [{ ...base, label, correctedCount: corrected, uncorrectedCount: 0 }]
    })
    const uncorrected = parseCount(files.get(`${row}/ue_count`)) ?? 0
    const [only] = dimms
    if (dimms.length === 1 && only !== undefined) return [{ ...only, uncorrectedCount: uncorrected }]
    if (uncorrected === 0) return dimms
    return [...dimms, { ...base, label: row, correctedCount: 0, uncorrectedCount: uncorrected }]
  })
}

/** Errors that the controller could not put to a DIMM: shown as a row of their own, never lost. */
function unlocated(controller: string, files: Files): readonly EdacDimm[] {
  const correctedCount = parseCount(files.get('ce_noinfo_count')) ?? 0
  const uncorrectedCount = parseCount(files.get('ue_noinfo_count')) ?? 0
  if (correctedCount === 0 && uncorrectedCount === 0) return []
  const base = { controller, sizeBytes: null, memoryType: null, errorCorrection: null }
  return [{ ...base, label: 'unlocated', correctedCount, uncorrectedCount }]
}

/** Returns error counters per DIMM (kernel, ABI/testing/sysfs-devices-edac). */
export function parseEdac({ stdout }: RawSection): Parsed<EdacFacts> {
  const controllers = byController(stdout)
  if (controllers.size === 0) return unparseable('no controller in the output')
  const dimms = [...controllers].flatMap(([controller, files]) => {
    const modern = modernDimms(controller, files)
    return [...(modern.length > 0 ? modern : legacyRows(controller, files)), ...unlocated(controller, files)]
  })
  if (dimms.length === 0) return { absent: 'no_data', why: 'the controllers list no memory module' }
  return { value: { dimms } }
}
