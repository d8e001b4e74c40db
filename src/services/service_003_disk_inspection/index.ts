import { text } from '../../domain/text.ts'
import { DISK_PROBES, inspectDisks } from '../../pipeline/disk-inspection.ts'
import { serversAbove } from '../../pipeline/servers-above.ts'
import { defineService } from '../service-definition.ts'
import { input, output } from './schema.ts'

/** 003: a deep look at the disks of the servers named, or of those above the disk threshold now. */
export const diskInspection = defineService({
  name: 'service_003_disk_inspection',
  serviceId: '003',
  title: text('磁盘检查', 'Disk inspection'),
  description: text(
    '登录服务器深入检查磁盘:文件系统(容量与 inode、只读)、增长与写满日期、大目录与大文件、清理建议(只给命令,不执行)、块设备、软硬 RAID、ZFS、多路径、SMART 结论与更换风险。不给 ips 时检查当前磁盘超阈值的服务器。只读,不改动服务器。',
    'Looks at the disks of servers in depth: filesystems (bytes, inodes, read-only), growth and days until full, biggest directories and files, clean-up suggestions (commands shown, never run), block devices, software and hardware RAID, ZFS, multipath, SMART verdicts and replacement risk. Without ips: the servers above the disk threshold now. Changes nothing on them.',
  ),
  keywords: ['磁盘', '硬盘', 'SMART', 'RAID', '清理', 'disk', 'filesystem', 'inode', 'clean up'],
  input,
  output,
  effect: 'collect',
  idempotent: true,
  command: ['inspect', 'disk'],
  async run(context, call) {
    const servers = await serversAbove(context, 'disk', call.ips ?? null)
    const { document } = await inspectDisks(context, {
      servers,
      requestedIps: call.ips ?? null,
      runId: null,
      probesFor: () => DISK_PROBES,
    })
    return document
  },
  message: (data) => data.summary,
  toMarkdown: (data) => data.report_markdown,
})
