#!/bin/sh
# Puts OpenSSH of Debian's newest release with its libraries, its own libc and a shell under the folder $1, for a
# chroot. The machine's packages and apt sources stay as they are. Needs apt-get, dpkg-deb and a Debian mirror.
set -eu
root=$1
mkdir -p "$root"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"

mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null | grep -v security | head -n 1)
[ -n "$mirror" ] || { echo 'apt knows no mirror' >&2; exit 1; }
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -r "$keyring" ] || { echo "there is no $keyring" >&2; exit 1; }
echo "deb [signed-by=$keyring] $mirror sid main" >"$work/sources.list"

private_apt() {
  tool=$1
  shift
  "$tool" -qq \
    -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::State::lists="$work/lists" -o Dir::State::status=/dev/null -o Dir::Cache="$work/cache" \
    -o Acquire::Languages=none -o Acquire::Retries=3 -o APT::Sandbox::User=root -o Debug::NoLocking=1 \
    -o DPkg::Post-Invoke= -o APT::Update::Post-Invoke= -o APT::Update::Post-Invoke-Success= "$@"
}

private_apt apt-get update
# Perl and the packaging tools are for what installs the packages, not for what runs here.
unused='^(perl|perl-base|perl-modules-.*|libperl.*|libdb5.*|libgdbm.*|debconf|dpkg|libc-gconv-modules-extra|gcc-.*-base|openssh-client|libpam-runtime|passwd|adduser|ucf|sensible-utils|runit-helper|init-system-helpers|procps)$'
packages=$(private_apt apt-get -s --no-install-recommends install openssh-server dash coreutils | awk '/^Inst/ { print $2 }' | grep -Ev "$unused")
# One word a package: splitting is meant.
# shellcheck disable=SC2086
(cd "$work/cache/archives" && private_apt apt-get download $packages)
for package in "$work"/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" >"$work/files.tar"
  tar -x -C "$root" --no-same-owner --keep-directory-symlink -f "$work/files.tar" \
    --exclude='./usr/share/doc*' --exclude='./usr/share/man*' --exclude='./usr/share/locale*' --exclude='./usr/lib/systemd*'
done
for name in bin sbin lib lib64; do
  [ -e "$root/$name" ] || ln -s "usr/$name" "$root/$name"
done
mkdir -p "$root/dev" "$root/proc" "$root/run" "$root/etc" "$root/tmp" "$root/root"
private_apt apt-cache policy openssh-server | awk '/Candidate/ { print $2 }' >"$root/VERSION"
