import type { ProbeSection } from '../probe.ts'

/** Tools looked for, in the order in which they are shown. */
export const CHECKED_TOOLS = ['dmidecode', 'smartctl', 'lsblk', 'ipmitool', 'ps', 'timeout'] as const
export type CheckedToolName = (typeof CHECKED_TOOLS)[number]

const MANAGERS = ['apt-get', 'dnf', 'yum', 'zypper', 'apk'] as const
export type PackageManager = (typeof MANAGERS)[number]
export const PACKAGE_MANAGERS: readonly PackageManager[] = MANAGERS

/** The fixed commands that probes run as root: tool and arguments. Those of smartctl depend on the drives. */
export const ROOT_COMMANDS = [
  ['dmidecode', '-t', '0', '-t', '1', '-t', '2', '-t', '4', '-t', '16', '-t', '17'],
  ['smartctl', '--scan'],
  ['ipmitool', 'sdr', 'elist', 'all'],
  ['ipmitool', 'sel', 'time', 'get'],
  ['ipmitool', 'sel', 'elist', 'last', '100'],
  ['ipmitool', 'mc', 'info'],
  ['ipmitool', 'lan', 'print'],
  ['multipath', '-ll'],
] as const

/** Tools of RAID controllers: of each line the first name that is there, with the arguments that probes give it. */
export const RAID_COMMANDS = [
  {
    names:
      'storcli64 storcli perccli64 perccli /opt/MegaRAID/storcli/storcli64 /opt/MegaRAID/storcli/storcli /opt/MegaRAID/perccli/perccli64 /opt/MegaRAID/perccli/perccli',
    calls: [
      '/call show all J nolog',
      '/call/eall/sall show all J nolog',
      '/call/eall/sall show rebuild J nolog',
    ],
  },
  {
    names: 'MegaCli64 MegaCli megacli /opt/MegaRAID/MegaCli/MegaCli64 /opt/MegaRAID/MegaCli/MegaCli',
    calls: ['-LDInfo -Lall -aALL -NoLog', '-PDList -aALL -NoLog', '-AdpBbuCmd -aALL -NoLog'],
  },
  { names: 'ssacli hpssacli hpacucli', calls: ['ctrl all show config detail'] },
  { names: 'arcconf /usr/Arcconf/arcconf /usr/StorMan/arcconf', calls: ['GETCONFIG 1 nologs'] },
] as const

/** Arguments of the one smartctl call per drive, before `-d TYPE DEVICE`. */
export const SMARTCTL_ARGUMENTS = ['-j', '-a', '-l', 'devstat', '-n', 'standby'] as const

const MAY = `may() {
  tool=$1
  path=$(command -v "$tool") || return 0
  shift
  if [ "$(id -u)" = 0 ]; then state=root
  elif ! command -v sudo >/dev/null 2>&1; then state=no_sudo
  elif sudo -n -l "$path" "$@" >/dev/null 2>&1; then state=permitted
  else state=refused
  fi
  printf '%s %s' "$state" "$path"
  printf ' %s' "$@"
  printf '\\n'
}
`

/** \`sudo -n -l COMMAND\` says whether COMMAND is permitted, and does not run it (sudo manual). */
const PRIVILEGES = `${MAY}${ROOT_COMMANDS.map((words) => `may ${words.join(' ')}`).join('\n')}
may_first() {
  calls=$1
  shift
  for tool in "$@"; do
    command -v "$tool" >/dev/null 2>&1 || continue
    printf '%s\\n' "$calls" | while read -r call; do
      # shellcheck disable=SC2086 # words on purpose
      may "$tool" $call
    done
    return 0
  done
}
${RAID_COMMANDS.map(({ names, calls }) => `may_first '${calls.join('\n')}' ${names}`).join('\n')}
for md in /sys/block/md*; do
  [ -d "$md/md" ] && may mdadm --detail "/dev/\${md##*/}"
done
command -v smartctl >/dev/null 2>&1 || exit 0
scan=$(smartctl --scan 2>/dev/null)
[ -n "$scan" ] || scan=$(as_root smartctl --scan 2>/dev/null)
printf '%s\\n' "$scan" | while read -r device flag type rest; do
  [ "$flag" = -d ] || continue
  case $device in
    /dev/*[!A-Za-z0-9/_.:-]*) continue ;;
    /dev/?*) ;;
    *) continue ;;
  esac
  case $type in
    '' | -* | *[!A-Za-z0-9,+_/-]*) continue ;;
  esac
  may smartctl ${SMARTCTL_ARGUMENTS.join(' ')} -d "$type" "$device"
done
exit 0`

const section = (name: string, body: string, command: string): ProbeSection => ({
  name,
  body,
  command,
  timeoutSeconds: 15,
  privilege: 'none',
  remedy: null,
})

/** What the check runs: who we are, which tools there are, what we may run as root. Reads only. */
export const SERVER_CHECK_SECTIONS: readonly ProbeSection[] = [
  section('login', 'id -u; id -un', 'id -u; id -un'),
  section(
    'tools',
    `for tool in ${[...CHECKED_TOOLS, ...MANAGERS].join(' ')}; do
  path=$(command -v "$tool") && printf '%s %s\\n' "$tool" "$path"
done
exit 0`,
    `command -v ${CHECKED_TOOLS.join(' ')}`,
  ),
  section('privileges', PRIVILEGES, 'sudo -n -l COMMAND (each command that needs root)'),
]
