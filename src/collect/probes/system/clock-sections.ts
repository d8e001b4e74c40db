import { text } from '../../../domain/text.ts'
import type { ProbeSection } from '../../probe.ts'

const DAEMONS = 'chronyd|ntpd|openntpd|systemd-timesyn|ptp4l|phc2sys|timemaster'

/**
 * The first that answers is believed: chrony, ntpd, then systemd, which knows only the kernel's flag and its own
 * client. A kernel before 2.6.33 has no `comm`.
 */
const TIME_SYNC = `block clock
date +%s
date +%z
block zone
readlink /etc/localtime
head -n 1 /etc/timezone 2>/dev/null
block adjtime
sed -n 3p /etc/adjtime 2>/dev/null
block daemons
file='comm'
[ -r /proc/self/comm ] || file='status'
grep -hsE '^(Name:[[:space:]]*)?(${DAEMONS})$' /proc/[0-9]*/"$file" | sort -u
said=$(chronyc -n tracking 2>/dev/null)
case $said in *'Leap status'*)
  block chrony
  printf '%s\\n' "$said"
  exit 0 ;;
esac
said=$(ntpq -pn 2>/dev/null | head -n 60)
case $said in *remote*refid*)
  block ntpq
  printf '%s\\n' "$said"
  exit 0 ;;
esac
[ -d /run/systemd/system ] || exit 0
if [ -d /run/systemd/timesync ]; then
  block timesync
  timedatectl timesync-status --no-pager 2>/dev/null
fi
block timedatectl
timedatectl show 2>/dev/null || timedatectl status --no-pager 2>/dev/null
exit 0`

/**
 * TZ=UTC0 makes UTC of the times of wtmp and journal. Of the journal only what kernel and systemd said last; the list of
 * boots, which is slow in a large journal, only where wtmp has no boot before this one. Dumps on a remote filesystem are
 * not looked at, because it may hang.
 */
const BOOTS = `block stat
grep -s '^btime ' /proc/stat
block last
boots=$(TZ=UTC0 last -x -F -n 8 reboot shutdown 2>/dev/null | grep -E '^(reboot|shutdown) ')
printf '%s\\n' "$boots"
block journal
journal() { TZ=UTC0 journalctl -q --no-pager "$@" 2>/dev/null; }
if command -v journalctl >/dev/null 2>&1; then
  said=$(journal -b -1 -n 40 -o short-iso _PID=1 + _TRANSPORT=kernel + _COMM=systemd-journal + _COMM=systemd-logind + SYSLOG_IDENTIFIER=systemd-shutdown | cut -c 1-300)
  printf '%s\\n' "$said"
  case $said in ?*)
    if [ "$(printf '%s\\n' "$boots" | grep -c '^reboot ')" -lt 2 ]; then
      block boots
      journal --list-boots | tail -n 3
    fi ;;
  esac
fi
block dumps
grep -qE ' (/var|/var/crash) (nfs|cifs|smb|autofs|fuse|ceph|gluster)' /proc/mounts || for file in /var/crash/*/vmcore* /var/crash/*/dump.* /sys/fs/pstore/dmesg-* /var/lib/systemd/pstore/dmesg* /var/lib/systemd/pstore/*/dmesg*; do
  [ -e "$file" ] && echo "$file"
done | tail -n 100 | while IFS= read -r file; do stat -c '%Y %n' "$file" 2>/dev/null; done | sort -n | tail -n 20
block watchdogs
for dog in /sys/class/watchdog/watchdog[0-9]*; do
  { read -r status <"$dog/bootstatus"; } 2>/dev/null && echo "$status"
done
exit 0`

/** Sections of the `system` probe on when the server was booted and on its clock. */
export const CLOCK_SECTIONS = {
  boots: {
    name: 'boots',
    body: BOOTS,
    command:
      'grep btime /proc/stat; last -x -F -n 8 reboot shutdown; journalctl -b -1 -n 40 _PID=1 + _TRANSPORT=kernel; ls /var/crash /sys/fs/pstore /var/lib/systemd/pstore; cat /sys/class/watchdog/*/bootstatus',
    timeoutSeconds: 10,
    privilege: 'none',
    remedy: text(
      '前次重启原因未知时:把登录用户加入 systemd-journal 组,并使日志持久化(`mkdir -p /var/log/journal`)。',
      'Where it is unknown how the boot before ended: add the login user to the group systemd-journal, and keep the journal (`mkdir -p /var/log/journal`).',
    ),
  },
  timeSync: {
    name: 'time_sync',
    body: TIME_SYNC,
    command: 'chronyc -n tracking || ntpq -pn || timedatectl show; date +%z; cat /etc/timezone /etc/adjtime',
    timeoutSeconds: 10,
    privilege: 'none',
    remedy: null,
  },
} as const satisfies Record<string, ProbeSection>
