import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

type Versions = Readonly<Record<string, string>>
interface LockEntry {
  readonly version?: string
  readonly resolved?: string
  readonly dependencies?: Versions
  readonly devDependencies?: Versions
  readonly optionalDependencies?: Versions
  readonly integrity?: string
  readonly os?: readonly string[]
}
interface Lockfile {
  readonly packages: Readonly<Record<string, LockEntry>>
}

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const manifest: { dependencies: Versions; devDependencies: Versions; allowScripts: Record<string, boolean> } =
  JSON.parse(read('package.json'))
const lockfile: Lockfile = JSON.parse(read('package-lock.json'))

test('package.json and package-lock.json name the same exact versions', () => {
  const own = lockfile.packages['']
  assert.deepEqual(own?.dependencies, manifest.dependencies)
  assert.deepEqual(own?.devDependencies, manifest.devDependencies)
  for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
    assert.match(version, /^\d+\.\d+\.\d+$/, `${name} is not pinned`)
    assert.equal(lockfile.packages[`node_modules/${name}`]?.version, version, name)
  }
})

test('every optional package of another platform is in the lock file, else npm ci refuses it', () => {
  const known = new Set(Object.keys(lockfile.packages).map((path) => path.replace(/^.*node_modules\//, '')))
  const missing = Object.values(lockfile.packages).flatMap(({ optionalDependencies = {} }) =>
    Object.keys(optionalDependencies).filter((name) => !known.has(name)),
  )
  assert.deepEqual(missing, [], 'run npm run complete-lock')
})

test('a package without a checksum is a binary of another platform only', () => {
  const unchecked = Object.entries(lockfile.packages).filter(
    ([path, entry]) => path !== '' && entry.integrity === undefined,
  )
  for (const [path, entry] of unchecked)
    assert.ok(entry.os !== undefined && !path.includes('linux-x64-gnu'), path)
})

test('the lock file names no registry', () => {
  for (const [path, { resolved }] of Object.entries(lockfile.packages))
    if (resolved !== undefined) assert.match(resolved, /^https:\/\/registry\.npmjs\.org\//, path)
})

test('every install script is decided: only the one that brings Node runs', () => {
  const scripted = Object.entries(lockfile.packages)
    .filter(([, entry]) => 'hasInstallScript' in entry)
    .map(([path]) => path.replace(/^.*node_modules\//, ''))
  for (const name of scripted) assert.ok(name in manifest.allowScripts, `${name}: decide in allowScripts`)
  const allowed = Object.entries(manifest.allowScripts).filter(([, isAllowed]) => isAllowed)
  assert.deepEqual(
    allowed.map(([name]) => name),
    ['node'],
  )
})
