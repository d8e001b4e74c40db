import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { displayWidth } from './display-width.ts'
import { renderMarkdown } from './render-markdown.ts'

const plain = (markdown: string, columns = 80): string => renderMarkdown(markdown, { columns, color: false })

describe('renderMarkdown', () => {
  it('renders headings, emphasis, lists, code, quotes and rules', () => {
    const markdown = [
      '# 巡检',
      '**中文:**正文,`df -h` 见 [文档](https://example.org/a)。',
      '',
      '- 一',
      '  1. 甲',
      '  2. 乙',
      '- two',
      '',
      '> 引用',
      '',
      '```sh',
      'du -x /var',
      '```',
    ].join('\n')
    assert.equal(
      plain(markdown),
      [
        '巡检',
        '中文:正文,df -h 见 文档 (https://example.org/a)。',
        '',
        '• 一',
        '  1. 甲',
        '  2. 乙',
        '• two',
        '',
        '│ 引用',
        '',
        '  du -x /var',
        '',
      ].join('\n'),
    )
  })

  it('aligns tables by the width on the screen, numbers to the right', () => {
    const markdown = [
      '| 名称 | 内存 | 说明 |',
      '|---|---:|---|',
      '| 数据库一号 | 91.2% | **高** |',
      '| web | 3% | a \\| b |',
    ].join('\n')
    assert.equal(
      plain(markdown),
      [
        '名称         内存  说明',
        '────────────────────────',
        '数据库一号  91.2%  高',
        'web            3%  a | b',
        '',
      ].join('\n'),
    )
  })

  it('wraps cells where the table would be wider than the terminal', () => {
    const markdown = [
      '| 名称 | 说明 |',
      '|---|---|',
      `| a | ${'很长的说明'.repeat(10)} |`,
      '| b | short |',
    ].join('\n')
    const lines = plain(markdown, 40).split('\n')
    assert.ok(lines.length > 5)
    for (const line of lines) assert.ok(displayWidth(line) <= 40, line)
    const starts = lines.slice(2, -1).map((line) => displayWidth(line.slice(0, line.search(/[很长的说明s]/))))
    assert.deepEqual(new Set(starts), new Set([6]))
  })

  it('colours only when asked', () => {
    assert.equal(
      renderMarkdown('**a** `b`', { columns: 80, color: true }),
      '\u001b[1ma\u001b[22m \u001b[36mb\u001b[39m\n',
    )
    assert.equal(plain('**a** `b`'), 'a b\n')
  })

  it('never lets a foreign sequence through, raw or as an entity', () => {
    const hostile =
      '| p |\n|---|\n| \u001b[31mevil\u001b]0;t\u0007 &#27;[2J &#x9b;1m &#x202e;exe |\n\n`\u001b[1m`\n\n    \u001b[5mcode\n'
    assert.doesNotMatch(plain(hostile).replaceAll('\n', ''), /[\p{Cc}\p{Bidi_Control}]/u)
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (given) => {
        assert.doesNotMatch(plain(given).replaceAll(/[\n\t]/g, ''), /[\p{Cc}\p{Bidi_Control}]/u)
      }),
      { numRuns: 1000 },
    )
  })

  it('shows HTML as text and an empty text as nothing', () => {
    assert.equal(plain('<b>x</b>'), '<b>x</b>\n')
    assert.equal(plain(''), '')
  })
})
