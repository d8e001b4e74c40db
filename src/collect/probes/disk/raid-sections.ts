import { text } from '../../../domain/text.ts'
import type { ProbeSection } from '../../probe.ts'

/**
 * Runs the tool of each RAID controller that the kernel has a driver for. All commands only show; `nolog`, `-NoLog` and
 * `nologs` keep the tools from writing a log into the working directory. A controller without its tool is `unsupported`.
 */
const HARDWARE_RAID = `drivers=
for name in /sys/class/scsi_host/host*/proc_name; do
  [ -r "$name" ] && read -r driver <"$name" && drivers="$drivers $driver"
done
first() {
  for tool in "$@"; do
    if command -v "$tool" >/dev/null 2>&1; then command -v "$tool"; return 0; fi
  done
  return 1
}
found='' wanted=''
case $drivers in *megaraid*) wanted="$wanted storcli/perccli/MegaCli" ;; esac
case $drivers in *megaraid* | *mpt*sas*)
  if tool=$(first storcli64 storcli perccli64 perccli /opt/MegaRAID/storcli/storcli64 /opt/MegaRAID/storcli/storcli /opt/MegaRAID/perccli/perccli64 /opt/MegaRAID/perccli/perccli); then
    found=yes
    block storcli
    as_root "$tool" /call show all J nolog
    block storcli-drives
    as_root "$tool" /call/eall/sall show all J nolog
    block storcli-rebuild
    as_root "$tool" /call/eall/sall show rebuild J nolog
  elif tool=$(first MegaCli64 MegaCli megacli /opt/MegaRAID/MegaCli/MegaCli64 /opt/MegaRAID/MegaCli/MegaCli); then
    found=yes
    block megacli
    as_root "$tool" -LDInfo -Lall -aALL -NoLog
    as_root "$tool" -PDList -aALL -NoLog
    as_root "$tool" -AdpBbuCmd -aALL -NoLog
  fi ;;
esac
case $drivers in *hpsa* | *cciss* | *smartpqi*)
  wanted="$wanted ssacli/hpssacli"
  if tool=$(first ssacli hpssacli hpacucli); then
    found=yes
    block ssacli
    as_root "$tool" ctrl all show config detail
  fi ;;
esac
case $drivers in *aacraid*) wanted="$wanted arcconf" ;; esac
case $drivers in *aacraid* | *smartpqi*)
  if tool=$(first arcconf /usr/Arcconf/arcconf /usr/StorMan/arcconf); then
    found=yes
    block arcconf
    number=1
    while [ "$number" -le 4 ]; do
      as_root "$tool" GETCONFIG "$number" nologs || break
      number=$((number + 1))
    done
  fi ;;
esac
[ -n "$found" ] || [ -z "$wanted" ] || absent "$wanted"
exit 0`

const MD_DETAILS = `set --
for md in /sys/block/md*; do
  [ -d "$md/md" ] && set -- "$@" "/dev/\${md##*/}"
done
[ $# -gt 0 ] || exit 0
block mismatches
grep -s '' /sys/block/md*/md/mismatch_cnt /dev/null
block details
for device in "$@"; do
  as_root mdadm --detail "$device"
done`

const ZFS = `[ -e /proc/spl/kstat/zfs ] || [ -e /dev/zfs ] || exit 0
command -v zpool >/dev/null 2>&1 || absent zpool
zpool status -p 2>/dev/null || zpool status`

const MULTIPATH = `set -- /sys/block/dm-*/dm/uuid
grep -s '^mpath-' "$@" >/dev/null || exit 0
as_root multipath -ll`

const RAID_REMEDY_ZH =
  '安装控制器厂商工具(Broadcom storcli、Dell perccli、HPE ssacli、Microchip arcconf)。授权(visudo,smartops 换成登录用户):'
const RAID_REMEDY_EN =
  "Install the controller maker's tool (Broadcom storcli, Dell perccli, HPE ssacli, Microchip arcconf). Permit (visudo; smartops is the login user): "
const RAID_SUDOERS =
  '`smartops ALL=(root) NOPASSWD: /opt/MegaRAID/storcli/storcli64 /call show all J nolog, /opt/MegaRAID/storcli/storcli64 /call/eall/sall show all J nolog, /opt/MegaRAID/storcli/storcli64 /call/eall/sall show rebuild J nolog, /usr/sbin/ssacli ctrl all show config detail, /usr/Arcconf/arcconf GETCONFIG 1 nologs, /opt/MegaRAID/MegaCli/MegaCli64 -LDInfo -Lall -aALL -NoLog, /opt/MegaRAID/MegaCli/MegaCli64 -PDList -aALL -NoLog, /opt/MegaRAID/MegaCli/MegaCli64 -AdpBbuCmd -aALL -NoLog`'

/** Sections on arrays of every kind but /proc/mdstat. */
export const RAID_SECTIONS = {
  hardwareRaid: {
    name: 'hardware_raid',
    body: HARDWARE_RAID,
    command:
      'storcli64 /call show all J nolog; storcli64 /call/eall/sall show all J nolog; storcli64 /call/eall/sall show rebuild J nolog | MegaCli64 -LDInfo -Lall -aALL -NoLog; -PDList -aALL -NoLog; -AdpBbuCmd -aALL -NoLog | ssacli ctrl all show config detail | arcconf GETCONFIG N nologs',
    timeoutSeconds: 60,
    privilege: 'root',
    remedy: text(`${RAID_REMEDY_ZH}${RAID_SUDOERS}。`, `${RAID_REMEDY_EN}${RAID_SUDOERS}.`),
  },
  mdDetails: {
    name: 'md_details',
    body: MD_DETAILS,
    command: 'grep . /sys/block/md*/md/mismatch_cnt; mdadm --detail DEVICE (each)',
    timeoutSeconds: 15,
    privilege: 'root',
    remedy: text(
      '安装 mdadm 并授权(visudo,smartops 换成登录用户,每个阵列一条):`smartops ALL=(root) NOPASSWD: /usr/sbin/mdadm --detail /dev/md0`。',
      'Install mdadm and permit (visudo; smartops is the login user; one entry an array): `smartops ALL=(root) NOPASSWD: /usr/sbin/mdadm --detail /dev/md0`.',
    ),
  },
  zfsPools: {
    name: 'zfs_pools',
    body: ZFS,
    command: 'zpool status -p',
    timeoutSeconds: 15,
    privilege: 'none',
    remedy: text('安装 zfsutils-linux(或 zfs)。', 'Install zfsutils-linux (or zfs).'),
  },
  multipath: {
    name: 'multipath',
    body: MULTIPATH,
    command: 'multipath -ll',
    timeoutSeconds: 15,
    privilege: 'root',
    remedy: text(
      '安装 multipath-tools(CentOS:device-mapper-multipath)并授权:`smartops ALL=(root) NOPASSWD: /usr/sbin/multipath -ll`。',
      'Install multipath-tools (CentOS: device-mapper-multipath) and permit: `smartops ALL=(root) NOPASSWD: /usr/sbin/multipath -ll`.',
    ),
  },
} as const satisfies Record<string, ProbeSection>
