import type { Language } from '../../domain/text.ts'
import { formatBytes } from '../format-bytes.ts'
import { formatLimit } from '../format-limit.ts'
import { formatPercent } from '../format-percent.ts'
import { escapeMarkdown } from '../markdown.ts'
import { markdownBlocks, markdownTable } from '../markdown-table.ts'
import { changesMarkdown } from './changes-markdown.ts'
import type { DiskDocument, DiskServer } from './disk-schema.ts'
import { DRIVE_VERDICT_TITLES, decidedWords, silenceWords, wearWords } from './drive-words.ts'
import { findingsMarkdown, markdownOf, unreadMarkdown } from './finding-markdown.ts'
import { raidRows } from './raid-rows.ts'
import { serverHeading, unknownWord } from './server-heading.ts'
import { biggestTable, cleanUpList, deletedTable, growthWords } from './space-markdown.ts'

/** Returns the report of service 003 for people. */
export function renderDiskMarkdown(
  document: Omit<DiskDocument, 'report_markdown'>,
  language: Language,
): string {
  return markdownBlocks([
    `# ${language === 'zh' ? '磁盘巡检报告' : 'Disk inspection'}`,
    `${document.generated_at} (${escapeMarkdown(document.time_zone)})`,
    markdownOf(document.summary, language),
    ...document.servers.map((server) => serverBlock(server, language)),
  ])
}

function serverBlock(server: DiskServer, language: Language): string {
  const zh = language === 'zh'
  const heading = serverHeading(server, language)
  if (!server.reached) return heading
  const section = (title: string, body: string): string => (body === '' ? '' : `### ${title}\n\n${body}`)
  return markdownBlocks([
    heading,
    section(zh ? '告警' : 'Warnings', findingsMarkdown(server.warnings, language)),
    changesMarkdown(server.since_last_inspection, language),
    section(zh ? '文件系统' : 'Filesystems', filesystemTable(server, language)),
    server.growth === null ? '' : `${markdownOf(growthWords(server.growth), language)}${zh ? '。' : '.'}`,
    section(zh ? '清理建议' : 'What could be cleaned up', cleanUpList(server, language)),
    section(zh ? '占用最多的目录与文件' : 'Biggest directories and files', biggestTable(server, language)),
    section(zh ? '已删除但仍被打开的文件' : 'Deleted but open files', deletedTable(server, language)),
    section(zh ? '硬盘' : 'Drives', driveTable(server, language)),
    section(zh ? 'RAID、ZFS 与多路径' : 'RAID, ZFS and multipath', arrayTable(server, language)),
    section(zh ? '块设备' : 'Block devices', blockTable(server, language)),
    section(zh ? '未读取' : 'Not read', unreadMarkdown(server.not_read, language)),
  ]).trimEnd()
}

function filesystemTable({ filesystems }: DiskServer, language: Language): string {
  const zh = language === 'zh'
  if (filesystems === null) return zh ? '文件系统使用情况未知。' : 'The usage of the filesystems is unknown.'
  return markdownTable(
    zh
      ? ['挂载点', '设备', '类型', '总量', '已用', '可用', '使用率', '阈值', 'inode', '只读']
      : ['Mount', 'Device', 'Type', 'Size', 'Used', 'Available', 'Usage', 'Limit', 'Inodes', 'Read-only'],
    filesystems.map((filesystem) => [
      escapeMarkdown(filesystem.mount),
      escapeMarkdown(filesystem.source),
      escapeMarkdown(filesystem.type),
      formatBytes(filesystem.total_bytes),
      formatBytes(filesystem.used_bytes),
      formatBytes(filesystem.available_bytes),
      formatPercent(filesystem.used_percent),
      filesystem.threshold_percent === null
        ? ''
        : formatLimit(filesystem.threshold_percent, filesystem.threshold_source, language),
      filesystem.inodes_used_percent === null ? '' : formatPercent(filesystem.inodes_used_percent),
      filesystem.read_only === null
        ? unknownWord(language)
        : filesystem.read_only
          ? zh
            ? '是'
            : 'yes'
          : zh
            ? '否'
            : 'no',
    ]),
  )
}

function driveTable({ drives }: DiskServer, language: Language): string {
  const zh = language === 'zh'
  if (drives === null)
    return zh
      ? '硬盘健康状况未知(SMART 未读取)。'
      : 'The health of the drives is unknown (SMART was not read).'
  return markdownTable(
    zh
      ? ['设备', '型号', '序列号', '容量', '结论', '依据', '更换风险', '温度', '通电', '磨损与寿命']
      : ['Device', 'Model', 'Serial', 'Size', 'Verdict', 'Decided by', 'Risk', 'Temp.', 'Powered on', 'Wear'],
    drives.map((drive) => [
      escapeMarkdown(drive.device),
      escapeMarkdown(drive.model ?? ''),
      escapeMarkdown(drive.serial ?? ''),
      drive.capacity_bytes === null ? '' : formatBytes(drive.capacity_bytes),
      DRIVE_VERDICT_TITLES[drive.verdict][language],
      [...decidedWords(drive, language), silenceWords(drive)?.[language] ?? '']
        .filter((words) => words !== '')
        .map(escapeMarkdown)
        .join('; '),
      drive.replacement_risk === null ? '' : `${drive.replacement_risk.score_percent}/100`,
      drive.temperature_celsius === null ? '' : `${drive.temperature_celsius} °C`,
      drive.power_on_hours === null ? '' : `${drive.power_on_hours} h`,
      wearWords(drive, language),
    ]),
  )
}

function arrayTable(server: DiskServer, language: Language): string {
  const zh = language === 'zh'
  return markdownTable(
    zh
      ? ['类别', '名称', '级别', '状态', '判断', '说明']
      : ['Kind', 'Name', 'Level', 'State', 'Judged', 'Note'],
    raidRows(server, language).map((row) => [
      row.kind[language],
      escapeMarkdown(row.name),
      escapeMarkdown(row.level),
      escapeMarkdown(row.state),
      wellWord(row.isWell, language),
      escapeMarkdown(row.note),
    ]),
  )
}

/** Returns how an array is judged: well, not well, or unknown. */
export const wellWord = (isWell: boolean | null, language: Language): string =>
  isWell === null
    ? unknownWord(language)
    : language === 'zh'
      ? isWell
        ? '正常'
        : '异常'
      : isWell
        ? 'well'
        : 'not well'

function blockTable({ block_devices: devices }: DiskServer, language: Language): string {
  const zh = language === 'zh'
  return markdownTable(
    zh
      ? ['设备', '属于', '类型', '容量', '型号', '文件系统', '挂载点']
      : ['Device', 'Part of', 'Type', 'Size', 'Model', 'Filesystem', 'Mount'],
    (devices ?? []).map((device) => [
      escapeMarkdown(device.name),
      escapeMarkdown(device.parent ?? ''),
      escapeMarkdown(device.type),
      formatBytes(device.size_bytes),
      escapeMarkdown(device.model ?? ''),
      escapeMarkdown(device.filesystem ?? ''),
      escapeMarkdown(device.mount ?? ''),
    ]),
  )
}
