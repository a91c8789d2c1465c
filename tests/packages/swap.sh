#!/bin/bash
# swap.sh PACKAGES WORK - in a throw-away copy of this system: apt puts our packages in the place of Debian's, a program
# runs with them, and apt goes back. PACKAGES has our .deb files, WORK is an empty directory. Needs root, and Debian's
# packages installed. Nothing outside WORK is changed: the copy is an overlay in a mount name space of its own.
set -euo pipefail
packages=$1 work=$2
if [ "${3:-}" != inside ]; then
  exec unshare --mount --net --pid --fork "$0" "$packages" "$work" inside
fi
mount --make-rprivate /
mount -t tmpfs none "$work"
mkdir "$work/upper" "$work/overlay" "$work/root"
if ! mount -t overlay overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/overlay" "$work/root" 2>/dev/null; then
  echo "skipped: no overlay file system here"
  exit 77
fi
root=$work/root
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mkdir -p "$root/repository"
cp "$packages"/*.deb "$root/repository/"

cat >"$root/swap" <<'INSIDE'
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
theirs=(liblcmaps0 liblcmaps-without-gsi0 liblcas0 lcmaps-plugins-basic-bandn lcmaps-plugins-basic-dummy lcmaps-plugins-basic-localaccount
  lcmaps-plugins-basic-poolaccount lcmaps-plugins-basic-posixenf lcmaps-plugins-voms lcmaps-plugins-verify-proxy)
ours=(liblcmaps0-rs liblcmaps-without-gsi0-rs liblcas0-rs lcmaps-plugins-rs)

# Debian's packages as they are installed: there is no network here.
repack() {
  local name=$1 tree=/repack/$1
  mkdir -p "$tree/DEBIAN"
  dpkg-query -L "$name" | while IFS= read -r path; do
    if [ -d "$path" ] && [ ! -L "$path" ]; then mkdir -p "$tree$path"; elif [ -e "$path" ] || [ -L "$path" ]; then cp -a "$path" "$tree$path"; fi
  done
  dpkg-query -W -f 'Package: ${Package}\nVersion: ${Version}\nArchitecture: ${Architecture}\nMaintainer: ${Maintainer}\nDepends: ${Depends}\nDescription: ${Description}\n' \
    "$name" | sed '/^Depends: $/d' >"$tree/DEBIAN/control"
  echo "activate-noawait ldconfig" >"$tree/DEBIAN/triggers"
  dpkg-deb --root-owner-group -Znone --build "$tree" /repository >/dev/null
}
for name in "${theirs[@]}"; do repack "$name"; done
# What needs Debian's versions exactly is not our business here.
dpkg --remove --force-depends liblcmaps-dev liblcas-dev lcas-interface lcmaps-basic-interface lcmaps-openssl-interface lcmaps-globus-interface >/dev/null 2>&1 || true
(cd /repository && dpkg-scanpackages --multiversion . >Packages 2>/dev/null)
mkdir -p /lists/partial
echo "deb [trusted=yes] file:/repository ./" >/sources.list
apt() {
  apt-get -y -q -o Dir::Etc::sourcelist=/sources.list -o Dir::Etc::sourceparts=- -o Dir::State::lists=/lists -o APT::Sandbox::User=root \
    -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= "$@" >>/apt.log 2>&1 || { tail -n 40 /apt.log >&2; exit 1; }
}
apt update

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
say() { echo "$*"; }

mkdir -p /site
cat >/site/program.c <<'C'
#include <stdio.h>
extern int lcmaps_init(FILE *), lcmaps_term(void);
extern int lcmaps_run_without_credentials_and_return_username(char *, char *, char **, int, char **);
int main(int argc, char **argv)
{
    char *name = NULL;
    (void)argc;
    if (lcmaps_init(stderr) || lcmaps_run_without_credentials_and_return_username(argv[1], NULL, &name, 0, NULL))
        return 1;
    puts(name);
    return lcmaps_term();
}
C
cc -o /site/program /site/program.c -l:liblcmaps.so.0 -Wl,--allow-shlib-undefined
echo '"/CN=mapped" nobody' >/site/grid-mapfile
printf 'path = /usr/lib/lcmaps\ngood = "lcmaps_dummy_good.mod"\nlocal = "lcmaps_localaccount.mod -gridmapfile /site/grid-mapfile"\nmain:\nlocal -> good\n' >/site/with-path.db
sed 1d /site/with-path.db >/site/without-path.db
map() { LCMAPS_DB_FILE=/site/$1.db /site/program /CN=mapped 2>>/map.log || echo refused; }
# A library of ours has a function that the original does not have.
whose() { if nm -D "$(readlink -f /usr/lib/x86_64-linux-gnu/liblcmaps.so.0)" | grep lcmaps_get_run_report >/dev/null; then echo ours; else echo original; fi; }

say "before: $(whose), maps to $(map with-path)"
apt install "${ours[@]}"
for name in "${ours[@]}"; do installed "$name" || say "$name is not installed"; done
for name in "${theirs[@]}"; do ! installed "$name" || say "$name is still installed"; done
say "with ours: $(whose), maps to $(map with-path), without a path to $(map without-path)"
say "dpkg finds fault with: $(dpkg --audit | head -n 5)"
say "files changed since they were installed: $(dpkg --verify "${ours[@]}")"
ldconfig -p | grep 'liblcas.so.0.*x86_64-linux-gnu/liblcas.so.0' >/dev/null && say "liblcas found"
apt install lcmaps-rs-dev lcas-rs-dev lcmaps-tools-rs lcas-plugins-rs
say "pkg-config: $(pkg-config --modversion lcmaps lcmaps-without-gsi lcmaps-return-account-from-pem lcas | paste -sd' ')"
say "lcmaps: $(lcmaps --version | cut -d' ' -f1)"
apt install "${theirs[@]}" 
for name in "${ours[@]}" lcmaps-rs-dev; do ! installed "$name" || say "$name is still installed"; done
say "after: $(whose), maps to $(map with-path)"
apt purge "${theirs[@]}" lcmaps-tools-rs lcas-plugins-rs
say "left over: $(find /usr/lib/lcmaps /usr/lib/lcas /usr/lib/x86_64-linux-gnu -name '*lcmaps*' -o -name 'liblcas*' 2>/dev/null | paste -sd' ')"
INSIDE
chroot "$root" bash /swap || { cat "$root/map.log" >&2; exit 1; }
