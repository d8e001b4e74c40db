import type { BlockDevice } from '../../../domain/facts/disk.ts'
import { parseCount } from '../../formats/count.ts'
import { linesOf } from '../../formats/lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'
import { at } from './json-path.ts'

/** `KEY="value"`; newer versions write `MAJ_MIN` for `MAJ:MIN`. A quote inside a value is printed as \x22. */
const PAIR = /([A-Z][A-Z_:0-9-]{0,30})="([^"]{0,1024})"/g

/** lsblk writes bytes that are not printable, and quotes and backslashes, as \xNN of UTF-8. */
function unescapeHex(value: string): string {
  if (!value.includes('\\x')) return value
  const latin = value.replaceAll(/\\x([0-9a-fA-F]{2})/g, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
  return Buffer.from(latin, 'latin1').toString('utf8')
}

type Reader = (key: string) => string | null

function deviceOf(read: Reader): BlockDevice | null {
  const name = read('NAME')
  const sizeBytes = parseCount(read('SIZE') ?? undefined)
  if (name === null || sizeBytes === null) return null
  const rotational = read('ROTA')
  return {
    name,
    parentName: read('PKNAME'),
    type: read('TYPE') ?? 'unknown',
    sizeBytes,
    rotational:
      rotational === '1' || rotational === 'true'
        ? true
        : rotational === '0' || rotational === 'false'
          ? false
          : null,
    model: read('MODEL'),
    serialNumber: read('SERIAL'),
    filesystemType: read('FSTYPE'),
    mount: read('MOUNTPOINT'),
  }
}

function readPairs(stdout: string): readonly BlockDevice[] {
  return linesOf(stdout).flatMap((line) => {
    const values = new Map(
      [...line.matchAll(PAIR)].map((match) => [match[1], unescapeHex(match[2] ?? '').trim()]),
    )
    return deviceOf((key) => values.get(key) || null) ?? []
  })
}

/** Trees of devices are shallow (disk, RAID, LVM, crypt): deeper nesting is not lsblk's. */
const MAX_DEPTH = 20

function readTree(devices: unknown, parent: string | null, depth: number): readonly BlockDevice[] {
  if (!Array.isArray(devices) || depth > MAX_DEPTH) return []
  return devices.flatMap((one: unknown): readonly BlockDevice[] => {
    const read: Reader = (key) => {
      const value = at(one, key.toLowerCase())
      const words =
        typeof value === 'string' ? value.trim() : typeof value === 'object' ? '' : String(value ?? '')
      return words === '' ? (key === 'PKNAME' ? parent : null) : words
    }
    const device = deviceOf(read)
    return [
      ...(device === null ? [] : [device]),
      ...readTree(at(one, 'children'), device?.name ?? parent, depth + 1),
    ]
  })
}

function readJson(stdout: string): readonly BlockDevice[] {
  try {
    return readTree(at(JSON.parse(stdout), 'blockdevices'), null, 0)
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
}

/** Returns the block devices of `lsblk -P -b` (util-linux 2.17 and later) or `lsblk -J -b` (2.27), those without a size left out. */
export function parseLsblk({ stdout }: RawSection): Parsed<readonly BlockDevice[]> {
  const devices = stdout.trimStart().startsWith('{') ? readJson(stdout) : readPairs(stdout)
  if (devices.length === 0) return unparseable('lsblk printed no device with a name and a size in bytes')
  return { value: devices.filter((device) => device.sizeBytes > 0) }
}
