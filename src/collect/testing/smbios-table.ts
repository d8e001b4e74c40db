/** One memory device (SMBIOS type 17) of a made-up machine. */
interface SmbiosDevice {
  readonly locator: string
  readonly bank?: string
  /** Index into `arrays`. */
  readonly array: number
  /** Null: no module installed. */
  readonly module: SmbiosModule | null
}

export interface SmbiosModule {
  readonly sizeMegabytes: number
  readonly type: 'DDR3' | 'DDR4' | 'DDR5'
  readonly kind: 'RDIMM' | 'LRDIMM' | 'UDIMM'
  readonly rank: number
  readonly ratedSpeed: number
  readonly configuredSpeed: number
  readonly manufacturer: string
  readonly serialNumber: string
  readonly partNumber: string
  readonly totalWidthBits: number
  /** Minimum, maximum and configured voltage; left out: not known. */
  readonly millivolts?: number
  /** Persistent memory instead of DRAM. */
  readonly persistent?: boolean
}

/** One processor socket (type 4). */
export interface SmbiosProcessor {
  readonly socket: string
  /** Null: nothing in it. */
  readonly installed: {
    readonly version: string
    /** Of family 6. */
    readonly model: number
    readonly stepping: number
    readonly coreCount: number
    readonly threadCount: number
    readonly maximumMegahertz: number
  } | null
}

/** Types 0, 1, 2 and 4 of a made-up machine. */
export interface SmbiosBoard {
  readonly bios: { readonly vendor: string; readonly version: string; readonly date: string }
  readonly system: { readonly manufacturer: string; readonly product: string; readonly serialNumber: string }
  readonly boards: readonly { readonly manufacturer: string; readonly product: string }[]
  readonly processors: readonly SmbiosProcessor[]
}

/** One physical memory array (type 16). */
interface SmbiosArray {
  readonly use: 'System Memory' | 'Flash Memory'
  readonly errorCorrection: 'None' | 'Multi-bit ECC'
  readonly maximumGigabytes: number
}

export interface SmbiosMachine {
  readonly arrays: readonly SmbiosArray[]
  readonly devices: readonly SmbiosDevice[]
  /** Left out: the table lists memory alone. */
  readonly board?: SmbiosBoard
}

const FIRST_ARRAY_HANDLE = 0x1000
const FIRST_DEVICE_HANDLE = 0x1100
const NOT_PROVIDED = 0xfffe

// Codes of DSP0134 3.2, tables 72, 73, 77, 79 (use, error correction, memory type, type detail bits).
const USES = { 'System Memory': 3, 'Flash Memory': 5 } as const
const CORRECTIONS = { None: 3, 'Multi-bit ECC': 6 } as const
const TYPES = { DDR3: 0x18, DDR4: 0x1a, DDR5: 0x22 } as const
const DETAILS = { RDIMM: 0x2080, LRDIMM: 0x8080, UDIMM: 0x4080 } as const

interface Structure {
  readonly type: number
  readonly handle: number
  readonly length: number
}

function structure(header: Structure, fill: (body: Buffer, text: (value: string) => number) => void): Buffer {
  const body = Buffer.alloc(header.length)
  const strings: Buffer[] = []
  body[0] = header.type
  body[1] = header.length
  body.writeUInt16LE(header.handle, 2)
  fill(body, (value) => strings.push(Buffer.from(`${value}\0`, 'latin1')))
  return Buffer.concat([body, ...(strings.length > 0 ? strings : [Buffer.from([0])]), Buffer.from([0])])
}

const arrayStructure = (array: SmbiosArray, index: number, slotCount: number): Buffer =>
  structure({ type: 16, handle: FIRST_ARRAY_HANDLE + index, length: 23 }, (body) => {
    body[4] = 3
    body[5] = USES[array.use]
    body[6] = CORRECTIONS[array.errorCorrection]
    body.writeUInt32LE(0x8000_0000, 7)
    body.writeUInt16LE(NOT_PROVIDED, 11)
    body.writeUInt16LE(slotCount, 13)
    body.writeBigUInt64LE(BigInt(array.maximumGigabytes) * 1024n ** 3n, 15)
  })

function fillModule(body: Buffer, text: (value: string) => number, module: SmbiosModule): void {
  body.writeUInt16LE(module.totalWidthBits, 8)
  body.writeUInt16LE(64, 10)
  const extended = module.sizeMegabytes >= 0x7fff
  body.writeUInt16LE(extended ? 0x7fff : module.sizeMegabytes, 12)
  if (extended) body.writeUInt32LE(module.sizeMegabytes, 28)
  body[14] = 9
  body[18] = TYPES[module.type]
  body.writeUInt16LE(DETAILS[module.kind], 19)
  body.writeUInt16LE(module.ratedSpeed, 21)
  body[23] = text(module.manufacturer)
  body[24] = text(module.serialNumber)
  body[26] = text(module.partNumber)
  body[27] = module.rank
  body.writeUInt16LE(module.configuredSpeed, 32)
  for (const at of [34, 36, 38]) body.writeUInt16LE(module.millivolts ?? 0, at)
  body[40] = module.persistent === true ? 7 : 3
  body.writeUInt16LE(module.persistent === true ? 0x18 : 0x08, 41)
  const sizeBytes = BigInt(module.sizeMegabytes) * 1024n ** 2n
  body.writeBigUInt64LE(module.persistent === true ? sizeBytes : 0n, 52)
  body.writeBigUInt64LE(module.persistent === true ? 0n : sizeBytes, 60)
}

