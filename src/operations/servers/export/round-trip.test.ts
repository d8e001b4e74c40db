import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parseInventory } from '../../../collect/inventory/parse-inventory.ts'
import { EMPTY_INVENTORY_FIELDS, type MaintenanceWindow } from '../../../domain/inventory-fields.ts'
import { completeDraft, type InventoryServer, serverKey } from '../../../domain/server.ts'
import { planImport } from '../import/plan-import.ts'
import { exportCsv, exportXlsx, exportYaml } from './export-table.ts'

const AT = new Date('2026-03-01T00:00:00Z')
const NAMES = { credentials: ['root', '运维'], jumpHosts: ['jump1'] }
const CHARACTERS = [...'数据库网关一二㐀\u{20000}aZ09._-=+@\'"; :#&*!|>{}[]%~\\/$']
const word = fc
  .string({ unit: fc.constantFrom(...CHARACTERS), minLength: 1, maxLength: 12 })
  .filter((value) => value.trim() === value)
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const note = fc
  .string({ unit: fc.constantFrom(...CHARACTERS, ',', '\n', '\t', ','), minLength: 1, maxLength: 30 })
  .filter((value) => value.trim() !== '')

const share = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double({ min: 0, max: 100, noNaN: true }))
const mountPoint = fc
  .string({ unit: fc.constantFrom(...CHARACTERS, ',', ' ', '{', '}'), maxLength: 12 })
  .map((path) => `/${path}`)
  .filter((path) => path.trim() === path)
const thresholds = fc
  .record(
    {
      cpuPercent: share,
      memoryPercent: share,
      diskPercent: share,
      networkPercent: share,
      mounts: fc.dictionary(mountPoint, share, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .filter((given) => Object.keys(given).length > 0)
const timeOfDay = fc
  .integer({ min: 0, max: 1439 })
  .map((minute) => new Date(minute * 60_000).toISOString().slice(11, 16))
const window: fc.Arbitrary<MaintenanceWindow> = fc.oneof(
  fc.record(
    {
      weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      from: timeOfDay,
      to: timeOfDay,
      timeZone: fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'UTC'),
    },
    { noNullPrototype: true },
  ),
  fc
    .tuple(
      fc.date({ min: new Date(0), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true }),
      fc.integer({ min: 1, max: 1e9 }),
    )
    .map(([startAt, lengthMs]) => ({ startAt, endAt: new Date(startAt.getTime() + lengthMs) })),
)

const server: fc.Arbitrary<InventoryServer> = fc
  .record({
    bkCloudId: fc.nat(5),
    ip: fc.ipV4(),
    name: word,
    group: orNull(word),
    enabled: fc.boolean(),
    port: orNull(fc.integer({ min: 1, max: 65_535 })),
    credential: orNull(fc.constantFrom(...NAMES.credentials)),
    jumpHost: orNull(fc.constantFrom(...NAMES.jumpHosts)),
    tags: fc.uniqueArray(word, { maxLength: 3 }),
    os: orNull(word),
    role: orNull(word),
    owner: orNull(word),
    serialNumber: orNull(word),
    rack: orNull(word),
    rackUnit: orNull(fc.integer({ min: 1, max: 42 })),
    warrantyEndDay: orNull(fc.constantFrom('2027-02-28', '2028-02-29')),
    note: orNull(note),
    transport: fc.constantFrom('ssh' as const, 'local' as const),
    maintenanceWindows: fc.array(window, { maxLength: 3 }),
    thresholds: orNull(thresholds),
  })
  .map((given) => ({
    ...EMPTY_INVENTORY_FIELDS,
    ...given,
    id: '1',
    registeredAt: AT,
  }))
const fleet = fc.uniqueArray(server, {
  selector: ({ bkCloudId, ip }) => serverKey(bkCloudId, ip),
  minLength: 1,
  maxLength: 4,
})

async function roundTrip(servers: readonly InventoryServer[], file: Buffer): Promise<void> {
  const parsed = await parseInventory(new Uint8Array(file), { maxRows: 100 })
  const plan = planImport(parsed, [], { onExisting: 'update', names: NAMES })
  assert.deepEqual(plan.problems, [])
  assert.deepEqual(
    plan.toAdd.map(({ draft }) => completeDraft(draft, AT)),
    servers.map(({ id: _id, ...rest }) => rest),
  )
  const again = planImport(parsed, servers, { onExisting: 'update', names: NAMES })
  assert.deepEqual([again.unchanged.length, again.toChange, again.toAdd], [servers.length, [], []])
}

describe('export and import', () => {
  const cases = {
    'CSV in UTF-8': (servers: readonly InventoryServer[]) => exportCsv(servers, 'utf-8-bom', 'zh'),
    'CSV in GB18030': (servers: readonly InventoryServer[]) => exportCsv(servers, 'gb18030', 'en'),
    YAML: exportYaml,
    XLSX: (servers: readonly InventoryServer[]) => exportXlsx(servers, 'zh'),
  }
  for (const [name, write] of Object.entries(cases))
    it(`give the same servers: ${name}`, async () =>
      await fc.assert(
        fc.asyncProperty(fleet, async (servers) => {
          await roundTrip(servers, await write(servers))
        }),
        // A sheet takes ten times as long as a text.
        { numRuns: name === 'XLSX' ? 60 : 400 },
      ))

  it('makes formulas harmless', () => {
    const [one] = fc.sample(server, 1)
    assert.ok(one !== undefined)
    const csv = exportCsv(
      [{ ...one, name: '=cmd|calc', owner: '@x', note: "'=1" }],
      'utf-8-bom',
      'en',
    ).toString()
    assert.ok(csv.includes(",'=cmd|calc,") && csv.includes(",'@x,") && csv.includes(",''=1,"))
  })
})
