import MarkdownIt from 'markdown-it'
import cjkFriendly from 'markdown-it-cjk-friendly'
import { escapeHtml } from './escape-html.ts'
import { visibleText } from './visible-text.ts'

/** Where a link of a report may lead: the web, a mail, this page, this server. Not `//host`, `javascript:` or `data:`. */
const ALLOWED_LINK = /^(?:https?:\/\/|mailto:|#|\/(?![/\\]))/i
/** Pictures that load nothing from elsewhere. */
const ALLOWED_IMAGE = /^(?:data:image\/png;base64,[A-Za-z0-9+/=]*$|\/api\/)/

const renderer = createRenderer()

/**
 * Returns the HTML of a Markdown text: raw HTML is shown as text, links lead only to the web, a mail or this server,
 * pictures only come from this server or from the text itself (any other becomes its description), and `**中文：**正文`
 * is bold. Ends in time linear to the text for what reports hold; the text itself bounds the output.
 */
export const markdownToHtml = (markdown: string): string =>
  renderer.render(visibleText(markdown, { keepLines: true }))

/**
 * Returns foreign text that stays text in any place of a Markdown line: in a table cell, a list item, a heading.
 * Line breaks and hidden characters become visible signs. An underscore within a word is left alone: it means nothing there.
 */
export function escapeMarkdown(foreign: string): string {
  return visibleText(foreign)
    .replace(/[\\`*[\]|~]/g, '\\$&')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replace(/&(?=[#A-Za-z0-9])/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/^(\s*)([-#+=])/, '$1\\$2')
    .replace(/^(\s*\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
}

function createRenderer(): InstanceType<typeof MarkdownIt> {
  const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false }).use(cjkFriendly)
  markdown.validateLink = (url) => ALLOWED_LINK.test(url) || ALLOWED_IMAGE.test(url)
  markdown.renderer.rules.image = (tokens, index) => {
    const token = tokens[index]
    const source = String(token?.attrGet('src') ?? '')
    const description = escapeHtml(token?.content ?? '')
    return ALLOWED_IMAGE.test(source)
      ? `<img src="${escapeHtml(source)}" alt="${description}">`
      : `[${description}]`
  }
  markdown.renderer.rules.link_open = (tokens, index) => {
    const target = String(tokens[index]?.attrGet('href') ?? '')
    // A picture's address passes validateLink; as a link it is not wanted.
    const href = ALLOWED_LINK.test(target) ? target : '#'
    return `<a href="${escapeHtml(href)}" rel="noopener noreferrer nofollow">`
  }
  return markdown
}
