import { KERNEL_LOG_WORDS } from '../../../domain/known-failure.ts'
import { text } from '../../../domain/text.ts'
import type { ProbeSection } from '../../probe.ts'

/** Lines that are sent and characters of each; the parser keeps to them. */
export const MAX_LOG_LINES = 2_000
export const MAX_LINE_CHARACTERS = 600
const MAX_LOG_BYTES = 400_000

/**
 * Only lines that may tell of trouble leave the server. Both logs count seconds since boot, which every version prints
 * and no time zone spoils; clock and uptime make instants of them.
 */
const LOG = `words='${KERNEL_LOG_WORDS.join('|')}'
journal() { journalctl -q -k -b -n 20000 --no-pager -o short-monotonic 2>/dev/null; }
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
$log 2>/dev/null | grep -iE "$words" | tail -n ${MAX_LOG_LINES} | cut -c 1-${MAX_LINE_CHARACTERS} | tail -c ${MAX_LOG_BYTES}
exit 0`

/** Sections of the `kernel` probe. */
export const KERNEL_SECTIONS = {
  log: {
    name: 'log',
    body: LOG,
    command: 'dmesg | grep -iE "error|fail|…" (or journalctl -k -b -o short-monotonic)',
    timeoutSeconds: 15,
    privilege: 'none',
    remedy: text(
      '读不到内核日志:把登录用户加入 systemd-journal 组(Debian/Ubuntu/UOS 也可用 adm 组,`usermod -aG systemd-journal smartops`),或设置 `sysctl kernel.dmesg_restrict=0`。',
      'The kernel log cannot be read: add the login user to the group systemd-journal (on Debian/Ubuntu/UOS adm works too, `usermod -aG systemd-journal smartops`), or set `sysctl kernel.dmesg_restrict=0`.',
    ),
  },
} as const satisfies Record<string, ProbeSection>
