import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { text } from '../domain/text.ts'
import { markdownOf } from './documents/finding-markdown.ts'
import { escapeHtml } from './escape-html.ts'
import { escapeMarkdown, markdownToHtml } from './markdown.ts'
import { visibleText } from './visible-text.ts'

const HOSTILE = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  `"'><svg onload=alert(1)>`,
  'host\u202egnp.exe',
  'a\u0000b\u001b[31mred\u0007',
  '| cell | `code` **bold** _it_ ~~gone~~ |',
  '# heading\n- item\n> quote',
  '1. one',
  '![x](http://evil.example/p.png?q=1) [y](javascript:alert(1))',
  '&lt;b&gt; &amp; &#60;',
  'line\u2028sep\u200bzero\ufeff',
  '\\| \\` \\',
  '\ud800 alone',
]

/** Foreign text: anything, and pieces that mean something to HTML or Markdown. */
const foreign = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        ...HOSTILE,
        '<',
        '>',
        '|',
        '`',
        '*',
        '_',
        '[',
        ']',
        '(',
        ')',
        '\n',
        '\\',
        '&',
        '#',
        ' ',
        '中',
      ),
    )
    .map((parts) => parts.join('')),
)

test('visibleText shows what a screen hides', () => {
  assert.equal(visibleText('a\u0000\u001b\u007f\u0085\u202e\n'), 'a␀␛␡⟨U+0085⟩⟨U+202E⟩␊')
  assert.equal(visibleText('a\r\n\tb\u0007', { keepLines: true }), 'a\n\tb␇')
  assert.equal(visibleText('中文 😀'), '中文 😀')
})

test('escapeHtml leaves nothing that HTML could act on, whatever the text', () => {
  fc.assert(
    fc.property(foreign, (words) => {
      const html = escapeHtml(words)
      assert.doesNotMatch(html, /[<>"']/)
      assert.doesNotMatch(html, /&(?!(?:amp|lt|gt|quot|#39);)/)
      assert.doesNotMatch(html, /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u)
    }),
    { numRuns: 2000 },
  )
})

test('escapeMarkdown keeps foreign text as text in a paragraph, a list, a heading and a table cell', () => {
  fc.assert(
    fc.property(foreign, (words) => {
      const escaped = escapeMarkdown(words)
      const places = [
        `${escaped}`,
        `- ${escaped}`,
        `# ${escaped}`,
        `| a | b |\n| --- | --- |\n| ${escaped} | x |`,
      ]
      for (const place of places) {
        const html = markdownToHtml(place)
        assert.doesNotMatch(html, /<(?!\/?(?:p|ul|li|h1|table|thead|tbody|tr|th|td)>)/, place)
      }
      const row = markdownToHtml(places[3] ?? '')
      assert.ok(row.endsWith('<td>x</td>\n</tr>\n</tbody>\n</table>\n'), `a cell never becomes two: ${row}`)
    }),
    { numRuns: 2000 },
  )
})

test('a text of ours with foreign words in it brings no element but code', () => {
  fc.assert(
    fc.property(foreign, (words) => {
      for (const place of ['', '- ', '  - Next: '])
        assert.doesNotMatch(
          markdownToHtml(`${place}${markdownOf(text(words, words), 'zh')}`),
          /<(?!\/?(?:p|ul|li|code|pre)>)/,
        )
    }),
    { numRuns: 2000 },
  )
  assert.equal(
    markdownToHtml(markdownOf(text('用 `du -x | sort` 查看', ''), 'zh')),
    '<p>用 <code>du -x | sort</code> 查看</p>\n',
  )
})

test('escapeMarkdown gives back the very text, hidden characters made visible', () => {
  for (const words of HOSTILE) {
    const html = markdownToHtml(`x${escapeMarkdown(words)}x`)
    assert.equal(
      html,
      `<p>x${visibleText(words).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')}x</p>\n`,
    )
  }
})

test('escapeMarkdown leaves ordinary names alone', () => {
  for (const words of [
    '10.0.0.5',
    '/dev/sda1',
    'memory.usage_high',
    'python3 train.py --epochs 90',
    '内存 93.1%',
  ])
    assert.equal(escapeMarkdown(words), words)
})

test('markdownToHtml makes Chinese bold with its punctuation inside', () => {
  assert.equal(
    markdownToHtml('**中文:**正文。**“引号”**和').trim(),
    '<p><strong>中文:</strong>正文。<strong>“引号”</strong>和</p>',
  )
})

test('markdownToHtml shows raw HTML as text, loads no remote picture and follows no script link', () => {
  assert.equal(markdownToHtml('<b>x</b>').trim(), '<p>&lt;b&gt;x&lt;/b&gt;</p>')
  assert.equal(markdownToHtml('![plan](https://evil.example/p.png)').trim(), '<p>[plan]</p>')
  assert.equal(markdownToHtml('![c](/api/chart/1.png)').trim(), '<p><img src="/api/chart/1.png" alt="c"></p>')
  for (const link of [
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.example/x',
    'vbscript:x',
    'file:///etc/passwd',
  ])
    assert.doesNotMatch(markdownToHtml(`[x](${link})`), /<a/, link)
  assert.match(
    markdownToHtml('[x](https://example.org/)'),
    /<a href="https:\/\/example.org\/" rel="noopener noreferrer nofollow">/,
  )
})
