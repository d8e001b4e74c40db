import { text } from '../../../domain/text.ts'
import type { ProbeSection } from '../../probe.ts'

/** A filesystem is looked into from this usage on, at most so many of them, each for at most so long. */
const LOOK_FROM_PERCENT = 80
const MOST_FILESYSTEMS = 2
const SECONDS_EACH = 15
/** 100 MiB in the blocks of 512 bytes of find. */
const BIG_FILE_BLOCKS = 204_800

/**
 * Only where a local filesystem is nearly full: one filesystem at a time, idle I/O class, lowest priority, bounded in time.
 * `--foreground` (coreutils 8.9) keeps them in the section's process group, so that its end reaches them too.
 * BusyBox du knows `-d`, coreutils before 8.6 only `--max-depth`.
 */
const BIGGEST = `idle='nice -n 19'
if command -v ionice >/dev/null 2>&1 && ionice -c 3 true 2>/dev/null; then idle="ionice -c 3 $idle"; fi
limit=
if timeout --foreground 5 true 2>/dev/null; then limit='timeout --foreground -k 1 ${SECONDS_EACH}'; fi
if du -k -d 0 /proc/self/mounts >/dev/null 2>&1; then depth='-d 3'; else depth='--max-depth=3'; fi
set --
while read -r _ mount type _; do
  case $type in
    ext2|ext3|ext4|xfs|btrfs|jfs|reiserfs|f2fs|zfs) ;;
    *) continue ;;
  esac
  case $mount in *[!A-Za-z0-9/._-]*) continue ;; esac
  set -- "$@" "$mount"
done </proc/self/mounts
[ $# -gt 0 ] || exit 0
full=$(df -P -k "$@" 2>/dev/null | awk '{ use = $5; sub(/%/, "", use); if (use + 0 >= ${LOOK_FROM_PERCENT} && !seen[$1]++) print use, $6 }' | sort -rn | head -n ${MOST_FILESYSTEMS})
[ -n "$full" ] || exit 0
printf '%s\\n' "$full" | while read -r _ mount; do
  printf '\\n@@ mount %s\\n' "$mount"
  # shellcheck disable=SC2086 # words on purpose
  {
    {
      $limit $idle du -xk $depth "$mount" 2>/dev/null
      printf '@@ du %s\\n' "$?" >&3
    } | sort -rn | head -n 40
  } 3>&1
  printf '\\n@@ files\\n'
  # shellcheck disable=SC2086
  $limit $idle find "$mount" -xdev -type f -size +${BIG_FILE_BLOCKS} -exec ls -dln '{}' ';' 2>/dev/null | head -n 200
done
exit 0`

/** Of a file deleted but open the link in /proc ends in " (deleted)"; memory files (memfd, SysV, /dev/shm) take no disk. */
const DELETED = `block scope
if [ "$(id -u)" = 0 ]; then echo all; else echo own; fi
# shellcheck disable=SC2012 # ls alone prints all links at once
links=$(ls -ln /proc/[0-9]*/fd 2>/dev/null | awk '
  /^\\/proc\\/[0-9]+\\/fd:$/ { folder = substr($0, 1, length($0) - 1) }
  / -> \\/.* \\(deleted\\)$/ {
    at = index($0, " -> ")
    target = substr($0, at + 4)
    if (target ~ /^\\/(memfd:|dev\\/|SYSV|proc\\/|run\\/)/) next
    n = split(substr($0, 1, at - 1), word, " ")
    print folder "/" word[n] "\\t" target
  }' | head -n 300)
[ -n "$links" ] || exit 0
block links
printf '%s\\n' "$links"
# shellcheck disable=SC2046 # paths of our own making
set -- $(printf '%s\\n' "$links" | cut -f 1)
block sizes
stat -L -c '%n %b %B %d:%i %F' "$@" 2>/dev/null
block commands
# shellcheck disable=SC2046
grep -s '' $(printf '%s/comm\\n' "$@" | sed 's|/fd/[0-9]*||' | sort -u) /dev/null
exit 0`

/** Sections on what takes the space. */
export const SPACE_SECTIONS = {
  swaps: {
    name: 'swaps',
    body: '[ -r /proc/swaps ] || absent /proc/swaps\ncat /proc/swaps',
    command: 'cat /proc/swaps',
    timeoutSeconds: 5,
    privilege: 'none',
    remedy: null,
  },
  deletedOpenFiles: {
    name: 'deleted_open_files',
    body: DELETED,
    command: "ls -ln /proc/[0-9]*/fd | grep ' (deleted)$'; stat -L FILE…",
    timeoutSeconds: 15,
    privilege: 'none',
    remedy: text(
      '非 root 只能看到登录用户自己的进程;以 root 巡检可看到全部。',
      "Without root only the login user's own processes are seen; inspect as root to see all.",
    ),
  },
  biggestEntries: {
    name: 'biggest_entries',
    body: BIGGEST,
    command: `ionice -c 3 nice -n 19 timeout ${SECONDS_EACH} du -xk -d 3 MOUNT; find MOUNT -xdev -type f -size +${BIG_FILE_BLOCKS} (only from ${LOOK_FROM_PERCENT}% usage, ${MOST_FILESYSTEMS} filesystems at most)`,
    timeoutSeconds: 65,
    privilege: 'none',
    remedy: null,
  },
} as const satisfies Record<string, ProbeSection>
