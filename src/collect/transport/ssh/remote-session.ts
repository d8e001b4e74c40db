import { randomBytes } from 'node:crypto'

/** The only command line that is ever sent: fixed text that sh, bash, csh and fish read alike. Scripts go to its stdin. */
export const REMOTE_SHELL = 'exec /bin/sh -s'

/** A remote shell, told apart from a later process with the same number by its start time. */
export interface RemoteSession {
  readonly pid: string
  /** Session id. */
  readonly session: string
  /** Start time in clock ticks since boot. */
  readonly startedTicks: string
}

/** 128 random bits as 32 hexadecimal digits. */
export const newRunNonce = (): string => randomBytes(16).toString('hex')

const MARKER = '@@smart-ops-session'

/** Returns what precedes a script: it says on both streams that from here on the script speaks, and who runs it. */
export const sessionPreamble = (nonce: string): string =>
  `smart_ops_stat=
{ read -r smart_ops_stat </proc/$$/stat; } 2>/dev/null
printf '\\n${MARKER} ${nonce} %s %s\\n' "$$" "\${smart_ops_stat##*) }"
printf '\\n${MARKER} ${nonce}\\n' >&2
unset smart_ops_stat
`

/** What came before the script, and where the script's own output starts. */
export interface SessionStart {
  /** Null where /proc could not be read. */
  readonly session: RemoteSession | null
  /** Offset of the first byte of the script's output. */
  readonly bodyStart: number
}

const isNumber = (word: string | undefined): word is string => word !== undefined && /^\d{1,20}$/.test(word)

/** Returns where the script's output starts and who runs it; null while the marker has not come whole. */
export function findSessionStart(output: Buffer, nonce: string): SessionStart | null {
  const marker = Buffer.from(`\n${MARKER} ${nonce}`)
  const at = output.indexOf(marker)
  const end = at < 0 ? -1 : output.indexOf(0x0a, at + marker.length)
  if (end < 0) return null
  const line = output
    .subarray(at + marker.length, end)
    .toString('latin1')
    .trim()
  // After the pid: the fields of proc(5) stat from the third (state) on; session is the 6th, start time the 22nd.
  const [pid, ...fields] = line.split(' ')
  const session = fields[3]
  const startedTicks = fields[19]
  const isWhole = isNumber(pid) && isNumber(session) && isNumber(startedTicks)
  return { session: isWhole ? { pid, session, startedTicks } : null, bodyStart: end + 1 }
}

/**
 * Returns a script that kills the shell, its session when it leads one, and all their descendants, and nothing else;
 * it prints how many are left. Only shell built-ins and /proc: it must work where nothing else does.
 */
export const killScript = ({ pid, session, startedTicks }: RemoteSession): string => `leader=${pid}
session=${session === pid ? session : 'none'}
started=${startedTicks}
fields_of() {
  stat=
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  case $stat in *') '*) ;; *) return 1 ;; esac
  # shellcheck disable=SC2086 # fields of proc(5) stat from the third on
  set -f && set -- \${stat##*) } && set +f
  [ "$1" != Z ] && [ "$1" != X ] || return 1
  parent=$2 own_session=$4
  shift 19
  own_start=$1
}
if fields_of "$leader" && [ "$own_start" != "$started" ]; then
  echo 'left other'
  exit 0
fi
find_members() {
  members=' ' count=0 grown=yes
  while [ "$grown" = yes ]; do
    grown=no
    for path in /proc/[0-9]*; do
      process=\${path#/proc/}
      case $members in *" $process "*) continue ;; esac
      fields_of "$process" || continue
      belongs=no
      if [ "$process" = "$leader" ] || [ "$own_session" = "$session" ]; then belongs=yes; fi
      case $members in *" $parent "*) belongs=yes ;; esac
      if [ "$belongs" = yes ]; then
        members="$members$process " count=$((count + 1)) grown=yes
      fi
    done
  done
}
round=0
while find_members && [ "$count" -gt 0 ] && [ "$round" -lt 5 ]; do
  # shellcheck disable=SC2086 # a list of process numbers
  kill -KILL $members 2>/dev/null
  round=$((round + 1))
done
echo "left $count"
`
