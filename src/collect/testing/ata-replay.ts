/** One attribute of a made-up ATA drive. */
interface ReplayAttribute {
  readonly id: number
  /** Normalised, 1–253. */
  readonly normalised: number
  readonly worst?: number
  readonly threshold: number
  readonly raw: number
  /** Pre-failure attributes decide the health; others are of age. */
  readonly prefailure: boolean
}

export interface ReplayDrive {
  readonly model: string
  readonly serialNumber: string
  readonly firmware: string
  readonly capacityBytes: number
  /** 1 means solid state (ATA8-ACS, word 217). */
  readonly rotationRate: number
  /** What SMART RETURN STATUS says. */
  readonly failing: boolean
  readonly attributes: readonly ReplayAttribute[]
}

const SECTOR = 512

function withChecksum(sector: Buffer): Buffer {
  const sum = sector.subarray(0, SECTOR - 1).reduce((total, byte) => total + byte, 0)
  sector[SECTOR - 1] = (256 - (sum & 0xff)) & 0xff
  return sector
}

/** ATA texts have the two bytes of each word swapped. */
function writeSwapped(sector: Buffer, word: number, length: number, value: string): void {
  const padded = value.padEnd(length).slice(0, length)
  for (let at = 0; at < length; at += 2) {
    sector[word * 2 + at] = padded.charCodeAt(at + 1)
    sector[word * 2 + at + 1] = padded.charCodeAt(at)
  }
}

/** Words of IDENTIFY DEVICE that make a SATA drive with SMART (ATA8-ACS, table 22). */
const IDENTIFY_WORDS: readonly (readonly [word: number, value: number])[] = [
  [0, 0x0040],
  [47, 0x8010],
  [49, 0x2f00],
  [50, 0x4000],
  [53, 7],
  [60, 0xffff],
  [61, 0x0fff],
  [75, 31],
  [76, 0x850e],
  [80, 0x0ff8],
  [81, 0x6d],
  [82, 0x346b],
  [83, 0x7d61],
  [84, 0x6163],
  [85, 0x3469],
  [86, 0xbc41],
  [87, 0x6163],
  [88, 0x407f],
  [106, 0x6003],
  [222, 0x1080],
]

function identify(drive: ReplayDrive): Buffer {
  const sector = Buffer.alloc(SECTOR)
  for (const [word, value] of IDENTIFY_WORDS) sector.writeUInt16LE(value, word * 2)
  writeSwapped(sector, 10, 20, drive.serialNumber.padStart(20))
  writeSwapped(sector, 23, 8, drive.firmware)
  writeSwapped(sector, 27, 40, drive.model)
  sector.writeBigUInt64LE(BigInt(drive.capacityBytes) / 512n, 200)
  sector.writeUInt16LE(drive.rotationRate, 217 * 2)
  sector[510] = 0xa5
  return withChecksum(sector)
}

/** SMART READ DATA and READ THRESHOLDS: 30 rows of 12 bytes from byte 2. */
function smartTables(drive: ReplayDrive): { readonly values: Buffer; readonly thresholds: Buffer } {
  const values = Buffer.alloc(SECTOR)
  const thresholds = Buffer.alloc(SECTOR)
  values.writeUInt16LE(16, 0)
  thresholds.writeUInt16LE(16, 0)
  for (const [index, row] of drive.attributes.entries()) {
    const start = 2 + 12 * index
    values[start] = row.id
    values.writeUInt16LE(row.prefailure ? 0x33 : 0x32, start + 1)
    values[start + 3] = row.normalised
    values[start + 4] = row.worst ?? row.normalised
    values.writeUIntLE(row.raw, start + 5, 6)
    thresholds[start] = row.id
    thresholds[start + 1] = row.threshold
  }
  return { values: withChecksum(values), thresholds: withChecksum(thresholds) }
}

function hexDump(sector: Buffer): string {
  const rows = Array.from({ length: 32 }, (_unused, row) => {
    const bytes = [...sector.subarray(row * 16, row * 16 + 16)].map((byte) =>
      byte.toString(16).padStart(2, '0'),
    )
    const [first, last] = [row * 16, row * 16 + 15].map((at) => String(at).padStart(3, '0'))
    return `${first}-${last}: ${bytes.join(' ')}\n`
  })
  return rows.join('')
}

function answer(command: string, sector: Buffer | null, returned = 0): string {
  const data =
    sector === null
      ? ''
      : `\n===== [${command}] DATA START (BASE-16) =====\n${hexDump(sector)}===== [${command}] DATA END (512 Bytes) =====\n`
  return (
    `\nREPORT-IOCTL: Device=replay Command=${command}\n` +
    `REPORT-IOCTL: Device=replay Command=${command} returned ${returned}\n${data}`
  )
}

/** Returns what `smartctl -j -i -H -A -` reads on stdin: it then prints genuine JSON about this drive. */
export function buildAtaReplay(drive: ReplayDrive): string {
  const { values, thresholds } = smartTables(drive)
  return [
    answer('IDENTIFY DEVICE', identify(drive)),
    answer('SMART STATUS', null),
    answer('SMART READ ATTRIBUTE VALUES', values),
    answer('SMART READ ATTRIBUTE THRESHOLDS', thresholds),
    answer('SMART STATUS CHECK', null, drive.failing ? 1 : 0),
  ].join('')
}
