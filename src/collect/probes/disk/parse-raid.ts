import type { HardwareRaid, MdArray, MdDetail, ZfsPool } from '../../../domain/facts/disk.ts'
import { at } from './json-path.ts'
import { readArcconf } from './parse-arcconf.ts'
import { readMdadm } from './parse-mdadm.ts'
import { parseMdstat } from './parse-mdstat.ts'
import { readMegacli } from './parse-megacli.ts'
import { readSsacli } from './parse-ssacli.ts'
import { readStorcli } from './parse-storcli.ts'
import { readZpool } from './parse-zpool.ts'

/** What a recording of any RAID tool holds. */
export type RaidRecording =
  | { readonly tool: 'mdstat'; readonly arrays: readonly MdArray[] }
  | { readonly tool: 'mdadm'; readonly arrays: readonly MdDetail[] }
  | { readonly tool: 'zpool'; readonly pools: readonly ZfsPool[] }
  | { readonly tool: HardwareRaid['tool']; readonly raid: HardwareRaid }

/** A controller with some hundred drives prints less. */
const MAX_TEXT_LENGTH = 2_000_000

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** A line `}` is followed by a line `{` only between two documents. */
const BETWEEN_DOCUMENTS = /(?<=^\}[ \r]{0,4}\n)[ \r\n]{0,40}(?=\{)/m

/** Returns the JSON documents of a text that holds one or several after each other; what is no JSON is left out. */
export function readJsonDocuments(text: string): readonly unknown[] {
  return text
    .split(BETWEEN_DOCUMENTS)
    .map((part) => parseJson(part))
    .filter((document) => document !== undefined)
}

/** Returns what a recording says, told by its contents alone which tool printed it; null for none of them. */
export function readRaidRecording(recording: string): RaidRecording | null {
  const text = recording.slice(0, MAX_TEXT_LENGTH)
  if (text.trimStart().startsWith('{')) {
    const documents = readJsonDocuments(text).filter((document) => at(document, 'Controllers') !== undefined)
    const raid = readStorcli(documents)
    return raid === null ? null : { tool: 'storcli', raid }
  }
  if (/^(?:Personalities\b|md\d{1,4} : (?:in)?active\b)/m.test(text)) {
    const mdstat = parseMdstat({ stdout: text, stderr: '', exitCode: 0 })
    return 'value' in mdstat ? { tool: 'mdstat', arrays: mdstat.value } : null
  }
  const pools = readZpool(text)
  if (pools.length > 0) return { tool: 'zpool', pools }
  const arrays = readMdadm(text)
  if (arrays.length > 0) return { tool: 'mdadm', arrays }
  const raid = readArcconf(text) ?? readSsacli(text) ?? readMegacli(text)
  return raid === null ? null : { tool: raid.tool, raid }
}
