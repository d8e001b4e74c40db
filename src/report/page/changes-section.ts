import { UNREAD_WORDS } from '../documents/changes-markdown.ts'
import type { SummaryDocument } from '../documents/summary-schema.ts'
import { card, leftOut, type PageWriter } from './page-writer.ts'

type ServerChanges = SummaryDocument['changes'][number]

/** Returns what changed on each server since its last inspection; servers where nothing did are counted. */
export function changesSection({ changes }: SummaryDocument, writer: PageWriter): string {
  if (changes.length === 0) return ''
  const { say } = writer
  const changed = changes.filter(({ since_last_inspection: since }) => since !== null && !isQuiet(since))
  const shown = changed.slice(0, Math.max(1, writer.limits.servers))
  const same = changes.length - changed.length
  const quiet =
    same === 0
      ? ''
      : `<p class="muted small">${say(`${same} 台与上次巡检相同。`, `${same} server${same === 1 ? ' is' : 's are'} as at the last inspection.`)}</p>`
  return card(
    say('自上次巡检以来', 'Since the last inspection'),
    `${shown.map((server) => serverBlock(server, writer)).join('')}${leftOut(writer, changed.length - shown.length)}${quiet}`,
  )
}

const isQuiet = (since: NonNullable<ServerChanges['since_last_inspection']>): boolean =>
  since.changes.length === 0 && since.not_compared.length === 0

function serverBlock({ ip, since_last_inspection: since }: ServerChanges, writer: PageWriter): string {
  if (since === null) return ''
  const { say } = writer
  const shown = since.changes.slice(0, writer.limits.rows)
  const items = shown.map(
    ({ title, evidence }) => `<li>${writer.text(title)}${writer.evidence(evidence)}</li>`,
  )
  const parts = since.not_compared.map(
    ({ section, unread }) => `${writer.foreign(section)}(${UNREAD_WORDS[unread][writer.language]})`,
  )
  const unknown =
    parts.length === 0
      ? ''
      : `<p class="muted small">${say('无法比较,是否变化未知:', 'Not compared, so changes are unknown: ')}${parts.join(say('、', ', '))}</p>`
  return (
    `<h3>${writer.foreign(ip)} <span class="where">${say('上次', 'last')} ${since.previous_at}</span></h3>` +
    `${items.length === 0 ? '' : `<ul class="plain">${items.join('')}</ul>`}${leftOut(writer, since.changes.length - shown.length)}${unknown}`
  )
}
