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
    '登录服务器深入检查磁盘:文件系统(容量与 inode、只读)、块设备、软 RAID、SMART。不给 ips 时检查当前磁盘超阈值的服务器。只读,不改动服务器。',
    'Looks at the disks of servers in depth: filesystems (bytes, inodes, read-only), block devices, software RAID, SMART. Without ips: the servers above the disk threshold now. Changes nothing on them.',
  ),
  keywords: ['磁盘', '硬盘', 'SMART', 'RAID', 'disk', 'filesystem', 'inode'],
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
