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
}

const deviceStructure = (device: SmbiosDevice, index: number): Buffer =>
  structure({ type: 17, handle: FIRST_DEVICE_HANDLE + index, length: 40 }, (body, text) => {
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

/** Returns a file for `dmidecode --from-dump`: SMBIOS 3.2 with the machine's types 16 and 17. */
export function buildSmbiosDump(machine: SmbiosMachine): Buffer {
  const slotsOf = (index: number): number => machine.devices.filter((device) => device.array === index).length
  const table = Buffer.concat([
    ...machine.arrays.map((array, index) => arrayStructure(array, index, slotsOf(index))),
    ...machine.devices.map(deviceStructure),
    structure({ type: 127, handle: 0xfeff, length: 4 }, () => undefined),
  ])
  return Buffer.concat([entryPoint(table.length), table])
}
