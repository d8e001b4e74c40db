import type { SudoRefusal } from '../domain/sudo-refusal.ts'
import { quoteForShell } from '../lib/quote-for-shell.ts'
import type { ProbeSection } from './probe.ts'
import { NONCE_PATTERN, SECTION_ID_PATTERN } from './section-markers.ts'
import type { ProbeLock } from './shell/probe-lock.ts'
import { lockSh } from './shell/probe-lock.ts'
import { SECTION_PRELUDE } from './shell/section-prelude.ts'
import { sudoBarredSh } from './sudo-refusals.ts'

/** A section with the id that its markers and its evidence carry. */
export interface NamedSection {
  /** `probe.section`. */
  readonly id: string
  readonly section: ProbeSection
}

/** What a script is to heed besides its sections. */
export interface ScriptOptions {
  /** Default: none, so that it starts whatever else runs there. */
  readonly lock?: ProbeLock | null
  /** Commands that sudo is not asked for. Default: none. */
  readonly sudoRefusals?: readonly SudoRefusal[]
  /** The script's end, which makes `smart_ops_main` run. Default: nothing but its call. */
  readonly end?: string
}

const HEAD = `#!/bin/sh
# smart-ops inspection probe. It only reads; each section below is one look at this machine.
# shellcheck disable=SC2016 # section bodies are quoted here and expand in their own shell
smart_ops_main() {
  LC_ALL=C
  PATH="\${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
  export LC_ALL PATH
  unset ENV BASH_ENV LANGUAGE CDPATH GREP_OPTIONS POSIXLY_CORRECT
  IFS=' 	
'
  umask 077
  cd / || return 1
`

/**
 * `timeout` must kill the whole process group: GNU and uutils do and know --version. BusyBox kills only its direct
 * child (and its old form has no -k), so there the shell's own watchdog does it, which walks /proc for descendants.
 */
const RUNNERS = `  if timeout --version >/dev/null 2>&1 && timeout -k 1 5 true >/dev/null 2>&1; then
    have_timeout=yes
  else
    have_timeout=no
  fi
  tree_of() {
    printf '%s ' "$1"
    for stat in /proc/[0-9]*/stat; do
      { read -r line <"$stat"; } 2>/dev/null || continue
      rest=\${line##*) }
      parent=\${rest#? }
      parent=\${parent%% *}
      if [ "$parent" = "$1" ]; then
        pid=\${stat#/proc/}
        (tree_of "\${pid%/stat}")
      fi
    done
  }
  run_watched() {
    sh -c "$2" </dev/null &
    child=$!
    (
      nap=
      trap 'kill $nap; exit 0' TERM
      sleep "$1" &
      nap=$!
      wait "$nap"
      tree=$(tree_of "$child")
      # shellcheck disable=SC2086 # a list of process numbers
      kill -TERM $tree
      sleep 1
      # shellcheck disable=SC2086
      kill -KILL $tree
    ) </dev/null >/dev/null 2>&1 9<&- &
    watchdog=$!
    wait "$child"
    code=$?
    kill "$watchdog" 2>/dev/null
    wait "$watchdog" 2>/dev/null
    return "$code"
  }
  mark() {
    printf '\\n@@smart-ops %s out %s\\n' "$nonce" "$1"
    printf '\\n@@smart-ops %s err %s\\n' "$nonce" "$1" >&2
  }
  section() {
    mark "begin $1"
    if [ "$have_timeout" = yes ]; then
      timeout -k 1 "$2" sh -c "$prelude
$3" </dev/null
    else
      run_watched "$2" "$prelude
$3"
    fi
    mark "end $1 $?"
  }
`

/**
 * Returns ONE POSIX-sh script (dash, bash, BusyBox ash) that runs the sections one after the other and prints a marker
 * line to both streams at the begin and end of each; the end carries the exit code. It is wrapped in a function that is
 * called on the last line, so that a script cut short on its way runs nothing. Nothing is written to disk. While another
 * look holds the lock, it waits, and in the end prints a `busy` mark and runs nothing.
 * Throws RangeError for a nonce, id or timeout that is not ours to put into a script.
 */
export function composeScript(
  sections: readonly NamedSection[],
  nonce: string,
  { lock = null, sudoRefusals = [], end = 'smart_ops_main\n' }: ScriptOptions = {},
): string {
  if (!NONCE_PATTERN.test(nonce)) throw new RangeError('the nonce must be 32 hexadecimal digits')
  const calls = sections.map(({ id, section }) => {
    if (!SECTION_ID_PATTERN.test(id)) throw new RangeError(`section id ${id} must look like probe.section`)
    const seconds = section.timeoutSeconds
    if (!Number.isInteger(seconds) || seconds < 1)
      throw new RangeError(`section ${id}: timeoutSeconds is ${seconds}, must be a whole number from 1`)
    return `  section ${id} ${seconds} ${quoteForShell(section.body)}\n`
  })
  return [
    HEAD,
    `  nonce=${nonce}\n`,
    `  prelude=${quoteForShell(SECTION_PRELUDE + sudoBarredSh(sudoRefusals))}\n`,
    RUNNERS,
    lockSh(lock),
    ...calls,
    '}\n',
    end,
  ].join('')
}
