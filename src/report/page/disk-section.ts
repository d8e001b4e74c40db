import { wellWord } from '../documents/disk-markdown.ts'
import type { DiskServer, DriveEntry } from '../documents/disk-schema.ts'
import { DRIVE_VERDICT_TITLES, decidedWords, silenceWords, wearWords } from '../documents/drive-words.ts'
import { type RaidRow, raidRows } from '../documents/raid-rows.ts'
import type { SummaryDocument } from '../documents/summary-schema.ts'
import { formatBytes } from '../format-bytes.ts'
import { formatLimit } from '../format-limit.ts'
import { formatPercent } from '../format-percent.ts'
import { bar, card, htmlTable, leftOut, type PageWriter } from './page-writer.ts'
import { spaceBlocks } from './space-section.ts'

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
  return `${heading}${filesystemTable(server, limitPercent, writer)}${spaceBlocks(server, writer)}${driveTable(server, writer)}${arrayTable(server, writer)}`
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

const SIGNS_SHOWN = 6

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
      { title: say('更换风险', 'Replacement risk') },
      { title: say('型号 / 序列号', 'Model / serial') },
      { title: say('容量', 'Size'), kind: 'num' },
      { title: say('温度', 'Temp.'), kind: 'num' },
      { title: say('磨损与寿命', 'Wear and life') },
    ],
    shown.map((drive) => driveRow(drive, writer)),
  )
  return `${title}${table}${leftOut(writer, drives.length - shown.length)}`
}

function driveRow(drive: DriveEntry, writer: PageWriter): string[] {
  const silence = silenceWords(drive)
  const signs = decidedWords(drive, writer.language).slice(0, SIGNS_SHOWN)
  const decided = [...signs, ...(silence === null ? [] : [silence[writer.language]])]
    .map((words) => writer.foreign(words))
    .join('<br>')
  return [
    writer.foreign(drive.device),
    `<span class="badge ${VERDICT_BADGES[drive.verdict]}">${DRIVE_VERDICT_TITLES[drive.verdict][writer.language]}</span>${decided === '' ? '' : `<br><span class="where">${decided}</span>`}`,
    riskCell(drive, writer),
    `${writer.foreign(drive.model)}${drive.serial === null ? '' : `<br><span class="where">${writer.foreign(drive.serial)}</span>`}`,
    drive.capacity_bytes === null ? '' : formatBytes(drive.capacity_bytes),
    drive.temperature_celsius === null ? '' : `${drive.temperature_celsius} °C`,
    wearWords(drive, writer.language),
  ]
}

function riskCell({ replacement_risk: risk }: DriveEntry, writer: PageWriter): string {
  if (risk === null) return writer.say('未知', 'unknown')
  const kind = risk.score_percent >= 70 ? 'critical' : risk.score_percent >= 30 ? 'warning' : 'healthy'
  return `<span class="badge ${kind}">${risk.score_percent}/100</span>`
}

function arrayTable(server: DiskServer, writer: PageWriter): string {
  const { say } = writer
  const rows = raidRows(server, writer.language)
  const shown = rows.slice(0, writer.limits.rows)
  const title = say('RAID、ZFS 与多路径', 'RAID, ZFS and multipath')
  const table = htmlTable(
    title,
    [
      { title: say('名称', 'Name') },
      { title: say('判断', 'Judged') },
      { title: say('状态', 'State') },
      { title: say('说明', 'Note'), kind: 'text' },
    ],
    shown.map((row) => [
      `${writer.foreign(row.name)}<br><span class="where">${row.kind[writer.language]} ${writer.foreign(row.level)}</span>`,
      `<span class="badge ${wellBadge(row)}">${wellWord(row.isWell, writer.language)}</span>`,
      writer.foreign(row.state),
      writer.foreign(row.note),
    ]),
  )
  const evidence = writer.evidence([...new Set(shown.map((row) => row.evidence))])
  return table === ''
    ? ''
    : `<p class="small"><b>${title}</b>${evidence}</p>${table}${leftOut(writer, rows.length - shown.length)}`
}

const wellBadge = ({ isWell }: RaidRow): string =>
  isWell === null ? 'unknown' : isWell ? 'healthy' : 'critical'
