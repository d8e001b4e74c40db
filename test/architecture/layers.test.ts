import assert from 'node:assert/strict'
import { globSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { checkLayers } from './check-layers.ts'
import { DEPENDENCY_TABLE } from './dependency-table.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { fileCount, violations } = checkLayers(root)

test('every file keeps to the dependency table and the file rules', () => {
  const lines = violations.map(({ where, rule, message }) => `${where} [${rule}] ${message}`)
  assert.deepEqual(lines, [], `see test/architecture/dependency-table.ts:\n${lines.join('\n')}`)
})

test('the check read every TypeScript file under src and bin', () => {
  const listed = ['src', 'bin'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.ts'),
    ),
  )
  assert.equal(fileCount, listed.length)
  assert.ok(fileCount > 200, `only ${fileCount} files were read`)
})

test('the check sees the imports that are there', () => {
  const imports = globSync('src/services/service_*/index.ts', { cwd: root })
  assert.ok(imports.length >= 6, 'the six first services are among the files')
  const known = new Set(DEPENDENCY_TABLE.map(({ folder }) => folder))
  assert.equal(known.size, DEPENDENCY_TABLE.length, 'a folder stands in the table once')
})

test('src holds folders of the table and nothing beside them', () => {
  const entries = readdirSync(join(root, 'src'), { withFileTypes: true })
  const known = new Set(DEPENDENCY_TABLE.map(({ folder }) => folder))
  const strangers = entries
    .filter((entry) => !entry.isDirectory() || !known.has(entry.name))
    .map(({ name }) => name)
  assert.deepEqual(strangers, [])
})
