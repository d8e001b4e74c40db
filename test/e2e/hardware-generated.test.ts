import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { assessServer } from '../../src/analyse/server/assess-server.ts'
import { buildInput } from '../../src/analyse/testing/build-facts.ts'
import { buildAtaReplay } from '../../src/collect/testing/ata-replay.ts'
import { findTool } from '../../src/collect/testing/find-tool.ts'
import { inspectHere } from '../../src/collect/testing/inspect-here.ts'
import { buildSmbiosDump } from '../../src/collect/testing/smbios-table.ts'
import { stubTools } from '../../src/collect/testing/stub-tools.ts'
import { createLocalTransport } from '../../src/collect/transport/local.ts'
import type { Finding } from '../../src/domain/finding.ts'

/** What is wrong with a made-up server. */
interface Ills {
  readonly driveFails: boolean
  readonly correctedErrors: number
  readonly uncorrectedErrors: number
}

const AGE = { normalised: 100, threshold: 0, prefailure: false }
const LABELS = ['DIMM_A1', 'DIMM_B1'] as const

const replayOf = ({ driveFails }: Ills): string =>
  buildAtaReplay({
    model: 'EXAMPLE HDD 4000',
    serialNumber: 'EX4A0001',
    firmware: 'FW01',
    capacityBytes: 4_000_787_030_016,
    rotationRate: 7_200,
    failing: driveFails,
    attributes: [
      {
        id: 5,
        normalised: driveFails ? 5 : 100,
        threshold: 10,
        raw: driveFails ? 4_000 : 0,
        prefailure: true,
      },
      { id: 9, raw: 12_000, ...AGE },
      { id: 194, raw: 33, ...AGE },
      { id: 197, raw: 0, ...AGE },
    ],
  })

const tableOf = (): Buffer =>
  buildSmbiosDump({
    arrays: [{ use: 'System Memory', errorCorrection: 'Multi-bit ECC', maximumGigabytes: 512 }],
    devices: LABELS.map((locator, index) => ({
      locator,
      array: 0,
      module: {
        sizeMegabytes: 32_768,
        type: 'DDR4',
        kind: 'RDIMM',
        rank: 2,
        ratedSpeed: 3_200,
        configuredSpeed: 3_200,
        manufacturer: 'EXAMPLE',
        serialNumber: `EX00000${index}`,
        partNumber: 'EX-32G-3200',
        totalWidthBits: 72,
      },
    })),
  })

/** One memory controller as the kernel shows it; the ills are those of the second module. */
function writeEdac(controller: string, { correctedErrors, uncorrectedErrors }: Ills): void {
  const write = (folder: string, files: Readonly<Record<string, string | number>>): void => {
    mkdirSync(folder, { recursive: true })
    for (const [name, value] of Object.entries(files)) writeFileSync(join(folder, name), `${value}\n`)
  }
  write(controller, {
    mc_name: 'Example IMC#0',
    ce_count: correctedErrors,
    ue_count: uncorrectedErrors,
    ce_noinfo_count: 0,
    ue_noinfo_count: 0,
  })
  for (const [index, label] of LABELS.entries())
    write(join(controller, `dimm${index}`), {
      dimm_label: label,
      dimm_location: `channel ${index} slot 0`,
      dimm_ce_count: index === 1 ? correctedErrors : 0,
      dimm_ue_count: index === 1 ? uncorrectedErrors : 0,
      dimm_mem_type: 'Registered-DDR4',
      dimm_edac_mode: 'S4ECD4ED',
      size: 32_768,
    })
}

/** The other parts of the folder stay as they are. */
const WITH_EDAC = `set -e
for name in cpu node; do
  [ ! -d "/sys/devices/system/$name" ] || { mkdir -p "$1/$name"; mount --bind "/sys/devices/system/$name" "$1/$name"; }
done
mount --rbind "$1" /sys/devices/system
exec /bin/sh -s`

/** Inspects a made-up server with the real tools and says what is wrong with its memory modules and its drive. */
async function findingsOf(ills: Ills): Promise<readonly Finding[]> {
  const folder = mkdtempSync(join(tmpdir(), 'smart-ops-generated-'))
  try {
    const [table, replay, system] = ['table.bin', 'replay', 'system'].map((name) => join(folder, name))
    assert.ok(table !== undefined && replay !== undefined && system !== undefined)
    writeFileSync(table, tableOf())
    writeFileSync(replay, replayOf(ills))
    writeEdac(join(system, 'edac', 'mc', 'mc0'), ills)
    using tools = stubTools({
      dmidecode: `exec ${findTool('dmidecode')} --from-dump ${table} "$@"`,
      smartctl: `case $* in
  --version) exec ${findTool('smartctl')} --version ;;
  --scan) echo '/dev/sda -d sat # /dev/sda [SAT], ATA device' ;;
  *) exec ${findTool('smartctl')} -j -a - <${replay} ;;
esac`,
    })
    const unshare = ['unshare', '-m', '--propagation', 'private'] as const
    const transport = createLocalTransport({
      shell: [...unshare, '/bin/sh', '-c', WITH_EDAC, 'sh', system],
      path: tools.path,
    })
    const inspection = await inspectHere(transport, ['memory', 'disk'])
    assert.equal(inspection.unreachable, null)
    const { memory, disk } = inspection.facts
    assert.ok(memory?.inventory.status === 'ok' && memory.edac.status === 'ok' && disk?.smart.status === 'ok')
    assert.deepEqual(
      memory.inventory.value.slots.map(({ locator, state }) => [locator, state]),
      LABELS.map((label) => [label, 'populated']),
    )
    assert.deepEqual(
      disk.smart.value.map(({ serialNumber }) => serialNumber),
      ['EX4A0001'],
    )
    return assessServer({ ...buildInput({}), inspection }).findings.filter(
      ({ rule }) => rule.startsWith('memory.ecc') || rule.startsWith('disk.smart'),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const skip =
  process.getuid?.() !== 0
    ? 'needs root for a mount namespace'
    : (['unshare', 'dmidecode', 'smartctl'].find((name) => findTool(name) === null) ?? false)

test('a made-up server that is well: the real dmidecode and smartctl give no finding', { skip }, async () => {
  assert.deepEqual(await findingsOf({ driveFails: false, correctedErrors: 0, uncorrectedErrors: 0 }), [])
})

test('a failing module and a failing drive are named, with their evidence', { skip }, async () => {
  const found = await findingsOf({ driveFails: true, correctedErrors: 20, uncorrectedErrors: 2 })
  const ecc = found.find(({ rule }) => rule === 'memory.ecc_uncorrected')
  assert.ok(ecc !== undefined, JSON.stringify(found.map(({ rule }) => rule)))
  assert.match(`${ecc.id} ${ecc.title.en}`, /DIMM_B1/)
  assert.ok(['critical', 'urgent'].includes(ecc.severity), ecc.severity)
  const drive = found.find(({ rule }) => rule.startsWith('disk.smart'))
  assert.ok(drive !== undefined, JSON.stringify(found.map(({ rule }) => rule)))
  assert.equal(drive.severity, 'critical')
  assert.deepEqual([ecc.evidenceIds, drive.evidenceIds], [['memory.edac'], ['disk.smart']])
})
