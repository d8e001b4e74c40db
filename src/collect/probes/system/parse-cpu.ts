import type { CpuFacts } from '../../../domain/facts/system.ts'
import { splitBlocks } from '../../formats/blocks.ts'
import { parseCount, parseDecimal } from '../../formats/count.ts'
import { linesOf, splitPair } from '../../formats/lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'

interface Layout {
  readonly sockets: ReadonlySet<string>
  readonly cores: ReadonlySet<string>
}

interface CpuInfo extends Layout {
  readonly logicalCount: number
  readonly modelName: string | null
}

/** Reads the lines of /proc/cpuinfo. x86 names sockets and cores; ARM names neither, often not even the model. */
function readCpuinfo(text: string): CpuInfo {
  const sockets = new Set<string>()
  const cores = new Set<string>()
  const models = new Map<string, string>()
  let logicalCount = 0
  let socket = ''
  for (const line of linesOf(text)) {
    const pair = splitPair(line, ':')
    if (pair === null) continue
    const [key, value] = pair
    if (key === 'processor' && parseCount(value) !== null) {
      logicalCount += 1
      socket = ''
    } else if (key === 'physical id') {
      socket = value
      sockets.add(value)
    } else if (key === 'core id' && socket !== '') cores.add(`${socket}:${value}`)
    else if (value !== '' && !models.has(key.toLowerCase())) models.set(key.toLowerCase(), value)
  }
  const modelName =
    models.get('model name') ?? models.get('cpu model') ?? models.get('cpu') ?? models.get('hardware') ?? null
  return { sockets, cores, logicalCount, modelName }
}

/** Reads `package core` per logical CPU; -1 is the kernel's "not known". */
function readTopology(text: string): Layout & { readonly logicalCount: number } {
  const rows = linesOf(text)
    .map((line) => line.split(' '))
    .filter(([socket]) => parseCount(socket) !== null)
  return {
    logicalCount: rows.length,
    sockets: new Set(rows.map(([socket]) => socket ?? '')),
    cores: new Set(
      rows.filter(([, core]) => parseCount(core) !== null).map(([socket, core]) => `${socket}:${core}`),
    ),
  }
}

type Pairs = ReadonlyMap<string, string>

const readPairs = (text: string | undefined): Pairs =>
  new Map(linesOf(text ?? '').flatMap((line) => [splitPair(line, ':') ?? ['', '']]))

/** x86 only: ARM prints `CPU part` and the like instead. */
function signatureOf(identity: Pairs): CpuFacts['signature'] {
  const [family, model, stepping] = ['cpu family', 'model', 'stepping'].map((name) =>
    parseCount(identity.get(name)),
  )
  return family == null || model == null || stepping == null ? null : { family, model, stepping }
}

/** The kernel counts in kHz, lscpu in MHz with decimals; virtual machines have neither. */
function maximumMegahertzOf(frequency: string | undefined, lscpu: Pairs): number | null {
  const kilohertz = parseCount((frequency ?? '').trim())
  if (kilohertz !== null && kilohertz > 0) return Math.round(kilohertz / 1000)
  const megahertz = parseDecimal(lscpu.get('CPU max MHz'))
  return megahertz === null || megahertz <= 0 ? null : Math.round(megahertz)
}

const sizeOrNull = (set: ReadonlySet<string>): number | null => (set.size > 0 ? set.size : null)

/** Returns the CPUs: sockets by distinct physical id, cores by distinct (physical id, core id). */
export function parseCpu({ stdout }: RawSection): Parsed<CpuFacts> {
  const blocks = splitBlocks(stdout)
  const info = readCpuinfo(blocks.get('cpuinfo') ?? '')
  const topology = readTopology(blocks.get('topology') ?? '')
  const identity = readPairs(blocks.get('identity'))
  const lscpu = readPairs(blocks.get('lscpu'))
  const nodes = linesOf(blocks.get('nodes') ?? '').filter((line) => /^node\d{1,5}$/.test(line))
  const logicalCount = info.logicalCount || topology.logicalCount
  if (logicalCount === 0) return unparseable('/proc/cpuinfo lists no processor')
  const socketCount =
    sizeOrNull(info.sockets) ?? sizeOrNull(topology.sockets) ?? parseCount(lscpu.get('Socket(s)'))
  return {
    value: {
      modelName: info.modelName ?? (lscpu.get('Model name') || null),
      socketCount,
      coreCount: sizeOrNull(info.cores) ?? sizeOrNull(topology.cores),
      logicalCount,
      vendor: identity.get('vendor_id') || lscpu.get('Vendor ID') || null,
      signature: signatureOf(identity),
      numaNodeCount: nodes.length === 0 ? null : nodes.length,
      maximumMegahertz: maximumMegahertzOf(blocks.get('frequency'), lscpu),
    },
  }
}
