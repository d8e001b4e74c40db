import { text } from '../../domain/text.ts'
import { AnsibleInventory } from './ansible-inventory.ts'
import { brokenTextAt, isBrokenText, numberedLines } from './decode-text.ts'
import { errorAt, type ReadOptions, type ReadResult } from './parsed-inventory.ts'

const SECTION = /^\[([^\]:]{1,200})(?::(vars|children|hosts))?\]\s*(?:[#;].*)?$/

/**
 * Returns the words of a line as a shell would split them (quotes and backslashes, a # that begins a word ends the
 * line); null when a quote is not closed.
 */
function splitWords(line: string): readonly string[] | null {
  const words: string[] = []
  let word: string | null = null
  let quote = ''
  let isEscaped = false
  for (const char of line) {
    if (isEscaped) {
      word = (word ?? '') + char
      isEscaped = false
    } else if (char === '\\' && quote !== "'") isEscaped = true
    else if (quote !== '') {
      if (char === quote) quote = ''
      else word = (word ?? '') + char
    } else if (char === '"' || char === "'") {
      quote = char
      word ??= ''
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word)
      word = null
    } else if (char === '#' && word === null) break
    else word = (word ?? '') + char
  }
  if (quote !== '') return null
  if (word !== null) words.push(word)
  return words
}

const EXPECTED = {
  host: text('主机 变量=值 …,引号成对', 'a host and variable=value …, quotes in pairs'),
  variable: text('变量=值', 'variable=value'),
  section: text('[组]、[组:children] 或 [组:vars]', '[group], [group:children] or [group:vars]'),
}

function addHostLine(inventory: AnsibleInventory, group: string, line: number, content: string): boolean {
  const words = splitWords(content)
  const [pattern, ...assignments] = words ?? []
  if (pattern === undefined || pattern === '') return words !== null
  if (assignments.some((word) => word.indexOf('=') < 1)) return false
  const variables = assignments.map((word): [string, string] => {
    const equals = word.indexOf('=')
    return [word.slice(0, equals), word.slice(equals + 1)]
  })
  inventory.addHosts({ line, pattern, group }, variables)
  return true
}

function addVariableLine(inventory: AnsibleInventory, group: string, content: string): boolean {
  const equals = content.indexOf('=')
  if (equals < 1) return false
  const value = content.slice(equals + 1).trim()
  inventory.group(group).variables.set(content.slice(0, equals).trim(), splitWords(value)?.join(' ') ?? value)
  return true
}

/** Returns what of a line a problem may show: never what stands after the first `=`, which may be a password. */
const withoutValues = (content: string): string => {
  const equals = content.indexOf('=')
  return equals === -1 ? content : `${content.slice(0, equals)}=…`
}

/** Returns the servers of an Ansible inventory in INI form: groups, `:children`, `:vars`, ranges, quoted values. */
export function readAnsibleIni(content: string, options: ReadOptions): ReadResult {
  const inventory = new AnsibleInventory(options.maxRows)
  let group = 'ungrouped'
  let kind = 'hosts'
  for (const { line, content: whole } of numberedLines(content)) {
    const trimmed = whole.replace(/^\ufeff/, '').trim()
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue
    const refuse = (expected: keyof typeof EXPECTED): void => {
      inventory.problems.push(errorAt({ line, field: null }, withoutValues(trimmed), EXPECTED[expected]))
    }
    if (isBrokenText(trimmed)) {
      inventory.problems.push(brokenTextAt(line, null, withoutValues(trimmed)))
      continue
    }
    const section = SECTION.exec(trimmed)
    if (section !== null) {
      group = section[1]?.trim() ?? ''
      kind = section[2] ?? 'hosts'
      inventory.group(group)
    } else if (kind === 'hosts') {
      if (!addHostLine(inventory, group, line, trimmed)) refuse(trimmed.startsWith('[') ? 'section' : 'host')
    } else if (kind === 'vars') {
      if (!addVariableLine(inventory, group, trimmed)) refuse('variable')
    } else {
      const [child] = splitWords(trimmed) ?? []
      if (child === undefined) refuse('section')
      else inventory.group(group).children.add(child)
    }
  }
  return inventory.toResult()
}
