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
  '[empty]',
  '(none)',
  'tbd by oem',
  'base board asset tag',
  'asset tag',
  'not defined',
  'not set',
  'memundefined',
  'unkonwn',
  '<bad index>',
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
  '<out of spec>',
  '.',
  '-',
  '*',
])

/**
 * AMI names filler strings after the slot: `Manufacturer0`, `SerNum1`, `PartNum2`, `ModulePartNumber3`, `AssetTagNum0`,
 * `A1_PartNum1`, `Array1_PartNumber0`, `Dimm3_Manufacturer`, `CPU1_Dimm2_PartNum`.
 */
const NUMBERED_FILLER =
  /^(?:(?:array|a|p|cpu|dimm)\d{0,3}_){0,3}(?:manufacturer(?:_name_string)?|sernum|serial ?number|part ?num(?:ber)?|modulepartnumber|module part ?number|asset ?tag(?:num)?)[_0]{0,8}\d{0,2}$/i

/** `0x0000`, `00000000`, `FFFFFFFF`, `0000-0000`, `........`: no maker gives such a name or number. */
const ALL_ALIKE = /^(?:0x)?(?:[0\s-]{1,64}|f{4,64}|[.\s]{1,64}|x{2,64})$/i

const FILLER_FORMS: readonly RegExp[] = [NUMBERED_FILLER, ALL_ALIKE, /^unknown ?\(/i]

/** Returns the text trimmed, or null for the filler texts of firmwares and for nothing at all. */
export function fillerToNull(value: string | null | undefined): string | null {
  const trimmed = value?.trim() ?? ''
  if (trimmed === '' || FILLERS.has(trimmed.toLowerCase())) return null
  if (trimmed.length <= 64 && FILLER_FORMS.some((form) => form.test(trimmed))) return null
  return trimmed
}
