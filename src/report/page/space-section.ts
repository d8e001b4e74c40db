import type { DiskServer } from '../documents/disk-schema.ts'
import { freesWords, growthWords } from '../documents/space-markdown.ts'
import { escapeHtml } from '../escape-html.ts'
import { formatBytes } from '../format-bytes.ts'
import { htmlTable, leftOut, type PageWriter } from './page-writer.ts'

const DIRECTORIES_SHOWN = 6
const FILES_SHOWN = 4

/** Returns what fills a server's filesystems: growth, clean-up suggestions, the biggest entries folded away. */
export function spaceBlocks(server: DiskServer, writer: PageWriter): string {
  return `${growthLine(server, writer)}${cleanUpBlock(server, writer)}${biggestBlock(server, writer)}`
}

function growthLine({ growth }: DiskServer, writer: PageWriter): string {
  if (growth === null) return ''
  const days = growth.days_until_full
  const badge =
    days === null
      ? ''
      : `<span class="badge ${days < 7 ? 'critical' : days < 30 ? 'warning' : 'info'}">${writer.say(`约 ${days} 天后写满`, `full in about ${days} days`)}</span> `
  return `<p>${badge}${writer.text(growthWords(growth))}</p>`
}

function cleanUpBlock({ clean_up: advice }: DiskServer, writer: PageWriter): string {
  if (advice.length === 0) return ''
  const shown = advice.slice(0, writer.limits.rows)
  const items = shown.map((entry) => {
    const frees = writer.text(freesWords(entry))
    // A command is shown whole or not at all: a cut one must not be copied.
    const command =
      entry.command.length > 2 * writer.limits.textCharacters
        ? writer.say('(命令较长,见数据)', '(a long command: see the data)')
        : `<code>${escapeHtml(entry.command)}</code>`
    const kind = entry.kind === 'look' ? 'info' : 'healthy'
    return `<li>${writer.text(entry.title)} ${frees === '' ? '' : `<span class="badge ${kind}">${frees}</span>`}${writer.evidence(entry.evidence)}<br>${command}</li>`
  })
  const title = writer.say('清理建议', 'What could be cleaned up')
  const note = writer.say(
    '由人在服务器上以 root 执行,本产品不会执行',
    'for a person to run as root; this product never does',
  )
  return `<p class="small"><b>${title}</b> <span class="muted">${note}</span></p><ul class="plain">${items.join('')}</ul>${leftOut(writer, advice.length - shown.length)}`
}

function biggestBlock(server: DiskServer, writer: PageWriter): string {
  const { say } = writer
  const rows = (server.biggest_entries ?? []).flatMap(({ mount, directories, files }) =>
    [
      ...directories.filter(({ path }) => path !== mount).slice(0, DIRECTORIES_SHOWN),
      ...files.slice(0, FILES_SHOWN),
    ].map(({ path, size_bytes: size }) => [writer.foreign(path), formatBytes(size)]),
  )
  const table = htmlTable(
    say('占用最多的目录与文件', 'Biggest directories and files'),
    [
      { title: say('路径', 'Path'), kind: 'cmd' },
      { title: say('大小', 'Size'), kind: 'num' },
    ],
    rows.slice(0, writer.limits.rows),
  )
  if (table === '') return ''
  return `<details><summary>${say('占用最多的目录与文件', 'Biggest directories and files')}${writer.evidence([server.biggest_entries_evidence])}</summary>${table}</details>`
}
