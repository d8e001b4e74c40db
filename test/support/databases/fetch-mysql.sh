#!/bin/sh
# Puts a real MySQL under the folder $1: mysql-server-core of Debian's newest release with its libraries, its own libc
# and loader. The machine's packages and apt sources stay as they are. Needs apt-get, dpkg-deb and a Debian mirror.
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
# Perl is for mysqld_multi and the like, the rest is not loaded by the server.
unused='^(perl|perl-base|perl-modules-.*|libperl.*|libdb5.*|libgdbm.*|libc-gconv-modules-extra|libtirpc-common|gcc-.*-base|libsasl2-modules-db|libcrypt1|libbz2-1.0)$'
packages=$(private_apt apt-get -s --no-install-recommends install mysql-server-core | awk '/^Inst/ { print $2 }' | grep -Ev "$unused")
# One word a package: splitting is meant.
# shellcheck disable=SC2086
(cd "$work/cache/archives" && private_apt apt-get download $packages)
for package in "$work"/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" >"$work/files.tar"
  tar -x -C "$root" --no-same-owner -f "$work/files.tar" \
    --exclude='./usr/share/doc*' --exclude='./usr/share/man*' --exclude='./usr/share/locale*' \
    --exclude='./usr/share/icu*' --exclude='./usr/lib/systemd*' --exclude='./usr/bin/*' \
    --exclude='./usr/lib/mysql/plugin/telemetry*'
done
private_apt apt-cache policy mysql-server-core | awk '/Candidate/ { print $2 }' >"$root/VERSION"
