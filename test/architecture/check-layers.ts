import { existsSync, globSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, posix } from 'node:path'
import {
  DEPENDENCY_TABLE,
  type FolderRule,
  MAX_LINES,
  PROCESS_READERS,
  SEALED_SIBLINGS,
} from './dependency-table.ts'
import { type ModuleFacts, readModule } from './read-module.ts'

/** One breach of the house rules. */
export interface Violation {
  /** Path from the root of the project, with the line. */
  readonly where: string
  readonly rule:
    | 'layer'
    | 'sibling'
    | 'pure'
    | 'process'
    | 'dynamic_import'
    | 'unresolved'
    | 'unknown_folder'
    | 'lines'
    | 'default_export'
    | 'registry'
  readonly message: string
}

interface SourceFile {
  /** Path from the root, with `/`. */
  readonly path: string
  /** Path below `src/` (or from the root for `bin/`), which the table speaks of. */
  readonly place: string
  readonly rule: FolderRule
  readonly facts: ModuleFacts
}

const isTest = (path: string) => /\.test\.ts$|\/testing\/|\/testdata\//.test(path)

const placeOf = (path: string) => (path.startsWith('src/') ? path.slice('src/'.length) : path)

const isWithin = (place: string, folder: string) => place === folder || place.startsWith(`${folder}/`)

/** Returns the rule of the longest folder that holds the place; undefined for a folder the table does not know. */
function ruleOf(place: string): FolderRule | undefined {
  return DEPENDENCY_TABLE.filter((rule) => isWithin(place, rule.folder) && place !== rule.folder).sort(
    (a, b) => b.folder.length - a.folder.length,
  )[0]
}

const breach = (file: SourceFile, line: number, rule: Violation['rule'], message: string): Violation => ({
  where: `${file.path}:${line}`,
  rule,
  message,
})

function isAllowed(rule: FolderRule, target: string): boolean {
  const targetRule = ruleOf(target)
  if (targetRule?.folder === rule.folder) return true
  return rule.mayImport.some((allowed) => {
    if (allowed === '*' || allowed === target) return true
    // `report` may be imported without `report/render`, which touches the world.
    return isWithin(target, allowed) && targetRule?.folder === allowed
  })
}

/** Returns the sibling folder of `place` within a sealed group, such as `services/service_001_x`. */
function siblingOf(place: string): { group: string; sibling: string | null } | null {
  const group = SEALED_SIBLINGS.find((folder) => isWithin(place, folder))
  if (group === undefined) return null
  const [first, ...rest] = place.slice(group.length + 1).split('/')
  return { group, sibling: rest.length === 0 || first === undefined ? null : first }
}

function checkSibling(file: SourceFile, target: string, line: number): Violation[] {
  const from = siblingOf(file.place)
  const to = siblingOf(target)
  if (from === null || to === null || from.group !== to.group || from.sibling === to.sibling) return []
  const isRegistry = (place: string) =>
    place === `${from.group}/registry.ts` || place === `${from.group}/index.ts`
  if (from.sibling === null && isRegistry(file.place)) return []
  if (to.sibling === null && !isRegistry(target)) return []
  const message = `${file.place} imports ${target}: siblings in ${from.group}/ never import each other`
  return [breach(file, line, 'sibling', message)]
}

function checkPath(root: string, file: SourceFile, specifier: string, line: number): Violation[] {
  const path = posix.normalize(posix.join(posix.dirname(file.path), specifier))
  if (!existsSync(join(root, path))) return [breach(file, line, 'unresolved', `${specifier} does not exist`)]
  if (!path.startsWith('src/') && !path.startsWith('bin/'))
    return [breach(file, line, 'layer', `${specifier} lies outside src/`)]
  const target = placeOf(path)
  if (!isAllowed(file.rule, target)) {
    const allowed = file.rule.mayImport.join(', ') || 'nothing of ours'
    const message = `${file.rule.folder} must not import ${target}; it may import: ${allowed}`
    return [breach(file, line, 'layer', message)]
  }
  return checkSibling(file, target, line)
}

function checkReferences(root: string, file: SourceFile): Violation[] {
  return file.facts.references.flatMap(({ specifier, line }) => {
    if (specifier === null)
      return [breach(file, line, 'dynamic_import', 'import() of a computed name cannot be checked')]
    if (specifier.startsWith('./') || specifier.startsWith('../'))
      return checkPath(root, file, specifier, line)
    if (isBuiltin(specifier)) {
      if (file.rule.pure) return [breach(file, line, 'pure', `${file.rule.folder} is pure: no ${specifier}`)]
      // createRequire and module hooks load files that this test cannot see.
      if (/^(node:)?module$/.test(specifier))
        return [breach(file, line, 'dynamic_import', `no ${specifier} in src/`)]
      return []
    }
    if (/^[#/]|^[a-z]+:/.test(specifier))
      return [breach(file, line, 'unresolved', `${specifier} is neither a relative path nor a package`)]
    if (!file.rule.packages)
      return [breach(file, line, 'pure', `${file.rule.folder} imports no package, not even ${specifier}`)]
    return []
  })
}

function checkWorldUses(file: SourceFile): Violation[] {
  return file.facts.worldUses.flatMap(({ what, line }) => {
    if (file.rule.pure) return [breach(file, line, 'pure', `${file.rule.folder} is pure: no ${what}`)]
    if (what === 'process.getBuiltinModule')
      return [breach(file, line, 'dynamic_import', `no ${what} in src/`)]
    for (const [property, folders] of Object.entries(PROCESS_READERS)) {
      const mayRead = folders.some((folder) => folder === file.rule.folder)
      if (what === `process.${property}` && !mayRead)
        return [
          breach(
            file,
            line,
            'process',
            `${what} is for ${folders.join(', ')} only; take the value as a parameter`,
          ),
        ]
    }
    return []
  })
}

function checkShape(file: SourceFile): Violation[] {
  const { lineCount, lineOfDefaultExport } = file.facts
  const limit = isTest(file.path) ? MAX_LINES.test : MAX_LINES.source
  const found: Violation[] = []
  if (lineCount > limit)
    found.push(breach(file, lineCount, 'lines', `${lineCount} lines; the limit is ${limit}`))
  if (lineOfDefaultExport !== null)
    found.push(breach(file, lineOfDefaultExport, 'default_export', 'exports have names here'))
  return found
}

function checkFile(root: string, path: string): Violation[] {
  const place = placeOf(path)
  const rule = ruleOf(place)
  if (rule === undefined) {
    const message = `${place} stands in no folder of test/architecture/dependency-table.ts`
    return [{ where: `${path}:1`, rule: 'unknown_folder', message }]
  }
  const file = { path, place, rule, facts: readModule(path, readFileSync(join(root, path), 'utf8')) }
  // Tests are at liberty to reach across: they hold the product together, they are no part of it.
  if (isTest(path)) return checkShape(file)
  return [...checkReferences(root, file), ...checkWorldUses(file), ...checkShape(file)]
}

/** Returns every TypeScript file of the product below a root, as paths with `/`. */
export function listSourceFiles(root: string): string[] {
  return globSync(['src/**/*.ts', 'bin/**/*.ts'], { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
}

/** Checks every TypeScript file of `src/` and `bin/` below a root against the dependency table and the file rules. */
export function checkLayers(root: string): {
  readonly fileCount: number
  readonly violations: readonly Violation[]
} {
  const files = listSourceFiles(root)
  return { fileCount: files.length, violations: files.flatMap((path) => checkFile(root, path)) }
}
