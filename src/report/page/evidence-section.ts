import type { SummaryDocument } from '../documents/summary-schema.ts'
import type { UnreadSection } from '../documents/unread-section.ts'
import { escapeHtml } from '../escape-html.ts'
import { shorten } from '../shorten.ts'
import { card, leftOut, type PageWriter } from './page-writer.ts'

/** Returns what was not read: servers with the reason, sections with the reason and what would help. */
export function notReadSection({ facts }: SummaryDocument, writer: PageWriter): string {
  const { say } = writer
  const lost = facts.memory.servers.flatMap(({ ip, unreachable }) =>
    unreachable === null ? [] : [{ ip, unreachable }],
  )
  const unreachable = lost
    .slice(0, writer.limits.rows)
    .map(
      ({ ip, unreachable: why }) =>
        `<li><strong>${writer.foreign(ip)}</strong> ${writer.text(why.explanation)} (${writer.foreign(why.message)})${say('。', '. ')}${writer.text(why.next_step)}</li>`,
    )
  const sections = unreadOf(facts)
  const mendable = sections.filter(({ remedy }) => remedy !== null)
  const others = sections.filter(({ remedy }) => remedy === null)
  const mend = mendable.slice(0, writer.limits.rows).map((entry) => `<li>${unreadLine(entry, writer)}</li>`)
  const rest = others.slice(0, writer.limits.rows).map((entry) => `<li>${unreadLine(entry, writer)}</li>`)
  const list = (items: readonly string[]): string =>
    items.length === 0 ? '' : `<ul class="plain">${items.join('')}</ul>`
  const hidden = lost.length + sections.length - unreachable.length - mend.length - rest.length
  return card(
    say('未读取(一律视为未知)', 'Not read (counts as unknown)'),
    `${list(unreachable)}${list(mend)}${
      rest.length === 0
        ? ''
        : `<details><summary>${say(`另有 ${others.length} 项在这台机器上读不到,无需处理`, `${others.length} that cannot be read there; nothing to do`)}</summary>${list(rest)}</details>`
    }${leftOut(writer, hidden)}`,
  )
}

function unreadOf(facts: SummaryDocument['facts']): readonly (UnreadSection & { readonly ip: string })[] {
  const all = [
    ...facts.memory.servers.flatMap(({ ip, not_read: unread }) =>
      unread.map((section) => ({ ip, ...section })),
    ),
    ...facts.disk.servers.flatMap(({ ip, not_read: unread }) =>
      unread.map((section) => ({ ip, ...section })),
    ),
    ...facts.environment.not_read,
  ]
  return [...new Map(all.map((entry) => [`${entry.ip} ${entry.section}`, entry])).values()]
}

function unreadLine(entry: UnreadSection & { readonly ip: string }, writer: PageWriter): string {
  const remedy =
    entry.remedy === null ? '' : `${writer.say(';办法:', '. To mend: ')}${writer.text(entry.remedy)}`
  return `<strong>${writer.foreign(entry.ip)}</strong> <code>${writer.foreign(entry.section)}</code> ${writer.text(entry.reason)}${remedy}`
}

/** Returns the evidence that the page links to: command, time, and the beginning of what it printed. */
export function evidenceSection(writer: PageWriter): string {
  const { say, limits } = writer
  const blocks = writer.linkedEvidence().map(({ number, entry }) => {
    const excerpt = shorten(entry.excerpt.trimEnd(), limits.excerptCharacters)
    const cut = excerpt.length < entry.excerpt.trimEnd().length
    const shown =
      limits.excerptCharacters === 0 ? '' : `<pre>${escapeHtml(excerpt, { keepLines: true })}</pre>`
    const note = cut ? ` · ${say('只显示开头', 'beginning only')}` : ''
    // The target is inside, so that following a link opens the block (HTML Living Standard, ancestor details revealing).
    return (
      `<details><summary>${say('证据', 'Evidence')} ${number} <code>${escapeHtml(shorten(entry.command, limits.textCharacters))}</code></summary>` +
      `<div id="e${number}"><p class="where">${writer.foreign(entry.ref)} · ${entry.at} · SHA-256 ${writer.foreign(entry.raw_sha256.slice(0, 16))}…${note}</p>${shown}</div></details>`
    )
  })
  return card(say('证据', 'Evidence'), blocks.join(''))
}
