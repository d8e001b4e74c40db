import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { checkLayers } from './check-layers.ts'
import { checkRegistries } from './check-registries.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const PARTS = ['src', 'bin', 'scripts', 'test', 'package.json', 'tsconfig.json', 'biome.json', '.gitignore']

describe('scaffolding in a copy of the project', () => {
  let copy = ''
  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'scaffold-'))
    for (const part of PARTS) cpSync(join(root, part), join(copy, part), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  })
  after(() => rmSync(copy, { recursive: true, force: true }))

  /** Runs the project's Node in the copy. */
  const node = (...args: string[]) => {
    // The test runner tells its children by NODE_TEST_CONTEXT to report to it; these are runs of their own.
    const { NODE_TEST_CONTEXT: _context, ...env } = process.env
    return spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8', env, timeout: 120_000 })
  }

  const edit = (path: string, change: (source: string) => string) => {
    const before = readFileSync(join(copy, path), 'utf8')
    const changed = change(before)
    assert.notEqual(changed, before, `${path} was not changed`)
    writeFileSync(join(copy, path), changed)
  }

  /** Appends to the end of the object literal `export const NAME = {`. */
  const addEntry = (path: string, name: string, entry: string, importLine: string) =>
    edit(path, (source) => {
      const end = source.indexOf('\n}', source.indexOf(`export const ${name} = {`))
      return `${importLine}\n${source.slice(0, end)}\n${entry}${source.slice(end)}`
    })

  const registryProblems = () => checkRegistries(copy).map(({ message }) => message)

  test('a new service works, is missed until it is registered, and is then on every surface and in the docs', () => {
    const made = node('scripts/new-service.ts', '016', 'inventory_count', '--title-zh', '清单统计')
    assert.equal(made.status, 0, made.stderr)
    assert.deepEqual(registryProblems(), [
      'src/services/service_016_inventory_count is not registered: add one line',
    ])

    const line =
      "export { inventoryCount as service_016_inventory_count } from './service_016_inventory_count/index.ts'"
    assert.ok(made.stdout.includes(line))
    edit('src/services/registry.ts', (source) => `${source}${line}\n`)
    assert.deepEqual(registryProblems(), [])
    assert.deepEqual(checkLayers(copy).violations, [])

    const own = node('--test', 'src/services/service_016_inventory_count/index.test.ts')
    assert.equal(own.status, 0, own.stdout)
    const program = `
      const services = await import('./src/services/registry.ts')
      const { cliOffers } = await import('./src/surfaces/cli/index.ts')
      const { httpOffers } = await import('./src/surfaces/http/index.ts')
      const { mcpOffers } = await import('./src/surfaces/mcp/index.ts')
      const { renderServices } = await import('./scripts/docs/render-services.ts')
      const name = 'service_016_inventory_count'
      const all = new Map(Object.entries(services))
      const surfaces = [cliOffers, httpOffers, mcpOffers].map((offers) => [...offers(all)].includes(name))
      console.log(JSON.stringify([...surfaces, renderServices().includes('016 清单统计')]))`
    const offered = node('--input-type=module', '--eval', program)
    assert.equal(offered.stdout.trim(), '[true,true,true,true]', offered.stderr)
  })

  test('a new probe works and can be made known by three lines', () => {
    const made = node('scripts/new-probe.ts', 'firewall')
    assert.equal(made.status, 0, made.stderr)
    const own = node('--test', 'src/collect/probes/firewall/firewall.test.ts')
    assert.equal(own.status, 0, own.stdout)

    edit('src/domain/inspection.ts', (source) => {
      const withFacts = source.replace(
        /(interface FactsByProbe \{\n)/,
        '$1  readonly firewall: FirewallFacts\n',
      )
      const withName = withFacts.replace(/(PROBE_NAMES = \[)/, "$1'firewall', ")
      return `import type { FirewallFacts } from './facts/firewall.ts'\n${withName}`
    })
    addEntry(
      'src/collect/probes/index.ts',
      'PROBES',
      '  firewall: firewallProbe,',
      "import { firewallProbe } from './firewall/index.ts'",
    )
    assert.deepEqual(checkLayers(copy).violations, [])
  })

  test('what was made passes the type check and the formatter', () => {
    const made = [
      'src/services/service_016_inventory_count',
      'src/collect/probes/firewall',
      'src/domain/facts/firewall.ts',
    ]
    for (const path of made) assert.ok(existsSync(join(copy, path)), path)
    const types = node('node_modules/typescript/bin/tsc', '--project', '.')
    const ofOurs = types.stdout.split('\n').filter((line) => made.some((path) => line.startsWith(path)))
    assert.deepEqual(ofOurs, [])
    const checked = node('node_modules/@biomejs/biome/bin/biome', 'check', ...made)
    assert.equal(checked.status, 0, checked.stdout + checked.stderr)
  })

  const REFUSED: readonly (readonly [args: readonly string[], says: RegExp])[] = [
    [['scripts/new-service.ts'], /number "": three digits/],
    [['scripts/new-service.ts', '16', 'x'], /number "16": three digits from 001 to 999/],
    [
      ['scripts/new-service.ts', '001', 'x'],
      /number 001 is taken by src\/services\/service_001_system_inspection/,
    ],
    [['scripts/new-service.ts', '017', 'Bad-Slug'], /slug "Bad-Slug": up to 40 lower-case letters/],
    [['scripts/new-service.ts', '017', 'system_inspection'], /slug system_inspection is taken by/],
    [['scripts/new-service.ts', '017', 'inspect'], /the command "smart-ops inspect" exists already/],
    [['scripts/new-service.ts', '017', 'delete'], /delete cannot be the name of a constant/],
    [['scripts/new-service.ts', '017', 'x', 'y'], /nothing may follow the slug, found "y"/],
    [['scripts/new-service.ts', '017', 'x', '--title'], /--title/],
    [['scripts/new-probe.ts'], /name "": 2 to 30 lower-case letters/],
    [['scripts/new-probe.ts', 'memory'], /name memory is taken/],
    [['scripts/new-probe.ts', '../x'], /name "\.\.\/x": 2 to 30/],
  ]
  for (const [args, says] of REFUSED)
    test(`refuses ${args.join(' ')}`, () => {
      const refused = node(...args)
      assert.equal(refused.status, 2)
      assert.match(refused.stderr, says)
      assert.match(refused.stderr, /^usage: /m)
    })
})
