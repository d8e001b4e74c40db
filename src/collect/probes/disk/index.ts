import { text } from '../../../domain/text.ts'
import type { Probe } from '../../probe.ts'
import { parseSection } from '../../section-value.ts'
import { parseHardwareRaid, parseMdDetails, parseMultipathMaps, parseZfsPools } from './parse-arrays.ts'
import { parseFilesystems, parseSilentFilesystems } from './parse-filesystems.ts'
import { parseLsblk } from './parse-lsblk.ts'
import { parseMdstat } from './parse-mdstat.ts'
import { parseSmart } from './parse-smart.ts'
import { parseBiggest, parseDeleted, parseSwaps } from './parse-space.ts'
import { DISK_SECTIONS as S } from './sections.ts'

/** Disks: filesystems, block devices, arrays of every kind, SMART, and what takes the space. */
export const diskProbe: Probe<'disk'> = {
  name: 'disk',
  title: text('磁盘', 'Disk'),
  sections: Object.values(S),
  parse: (raw) => ({
    filesystems: parseSection(raw['filesystems'], S.filesystems.command, parseFilesystems),
    silentFilesystems: parseSection(raw['filesystems'], S.filesystems.command, parseSilentFilesystems),
    blockDevices: parseSection(raw['block_devices'], S.blockDevices.command, parseLsblk),
    mdArrays: parseSection(raw['md_arrays'], S.mdArrays.command, parseMdstat),
    mdDetails: parseSection(raw['md_details'], S.mdDetails.command, parseMdDetails),
    zfsPools: parseSection(raw['zfs_pools'], S.zfsPools.command, parseZfsPools),
    multipath: parseSection(raw['multipath'], S.multipath.command, parseMultipathMaps),
    hardwareRaid: parseSection(raw['hardware_raid'], S.hardwareRaid.command, parseHardwareRaid),
    smart: parseSection(raw['smart'], S.smart.command, parseSmart),
    swaps: parseSection(raw['swaps'], S.swaps.command, parseSwaps),
    deletedOpenFiles: parseSection(raw['deleted_open_files'], S.deletedOpenFiles.command, parseDeleted),
    biggestEntries: parseSection(raw['biggest_entries'], S.biggestEntries.command, parseBiggest),
  }),
}
