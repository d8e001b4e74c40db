import { quoteForShell } from '../../lib/quote-for-shell.ts'

/** What keeps two looks of one kind from being on a machine at the same time, whoever started them. */
export interface ProbeLock {
  /**
   * Only opened for reading and locked by flock(2), never read or written. Files of /proc are there on every Linux,
   * never on a network, and each container has its own.
   */
  readonly path: string
  /** How long to wait for the look before. */
  readonly waitSeconds: number
}

/** Of the metrics: a lock of their own, so that a long inspection makes no gap in them. */
export const METRICS_LOCK: ProbeLock = { path: '/proc/meminfo', waitSeconds: 5 }

/** Of everything else. People and schedules may ask at the same time, so it is worth waiting for. */
export const INSPECTION_LOCK: ProbeLock = { path: '/proc/sys/kernel/random/boot_id', waitSeconds: 30 }

/**
 * Returns shell that goes on with descriptor 9 locked, or prints `busy` marks and returns from the function around it.
 * Every process of the look inherits the descriptor (a command under sudo as its stdin, see `as_root`), so that the
 * lock lives for as long as one of them does, also one that cannot be killed. Asked once a second, because BusyBox's
 * flock cannot wait, with a mark each time, so that the wait is no silence. Where there is no flock, or the file cannot
 * be opened, there is no lock. Null: none is wanted.
 */
export const lockSh = (lock: ProbeLock | null): string =>
  lock === null
    ? '  exec 9</dev/null\n'
    : `  lock=${quoteForShell(lock.path)}
  left=${lock.waitSeconds}
  exec 9</dev/null
  holders() {
    # shellcheck disable=SC2012 # the names are of our own making
    ls -l /proc/[0-9]*/fd/9 2>/dev/null | while read -r line; do
      case $line in *" -> $lock") ;; *) continue ;; esac
      pid=\${line#*/proc/}
      pid=\${pid%%/*}
      { read -r stat <"/proc/$pid/stat"; } 2>/dev/null || continue
      name=\${stat#*(}
      printf ' %s %s' "$pid" "\${name%)*}"
    done
  }
  if command -v flock >/dev/null 2>&1 && [ -r "$lock" ]; then
    exec 9<"$lock"
    while :; do
      held=0
      flock -n 9 2>/dev/null || held=$?
      [ "$held" = 1 ] || break
      if [ "$left" -le 0 ]; then
        exec 9<&-
        mark "busy$(holders)"
        return 0
      fi
      mark busy
      left=$((left - 1))
      sleep 1
    done
  fi
`
