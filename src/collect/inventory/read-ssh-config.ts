import { parse } from 'ssh-config'
import { text } from '../../domain/text.ts'
import { jumpHostName, userNotes } from './ansible-inventory.ts'
import { brokenTextAt, isBrokenText, numberedLines } from './decode-text.ts'
import {
  errorAt,
  type InventoryProblem,
  noteAt,
  type ParsedRow,
  type ReadOptions,
  type ReadResult,
  reasonOf,
  tooManyRows,
} from './parsed-inventory.ts'

interface Directive {
  readonly keyword: string
  readonly values: readonly string[]
}

interface HostBlock {
  readonly line: number
  readonly patterns: readonly string[]
  readonly values: Map<string, string>
}

/** Blocks with wildcards that are tried for every host. */
const MOST_WILDCARD_BLOCKS = 500
const TAKEN = new Set(['hostname', 'port', 'user', 'proxyjump'])
const LONGEST_LINE = 10_000

/**
 * Returns the directive of one line; null for a blank or a comment. Only the library's tokenising is used: its
 * `compute` runs `Match exec` and looks names up, which a foreign file must never make us do.
 */
function readDirective(line: string): Directive | null {
  const [first] = parse(line.trim())
  if (first === undefined || !('param' in first)) return null
  const { value } = first
  const values = typeof value === 'string' ? [value] : value.map(({ val }) => val)
  return { keyword: first.param.toLowerCase(), values: values.filter((one) => one !== '') }
}

const isWildcard = (pattern: string): boolean => /[*?!]/.test(pattern)

/** Returns whether the pattern of ssh_config(5), with * and ?, fits the name. Linear but for the last star. */
function fits(pattern: string, name: string): boolean {
  let at = 0
  let star = -1
  let resume = 0
  let index = 0
  while (index < name.length) {
    const char = pattern.charAt(at)
    if (char === '*') {
      star = at
      resume = index
      at += 1
    } else if (at < pattern.length && (char === '?' || char === name.charAt(index))) {
      at += 1
      index += 1
    } else if (star !== -1) {
      at = star + 1
      resume += 1
      index = resume
    } else return false
  }
  while (pattern.charAt(at) === '*') at += 1
  return at === pattern.length
}

const fitsBlock = (block: HostBlock, alias: string): boolean =>
  !block.patterns.some((one) => one.startsWith('!') && fits(one.slice(1), alias)) &&
  block.patterns.some((one) => !one.startsWith('!') && fits(one, alias))

interface Read {
  readonly blocks: HostBlock[]
  readonly problems: InventoryProblem[]
  readonly ignored: Set<string>
}

function readLine(read: Read, current: HostBlock | null, line: number, content: string): HostBlock | null {
  const directive = content.length > LONGEST_LINE ? null : readDirective(content)
  if (directive === null) return current
  const { keyword, values } = directive
  if (keyword === 'host') {
    const block = { line, patterns: values, values: new Map<string, string>() }
    read.blocks.push(block)
    return block
  }
  if (keyword === 'match' || keyword === 'include') {
    const allowed =
      keyword === 'match'
        ? text(
            'Match 的条件不求值,其中的设置不导入',
            'conditions of Match are not evaluated; what stands under it is left out',
          )
        : text('Include 的文件不读取;请分别导入', 'included files are not read; import each by itself')
    read.problems.push(noteAt({ line, field: keyword }, values.join(' '), allowed))
    return keyword === 'match' ? null : current
  }
  if (!TAKEN.has(keyword)) read.ignored.add(keyword)
  // The first value obtained counts: ssh_config(5). A keyword without a value gives none.
  else if (current !== null && values.length > 0 && !current.values.has(keyword))
    current.values.set(keyword, values.join(' '))
  return current
}

function readBlocks(content: string): Read {
  // What stands before the first Host is for every host.
  const everyone: HostBlock = { line: 1, patterns: ['*'], values: new Map() }
  const read: Read = { blocks: [everyone], problems: [], ignored: new Set() }
  let current: HostBlock | null = everyone
  for (const { line, content: whole } of numberedLines(content.replace(/^\ufeff/, ''))) {
    if (isBrokenText(whole)) {
      read.problems.push(brokenTextAt(line, null, whole))
      continue
    }
    try {
      current = readLine(read, current, line, whole)
    } catch (error) {
      // The library throws for an unclosed quote and the like.
      read.problems.push(
        errorAt(
          { line, field: null },
          whole,
          text(
            `OpenSSH 配置的一行(${reasonOf(error)})`,
            `a line of an OpenSSH configuration (${reasonOf(error)})`,
          ),
        ),
      )
    }
  }
  return read
}

function rowOf(
  alias: string,
  line: number,
  blocks: readonly HostBlock[],
): { readonly row: ParsedRow; readonly user: string | null } {
  const settingOf = (keyword: string): string | null =>
    blocks.find((block) => block.values.has(keyword))?.values.get(keyword) ?? null
  const fields: Record<string, string> = {}
  const hops = settingOf('proxyjump')?.split(',') ?? []
  const jump = hops.at(-1)?.trim() ?? ''
  const port = settingOf('port')
  if (port !== null && port !== '') fields['port'] = port
  if (jump !== '' && jump.toLowerCase() !== 'none') fields['jump_host'] = jumpHostName(jump)
  const ip = (settingOf('hostname') ?? alias).replaceAll('%h', alias)
  return { row: { line, fields: { ...fields, ip, name: alias } }, user: settingOf('user') }
}

/**
 * Returns the servers of an OpenSSH client configuration: one for each alias of a `Host` line without wildcards, with
 * HostName, Port and ProxyJump (of several hops the last, which is the server's neighbour). Nothing in it is run.
 */
export function readSshConfig(content: string, options: ReadOptions): ReadResult {
  const { blocks, problems, ignored } = readBlocks(content)
  const order = new Map(blocks.map((block, index) => [block, index]))
  const wild = blocks.filter((block) => block.patterns.some(isWildcard))
  const named = new Map<string, HostBlock[]>()
  for (const block of blocks)
    for (const alias of block.patterns) {
      if (isWildcard(alias)) continue
      const known = named.get(alias)
      if (known === undefined) named.set(alias, [block])
      else if (known.at(-1) !== block) known.push(block)
    }
  const most = text(
    `最多 ${MOST_WILDCARD_BLOCKS} 个带通配符的 Host`,
    `at most ${MOST_WILDCARD_BLOCKS} Host blocks with wildcards`,
  )
  if (wild.length > MOST_WILDCARD_BLOCKS)
    return {
      rows: [],
      problems: [...problems, errorAt({ line: null, field: 'host' }, `${wild.length}`, most)],
      ignoredColumns: [],
    }
  const found = [...named].slice(0, options.maxRows).map(([alias, own]) => {
    const fitting = new Set([
      ...own.filter((block) => fitsBlock(block, alias)),
      ...wild.filter((block) => fitsBlock(block, alias)),
    ])
    const inOrder = [...fitting].sort((one, other) => (order.get(one) ?? 0) - (order.get(other) ?? 0))
    return rowOf(alias, own[0]?.line ?? 1, inOrder)
  })
  const users = [...new Set(found.flatMap(({ user }) => (user === null ? [] : [user])))]
  return {
    rows: found.map(({ row }) => row),
    problems: [
      ...problems,
      ...userNotes(users),
      ...(named.size > options.maxRows ? [tooManyRows(options.maxRows)] : []),
    ],
    ignoredColumns: [...ignored],
  }
}
