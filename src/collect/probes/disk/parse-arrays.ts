import type { HardwareRaid, MdDetail, MultipathMap, ZfsPool } from '../../../domain/facts/disk.ts'
import { splitBlocks } from '../../formats/blocks.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'
import { readArcconf } from './parse-arcconf.ts'
import { readMdadm, withMismatches } from './parse-mdadm.ts'
import { readMegacli } from './parse-megacli.ts'
import { readMultipath } from './parse-multipath.ts'
import { readJsonDocuments } from './parse-raid.ts'
import { readSsacli } from './parse-ssacli.ts'
import { readStorcli } from './parse-storcli.ts'
import { readZpool } from './parse-zpool.ts'

/** Tools end with a status of their own: a refused sudo is told by its words. */
const REFUSED = /a password is required|not allowed to execute|Permission denied/i

const refusedOr = (stderr: string, why: string) =>
  REFUSED.test(stderr.slice(0, 4_000)) ? { absent: 'denied' as const, why } : unparseable(why)

const STORCLI_BLOCKS = ['storcli', 'storcli-drives', 'storcli-rebuild']

/** Returns what each tool that ran says of its controllers. */
export function parseHardwareRaid({ stdout, stderr }: RawSection): Parsed<readonly HardwareRaid[]> {
  const blocks = splitBlocks(stdout)
  const raids = [
    readStorcli(STORCLI_BLOCKS.flatMap((name) => readJsonDocuments(blocks.get(name) ?? ''))),
    readMegacli(blocks.get('megacli') ?? ''),
    readSsacli(blocks.get('ssacli') ?? ''),
    readArcconf(blocks.get('arcconf') ?? ''),
  ].filter((raid) => raid !== null)
  return raids.length > 0 ? { value: raids } : refusedOr(stderr, 'no tool printed a controller')
}

/** Returns the software arrays in detail. */
export function parseMdDetails({ stdout, stderr }: RawSection): Parsed<readonly MdDetail[]> {
  const blocks = splitBlocks(stdout)
  const details = readMdadm(blocks.get('details') ?? '')
  if (details.length === 0) return refusedOr(stderr, 'mdadm printed no array')
  return { value: withMismatches(details, blocks.get('mismatches') ?? '') }
}

/** Returns the ZFS pools. */
export function parseZfsPools({ stdout }: RawSection): Parsed<readonly ZfsPool[]> {
  const pools = readZpool(stdout)
  if (pools.length > 0) return { value: pools }
  return /^no pools available/m.test(stdout)
    ? { absent: 'no_data', why: 'no pools available' }
    : unparseable('zpool printed no pool')
}

/** Returns the multipath maps. */
export function parseMultipathMaps({ stdout, stderr }: RawSection): Parsed<readonly MultipathMap[]> {
  const maps = readMultipath(stdout)
  return maps.length > 0 ? { value: maps } : refusedOr(stderr, 'multipath printed no map')
}
