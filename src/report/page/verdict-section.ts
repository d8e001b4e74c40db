import type { Text } from '../../domain/text.ts'
import { VERDICT_TITLES } from '../documents/summary-markdown.ts'
import type { SummaryDocument, Verdict } from '../documents/summary-schema.ts'
import { outsideMaintenance } from '../documents/summary-servers.ts'
import { nextStepOf } from './next-step.ts'
import type { PageWriter } from './page-writer.ts'

const STATES = ['critical', 'attention', 'unknown', 'healthy'] as const satisfies readonly Verdict[]
const RADIUS = 44
const CIRCUMFERENCE = 2 * Math.PI * RADIUS

/** Returns the first screen: how many of how many servers need a look, what is worst, what to do next, and the areas. */
export function verdictSection(summary: SummaryDocument, writer: PageWriter): string {
  const { totals, verdict } = summary
  const judged = totals.servers - totals.in_maintenance
  const heading =
    totals.servers === 0
      ? writer.say('清单中没有服务器', 'There is no server in the inventory')
      : totals.need_attention === 0
        ? judged === 0
          ? writer.say(
              `${totals.servers} 台服务器均在维护中`,
              `In maintenance: all of ${totals.servers} server${totals.servers === 1 ? '' : 's'}`,
            )
          : writer.say(
              `${judged} 台服务器均未见异常`,
              `Nothing wrong on ${judged} server${judged === 1 ? '' : 's'}`,
            )
        : writer.say(
            `${totals.servers} 台服务器中 ${totals.need_attention} 台需要关注`,
            `${totals.need_attention} of ${totals.servers} server${totals.servers === 1 ? '' : 's'} need${totals.need_attention === 1 ? 's' : ''} attention`,
          )
  return (
    `<section class="hero ${verdict}">${donut(summary, writer)}<div>` +
    `<span class="badge ${verdict}">${VERDICT_TITLES[verdict][writer.language]}</span>` +
    `<h1>${heading}</h1>${worstLines(summary, writer)}${countsLine(summary, writer)}</div></section>${areaList(summary, writer)}`
  )
}

function worstLines(summary: SummaryDocument, writer: PageWriter): string {
  const findings = outsideMaintenance(summary.facts, summary.findings)
  const worst = findings.find(({ severity }) => severity !== 'info')
  const label = (zh: string, en: string): string => `<b>${writer.say(zh, en)}</b>`
  const line = (name: string, words: Text | null): string =>
    words === null ? '' : `<p class="lead">${name}${writer.text(words)}</p>`
  if (worst === undefined) {
    const server = summary.servers.find((one) => one.state !== 'healthy' && one.in_maintenance === null)
    if (server === undefined) {
      const blind = summary.areas.filter(({ state }) => state === 'unknown')
      if (blind.length === 0) return ''
      const names = blind.map(({ title }) => title[writer.language]).join(writer.say('、', ', '))
      return `<p class="lead">${label('未知', 'Unknown')}${names}${writer.say('没有读到,见下方“未读取”。', ' could not be read: see "Not read" below.')}</p>`
    }
    return `<p class="lead">${label('最严重', 'Worst')}${writer.foreign(server.ip)} ${writer.text(server.reason)}</p>${line(label('下一步', 'Next'), nextStepOf(summary, server))}`
  }
  return (
    `<p class="lead">${label('最严重', 'Worst')}<strong>${writer.foreign(worst.ip)}</strong> ${writer.text(worst.title)}${writer.evidence(worst.evidence)}</p>` +
    `${line(label('原因', 'Cause'), worst.cause)}${line(label('下一步', 'Next'), worst.next_step)}`
  )
}

function countsLine({ totals }: SummaryDocument, writer: PageWriter): string {
  const words = [
    totals.critical > 0 ? writer.say(`严重 ${totals.critical}`, `${totals.critical} critical`) : '',
    totals.attention > 0
      ? writer.say(`需要关注 ${totals.attention}`, `${totals.attention} with warnings`)
      : '',
    totals.unknown > 0 ? writer.say(`未知 ${totals.unknown}`, `${totals.unknown} unknown`) : '',
    totals.healthy > 0 ? writer.say(`正常 ${totals.healthy}`, `${totals.healthy} healthy`) : '',
    totals.in_maintenance > 0
      ? writer.say(`维护中 ${totals.in_maintenance}`, `${totals.in_maintenance} in maintenance`)
      : '',
    writer.say(`深入巡检 ${totals.inspected}`, `${totals.inspected} inspected in depth`),
  ]
  return `<p class="muted small">${words.filter((word) => word !== '').join(' · ')}</p>`
}

function donut({ totals }: SummaryDocument, writer: PageWriter): string {
  let offset = 0
  const rings = STATES.flatMap((state) => {
    const share = totals.servers === 0 ? 0 : totals[state] / totals.servers
    if (share === 0) return []
    const length = share * CIRCUMFERENCE
    const ring = `<circle class="ring ${state}" cx="55" cy="55" r="${RADIUS}" stroke-dasharray="${length.toFixed(2)} ${CIRCUMFERENCE.toFixed(2)}" stroke-dashoffset="${(-offset).toFixed(2)}" transform="rotate(-90 55 55)"/>`
    offset += length
    return [ring]
  })
  const label = writer.say('需要关注', 'need attention')
  const middle =
    totals.need_attention === 0 && totals.servers > 0
      ? '<path class="ring check" d="M38 56l12 12 23-25"/>'
      : `<text x="55" y="59">${totals.need_attention}</text><text class="of" x="55" y="76">/ ${totals.servers}</text>`
  return (
    `<svg viewBox="0 0 110 110" role="img" aria-label="${totals.need_attention} / ${totals.servers} ${label}">` +
    `<circle class="ring track" cx="55" cy="55" r="${RADIUS}"/>${rings.join('')}` +
    `${middle}</svg>`
  )
}

function areaList({ areas }: SummaryDocument, writer: PageWriter): string {
  const items = areas.map(
    ({ title, state, note }) =>
      `<li><b>${title[writer.language]}</b><span class="badge ${state}">${VERDICT_TITLES[state][writer.language]}</span><span class="note">${writer.text(note)}</span></li>`,
  )
  return `<ul class="areas">${items.join('')}</ul>`
}
