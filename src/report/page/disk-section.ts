import { DRIVE_VERDICT_TITLES } from '../documents/disk-markdown.ts'
import type { DiskServer, DriveEntry } from '../documents/disk-schema.ts'
import type { SummaryDocument } from '../documents/summary-schema.ts'
import { formatBytes } from '../format-bytes.ts'
import { formatLimit } from '../format-limit.ts'
import { formatPercent } from '../format-percent.ts'
import { bar, card, htmlTable, leftOut, type PageWriter } from './page-writer.ts'

/** Returns storage per server: filesystems with bars, drives with their verdicts, software RAID. */
export function diskSection({ facts }: SummaryDocument, writer: PageWriter): string {
  const reached = facts.disk.servers.filter((server) => server.reached)
  const shown = reached.slice(0, writer.limits.servers)
  const limit = facts.system.thresholds.disk_percent
  const blocks = shown.map((server) => serverBlock(server, limit, writer)).join('')
  return card(writer.say('磁盘', 'Disks'), `${blocks}${leftOut(writer, reached.length - shown.length)}`)
}

function serverBlock(server: DiskServer, limitPercent: number, writer: PageWriter): string {
  const heading = `<h3>${writer.foreign(server.ip)}${server.name === null || server.name === server.ip ? '' : ` ${writer.foreign(server.name)}`}</h3>`
  return `${heading}${filesystemTable(server, limitPercent, writer)}${driveTable(server, writer)}${arrayTable(server, writer)}`
}

function unknownLine(words: string, writer: PageWriter): string {
  return `<p><span class="badge unknown">${writer.say('未知', 'unknown')}</span> ${words}</p>`
}

function filesystemTable(
  { filesystems, filesystems_evidence: evidence }: DiskServer,
  limitPercent: number,
  writer: PageWriter,
): string {
  const { say } = writer
  if (filesystems === null)
    return unknownLine(say('文件系统使用情况未读到', 'the usage of the filesystems was not read'), writer)
  const shown = filesystems.slice(0, writer.limits.rows)
  const readOnly = ` <span class="badge warning">${say('只读', 'read-only')}</span>`
  const table = htmlTable(
    say('文件系统', 'Filesystems'),
    [
      { title: say('挂载点', 'Mount') },
      { title: say('使用率', 'Usage'), kind: 'num' },
      { title: '', kind: 'wide' },
      { title: say('阈值', 'Limit'), kind: 'num' },
      { title: say('可用', 'Available'), kind: 'num' },
      { title: say('总量', 'Size'), kind: 'num' },
      { title: 'inode', kind: 'num' },
      { title: say('类型', 'Type') },
    ],
    shown.map((filesystem) => [
      `${writer.foreign(filesystem.mount)}${filesystem.read_only === true ? readOnly : ''}`,
      formatPercent(filesystem.used_percent),
      bar(filesystem.used_percent, filesystem.threshold_percent ?? limitPercent),
      filesystem.threshold_percent === null
        ? ''
        : formatLimit(filesystem.threshold_percent, filesystem.threshold_source, writer.language),
      formatBytes(filesystem.available_bytes),
      formatBytes(filesystem.total_bytes),
      filesystem.inodes_used_percent === null ? '' : formatPercent(filesystem.inodes_used_percent),
      writer.foreign(filesystem.type),
    ]),
  )
  return `<p class="small"><b>${say('文件系统', 'Filesystems')}</b>${writer.evidence([evidence])}</p>${table}${leftOut(writer, filesystems.length - shown.length)}`
}

const VERDICT_BADGES = {
  critical: 'critical',
  warning: 'warning',
  no_warning_signs: 'healthy',
  unknown: 'unknown',
} as const

function driveTable({ drives, drives_evidence: evidence }: DiskServer, writer: PageWriter): string {
  const { say } = writer
  const title = `<p class="small"><b>${say('硬盘', 'Drives')}</b>${writer.evidence([evidence])}</p>`
  if (drives === null || drives.length === 0)
    return `${title}${unknownLine(say('硬盘健康状况未读到(SMART)', 'the health of the drives was not read (SMART)'), writer)}`
  const shown = drives.slice(0, writer.limits.rows)
  const table = htmlTable(
    say('硬盘', 'Drives'),
    [
      { title: say('设备', 'Device') },
      { title: say('结论', 'Verdict'), kind: 'text' },
      { title: say('型号 / 序列号', 'Model / serial') },
      { title: say('容量', 'Size'), kind: 'num' },
      { title: say('温度', 'Temp.'), kind: 'num' },
      { title: say('磨损', 'Wear'), kind: 'num' },
    ],
    shown.map((drive) => driveRow(drive, writer)),
  )
  return `${title}${table}${leftOut(writer, drives.length - shown.length)}`
}

function driveRow(drive: DriveEntry, writer: PageWriter): string[] {
  const decided = drive.decided_by
    .slice(0, 6)
    .map(({ attribute, reading }) => writer.foreign(`${attribute} = ${reading}`))
    .join('<br>')
  return [
    writer.foreign(drive.device),
    `<span class="badge ${VERDICT_BADGES[drive.verdict]}">${DRIVE_VERDICT_TITLES[drive.verdict][writer.language]}</span>${decided === '' ? '' : `<br><span class="where">${decided}</span>`}`,
    `${writer.foreign(drive.model)}${drive.serial === null ? '' : `<br><span class="where">${writer.foreign(drive.serial)}</span>`}`,
    drive.capacity_bytes === null ? '' : formatBytes(drive.capacity_bytes),
    drive.temperature_celsius === null ? '' : `${drive.temperature_celsius} °C`,
    drive.wear_percent === null ? '' : formatPercent(drive.wear_percent),
  ]
}

function arrayTable(
  { md_arrays: arrays, md_arrays_evidence: evidence }: DiskServer,
  writer: PageWriter,
): string {
  const { say } = writer
  const table = htmlTable(
    say('软 RAID', 'Software RAID'),
    [
      { title: say('阵列', 'Array') },
      { title: say('级别', 'Level') },
      { title: say('状态', 'State') },
      { title: say('成员', 'Members'), kind: 'num' },
      { title: say('失效成员', 'Failed') },
    ],
    (arrays ?? [])
      .slice(0, writer.limits.rows)
      .map((array) => [
        writer.foreign(array.name),
        writer.foreign(array.level),
        `${writer.foreign(array.state)}${array.operation === null ? '' : ` · ${writer.foreign(array.operation)}${array.operation_percent === null ? '' : ` ${formatPercent(array.operation_percent)}`}`}`,
        `${array.active_members ?? '?'} / ${array.members ?? '?'}`,
        writer.foreign(array.failed_members.join(', ')),
      ]),
  )
  return table === ''
    ? ''
    : `<p class="small"><b>${say('软 RAID', 'Software RAID')}</b>${writer.evidence([evidence])}</p>${table}`
}
