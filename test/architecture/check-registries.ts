import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Violation } from './check-layers.ts'
import { readModule } from './read-module.ts'

const listFolders = (path: string): string[] =>
  existsSync(path)
    ? readdirSync(path, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort()
    : []

/** Returns the names that a registry file gives, one `export { … as NAME } from` each; empty when there is no file. */
function registryKeys(root: string, path: string): readonly string[] {
  const file = join(root, path)
  return existsSync(file) ? readModule(path, readFileSync(file, 'utf8')).reexportedNames : []
}

const missing = (where: string, message: string): Violation => ({ where, rule: 'registry', message })

function checkServices(root: string): Violation[] {
  const registry = 'src/services/registry.ts'
  const folders = listFolders(join(root, 'src/services'))
  const keys = registryKeys(root, registry)
  return [
    ...folders
      .filter((folder) => !/^service_\d{3}_[a-z0-9]+(_[a-z0-9]+)*$/.test(folder))
      .map((folder) => missing(`src/services/${folder}`, `${folder} is not named service_NNN_slug`)),
    ...folders
      .filter((folder) => !keys.includes(folder))
      .map((folder) => missing(registry, `src/services/${folder} is not registered: add one line`)),
    ...keys
      .filter((key) => !folders.includes(key))
      .map((key) => missing(registry, `${key} has no folder src/services/${key}`)),
  ]
}

/** `runs_show` stands for src/operations/runs/show.ts; a file of two words is `runs_show_raw` ↔ runs/show-raw.ts. */
function checkOperations(root: string): Violation[] {
  const registry = 'src/operations/registry.ts'
  const keys = registryKeys(root, registry)
  const defined = globSync('src/operations/*/*.ts', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.endsWith('.test.ts'))
    .filter((path) => readModule(path, readFileSync(join(root, path), 'utf8')).calls.has('defineOperation'))
  const nameOf = (path: string) =>
    path
      .slice('src/operations/'.length, -'.ts'.length)
      .replace(/[/-]/g, '_')
      .replace(/_index$/, '')
  const names = defined.map(nameOf)
  const empty = listFolders(join(root, 'src/operations')).filter(
    (folder) => !defined.some((path) => path.startsWith(`src/operations/${folder}/`)),
  )
  return [
    ...empty.map((folder) => missing(registry, `src/operations/${folder} defines no operation`)),
    ...defined
      .filter((path) => !keys.includes(nameOf(path)))
      .map((path) => missing(registry, `${path} is not registered: add one line ${nameOf(path)}`)),
    ...keys
      .filter((key) => !names.includes(key))
      .map((key) => missing(registry, `${key} has no file in src/operations/ that defines it`)),
  ]
}

/** Checks that folders and registries say the same: a service folder is a key, an operation file is a key, and back. */
export function checkRegistries(root: string): readonly Violation[] {
  return [...checkServices(root), ...checkOperations(root)]
}
