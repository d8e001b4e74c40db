import { text } from '../../../domain/text.ts'
import type { ProbeSection } from '../../probe.ts'
import { LOCAL_FILESYSTEMS_SH } from '../../shell/local-filesystems.ts'

/** util-linux before 2.20 knows neither SERIAL nor PKNAME, before 2.25 no PKNAME with -P. */
const BLOCK_DEVICES = `command -v lsblk >/dev/null 2>&1 || absent lsblk
lsblk -P -b -o NAME,PKNAME,TYPE,SIZE,ROTA,MODEL,SERIAL,FSTYPE,MOUNTPOINT 2>/dev/null ||
  lsblk -P -b -o NAME,TYPE,SIZE,ROTA,MODEL,FSTYPE,MOUNTPOINT 2>/dev/null ||
  lsblk -P -b -o NAME,SIZE,ROTA,MODEL,FSTYPE,MOUNTPOINT`

/**
 * \`-n standby\` leaves sleeping disks asleep. What the scan names is used as an argument only in quotes and only when it
 * looks like a device and a type. The exit status of smartctl is a bit mask and is printed per drive.
 */
const SMART = `scan=$(as_root smartctl --scan) || { code=$?; printf '%s\\n' "$scan"; exit "$code"; }
printf '%s\\n' "$scan" | while read -r device flag type rest; do
  case $device in
    /dev/*[!A-Za-z0-9/_.:-]* | [!/]*) continue ;;
    /dev/?*) ;;
    *) continue ;;
  esac
  [ "$flag" = -d ] || type=auto
  case $type in
    '' | -* | *[!A-Za-z0-9,+_/-]*) continue ;;
  esac
  printf '\\n@@ device %s %s\\n' "$device" "$type"
  as_root smartctl -j -i -H -A -n standby -d "$type" "$device"
  printf '\\n@@ exit %s\\n' "$?"
done
exit 0`

/** Sections of the `disk` probe. Only SMART needs root. */
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
  smart: {
    name: 'smart',
    body: SMART,
    command: 'smartctl --scan; smartctl -j -i -H -A -n standby -d TYPE DEVICE (each)',
    timeoutSeconds: 60,
    privilege: 'root',
    remedy: text(
      '安装 smartmontools 7.0 及以上:Debian/Ubuntu/UOS `apt-get install smartmontools`,CentOS/openEuler/麒麟 `yum install smartmontools`,Alpine `apk add smartmontools`。授权(visudo,smartops 换成登录用户;`smartctl --scan` 列出的每块盘各写一条,不用通配符):`smartops ALL=(root) NOPASSWD: /usr/sbin/smartctl --scan, /usr/sbin/smartctl -j -i -H -A -n standby -d scsi /dev/sda`。',
      'Install smartmontools 7.0 or later: Debian/Ubuntu/UOS `apt-get install smartmontools`, CentOS/openEuler/Kylin `yum install smartmontools`, Alpine `apk add smartmontools`. Permit (visudo; smartops is the login user; one entry for each line of `smartctl --scan`, no wildcard): `smartops ALL=(root) NOPASSWD: /usr/sbin/smartctl --scan, /usr/sbin/smartctl -j -i -H -A -n standby -d scsi /dev/sda`.',
    ),
  },
} as const satisfies Record<string, ProbeSection>
