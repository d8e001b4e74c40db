import { text } from '../../../domain/text.ts'
import type { Probe } from '../../probe.ts'
import { parseSection } from '../../section-value.ts'
import { parseFilesystems } from './parse-filesystems.ts'
import { parseLsblk } from './parse-lsblk.ts'
import { parseMdstat } from './parse-mdstat.ts'
import { parseSmart } from './parse-smart.ts'
import { DISK_SECTIONS as S } from './sections.ts'

/** Disks: filesystems, block devices, software RAID, SMART. */
export const diskProbe: Probe<'disk'> = {
  name: 'disk',
  title: text('磁盘', 'Disk'),
  sections: [S.filesystems, S.blockDevices, S.mdArrays, S.smart],
  parse: (raw) => ({
    filesystems: parseSection(raw['filesystems'], S.filesystems.command, parseFilesystems),
    blockDevices: parseSection(raw['block_devices'], S.blockDevices.command, parseLsblk),
    mdArrays: parseSection(raw['md_arrays'], S.mdArrays.command, parseMdstat),
    smart: parseSection(raw['smart'], S.smart.command, parseSmart),
  }),
}
