import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createInstallation, type Installation, runCommand } from '../support/product.ts'

let installation: Installation

before(async () => {
  installation = await createInstallation()
  assert.equal((await runCommand(installation, 'db', 'migrate')).exitCode, 0)
})

after(() => installation.remove())

interface BadFile {
  readonly what: string
  readonly name: string
  readonly content: string
  /** One for each error, in their order: row, field, value and what is allowed. */
  readonly errors: readonly (readonly [line: number, field: string, found: RegExp, allowed: RegExp])[]
}

const WINDOW = '{weekdays: [6], from: "22:00", to: "02:00", time_zone: Mars/Olympus}'

const FILES: readonly BadFile[] = [
  {
    what: 'a CSV with broken rows',
    name: 'broken.csv',
    content: [
      'ip,name,port,transport,thresholds',
      'not-an-ip,a,99999,telnet,',
      '198.51.100.2,b,,,"{""memory_percent"":170}"',
      '198.51.100.3,c',
      '198.51.100.4,"d',
      '',
    ].join('\n'),
    errors: [
      [2, 'ip', /not-an-ip/, /an IPv4 or IPv6 address/],
      [2, 'port', /99999/, /1 to 65535/],
      [2, 'transport', /telnet/, /local or ssh/],
      [3, 'thresholds', /170/, /each 0 to 100/],
      [4, '-', /2 cells/, /5 cells/],
      [5, '-', /198\.51\.100\.4/, /quotes come in pairs/],
    ],
  },
  {
    what: 'a server that is listed twice',
    name: 'twice.csv',
    content: 'ip,name\n198.51.100.1,a\n198.51.100.1,b\n198.51.100.1,c\n',
    errors: [
      [3, 'ip', /198\.51\.100\.1/, /line 2 has it already/],
      [4, 'ip', /198\.51\.100\.1/, /line 2 has it already/],
    ],
  },
  {
    what: 'a loop of jump hosts',
    name: 'ssh_config',
    content:
      'Host a\n  HostName 198.51.100.1\n  ProxyJump b\nHost b\n  HostName 198.51.100.2\n  ProxyJump a\n',
    errors: [
      [1, 'jump_host', /a → b → a/, /do not lead back/],
      [4, 'jump_host', /a → b → a/, /do not lead back/],
    ],
  },
  {
    what: 'a maintenance window that cannot be',
    name: 'window.yaml',
    content: `servers:\n- ip: 198.51.100.1\n  maintenance_windows: [${WINDOW}]\n- ip: 198.51.100.2\n  maintenance_windows: 5\n`,
    errors: [
      [2, 'maintenance_windows', /Mars\/Olympus/, /IANA zone/],
      [4, 'maintenance_windows', /5/, /weekdays/],
    ],
  },
]

const run = async (...args: string[]) => await runCommand(installation, '--lang', 'en', ...args)

/** The rows of the table of problems: line, field, found, allowed. */
const problemRows = (markdown: string): readonly (readonly string[])[] =>
  markdown
    .split('\n')
    .filter((line) => line.startsWith('| ✗ '))
    .map((line) =>
      line.split(/(?<!\\) \| /).map((cell) => cell.replace(/^\| ✗ | \|$/g, '').replaceAll('\\', '')),
    )

for (const { what, name, content, errors } of FILES)
  test(`${what}: every error names row, field, value and what is allowed, and nothing is imported`, async () => {
    const path = join(installation.directory, name)
    writeFileSync(path, content)
    const preview = await run('servers', 'import', '--content-base64', `@${path}`)
    assert.equal(preview.exitCode, 0, preview.stderr)
    const rows = problemRows(preview.stdout)
    assert.deepEqual(
      rows.map(([line, field]) => [Number(line), field]),
      errors.map(([line, field]) => [line, field]),
    )
    for (const [index, [, , found, allowed]] of errors.entries()) {
      assert.match(rows[index]?.[2] ?? '', found)
      assert.match(rows[index]?.[3] ?? '', allowed)
    }
    const refused = await run('servers', 'import', '--content-base64', `@${path}`, '--apply')
    assert.equal(refused.exitCode, 2)
    assert.match(refused.stderr, new RegExp(`has ${errors.length} errors, nothing was imported`))
    for (const [line, , found, allowed] of errors) {
      const told = refused.stderr.split('\n').filter((one) => one.includes(`line ${line}`))
      assert.ok(
        told.some((one) => found.test(one) && allowed.test(one)),
        refused.stderr,
      )
    }
  })

test('the rows without errors are imported when asked; of the files above there is nothing', async () => {
  const path = join(installation.directory, 'mixed.csv')
  writeFileSync(path, 'ip,name\n198.51.100.1,a\n198.51.100.1,b\nnot-an-ip,c\n198.51.100.4,d\n')
  const applied = await run('servers', 'import', '--content-base64', `@${path}`, '--apply', '--skip-broken')
  assert.equal(applied.exitCode, 0, applied.stderr)
  const listed = JSON.parse((await run('servers', 'list', '--json')).stdout)
  assert.deepEqual(
    listed.data.servers.map((server: { ip: string; name: string }) => [server.ip, server.name]),
    [
      ['198.51.100.1', 'a'],
      ['198.51.100.4', 'd'],
    ],
  )
})
