import { text } from '../../domain/text.ts'

/** Which lines of the kernel's log are wanted, and how much of them. */
interface KernelLogLines {
  /** Shell words for grep: options and a pattern, quoted. */
  readonly grep: string
  readonly lines: number
  readonly charactersPerLine: number
  /** Of all lines together; the newest stay. Null: bounded by lines and characters alone. */
  readonly bytes: number | null
}

/**
 * Returns shell that prints the newest of these lines as block `log`, with the blocks `clock`, `uptime` and `first` that
 * `formats/kernel-log.ts` reads; only they leave the server. Both logs count seconds since boot, which every version
 * prints and no time zone spoils; the first line of the log tells how far back it goes.
 */
export const kernelLogSh = ({ grep, lines, charactersPerLine, bytes }: KernelLogLines): string =>
  `journal() { journalctl -q -k -b -n 20000 --no-pager -o short-monotonic 2>/dev/null; }
if [ -n "$(dmesg 2>/dev/null | head -n 1)" ]; then log=dmesg
elif command -v journalctl >/dev/null 2>&1 && [ -n "$(journal | grep -v '^-- ' | head -n 1)" ]; then log=journal
else
  dmesg >/dev/null || exit
  log=:
fi
block clock
date +%s
block uptime
cat /proc/uptime
block first
$log 2>/dev/null | grep -v '^-- ' | head -n 1 | cut -c 1-300
block log
$log 2>/dev/null | grep ${grep} | tail -n ${lines} | cut -c 1-${charactersPerLine}${bytes === null ? '' : ` | tail -c ${bytes}`}
exit 0`

/** What permits reading the kernel's log. */
export const KERNEL_LOG_REMEDY = text(
  '读不到内核日志:把登录用户加入 systemd-journal 组(Debian/Ubuntu/UOS 也可用 adm 组,`usermod -aG systemd-journal smartops`),或设置 `sysctl kernel.dmesg_restrict=0`。',
  'The kernel log cannot be read: add the login user to the group systemd-journal (on Debian/Ubuntu/UOS adm works too, `usermod -aG systemd-journal smartops`), or set `sysctl kernel.dmesg_restrict=0`.',
)
