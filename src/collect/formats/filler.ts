/**
 * Texts that firmware makers leave where a value belongs. Sources: dmidecode's own words ("Not Specified",
 * "<BAD INDEX>", "<OUT OF SPEC>") and the defaults of AMI, Phoenix and Insyde firmware.
 */
const FILLERS: ReadonlySet<string> = new Set([
  'not specified',
  'not provided',
  'not available',
  'not applicable',
  'not settable',
  'not present',
  'no dimm',
  'no module installed',
  'none',
  'n/a',
  'na',
  'null',
  'unknown',
  'undefined',
  'unspecified',
  'other',
  'empty',
  'default',
  'default string',
  'to be filled by o.e.m.',
  'to be filled by o.e.m',
  'to be filled by oem',
  'o.e.m.',
  'oem',
  'system manufacturer',
  'system product name',
  'system version',
  'system serial number',
  'base board manufacturer',
  'base board product name',
  'base board serial number',
  'chassis serial number',
  'serial number',
  'invalid',
  '<bad index>',
  '<out of spec>',
  '.',
  '-',
  '*',
])

/** AMI names filler strings after the slot: `Manufacturer0`, `SerNum1`, `PartNum2`, `ModulePartNumber3`, `AssetTagNum0`. */
const NUMBERED_FILLER =
  /^(?:array\d{1,3}_)?(?:manufacturer|a?\d?_?manufacturer|dimm\d_?manufacturer|sernum|a\d_sernum|serial ?number|partnum|a\d_partnum|part ?number|modulepartnumber|module part ?number|assettagnum|a\d_assettagnum)_?\d{1,2}$/i

/** `0x0000`, `00000000`, `FFFFFFFF`, `0000-0000`, `........`: no maker gives such a name or number. */
const ALL_ALIKE = /^(?:0x)?(?:[0\s-]{1,64}|f{4,64}|[.\s]{1,64}|x{2,64})$/i

/** Returns the text trimmed, or null for the filler texts of firmwares and for nothing at all. */
export function fillerToNull(value: string | undefined): string | null {
  const trimmed = value?.trim() ?? ''
  if (trimmed === '' || FILLERS.has(trimmed.toLowerCase())) return null
  if (trimmed.length <= 64 && (NUMBERED_FILLER.test(trimmed) || ALL_ALIKE.test(trimmed))) return null
  return trimmed
}
