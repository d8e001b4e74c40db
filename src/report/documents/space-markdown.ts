import { type Language, type Text, text } from '../../domain/text.ts'
import { formatBytes } from '../format-bytes.ts'
import { escapeMarkdown } from '../markdown.ts'
import { markdownTable } from '../markdown-table.ts'
import { visibleText } from '../visible-text.ts'
import type { DiskServer } from './disk-schema.ts'
import { markdownOf } from './finding-markdown.ts'

const ENTRIES_SHOWN = 8
/** Every running system holds smaller ones; the data have them all. */
const SHOWN_FROM_BYTES = 1024 ** 2

/** Returns how fast the fullest filesystem fills, in words. */
export function growthWords(growth: NonNullable<DiskServer['growth']>): Text {
  const { mount, percent_per_day: percent, bytes_per_day: sizeBytes, days_until_full: days } = growth
  const since = growth.measured_since.slice(0, 16)
  if (days !== null)
    return text(
      `${mount} 自 ${since} 以来每天增长约 ${percent} 个百分点(${formatBytes(sizeBytes)}),照此约 ${days} 天后写满`,
      `${mount} has grown by about ${percent} points (${formatBytes(sizeBytes)}) a day since ${since}; at this pace it is full in about ${days} days`,
    )
  return percent < 0
    ? text(
        `${mount} 自 ${since} 以来每天减少约 ${-percent} 个百分点`,
        `${mount} has shrunk by about ${-percent} points a day since ${since}`,
      )
    : text(`${mount} 自 ${since} 以来没有明显增长`, `${mount} has not grown noticeably since ${since}`)
}

/** Returns the biggest directories and files as a table, '' without any. */
export function biggestTable({ biggest_entries: entries }: DiskServer, language: Language): string {
  const zh = language === 'zh'
  const rows = (entries ?? []).flatMap(({ mount, directories, files, complete }) =>
    [
      ...directories
        .filter(({ path }) => path !== mount)
        .slice(0, ENTRIES_SHOWN)
        .map((entry) => ({ ...entry, kind: zh ? '目录' : 'directory' })),
      ...files.slice(0, ENTRIES_SHOWN).map((entry) => ({ ...entry, kind: zh ? '文件' : 'file' })),
    ].map(({ path, size_bytes: size, kind }) => [
      `${escapeMarkdown(mount)}${complete ? '' : zh ? '(不完整)' : ' (incomplete)'}`,
      kind,
      escapeMarkdown(path),
      formatBytes(size),
    ]),
  )
  return markdownTable(
    zh ? ['文件系统', '类别', '路径', '大小'] : ['Filesystem', 'Kind', 'Path', 'Size'],
    rows,
  )
}

/** Returns the deleted files that processes hold open as a table, '' without any. */
export function deletedTable({ deleted_open_files: found }: DiskServer, language: Language): string {
  const zh = language === 'zh'
  const table = markdownTable(
    zh ? ['进程', '文件', '占用'] : ['Process', 'File', 'Holds'],
    (found?.files ?? [])
      .filter(({ allocated_bytes: size }) => size >= SHOWN_FROM_BYTES)
      .slice(0, ENTRIES_SHOWN)
      .map(({ pid, command, path, allocated_bytes: size }) => [
        `${escapeMarkdown(command ?? '?')} (PID ${pid})`,
        escapeMarkdown(path),
        formatBytes(size),
      ]),
  )
  if (table === '' || found?.all_processes !== false) return table
  const scope = zh
    ? '只看到登录用户自己的进程,可能还有别的。'
    : "Only the login user's own processes could be looked into; there may be more."
  return `${table}\n\n${scope}`
}

/** Returns in words what a suggestion would free. */
export const freesWords = (advice: DiskServer['clean_up'][number]): Text =>
  advice.frees_bytes === null
    ? text('', '')
    : advice.kind !== 'look'
      ? text(`可释放约 ${formatBytes(advice.frees_bytes)}`, `frees about ${formatBytes(advice.frees_bytes)}`)
      : text(
          `占用 ${formatBytes(advice.frees_bytes)},由人判断`,
          `${formatBytes(advice.frees_bytes)}, for a person to judge`,
        )

/** Returns the clean-up suggestions as a list, '' without any. */
export function cleanUpList({ clean_up: advice }: DiskServer, language: Language): string {
  if (advice.length === 0) return ''
  const zh = language === 'zh'
  const lead = zh
    ? '以下命令由人在服务器上以 root 执行;本产品不会执行。'
    : 'For a person to run as root on the server; this product never runs them.'
  const items = advice.map((entry) => {
    const frees = freesWords(entry)[language]
    const note = frees === '' ? '' : zh ? `(${frees})` : ` (${frees})`
    return `- ${markdownOf(entry.title, language)}${note}${zh ? ':' : ': '}\`${visibleText(entry.command)}\``
  })
  return `${lead}\n\n${items.join('\n')}`
}
