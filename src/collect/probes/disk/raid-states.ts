import type { RaidDriveState, RaidVolumeState } from '../../../domain/facts/disk.ts'

type Rules<State> = readonly (readonly [RegExp, State])[]

/**
 * The words of storcli ("Optl", "Dgrd", "Pdgd", "OfLn"), MegaCli, ssacli ("Interim Recovery Mode") and arcconf, most
 * particular first. Sources: Broadcom StorCLI reference manual (2023), HPE Smart Storage Administrator user guide,
 * Microchip ARCCONF user's guide.
 */
const VOLUME_RULES: Rules<RaidVolumeState> = [
  [/^(?:rec|rbld)\b|rebuild|recovering|reconstruct/i, 'rebuilding'],
  [/^(?:dgrd|pdgd)\b|degraded|interim recovery|suboptimal|impacted/i, 'degraded'],
  [/^ofln\b|fail|offline|dead|not available|missing|inconsistent/i, 'failed'],
  [/^(?:optl|optimal|ok|online|okay)\b/i, 'optimal'],
]

const DRIVE_RULES: Rules<RaidDriveState> = [
  [/predictive/i, 'predictive_failure'],
  [/^(?:rbld|cpybck|cpybk)\b|rebuild|copyback|replacing/i, 'rebuilding'],
  [/^(?:ubad|ubunsp|offln|f)\b|bad|fail|offline|dead|faulty/i, 'failed'],
  [/^msng\b|missing|not present|removed/i, 'missing'],
  [/^(?:ghs|dhs|hsp)\b|spare/i, 'spare'],
  [/^(?:ugood|ugunsp|conf)\b|unconfigured|unassigned|^ready|^raw|available/i, 'unassigned'],
  [/^(?:onln|online|ok|optimal|jbod|present|active)\b/i, 'online'],
]

function stateOf<State>(rules: Rules<State>, word: string): State | 'unknown' {
  const short = word.slice(0, 80).trim()
  return rules.find(([pattern]) => pattern.test(short))?.[1] ?? 'unknown'
}

/** Returns what a tool's word for a volume means; `unknown` for a word not known: never optimal by silence. */
export const volumeStateOf = (word: string): RaidVolumeState => stateOf(VOLUME_RULES, word)

/** Returns what a tool's word for a drive means. */
export const driveStateOf = (word: string): RaidDriveState => stateOf(DRIVE_RULES, word)

/** Returns whether a controller, battery or cache is well, or null for a word not known. */
export function isHealthyWord(word: string): boolean | null {
  const short = word.slice(0, 80).trim()
  if (
    /fail|bad|degrad|replace|missing|critical|need attention|needs attention|not ok|low|fault|disabled/i.test(
      short,
    )
  )
    return false
  return /^(?:optimal|optl|ok|okay|good|online|normal|charging|recharging|learning|ready)\b/i.test(short)
    ? true
    : null
}

/** Returns the percent that a state such as `Rebuilding, 12% complete` names, or null. */
export function percentIn(words: string): number | null {
  const percent = /(\d{1,3}(?:\.\d{1,2})?) ?%/.exec(words.slice(0, 200))?.[1]
  return percent === undefined ? null : Number(percent)
}
