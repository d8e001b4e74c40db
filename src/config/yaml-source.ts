import type { Document, ErrorCode, YAMLError, YAMLMap } from 'yaml'
import { isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Text } from '../domain/text.ts'
import { text } from '../domain/text.ts'
import type { ConfigProblem } from './config-problem.ts'
import { configError, showName } from './config-problem.ts'

/** Aliases (`*name`) that a configuration file may expand to. */
const MAX_ALIASES = 50

/** A configuration file as plain values, with the places they stand at. */
export interface YamlSource {
  readonly values: Readonly<Record<string, unknown>>
  /** Returns `<file>:<line>:<column>` of a value, or of the key itself with `'key'`. */
  locate(path: readonly PropertyKey[], what: 'key' | 'value'): string
  /** Returns `<file>:<line>` of a value. */
  lineOf(path: readonly PropertyKey[]): string
}

/** The parser's own messages quote the file, which may hold a secret: each class of mistake has our sentence instead. */
const MISTAKES: Partial<Record<ErrorCode, Text>> = {
  BAD_ALIAS: text('引用(*名称)没有对应的锚点(&名称)', 'an alias (*name) without its anchor (&name)'),
  BAD_DQ_ESCAPE: text('双引号中的转义符无效', 'an invalid escape inside double quotes'),
  BAD_INDENT: text('缩进不一致', 'wrong indentation'),
  BAD_SCALAR_START: text(
    '文本以保留字符开头,请加引号',
    'a text that starts with a reserved character: put it in quotes',
  ),
  BLOCK_AS_IMPLICIT_KEY: text('一行中有两个“键: 值”', 'two "key: value" on one line'),
  KEY_OVER_1024_CHARS: text('键名过长', 'a key that is too long'),
  MISSING_CHAR: text('缺少冒号、引号、括号或逗号', 'a colon, quote, bracket or comma is missing'),
  MULTIPLE_DOCS: text('只允许一个文档(去掉多余的 ---)', 'more than one document (remove the extra ---)'),
  RESOURCE_EXHAUSTION: text('嵌套过深', 'nested too deeply'),
  TAB_AS_INDENT: text('用制表符缩进,请改用空格', 'a tab used as indentation: use spaces'),
  TAG_RESOLVE_FAILED: text('不接受的标签(!…)', 'a tag (!…) that is not accepted'),
}

function syntaxProblem(error: YAMLError, position: string): ConfigProblem {
  const mistake = MISTAKES[error.code] ?? text('不是有效的 YAML', 'not valid YAML')
  return {
    source: position,
    keyPath: null,
    sentence: text(`YAML 语法错误:${mistake.zh}`, `YAML syntax error: ${mistake.en}`),
  }
}

type Position = (offset: number) => string

/** Linear, unlike the parser's own check, which compares every pair of keys. */
function duplicateKeys(root: unknown, position: Position): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const visit = (node: unknown): void => {
    if (isSeq(node)) for (const item of node.items) visit(item)
    if (!isMap(node)) return
    const first = new Map<string, string>()
    for (const pair of node.items) {
      const at = isNode(pair.key) ? position(pair.key.range?.[0] ?? 0) : position(0)
      const name = String(isScalar(pair.key) ? pair.key.value : pair.key)
      const earlier = first.get(name)
      if (earlier === undefined) first.set(name, at)
      else
        problems.push({
          source: at,
          keyPath: showName(name),
          sentence: text(`重复的键,已在 ${earlier} 出现`, `duplicate key, first at ${earlier}`),
        })
      visit(pair.value)
    }
  }
  visit(root)
  return problems
}

/** Returns the offset of the innermost node that a path leads to. */
function offsetOf(document: Document, path: readonly PropertyKey[], what: 'key' | 'value'): number {
  let node: unknown = document.contents
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0
  for (const [index, name] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document)
    const next = childOf(node, name)
    if (next === null) return offset
    const wanted = what === 'key' && index === path.length - 1 ? next.key : (next.value ?? next.key)
    node = next.value
    if (isNode(wanted)) offset = wanted.range?.[0] ?? offset
  }
  return offset
}

function childOf(
  node: unknown,
  name: PropertyKey,
): { readonly key: unknown; readonly value: unknown } | null {
  if (isSeq(node)) {
    const item = node.items[Number(name)]
    return isPair(item) ? null : { key: item, value: item }
  }
  if (!isMap(node)) return null
  return pairNamed(node, String(name))
}

function pairNamed(map: YAMLMap, name: string): { readonly key: unknown; readonly value: unknown } | null {
  return map.items.find((pair) => String(isScalar(pair.key) ? pair.key.value : pair.key) === name) ?? null
}

function toValues(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch (error) {
    if (!(error instanceof ReferenceError || error instanceof RangeError)) throw error
    throw configError([
      {
        source: file,
        keyPath: null,
        sentence: text(
          `引用(*名称)展开超过 ${MAX_ALIASES} 处,已拒绝`,
          `aliases (*name) expand to more than ${MAX_ALIASES} places and are refused`,
        ),
      },
    ])
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Returns the values of a YAML 1.2 text. An empty section (`web:` with nothing under it) is left out.
 * Throws AppError CONFIG_INVALID on broken syntax, duplicate keys, unknown tags or a top that is no mapping.
 */
export function parseYamlSource(source: string, file: string): YamlSource {
  const lines = new LineCounter()
  const document = parseDocument(source, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    version: '1.2',
    schema: 'core',
  })
  const lineAndColumn = (offset: number): { line: number; col: number } => lines.linePos(offset)
  const position: Position = (offset) => {
    const { line, col } = lineAndColumn(offset)
    return `${file}:${line}:${col}`
  }
  const mistakes = [
    ...document.errors,
    ...document.warnings.filter((warning) => warning.code !== 'NON_STRING_KEY'),
  ]
  if (mistakes.length > 0)
    throw configError(mistakes.slice(0, 5).map((mistake) => syntaxProblem(mistake, position(mistake.pos[0]))))
  const duplicates = duplicateKeys(document.contents, position)
  if (duplicates.length > 0) throw configError(duplicates)
  const values = toValues(document, file) ?? {}
  if (!isRecord(values)) {
    const sentence = text(
      '文件顶层必须是“键: 值”的映射',
      'the top of the file must be a mapping of "key: value"',
    )
    throw configError([{ source: position(0), keyPath: null, sentence }])
  }
  return {
    values,
    locate: (path, what) => position(offsetOf(document, path, what)),
    lineOf: (path) => `${file}:${lineAndColumn(offsetOf(document, path, 'value')).line}`,
  }
}
