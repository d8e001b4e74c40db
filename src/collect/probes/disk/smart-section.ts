import { text } from '../../../domain/text.ts'
import type { ProbeSection } from '../../probe.ts'

/** One drive that hangs costs these seconds and itself; the other drives are still asked. */
const SECONDS_PER_DRIVE = 12

/**
 * Asks every drive that `smartctl --scan` names, and those behind controllers that the scan of older versions leaves
 * out, by the numbers of smartctl(8). `-n standby` leaves sleeping disks asleep. What the scan names is used as an
 * argument only in quotes and only when it looks like a device and a type. `timeout` opens a process group of its own,
 * so a TERM for this section is passed on. Exit 1 of a try is a refused sudo or an unknown type: no more tries then.
 */
const SMART = `scan=$(as_root smartctl --scan) || { code=$?; printf '%s\\n' "$scan"; exit "$code"; }
case $(smartctl --version 2>/dev/null) in
  'smartctl '[1-6].* | 'smartctl version '*) options=-a ;;
  *) options='-j -a -l devstat' ;;
esac
limit=
if timeout --version >/dev/null 2>&1 && timeout -k 1 5 true >/dev/null 2>&1; then limit='timeout -k 1 ${SECONDS_PER_DRIVE}'; fi
root=
[ "$(id -u)" = 0 ] || root='sudo -n'
job=
trap 'kill "$job" 2>/dev/null; exit 124' TERM
run() {
  # shellcheck disable=SC2086 # words on purpose
  $limit sh -c '"$@"; exit $?' sh $root smartctl "$@" 2>&1 &
  job=$!
  wait "$job"
}
ask() {
  printf '\\n@@ device %s %s\\n' "$1" "$2"
  # shellcheck disable=SC2086
  run $options -n standby -d "$2" "$1"
  printf '\\n@@ exit %s\\n' "$?"
}
try() {
  run -i -n standby -d "$2" "$1" >/dev/null
  code=$?
  [ "$code" -ne 1 ] || return 1
  [ $((code & 3)) -ne 0 ] || ask "$1" "$2"
}
try_each() {
  number=$3
  while [ "$number" -le "$4" ]; do
    try "$1" "$2$number" || return 0
    number=$((number + 1))
  done
}
set -f
IFS='
'
for line in $scan; do
  IFS=' 	'
  # shellcheck disable=SC2086 # words on purpose
  set -- $line
  device=\${1:-} flag=\${2:-} type=\${3:-}
  case $device in
    /dev/*[!A-Za-z0-9/_.:-]* | [!/]*) continue ;;
    /dev/?*) ;;
    *) continue ;;
  esac
  [ "$flag" = -d ] || type=auto
  case $type in
    '' | -* | *[!A-Za-z0-9,+_/-]*) continue ;;
  esac
  ask "$device" "$type"
done
set +f
unset IFS
for host in /sys/class/scsi_host/host*; do
  [ -r "$host/proc_name" ] || continue
  read -r driver <"$host/proc_name" || continue
  id=\${host##*/host}
  block='' generic=''
  for path in "$host"/device/target*/*/block/*; do [ -d "$path" ] && { block=/dev/\${path##*/}; break; }; done
  for path in "$host"/device/target*/*/scsi_generic/*; do [ -d "$path" ] && generic=/dev/\${path##*/}; done
  case $driver in
    megaraid_sas)
      case $scan in *megaraid,*) ;; *) [ -z "$block" ] || try_each "$block" megaraid, 0 31 ;; esac ;;
    hpsa | cciss) [ -z "$block" ] || try_each "$block" cciss, 0 15 ;;
    arcmsr) [ -z "$generic" ] || try_each "$generic" areca, 1 24 ;;
    aacraid) [ -z "$generic" ] || try_each "$generic" "aacraid,$id,0," 0 15 ;;
    3w-xxxx) [ ! -e /dev/twe0 ] || try_each /dev/twe0 3ware, 0 15 ;;
    3w-9xxx) [ ! -e /dev/twa0 ] || try_each /dev/twa0 3ware, 0 15 ;;
    3w-sas) [ ! -e /dev/twl0 ] || try_each /dev/twl0 3ware, 0 15 ;;
  esac
done
exit 0`

/** SMART of every drive. Needs root. */
export const SMART_SECTION = {
  name: 'smart',
  body: SMART,
  command:
    'smartctl --scan; smartctl -j -a -l devstat -n standby -d TYPE DEVICE (each; before 7.0: smartctl -a -n standby -d TYPE DEVICE)',
  timeoutSeconds: 90,
  privilege: 'root',
  remedy: text(
    '安装 smartmontools:Debian/Ubuntu/UOS `apt-get install smartmontools`,CentOS/openEuler/麒麟 `yum install smartmontools`,Alpine `apk add smartmontools`。授权(visudo,smartops 换成登录用户;`smartctl --scan` 列出的每块盘各写一条,不用通配符):`smartops ALL=(root) NOPASSWD: /usr/sbin/smartctl --scan, /usr/sbin/smartctl -j -a -l devstat -n standby -d scsi /dev/sda`;smartmontools 7.0 之前为 `/usr/sbin/smartctl -a -n standby -d scsi /dev/sda`。',
    'Install smartmontools: Debian/Ubuntu/UOS `apt-get install smartmontools`, CentOS/openEuler/Kylin `yum install smartmontools`, Alpine `apk add smartmontools`. Permit (visudo; smartops is the login user; one entry for each line of `smartctl --scan`, no wildcard): `smartops ALL=(root) NOPASSWD: /usr/sbin/smartctl --scan, /usr/sbin/smartctl -j -a -l devstat -n standby -d scsi /dev/sda`; before smartmontools 7.0 it is `/usr/sbin/smartctl -a -n standby -d scsi /dev/sda`.',
  ),
} as const satisfies ProbeSection
