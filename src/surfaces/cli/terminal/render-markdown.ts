import MarkdownIt, { type Token } from 'markdown-it'
import cjkFriendly from 'markdown-it-cjk-friendly'
import { createPaint, type Look, type Paint } from './paint.ts'
import { type Alignment, renderTable, type TableContent } from './render-table.ts'
import { stripControls } from './strip-controls.ts'

/** The terminal that is written for. */
export interface TerminalLook {
  /** Width in cells. */
  readonly columns: number
  readonly color: boolean
}

interface Node {
  readonly token: Token
  readonly children: readonly Node[]
}

interface Rendering {
  readonly columns: number
  readonly paint: Paint
}

const LONGEST_RULE = 60
const INDENT = '  '

const parser = new MarkdownIt({ html: false, linkify: false, typographer: false }).use(cjkFriendly)

/**
 * Returns the Markdown as text for a terminal: headings and emphasis as styles, tables aligned and wrapped to the
 * width, code indented. Escape sequences and control characters of the text are dropped, those that hide behind an
 * HTML entity too. Ends in a line feed unless it is empty.
 */
export function renderMarkdown(markdown: string, look: TerminalLook): string {
  const rendering = { columns: look.columns, paint: createPaint(look.color) }
  const blocks = renderBlocks(treeOf(parser.parse(stripControls(markdown), {})), rendering)
  return blocks === '' ? '' : `${blocks}\n`
}

/** Returns the flat token list as a tree: what opens holds what stands before its closing token. */
function treeOf(tokens: readonly Token[]): readonly Node[] {
  const root: Node[] = []
  const open: Node[][] = [root]
  for (const token of tokens) {
    if (token.nesting === -1) {
      if (open.length > 1) open.pop()
      continue
    }
    const children: Node[] = []
    open.at(-1)?.push({ token, children })
    if (token.nesting === 1) open.push(children)
  }
  return root
}

function renderBlocks(nodes: readonly Node[], rendering: Rendering): string {
  let result = ''
  let afterHeading = false
  for (const node of nodes) {
    const block = renderBlock(node, rendering)
    if (block === '') continue
    const isHeading = node.token.type === 'heading_open'
    const gap = afterHeading && !isHeading ? '\n' : '\n\n'
    result += result === '' ? block : gap + block
    afterHeading = isHeading
  }
  return result
}

function renderBlock(node: Node, rendering: Rendering): string {
  const { token, children } = node
  switch (token.type) {
    case 'heading_open':
      return renderInline(children, rendering, token.tag === 'h1' ? ['bold', 'underline'] : ['bold'])
    case 'paragraph_open':
      return renderInline(children, rendering, [])
    case 'bullet_list_open':
    case 'ordered_list_open':
      return renderList(node, rendering)
    case 'blockquote_open':
      return prefixLines(renderBlocks(children, narrower(rendering, 2)), '│ ', '│ ')
    case 'fence':
    case 'code_block':
      return stripControls(token.content)
        .trimEnd()
        .split('\n')
        .map((line) => (line === '' ? '' : INDENT + rendering.paint('cyan', line)))
        .join('\n')
    case 'hr':
      return rendering.paint('dim', '─'.repeat(Math.min(rendering.columns, LONGEST_RULE)))
    case 'table_open':
      return renderTable(tableOf(node), rendering.columns, rendering.paint)
    default:
      return token.type === 'inline' ? renderInline([node], rendering, []) : renderBlocks(children, rendering)
  }
}

const narrower = (rendering: Rendering, by: number): Rendering => ({
  ...rendering,
  columns: Math.max(20, rendering.columns - by),
})

function prefixLines(block: string, first: string, others: string): string {
  return block
    .split('\n')
    .map((line, index) => ((index === 0 ? first : others) + line).trimEnd())
    .join('\n')
}

function renderList(node: Node, rendering: Rendering): string {
  const isOrdered = node.token.type === 'ordered_list_open'
  const start = Number(node.token.attrGet('start') ?? 1)
  return node.children
    .map((item, index) => {
      const bullet = isOrdered ? `${start + index}. ` : '• '
      const inner = narrower(rendering, bullet.length)
      const blocks = item.children.map((child) => renderBlock(child, inner)).filter((block) => block !== '')
      return prefixLines(blocks.join('\n'), bullet, ' '.repeat(bullet.length))
    })
    .join('\n')
}

/** Returns the inline content of the nodes, styled; every line in the base look of its own. */
function renderInline(nodes: readonly Node[], rendering: Rendering, base: readonly Look[]): string {
  const lines = nodes
    .map((node) => renderSpans(node.token.children ?? [], rendering.paint))
    .join('')
    .split('\n')
  return base.length === 0 ? lines.join('\n') : lines.map((line) => rendering.paint(base, line)).join('\n')
}

const LOOKS: Readonly<Record<string, Look>> = { strong: 'bold', em: 'italic', s: 'dim' }

function renderSpans(tokens: readonly Token[], paint: Paint): string {
  const active: Look[] = []
  let linkTarget: string | null = null
  let result = ''
  const styled = (value: string): string =>
    active.length === 0 || value === '' ? value : paint(active, value)
  for (const token of tokens) {
    const look = LOOKS[token.tag]
    if (token.type === 'text' || token.type === 'image' || token.type === 'html_inline')
      result += styled(stripControls(token.content))
    else if (token.type === 'code_inline') result += paint('cyan', stripControls(token.content))
    else if (token.type === 'softbreak' || token.type === 'hardbreak') result += '\n'
    else if (token.type === 'link_open') linkTarget = stripControls(String(token.attrGet('href') ?? ''))
    else if (token.type === 'link_close') {
      result += linkTarget === null || result.endsWith(linkTarget) ? '' : ` (${linkTarget})`
      linkTarget = null
    } else if (look !== undefined && token.nesting === 1) active.push(look)
    else if (look !== undefined && token.nesting === -1) active.pop()
  }
  return result
}

/** Cells are plain text: a style that runs over a wrapped line would run into the next column. */
const plain: Paint = (_look, value) => value

function cellsOf(row: Node): { text: string; alignment: Alignment }[] {
  return row.children.map((cell) => {
    const style = String(cell.token.attrGet('style') ?? '')
    const alignment = style.endsWith('right') ? 'right' : style.endsWith('center') ? 'center' : 'left'
    return { text: renderInline(cell.children, { columns: 0, paint: plain }, []), alignment }
  })
}

function tableOf(table: Node): TableContent {
  const rows = table.children.flatMap((section) => section.children).map(cellsOf)
  const [head = [], ...body] = rows
  return {
    head: head.map((cell) => cell.text),
    alignments: head.map((cell) => cell.alignment),
    rows: body.map((row) => row.map((cell) => cell.text)),
  }
}
