import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import writeXlsxFile from 'write-excel-file/node'
import { expandHostRange } from './expand-host-range.ts'
import { parseInventory } from './parse-inventory.ts'
import { INVENTORY_FORMATS } from './parsed-inventory.ts'

const RUNS = 2000
/** Generous: a case takes well under a millisecond, and two cores may be shared. */
const MOST_MS = 2000

/** Pieces that mean something to one of the formats, so that fuzzing gets past their first line. */
const piece = fc.constantFrom(
  'ip',
  'name',
  '内网IP',
  ',',
  ';',
  '\t',
  '"',
  '""',
  '\n',
  '\r\n',
  '\r',
  ' ',
  '  ',
  '192.0.2.1',
  '2001:db8::1',
  ':',
  '- ',
  'servers:',
  'all:',
  'hosts:',
  'children:',
  'vars:',
  '&a ',
  '*a',
  '{',
  '}',
  '[',
  ']',
  '[web]',
  '[web:children]',
  '[web:vars]',
  'web[01:03]',
  'ansible_host=',
  "'",
  '#',
  '=',
  '\\',
  'Host ',
  'HostName ',
  'ProxyJump ',
  'Match exec "x"',
  '*',
  '!',
  '?',
  '\0',
  '\ufeff',
  '数据库',
  '!!js/function',
  '? ',
  '|',
  '>',
  '%',
  '---',
  '...',
  '<<: ',
)
const content = fc.array(fc.oneof({ weight: 6, arbitrary: piece }, fc.string({ maxLength: 8 })), {
  maxLength: 60,
})

async function parseInTime(
  bytes: Uint8Array,
  format: (typeof INVENTORY_FORMATS)[number] | undefined,
): Promise<void> {
  const startedAt = performance.now()
  const parsed = await parseInventory(bytes, { format, maxRows: 100 })
  assert.ok(performance.now() - startedAt < MOST_MS)
  assert.ok(parsed.rows.length <= 100)
  for (const row of parsed.rows)
    for (const value of Object.values(row.fields)) assert.ok(!value.includes('\0') && value !== '')
}

describe('any content', () => {
  for (const format of [...INVENTORY_FORMATS, undefined])
    it(`never breaks the reader: ${format ?? 'sniffed'}`, async () =>
      await fc.assert(
        fc.asyncProperty(content, async (pieces) => {
          await parseInTime(new TextEncoder().encode(pieces.join('')), format)
        }),
        { numRuns: RUNS },
      ))

  it('never breaks the reader: bytes', async () =>
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...INVENTORY_FORMATS), parseInTime),
      { numRuns: RUNS },
    ))

  it('never breaks the reader: XLSX files with damage', async () => {
    const whole = await writeXlsxFile(
      [
        ['ip', 'name'],
        ['192.0.2.1', 'a'],
      ].map((row) => row.map((value) => ({ value, type: String }))),
    ).toBuffer()
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(whole.length), async (changes, cut) => {
        const bytes = Uint8Array.from(whole)
        for (const [at, value] of changes) bytes[at] = value
        await parseInTime(bytes, 'xlsx')
        await parseInTime(bytes.subarray(0, cut), 'xlsx')
      }),
      { numRuns: RUNS },
    )
  })
})

describe('linear time', () => {
  /** CPU time in ms, so that a busy machine does not decide. */
  const timeOf = async (source: string, format: (typeof INVENTORY_FORMATS)[number]): Promise<number> => {
    const bytes = new TextEncoder().encode(source)
    const before = process.threadCpuUsage()
    await parseInventory(bytes, { format, maxRows: 20_000 })
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1000
  }
  const hostile: readonly (readonly [string, (typeof INVENTORY_FORMATS)[number], string])[] = [
    ['open quotes', 'csv', `ip,name\n${'"a\n'.repeat(300_000)}`],
    ['quotes alone', 'csv', `ip\n${'"'.repeat(2_000_000)}`],
    ['brackets', 'ansible_ini', `[web]\n${'web[1:2]'.repeat(2000)}\n${'['.repeat(1_000_000)}`],
    ['stars', 'ssh_config', `Host ${'*a'.repeat(4000)}\nHost ${'a'.repeat(9000)}\n`],
    ['nested flow', 'yaml', '['.repeat(200_000)],
    [
      'many keys',
      'yaml',
      `servers:\n- {${Array.from({ length: 50_000 }, (_, at) => `k${at}: 1`).join(', ')}}`,
    ],
  ]
  for (const [name, format, source] of hostile)
    it(`is bounded: ${name}`, async () => assert.ok((await timeOf(source, format)) < 5000))

  it('expands ranges of Ansible, and no more than asked for', () => {
    assert.deepEqual(expandHostRange('db[a:c]-[08:10:2]', 10), [
      'dba-08',
      'dba-10',
      'dbb-08',
      'dbb-10',
      'dbc-08',
      'dbc-10',
    ])
    assert.equal(expandHostRange('x[1:11]', 10), null)
    assert.equal(expandHostRange('x[1:9][1:9]', 10), null)
    assert.equal(expandHostRange('x[3:1]', 10), null)
  })
})
