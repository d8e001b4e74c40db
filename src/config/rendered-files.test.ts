import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { CONFIG_KEYS, SECTIONS } from './key-list.ts'
import { loadConfig } from './load-config.ts'
import { renderConfigDocs } from './render-config-docs.ts'
import { renderExampleYaml } from './render-example-yaml.ts'
import { SECTION_TEXTS } from './schema.ts'

const committed = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const load = (yaml: string) =>
  loadConfig({ env: { SMART_OPS_CONFIG: 'x.yaml' }, cwd: '/srv', readFile: () => Buffer.from(yaml) })

describe('config/smart-ops.example.yaml', () => {
  it('is what the schema gives', () => {
    assert.equal(committed('config/smart-ops.example.yaml'), renderExampleYaml())
  })

  it('loads as it is and means the defaults', () => {
    const { effective, ...example } = load(committed('config/smart-ops.example.yaml'))
    const { effective: byDefault, ...defaults } = load('')
    assert.deepEqual(example, defaults)
    assert.deepEqual(
      effective.map(({ keyPath, value }) => [keyPath, value]),
      byDefault.map(({ keyPath, value }) => [keyPath, value]),
    )
  })

  it('explains every key, and its commented lines load when switched on', () => {
    const yaml = renderExampleYaml()
    for (const key of CONFIG_KEYS) {
      assert.ok(new RegExp(`^ *(?:# +)?${key.path.at(-1)}: `, 'm').test(yaml), key.keyPath)
      assert.ok(
        (key.variable === null || yaml.includes(key.variable)) &&
          yaml.includes(key.description.zh) &&
          yaml.includes(key.description.en),
      )
    }
    const switchedOn = yaml
      .replace(/^( *)# ([a-z_]+: \S+)$/gm, '$1$2')
      .replace(/^ *(?:sqlite|credential): .*\n/gm, '')
    const config = load(switchedOn)
    assert.equal(config.database.kind, 'mysql')
    assert.equal(config.timeZone, 'Asia/Shanghai')
    assert.notEqual(config.mcp.token, null)
  })

  it('shows entries of mappings that load', () => {
    const shown = (section: string): string =>
      (renderExampleYaml().split(`\n${section}:\n`)[1] ?? '')
        .split(/^# ----/m)[0]
        ?.split('\n')
        .filter((line) => /^ {2}# {3}/.test(line))
        .map((line) => line.replace('# ', ''))
        .join('\n') ?? ''
    const ssh = shown('ssh').replace(/^ +via: outer\n?/m, '')
    const config = load(`ssh:\n${ssh}\nmetrics:\n${shown('metrics')}\n`)
    assert.equal(config.ssh.credentials.get('fleet')?.user, 'ops')
    assert.equal(config.ssh.jumpHosts.get('inner')?.credential, 'fleet')
    assert.deepEqual([...config.metrics.groups], [['web', null]])
  })
})

describe('docs/config.md', () => {
  it('is what the schema gives', () => {
    assert.equal(committed('docs/config.md'), renderConfigDocs())
  })

  it('has one row for every key', () => {
    const rows = renderConfigDocs().split('\n')
    for (const key of CONFIG_KEYS)
      assert.equal(rows.filter((row) => row.startsWith(`| \`${key.keyPath}\` |`)).length, 1, key.keyPath)
  })

  it('titles every section', () => {
    assert.deepEqual(Object.keys(SECTION_TEXTS), [...SECTIONS])
  })
})
