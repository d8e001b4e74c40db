/**
 * What every section's shell starts with.
 * - `as_root CMD…` runs directly as root, else through `sudo -n`; a missing tool is told apart from a refused right. What
 *   sudo refused lately is not asked for (`sudo_barred`, see `sudo-refusals.ts`). sudo closes all but the first three
 *   descriptors, so the probe's lock (9) goes along as stdin: it lives for as long as what runs as root.
 * - `block NAME` starts a sub-block of the section's output (see `formats/blocks.ts`).
 * - `absent WHAT` ends the section as unsupported.
 * - The TERM trap keeps the shell alive until its child is gone, so that the KILL of `timeout -k` still reaches a child
 *   that ignores TERM; TERM first lets sudo pass it on to a process that we may not signal ourselves.
 */
export const SECTION_PRELUDE = `trap 'exit 124' TERM
as_root() {
  command -v "$1" >/dev/null 2>&1 || { echo "$1: not found" >&2; return 127; }
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo_barred "$*" && return 1
    sudo -n "$@" <&9
    set -- "$?" "$*"
    [ "$1" != 1 ] || echo "sudo -n $2: exit 1" >&2
    return "$1"
  else
    echo "$1: Permission denied (not root, and sudo is not installed)" >&2
    return 126
  fi
}
block() { printf '\\n@@ %s\\n' "$1"; }
absent() { echo "$1: not found" >&2; exit 127; }
`
