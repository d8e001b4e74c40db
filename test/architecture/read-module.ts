import { parseSync } from 'oxc-parser'

/** A place in a file that names another module. */
export interface ModuleReference {
  /** Null when the name is computed, so that nobody can tell what it is. */
  readonly specifier: string | null
  readonly line: number
}

/** What the architecture rules need to know of one file. */
export interface ModuleFacts {
  /** `import`, `export … from`, `import()`, `import('…')` types and `new URL('….ts', import.meta.url)`. */
  readonly references: readonly ModuleReference[]
  readonly lineOfDefaultExport: number | null
  /** Uses of the world outside, such as `Date.now` or `process.env`, with their line. */
  readonly worldUses: readonly { readonly what: string; readonly line: number }[]
  /** Names given by `export { … as NAME } from '…'`. */
  readonly reexportedNames: readonly string[]
  /** Names of the functions that are called, such as `defineOperation`. */
  readonly calls: ReadonlySet<string>
  readonly lineCount: number
}

interface Node {
  readonly type: string
  readonly start: number
  readonly [key: string]: unknown
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

function* walk(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* walk(item)
  else if (isNode(value)) {
    yield value
    for (const child of Object.values(value)) if (typeof child === 'object') yield* walk(child)
  }
}

const isIdentifier = (value: unknown, name: string): boolean =>
  isNode(value) && value.type === 'Identifier' && value['name'] === name

/** Returns the text of a string literal or of a template without holes; null for anything computed. */
function literalText(value: unknown): string | null {
  if (!isNode(value)) return null
  if (value.type === 'Literal' && typeof value['value'] === 'string') return value['value']
  if (value.type !== 'TemplateLiteral' || !Array.isArray(value['quasis']) || value['quasis'].length !== 1)
    return null
  const quasi: unknown = value['quasis'][0]
  const text = isNode(quasi) ? quasi['value'] : null
  return typeof text === 'object' && text !== null && 'cooked' in text && typeof text.cooked === 'string'
    ? text.cooked
    : null
}

const MODULE_NODES = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
])

/** Returns the specifier of a node that names a module (null when computed), or undefined for any other node. */
function specifierOf(node: Node): string | null | undefined {
  if (MODULE_NODES.has(node.type)) {
    const source = node['source'] ?? null
    return source === null ? undefined : literalText(source)
  }
  const args = Array.isArray(node['arguments']) ? node['arguments'] : []
  if (node.type === 'CallExpression' && isIdentifier(node['callee'], 'require')) return literalText(args[0])
  const loadsFile = node.type === 'NewExpression' && isIdentifier(node['callee'], 'URL')
  const file = loadsFile ? literalText(args[0]) : null
  return file !== null && /\.[cm]?[jt]s$/.test(file) && !/^[a-z]+:/.test(file) ? file : undefined
}

const BINDING_KEYS = ['id', 'local', 'param'] as const

/** Returns every name that the file itself declares; a local `process` is not the global one. */
function boundNames(nodes: readonly Node[]): Set<string> {
  const names = new Set<string>()
  const add = (pattern: unknown) => {
    for (const node of walk(pattern)) if (typeof node['name'] === 'string') names.add(node['name'])
  }
  for (const node of nodes) {
    if (Array.isArray(node['params'])) add(node['params'])
    for (const key of BINDING_KEYS)
      if (/Declarator|Function|Import.*Specifier|Catch/.test(node.type)) add(node[key])
  }
  return names
}

const GLOBAL_CALLS = ['fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']

/** Returns what a node uses of the world outside, such as `process.env`, or null. */
function worldUse(node: Node, bound: ReadonlySet<string>): string | null {
  if (node.type === 'MemberExpression' && isNode(node['object']) && node['object'].type === 'Identifier') {
    const object = String(node['object']['name'])
    const property = isNode(node['property'])
      ? (literalText(node['property']) ?? node['property']['name'])
      : null
    if (bound.has(object)) return null
    if (['process', 'globalThis', 'performance', 'crypto'].includes(object))
      return `${object}.${String(property)}`
    if (object === 'Date' && property === 'now') return 'Date.now'
    if (object === 'Math' && property === 'random') return 'Math.random'
    return null
  }
  const args = Array.isArray(node['arguments']) ? node['arguments'] : []
  if (node.type === 'NewExpression' && isIdentifier(node['callee'], 'Date') && args.length === 0)
    return 'new Date()'
  if (node.type !== 'CallExpression') return null
  if (isIdentifier(node['callee'], 'Date') && !bound.has('Date')) return 'Date()'
  return GLOBAL_CALLS.find((name) => isIdentifier(node['callee'], name) && !bound.has(name)) ?? null
}

/** Returns the names that `export { … as NAME } from '…'` gives. */
const reexportedNames = (nodes: readonly Node[]): readonly string[] =>
  nodes
    .filter((node) => node.type === 'ExportNamedDeclaration' && isNode(node['source']))
    .flatMap((node) => (Array.isArray(node['specifiers']) ? node['specifiers'] : []))
    .flatMap((specifier: unknown) => {
      const exported = isNode(specifier) ? specifier['exported'] : null
      return isNode(exported) ? [literalText(exported) ?? String(exported['name'])] : []
    })

/** Returns the facts of one TypeScript file. Throws when it does not parse: an unread file must not pass. */
export function readModule(path: string, source: string): ModuleFacts {
  const { program, errors } = parseSync(path, source)
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`)
  const nodes = [...walk(program)]
  const lineOf = (node: Node) => source.slice(0, node.start).split('\n').length
  const bound = boundNames(nodes)
  const references: ModuleReference[] = []
  const worldUses: { what: string; line: number }[] = []
  const calls = new Set<string>()
  for (const node of nodes) {
    const specifier = specifierOf(node)
    if (specifier !== undefined) references.push({ specifier, line: lineOf(node) })
    const what = worldUse(node, bound)
    if (what !== null) worldUses.push({ what, line: lineOf(node) })
    const callee = node.type === 'CallExpression' ? node['callee'] : null
    if (isNode(callee) && typeof callee['name'] === 'string') calls.add(callee['name'])
  }
  const defaultExport = nodes.find(
    (node) =>
      node.type === 'ExportDefaultDeclaration' ||
      (node.type === 'ExportSpecifier' && isIdentifier(node['exported'], 'default')),
  )
  return {
    references,
    lineOfDefaultExport: defaultExport === undefined ? null : lineOf(defaultExport),
    worldUses,
    reexportedNames: reexportedNames(nodes),
    calls,
    lineCount: source.trimEnd().split('\n').length,
  }
}
