/**
 * Shell that sets the positional parameters to the mount points of real local filesystems and prints the blocks
 * `mounts`, `df` and `inodes`. The list is made from /proc/self/mounts by type and df is given those mount points only,
 * so that no network mount is ever touched (a dead NFS server would hang the caller). A local one may hang as well: then
 * each is asked alone, all at once, and what does not answer is named on stderr. `timeout` runs a shell, because it
 * would wait for a df that is stuck in the kernel and cannot be killed; it knows -k from coreutils 8.5 on.
 * Left out: types that are no disk (pseudo, overlay, squashfs, ISO, RAM) and types that live on a network.
 */
export const LOCAL_FILESYSTEMS_SH = `set --
while read -r _ mount type _; do
  case $type in
    ext2|ext3|ext4|xfs|btrfs|zfs|jfs|reiserfs|reiser4|f2fs|nilfs2|vfat|msdos|exfat|ntfs|ntfs3|fuseblk|bcachefs|ufs|hfsplus|minix) ;;
    *) continue ;;
  esac
  case $mount in
    *\\\\*) mount=$(printf '%b' "$mount") ;;
  esac
  set -- "$@" "$mount"
done </proc/self/mounts
if [ $# -gt 0 ]; then
  block mounts
  cat /proc/self/mounts
  limit=
  if timeout --version >/dev/null 2>&1 && timeout -k 1 5 true >/dev/null 2>&1; then limit='timeout -k 1 2'; fi
  ask_df() { $limit sh -c 'df -P "$@"; exit $?' sh "$@"; }
  silent() { [ "$1" = 124 ] || [ "$1" = 137 ]; }
  block df
  ask_df -k "$@"
  if silent $?; then
    jobs=
    for mount in "$@"; do
      ask_df -k "$mount" &
      jobs="$jobs $!"
    done
    for job in $jobs; do
      mount=$1
      shift
      wait "$job"
      if silent $?; then
        echo "df: $mount does not answer" >&2
      else
        set -- "$@" "$mount"
      fi
    done
  fi
  if [ $# -gt 0 ]; then
    block inodes
    ask_df -i "$@"
  fi
fi
`
