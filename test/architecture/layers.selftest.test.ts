import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { checkLayers } from './check-layers.ts'
import { checkRegistries } from './check-registries.ts'

/** A small house that keeps every rule. */
const SOUND = {
  'src/domain/word.ts': 'export const word = 1\n',
  'src/lib/clock.ts': 'export const now = () => new Date()\n',
  'src/config/load.ts': 'export const load = () => process.env\n',
  'src/collect/read.ts': "import { readFileSync } from 'node:fs'\nexport const read = readFileSync\n",
  'src/collect/probes/registry.ts':
    "import { disk } from './disk/index.ts'\nexport const probes = { disk }\n",
  'src/collect/probes/disk/index.ts': "import { read } from '../../read.ts'\nexport const disk = read\n",
  'src/collect/probes/system/index.ts': 'export const system = 1\n',
  'src/store/store.ts': 'export interface Store { readonly x: number }\n',
  'src/analyse/rule.ts': "import { word } from '../domain/word.ts'\nexport const rule = word\n",
  'src/report/page.ts':
    'export const page = (process: { env: string }, at: Date) => process.env + new Date(at)\n',
  'src/report/render/pdf.ts':
    "import { page } from '../page.ts'\nimport 'node:fs'\nexport const pdf = page\n",
  'src/pipeline/flow.ts':
    "export { read } from '../collect/read.ts'\nexport { rule } from '../analyse/rule.ts'\n",
  'src/services/service-definition.ts': 'export const defineService = (x: unknown) => x\n',
  'src/services/registry.ts': "export { a as service_001_a } from './service_001_a/index.ts'\n",
  'src/services/service_001_a/index.ts': "export { rule as a } from '../../pipeline/flow.ts'\n",
  'src/operations/registry.ts': "export { show as runs_show } from './runs/show.ts'\n",
  'src/operations/runs/show.ts':
    "import { defineService as defineOperation } from '../../services/service-definition.ts'\nexport const show = defineOperation(1)\n",
  'src/surfaces/cli/main.ts':
    "import * as services from '../../services/registry.ts'\nexport const cli = services\n",
  'src/surfaces/http/main.ts': 'export const http = 1\n',
  'src/app/start.ts': "export const start = async () => await import('../surfaces/cli/main.ts')\n",
  'bin/cli.ts': "import { start } from '../src/app/start.ts'\nawait start()\n",
}

