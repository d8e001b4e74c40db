import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { text } from '../../domain/text.ts'
import { brokenTextAt, isBrokenText, numberedLines } from './decode-text.ts'
import { errorAt, type InventoryProblem, reasonOf } from './parsed-inventory.ts'

/** Characters of YAML that are read; an inventory of 5,000 servers has one million. */
const MOST_CHARACTERS = 8_000_000
/** Values that a document may have once its aliases are followed. */
const MOST_VALUES = 500_000

/** A YAML value with everything plain as text: `007` stays `007`. Lines are from 1. */
export type YamlText =
  | { readonly kind: 'text'; readonly line: number; readonly value: string }
  | { readonly kind: 'list'; readonly line: number; readonly items: readonly YamlText[] }
  | { readonly kind: 'map'; readonly line: number; readonly entries: readonly YamlEntry[] }

/** One key of a map. */
interface YamlEntry {
  readonly key: string
  readonly line: number
  readonly value: YamlText
}

const NOTHING = new Set(['', '~', 'null', 'Null', 'NULL'])

class TooManyValues extends Error {}

function convert(root: unknown, lineOf: (node: unknown) => number): YamlText {
  let values = 0
  // The library looks for an alias's node through the whole document each time.
  const anchors = new Map<string, unknown>()
  const visit = (given: unknown, depth: number): YamlText => {
    values += 1
    if (values > MOST_VALUES || depth > 50) throw new TooManyValues(`> ${MOST_VALUES}`)
    const line = lineOf(given)
    const node = isAlias(given) ? anchors.get(given.source) : given
    if ((isSeq(node) || isMap(node) || isScalar(node)) && node.anchor !== undefined)
      anchors.set(node.anchor, node)
    if (isSeq(node)) return { kind: 'list', line, items: node.items.map((item) => visit(item, depth + 1)) }
    if (isMap(node))
      return {
        kind: 'map',
        line,
        entries: node.items.map((pair) => ({
          key: isScalar(pair.key) ? String(pair.key.value ?? '') : '',
          line: lineOf(pair.key),
          value: visit(pair.value, depth + 1),
        })),
      }
    if (!isScalar(node)) return { kind: 'text', line, value: '' }
    const value = String(node.value ?? '')
    return { kind: 'text', line, value: node.type === 'PLAIN' && NOTHING.has(value) ? '' : value }
  }
  return visit(root, 0)
}

const tooBig = (found: string): InventoryProblem =>
  errorAt(
    { line: null, field: null },
    found,
    text(
      `不超过 ${MOST_CHARACTERS} 个字符、${MOST_VALUES} 个值(含别名展开)`,
      `at most ${MOST_CHARACTERS} characters and ${MOST_VALUES} values, aliases followed`,
    ),
  )

/**
 * Returns the YAML document with every scalar as the text that stands there, or what is wrong with it. Aliases count
 * each time they are followed, so that a document of nested aliases is refused; tags run nothing.
 */
export function readYamlText(content: string): YamlText | readonly InventoryProblem[] {
  if (content.length > MOST_CHARACTERS) return [tooBig(`${content.length}`)]
  const broken = numberedLines(content).filter((one) => isBrokenText(one.content))
  if (broken.length > 0) return broken.map((one) => brokenTextAt(one.line, null, ''))
  const lineCounter = new LineCounter()
  try {
    const document = parseDocument(content, {
      schema: 'failsafe',
      // Finding double keys costs the square of a map's size; readers see doubles themselves.
      uniqueKeys: false,
      lineCounter,
      prettyErrors: false,
      logLevel: 'silent',
    })
    if (document.errors.length > 0)
      return document.errors.map((error) =>
        errorAt(
          { line: lineCounter.linePos(error.pos[0]).line, field: null },
          error.message,
          text('合法的 YAML', 'valid YAML'),
        ),
      )
    return convert(document.contents, (node) => {
      const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : null
      return range == null ? 1 : Math.max(1, lineCounter.linePos(range[0]).line)
    })
  } catch (error) {
    if (error instanceof TooManyValues) return [tooBig(error.message)]
    return [errorAt({ line: null, field: null }, reasonOf(error), text('合法的 YAML', 'valid YAML'))]
  }
}

/** Returns the value of the first entry with this key; null when there is none or the value is no map. */
export const entryOf = (value: YamlText, key: string): YamlText | null =>
  value.kind === 'map' ? (value.entries.find((entry) => entry.key === key)?.value ?? null) : null