const deviceStructure = (device: SmbiosDevice, index: number): Buffer =>
  structure({ type: 17, handle: FIRST_DEVICE_HANDLE + index, length: 84 }, (body, text) => {
    body.writeUInt16LE(FIRST_ARRAY_HANDLE + device.array, 4)
    body.writeUInt16LE(NOT_PROVIDED, 6)
    body[16] = text(device.locator)
    if (device.bank !== undefined) body[17] = text(device.bank)
    if (device.module !== null) fillModule(body, text, device.module)
    else {
      body.writeUInt16LE(0xffff, 8)
      body.writeUInt16LE(0xffff, 10)
      body[14] = 9
      body[18] = 2
      body.writeUInt16LE(4, 19)
    }
  })

const biosStructure = ({ vendor, version, date }: SmbiosBoard['bios']): Buffer =>
  structure({ type: 0, handle: 0, length: 24 }, (body, text) => {
    body[4] = text(vendor)
    body[5] = text(version)
    body.writeUInt16LE(0xf000, 6)
    body[8] = text(date)
  })

const systemStructure = (system: SmbiosBoard['system']): Buffer =>
  structure({ type: 1, handle: 1, length: 27 }, (body, text) => {
    body[4] = text(system.manufacturer)
    body[5] = text(system.product)
    body[7] = text(system.serialNumber)
    body[24] = 6
  })

const boardStructure = (board: SmbiosBoard['boards'][number], index: number): Buffer =>
  structure({ type: 2, handle: 0x20 + index, length: 15 }, (body, text) => {
    body[4] = text(board.manufacturer)
    body[5] = text(board.product)
    body[13] = 10
  })

const processorStructure = ({ socket, installed }: SmbiosProcessor, index: number): Buffer =>
  structure({ type: 4, handle: 0x40 + index, length: 48 }, (body, text) => {
    body[4] = text(socket)
    body[5] = 3
    if (installed === null) return
    body[6] = 0xb3
    body[7] = text('Intel(R) Corporation')
    const { model, stepping, coreCount, threadCount } = installed
    body.writeUInt32LE(((model >> 4) << 16) | (6 << 8) | ((model & 15) << 4) | stepping, 8)
    body[16] = text(installed.version)
    body.writeUInt16LE(installed.maximumMegahertz, 20)
    body.writeUInt16LE(installed.maximumMegahertz, 22)
    body[24] = 0x41
    for (const at of [26, 28, 30]) body.writeUInt16LE(0xffff, at)
    for (const at of [35, 36]) body[at] = Math.min(coreCount, 0xff)
    body[37] = Math.min(threadCount, 0xff)
    for (const at of [42, 44]) body.writeUInt16LE(coreCount, at)
    body.writeUInt16LE(threadCount, 46)
  })

const boardStructures = (board: SmbiosBoard): readonly Buffer[] => [
  biosStructure(board.bios),
  systemStructure(board.system),
  ...board.boards.map(boardStructure),
  ...board.processors.map(processorStructure),
]

/** The 64-bit entry point (DSP0134 5.2.2) that `dmidecode --from-dump` looks for, with its checksum. */
function entryPoint(tableLength: number): Buffer {
  const entry = Buffer.alloc(32)
  entry.write('_SM3_', 0, 'latin1')
  entry[6] = 24
  entry[7] = 3
  entry[8] = 2
  entry[10] = 1
  entry.writeUInt32LE(tableLength, 12)
  entry.writeBigUInt64LE(32n, 16)
  const sum = entry.subarray(0, 24).reduce((total, byte) => total + byte, 0)
  entry[5] = (256 - (sum & 0xff)) & 0xff
  return entry
}

/** Returns a file for `dmidecode --from-dump`: SMBIOS 3.2 with the machine's types 16 and 17, and 0, 1, 2, 4 where it has a board. */
export function buildSmbiosDump(machine: SmbiosMachine): Buffer {
  const slotsOf = (index: number): number => machine.devices.filter((device) => device.array === index).length
  const table = Buffer.concat([
    ...(machine.board === undefined ? [] : boardStructures(machine.board)),
    ...machine.arrays.map((array, index) => arrayStructure(array, index, slotsOf(index))),
    ...machine.devices.map(deviceStructure),
    structure({ type: 127, handle: 0xfeff, length: 4 }, () => undefined),
  ])
  return Buffer.concat([entryPoint(table.length), table])
}
