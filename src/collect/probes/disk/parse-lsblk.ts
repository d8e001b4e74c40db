import type { BlockDevice } from '../../../domain/facts/disk.ts'
import { parseCount } from '../../formats/count.ts'
import { linesOf } from '../../formats/lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'

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

/** Returns the block devices of `lsblk -P -b` (util-linux 2.17 and later), those without a size left out. */
export function parseLsblk({ stdout }: RawSection): Parsed<readonly BlockDevice[]> {
  const devices = linesOf(stdout).flatMap((line): readonly BlockDevice[] => {
    const values = new Map(
      [...line.matchAll(PAIR)].map((match) => [match[1], unescapeHex(match[2] ?? '').trim()]),
    )
    const name = values.get('NAME')
    const sizeBytes = parseCount(values.get('SIZE'))
    if (!name || sizeBytes === null) return []
    const rotational = values.get('ROTA')
    const read = (key: string): string | null => values.get(key) || null
    return [
      {
        name,
        parentName: read('PKNAME'),
        type: read('TYPE') ?? 'unknown',
        sizeBytes,
        rotational: rotational === '1' ? true : rotational === '0' ? false : null,
        model: read('MODEL'),
        serialNumber: read('SERIAL'),
        filesystemType: read('FSTYPE'),
        mount: read('MOUNTPOINT'),
      },
    ]
  })
  if (devices.length === 0) return unparseable('lsblk printed no line with NAME and SIZE')
  return { value: devices.filter((device) => device.sizeBytes > 0) }
}
