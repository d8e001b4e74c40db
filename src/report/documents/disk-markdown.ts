import { type Language, type Text, text } from '../../domain/text.ts'
import { formatBytes } from '../format-bytes.ts'
import { formatLimit } from '../format-limit.ts'
import { formatPercent } from '../format-percent.ts'
import { escapeMarkdown } from '../markdown.ts'
import { markdownBlocks, markdownTable } from '../markdown-table.ts'
import type { DiskDocument, DiskServer, DriveEntry } from './disk-schema.ts'
import { findingsMarkdown, markdownOf, unreadMarkdown } from './finding-markdown.ts'
import { serverHeading, unknownWord } from './server-heading.ts'

/** Names of the verdicts on drives. */
export const DRIVE_VERDICT_TITLES: Readonly<Record<DriveEntry['verdict'], Text>> = {
  critical: text('严重', 'critical'),
  warning: text('警告', 'warning'),
  no_warning_signs: text('未见故障征兆', 'no warning signs'),
  unknown: text('未知', 'unknown'),
}

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
    section(zh ? '文件系统' : 'Filesystems', filesystemTable(server, language)),
    section(zh ? '硬盘' : 'Drives', driveTable(server, language)),
    section(zh ? '软 RAID' : 'Software RAID', arrayTable(server, language)),
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
      ? ['设备', '型号', '序列号', '容量', '结论', '依据', '温度', '磨损']
      : ['Device', 'Model', 'Serial', 'Size', 'Verdict', 'Decided by', 'Temperature', 'Wear'],
    drives.map((drive) => [
      escapeMarkdown(drive.device),
      escapeMarkdown(drive.model ?? ''),
      escapeMarkdown(drive.serial ?? ''),
      drive.capacity_bytes === null ? '' : formatBytes(drive.capacity_bytes),
      DRIVE_VERDICT_TITLES[drive.verdict][language],
      drive.decided_by.map(({ attribute, reading }) => escapeMarkdown(`${attribute}=${reading}`)).join(', '),
      drive.temperature_celsius === null ? '' : `${drive.temperature_celsius} °C`,
      drive.wear_percent === null ? '' : formatPercent(drive.wear_percent),
    ]),
  )
}

function arrayTable({ md_arrays: arrays }: DiskServer, language: Language): string {
  const zh = language === 'zh'
  return markdownTable(
    zh
      ? ['阵列', '级别', '状态', '成员', '失效成员', '操作']
      : ['Array', 'Level', 'State', 'Members', 'Failed', 'Operation'],
    (arrays ?? []).map((array) => [
      escapeMarkdown(array.name),
      escapeMarkdown(array.level ?? ''),
      escapeMarkdown(array.state),
      `${array.active_members ?? '?'} / ${array.members ?? '?'}`,
      array.failed_members.map(escapeMarkdown).join(', '),
      array.operation === null
        ? ''
        : `${escapeMarkdown(array.operation)}${array.operation_percent === null ? '' : ` ${formatPercent(array.operation_percent)}`}`,
    ]),
  )
}

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
