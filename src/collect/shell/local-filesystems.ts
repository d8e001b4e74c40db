/**
 * Shell that sets the positional parameters to the mount points of real local filesystems and prints the blocks
 * `mounts`, `df` and `inodes`. The list is made from /proc/self/mounts by type and df is given those mount points only,
 * so that no network mount is ever touched (a dead NFS server would hang the caller).
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
  block df
  df -P -k "$@"
  block inodes
  df -P -i "$@"
fi
`