/** Returns the rules that a house with these files on top of the sound one breaks, as `rule path`. */
function rulesBroken(files: Readonly<Record<string, string>>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'architecture-'))
  try {
    for (const [path, source] of Object.entries({ ...SOUND, ...files })) {
      mkdirSync(join(root, dirname(path)), { recursive: true })
      writeFileSync(join(root, path), source)
    }
    const found = [...checkLayers(root).violations, ...checkRegistries(root)]
    return found.map(({ rule, where }) => `${rule} ${where.replace(/:\d+$/, '')}`)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

test('a sound house breaks nothing', () => {
  assert.deepEqual(rulesBroken({}), [])
})

const SPELLINGS = {
  'a plain import': "import { read } from '../collect/read.ts'\nexport const x = read\n",
  'an import over several lines':
    "import {\n  read,\n} from\n  '../collect/read.ts'\nexport const x = read\n",
  'a type import': "import type { read } from '../collect/read.ts'\nexport type X = typeof read\n",
  'an import for its effect': "import '../collect/read.ts'\n",
  're-exporting names': "export { read } from '../collect/read.ts'\n",
  're-exporting everything': "export * from '../collect/read.ts'\n",
  'a dynamic import': "export const x = async () => await import('../collect/read.ts')\n",
  'a dynamic import of a template': 'export const x = async () => await import(`../collect/read.ts`)\n',
  'an import type': "export type X = import('../collect/read.ts').Read\n",
  'a worker file': "export const x = new URL('../collect/read.ts', import.meta.url)\n",
  'a file beside a comment':
    "/* import x from 'y' */ import { read } from '../collect/read.ts' // no\nexport const x = read\n",
}

for (const [spelling, source] of Object.entries(SPELLINGS))
  test(`a stage that imports another stage is found: ${spelling}`, () => {
    assert.deepEqual(rulesBroken({ 'src/analyse/bad.ts': source }), ['layer src/analyse/bad.ts'])
  })

test('what only looks like an import is let be', () => {
  const source = `// import { read } from '../collect/read.ts'\n/* export * from '../store/store.ts' */
export const text = "import { read } from '../collect/read.ts'"\nexport const more = \`import('../collect/read.ts')\`\n`
  assert.deepEqual(rulesBroken({ 'src/analyse/fine.ts': source }), [])
})

const PLANTED: Readonly<Record<string, readonly [path: string, source: string, rule: string]>> = {
  'a sibling service': [
    'src/services/service_001_a/b.ts',
    "import '../registry.ts'\n",
    'sibling src/services/service_001_a/b.ts',
  ],
  'a sibling probe': [
    'src/collect/probes/disk/b.ts',
    "import '../system/index.ts'\n",
    'sibling src/collect/probes/disk/b.ts',
  ],
  'a sibling surface': [
    'src/surfaces/cli/b.ts',
    "import '../http/main.ts'\n",
    'sibling src/surfaces/cli/b.ts',
  ],
  'a service that reaches into the store': [
    'src/services/service_001_a/b.ts',
    "import type { Store } from '../../store/store.ts'\nexport type X = Store\n",
    'layer src/services/service_001_a/b.ts',
  ],
  'an operation that calls a service': [
    'src/operations/runs/b.ts',
    "import '../../services/service_001_a/index.ts'\n",
    'layer src/operations/runs/b.ts',
  ],
  'a surface that reaches past the door': [
    'src/surfaces/cli/b.ts',
    "import '../../pipeline/flow.ts'\n",
    'layer src/surfaces/cli/b.ts',
  ],
  'a pure report that imports the renderer': [
    'src/report/b.ts',
    "import './render/pdf.ts'\n",
    'layer src/report/b.ts',
  ],
  'bin that reaches past app': ['bin/b.ts', "import '../src/surfaces/cli/main.ts'\n", 'layer bin/b.ts'],
  'an import out of src': ['src/app/b.ts', "import '../../test/x.ts'\n", 'unresolved src/app/b.ts'],
  'a Node module in a pure folder': ['src/analyse/b.ts', "import 'node:fs'\n", 'pure src/analyse/b.ts'],
  'a Node module by its old name': ['src/analyse/b.ts', "import 'fs/promises'\n", 'pure src/analyse/b.ts'],
  'a package in domain': ['src/domain/b.ts', "import 'zod'\n", 'pure src/domain/b.ts'],
  'the clock in a pure folder': ['src/decide/b.ts', 'export const x = Date.now()\n', 'pure src/decide/b.ts'],
  'the clock as a new date': ['src/report/b.ts', 'export const x = new Date()\n', 'pure src/report/b.ts'],
  'chance in a pure folder': ['src/plan/b.ts', 'export const x = Math.random()\n', 'pure src/plan/b.ts'],
  'the process in a pure folder': [
    'src/domain/b.ts',
    'export const x = process.pid\n',
    'pure src/domain/b.ts',
  ],
  'the network in a pure folder': [
    'src/analyse/b.ts',
    "export const x = fetch('x')\n",
    'pure src/analyse/b.ts',
  ],
  'the environment outside config': [
    'src/collect/b.ts',
    "export const x = process['env']['HOME']\n",
    'process src/collect/b.ts',
  ],
  'leaving the process from a surface': [
    'src/surfaces/cli/b.ts',
    'process.exit(1)\n',
    'process src/surfaces/cli/b.ts',
  ],
  'a dynamic import of a computed name': [
    'src/app/b.ts',
    'export const x = (n: string) => import(n)\n',
    'dynamic_import src/app/b.ts',
  ],
  'a require made by hand': [
    'src/app/b.ts',
    "import { createRequire } from 'node:module'\nexport const x = createRequire\n",
    'dynamic_import src/app/b.ts',
  ],
  'a folder that the table does not know': [
    'src/common/b.ts',
    'export const x = 1\n',
    'unknown_folder src/common/b.ts',
  ],
  'a file directly in src': ['src/b.ts', 'export const x = 1\n', 'unknown_folder src/b.ts'],
  'a default export': ['src/app/b.ts', 'export default 1\n', 'default_export src/app/b.ts'],
  'a file that is too long': ['src/app/b.ts', 'export const x = 1\n\n'.repeat(201), 'lines src/app/b.ts'],
  'an unregistered service': [
    'src/services/service_016_scratch/index.ts',
    'export const scratch = 1\n',
    'registry src/services/registry.ts',
  ],
  'an unregistered operation': [
    'src/operations/runs/drop.ts',
    "import { defineService as defineOperation } from '../../services/service-definition.ts'\nexport const drop = defineOperation(1)\n",
    'registry src/operations/registry.ts',
  ],
  'a service folder without a number': [
    'src/services/scratch/index.ts',
    'export const scratch = 1\n',
    'registry src/services/scratch',
  ],
  'a registered service without a folder': [
    'src/services/registry.ts',
    "export { a as service_001_a, a as service_002_b } from './service_001_a/index.ts'\n",
    'registry src/services/registry.ts',
  ],
}

for (const [name, [path, source, rule]] of Object.entries(PLANTED))
  test(`goes red on ${name}`, () => {
    assert.ok(
      rulesBroken({ [path]: source }).includes(rule),
      `${rule} is not in ${rulesBroken({ [path]: source })}`,
    )
  })

test('tests may import across folders, yet not be of any length', () => {
  const crossing = "import '../store/store.ts'\nimport 'node:fs'\n"
  assert.deepEqual(
    rulesBroken({ 'src/analyse/a.test.ts': crossing, 'src/analyse/testing/a.ts': crossing }),
    [],
  )
  const long = 'export const x = 1\n'.repeat(801)
  assert.deepEqual(rulesBroken({ 'src/analyse/a.test.ts': long }), ['lines src/analyse/a.test.ts'])
})

test('a file that does not parse is an error, not a pass', () => {
  assert.throws(() => rulesBroken({ 'src/app/b.ts': 'export const = 1\n' }), /src\/app\/b\.ts does not parse/)
})
