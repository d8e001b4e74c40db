import { text } from '../../../domain/text.ts'
import type { ProbeSection } from '../../probe.ts'
import { LOCAL_FILESYSTEMS_SH } from '../../shell/local-filesystems.ts'
import { RAID_SECTIONS } from './raid-sections.ts'
import { SMART_SECTION } from './smart-section.ts'
import { SPACE_SECTIONS } from './space-sections.ts'

/** util-linux before 2.20 knows neither SERIAL nor PKNAME, before 2.25 no PKNAME with -P. */
const BLOCK_DEVICES = `command -v lsblk >/dev/null 2>&1 || absent lsblk
lsblk -P -b -o NAME,PKNAME,TYPE,SIZE,ROTA,MODEL,SERIAL,FSTYPE,MOUNTPOINT 2>/dev/null ||
  lsblk -P -b -o NAME,TYPE,SIZE,ROTA,MODEL,FSTYPE,MOUNTPOINT 2>/dev/null ||
  lsblk -P -b -o NAME,SIZE,ROTA,MODEL,FSTYPE,MOUNTPOINT`

/** Sections of the `disk` probe, in the order in which they run. SMART and the tools of arrays need root. */
export const DISK_SECTIONS = {
  filesystems: {
    name: 'filesystems',
    body: `${LOCAL_FILESYSTEMS_SH}exit 0`,
    command: 'cat /proc/self/mounts; df -P -k MOUNT…; df -P -i MOUNT…',
    timeoutSeconds: 10,
    privilege: 'none',
    remedy: null,
  },
  blockDevices: {
    name: 'block_devices',
    body: BLOCK_DEVICES,
    command: 'lsblk -P -b -o NAME,PKNAME,TYPE,SIZE,ROTA,MODEL,SERIAL,FSTYPE,MOUNTPOINT',
    timeoutSeconds: 10,
    privilege: 'none',
    remedy: text(
      '安装 lsblk:Debian/Ubuntu/UOS `apt-get install util-linux`,CentOS/openEuler/麒麟 `yum install util-linux`,Alpine `apk add lsblk`。',
      'Install lsblk: Debian/Ubuntu/UOS `apt-get install util-linux`, CentOS/openEuler/Kylin `yum install util-linux`, Alpine `apk add lsblk`.',
    ),
  },
  mdArrays: {
    name: 'md_arrays',
    body: '[ -r /proc/mdstat ] || absent /proc/mdstat\ncat /proc/mdstat',
    command: 'cat /proc/mdstat',
    timeoutSeconds: 5,
    privilege: 'none',
    remedy: text(
      '内核未加载软件 RAID(md)驱动:没有使用 mdadm 阵列时无需处理;使用时执行 `modprobe md_mod`。',
      'The software RAID (md) driver is not loaded: nothing to do where no mdadm array is used, else `modprobe md_mod`.',
    ),
  },
  mdDetails: RAID_SECTIONS.mdDetails,
  zfsPools: RAID_SECTIONS.zfsPools,
  multipath: RAID_SECTIONS.multipath,
  hardwareRaid: RAID_SECTIONS.hardwareRaid,
  swaps: SPACE_SECTIONS.swaps,
  deletedOpenFiles: SPACE_SECTIONS.deletedOpenFiles,
  smart: SMART_SECTION,
  biggestEntries: SPACE_SECTIONS.biggestEntries,
} as const satisfies Record<string, ProbeSection>
