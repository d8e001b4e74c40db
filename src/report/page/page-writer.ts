import type { Language, Text } from '../../domain/text.ts'
import type { EvidenceEntry } from '../documents/evidence-entry.ts'
import type { SummaryDocument } from '../documents/summary-schema.ts'
import { escapeHtml } from '../escape-html.ts'
import { shorten } from '../shorten.ts'

/** How much a page may show, so that it stays small whatever the fleet. */
export interface PageLimits {
  readonly findings: number
  readonly servers: number
  readonly rows: number
  readonly slots: number
  readonly textCharacters: number
  readonly excerptCharacters: number
}

/** What the parts of a page write with. Everything it returns is HTML; every argument may be foreign text. */
export interface PageWriter {
  readonly language: Language
  readonly limits: PageLimits
  /** Words of ours in the page's language. */
  say(zh: string, en: string): string
  /** A text that may quote foreign words; what stands in backticks is shown as code. */
  text(value: Text): string
  /** Foreign words, shortened. */
  foreign(words: string | null): string
  /** Links to the evidence of a number; '' where there is none. */
  evidence(refs: readonly (string | null)[]): string
  /** Evidence linked to so far, in the order of its numbers. */
  linkedEvidence(): readonly { readonly number: number; readonly entry: EvidenceEntry }[]
}

/** Returns a writer for one page; it numbers the evidence in the order in which the page refers to it. */
export function createPageWriter(
  summary: SummaryDocument | null,
  language: Language,
  limits: PageLimits,
): PageWriter {
  const entries = indexEvidence(summary)
  const numbers = new Map<string, number>()
  const foreign = (words: string | null): string => escapeHtml(shorten(words ?? '', limits.textCharacters))
  const say = (zh: string, en: string): string => (language === 'zh' ? zh : en)
  return {
    language,
    limits,
    say,
    foreign,
    text: (value) => foreign(value[language]).replace(/`([^`]{1,300})`/g, '<code>$1</code>'),
    evidence: (refs) =>
      refs
        .filter((ref) => ref !== null && entries.has(ref))
        .map((ref) => {
          const known = ref ?? ''
          const number = numbers.get(known) ?? numbers.size + 1
          numbers.set(known, number)
          return ` <a class="ev" href="#e${number}" aria-label="${say('证据', 'evidence')} ${number}">${say('证', 'ev')} ${number}</a>`
        })
        .join(''),
    linkedEvidence: () =>
      [...numbers].flatMap(([ref, number]) => {
        const entry = entries.get(ref)
        return entry === undefined ? [] : [{ number, entry }]
      }),
  }
}

function indexEvidence(summary: SummaryDocument | null): ReadonlyMap<string, EvidenceEntry> {
  if (summary === null) return new Map()
  const { memory, disk, system, environment_evidence: environment } = summary.facts
  const all = [
    ...system.evidence,
    ...environment,
    ...memory.servers.flatMap(({ evidence }) => evidence),
    ...disk.servers.flatMap(({ evidence }) => evidence),
  ]
  return new Map(all.map((entry) => [entry.ref, entry]))
}

/** Returns a card with a heading; '' when it would be empty. */
export const card = (title: string, body: string): string =>
  body === '' ? '' : `<section class="card"><h2>${title}</h2>${body}</section>`

/** Returns a table that scrolls on its own when it is wider than the screen; '' without rows. Cells are HTML. */
export function htmlTable(
  label: string,
  columns: readonly { readonly title: string; readonly kind?: 'num' | 'wide' | 'cmd' | 'text' | 'time' }[],
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) return ''
  const kindOf = (position: number): string => {
    const kind = columns[position]?.kind
    return kind === undefined ? '' : ` class="${kind}"`
  }
  const head = columns
    .map(({ title }, position) => `<th scope="col"${kindOf(position)}>${title}</th>`)
    .join('')
  const body = rows
    .map((row) => `<tr>${row.map((cell, position) => `<td${kindOf(position)}>${cell}</td>`).join('')}</tr>`)
    .join('')
  return `<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
}

/** Returns a bar of a share; its colour says how it stands against the limit. */
export function bar(percent: number, limitPercent: number): string {
  const width = Math.min(100, Math.max(0, percent)).toFixed(1)
  const state = percent <= limitPercent ? 'healthy' : percent >= 90 ? 'critical' : 'attention'
  return `<svg class="bar" aria-hidden="true"><rect class="t" width="100%" height="100%"/><rect class="${state}" width="${width}%" height="100%"/></svg>`
}

/** Returns the sentence that says how many were left out; '' when none were. */
export const leftOut = (writer: PageWriter, count: number): string =>
  count <= 0
    ? ''
    : `<p class="muted small">${writer.say(`另有 ${count} 项未在此列出,完整数据见 <code>/api/ai-report</code>。`, `${count} more are not shown here; <code>/api/ai-report</code> has them all.`)}</p>`
