#!/bin/bash
# run.sh [--lib PATH] [--libdir DIR] [--moddir DIR] [--only REGEX] [-v]
#   --lib     LCMAPS library under test         (default liblcmaps.so.0)
#   --libdir  directory of the helper interface libraries liblcmaps_*.so.0
#   --moddir  directory with the standard *.mod plugins (default /usr/lib/lcmaps)
# Prints one line per case: PASS|FAIL|DIFF|SKIP id title [: reason]
#   DIFF = the case records an upstream defect (quirk) and the library differs from it.
HERE=$(cd "$(dirname "$0")" && pwd)
LIB=liblcmaps.so.0; LIBDIR=; MOD=/usr/lib/lcmaps; ONLY=; VERB=0
while [ $# -gt 0 ]; do case $1 in
  --lib) LIB=$2; shift 2;; --libdir) LIBDIR=$2; shift 2;; --moddir) MOD=$2; shift 2;; --only) ONLY=$2; shift 2;; -v) VERB=1; shift;; *) echo "unknown option $1"; exit 2;; esac; done
ROOT=${LCT_ROOT:-$HERE/work}; PL=$ROOT/plugins
case $ROOT in *[!a-zA-Z0-9_./]*) echo "work directory $ROOT may only contain [a-zA-Z0-9_./] (policy lexer limit); set LCT_ROOT"; exit 2;; esac
rm -rf "$ROOT"; mkdir -p "$PL"
DRV=$ROOT/driver; gcc -O1 -w -o "$DRV" "$HERE/driver.c" -ldl || exit 2
for n in tp1 tp2 tp3; do gcc -shared -fPIC -w -DNAME="\"$n\"" -o "$PL/lib$n.so" "$HERE/plugins/tp.c" && ln -sf lib$n.so "$PL/$n.mod"; done
gcc -shared -fPIC -w -DNOVERIFY -DNAME='"tpnv"' -o "$PL/tpnv.mod" "$HERE/plugins/tp.c"
gcc -shared -fPIC -w -DNOTERM -DNAME='"tpnt"' -o "$PL/tpnt.mod" "$HERE/plugins/tp.c"
ln -sf libtp1.so "$PL/alias.mod"; echo text > "$PL/text.mod"
ln -sfn "$(cd "$MOD" && pwd)" "$ROOT/mod"; MOD=$ROOT/mod   # a path the policy lexer accepts
[ "$(id -u)" = 0 ] && "$HERE/mkusers.sh"
PKI=$ROOT/pki; HAVE_PKI=0; if command -v openssl >/dev/null && "$HERE/mkpki.sh" "$PKI" >"$ROOT/mkpki.log" 2>&1; then HAVE_PKI=1; fi
HAVE_VOMS=0; [ -f "$PKI/voms1.pem" ] && HAVE_VOMS=1
NP=0; NF=0; ND=0; NS=0; ID=
unset LCMAPS_DIR LCMAPS_ETC_DIR LCMAPS_DB_FILE LCMAPS_DEBUG_LEVEL LCMAPS_LOG_FILE LCMAPS_LOG_STRING LCMAPS_LOG_IDENT LCMAPS_MODULES_DIR LCMAPS_POLICY_NAME LCMAPS_VERIFY_TYPE LCMAPS_X509_CERT_DIR LCMAPS_X509_VOMS_DIR X509_CERT_DIR X509_VOMS_DIR GRIDMAP GLOBUSMAP globusmap GlobusMap GRIDMAPDIR GROUPMAPDIR VERIFY_PROXY_DISCARD_PRIVATE_KEY_ABSENCE
flush() { [ -z "$ID" ] && return
  if [ -n "$SKIPWHY" ]; then NS=$((NS+1)); echo "SKIP $ID $TITLE: $SKIPWHY"
  elif [ -z "$ERR" ]; then NP=$((NP+1)); echo "PASS $ID $TITLE"
  elif [ -n "$QUIRK" ] && ! [[ $ERR =~ ^(killed|library) ]]; then ND=$((ND+1)); echo "DIFF $ID $TITLE: $ERR [quirk: $QUIRK]"
  else NF=$((NF+1)); echo "FAIL $ID $TITLE: $ERR"; fi
  if [ $VERB = 1 ] && [ -n "$ERR" ]; then sed 's/^/    out: /' "$W/out"; sed 's/^/    log: /' "$W/log"; sed 's/^/    tp:  /' "$W/tp" 2>/dev/null; fi; ID=; }
T() { flush; ID=$1; TITLE=$2; ERR=; QUIRK=; SKIPWHY=; NODB=; EV=(); W=$ROOT/$ID; mkdir -p "$W"; : >"$W/out"; : >"$W/log"; ST=; 
  if [ -n "$ONLY" ] && ! [[ $ID =~ $ONLY ]]; then ID=; ACTIVE=0; else ACTIVE=1; fi; }
sub() { sed -e "s#@W@#$W#g" -e "s#@MOD@#$MOD#g" -e "s#@PL@#$PL#g" -e "s#@PKI@#$PKI#g"; }
db() { sub >"$W/lcmaps.db"; }
# dbp: same, with "path = std plugin dir" in front; dbt: with the test plugin dir
dbp() { { echo "path = $MOD"; sub; } >"$W/lcmaps.db"; }
dbt() { { echo "path = $PL"; sub; } >"$W/lcmaps.db"; }
file() { sub >"$W/$1"; }
raw() { printf "$1" | sub >"$W/lcmaps.db"; }
E() { EV+=("$@"); }
pool() { local d=$W/$1; shift; mkdir -p "$d"; for i in "$@"; do : >"$d/$i"; done; }
needpki() { [ $HAVE_PKI = 1 ] || { SKIPWHY="no openssl PKI"; ACTIVE=0; }; }
needvoms() { [ $HAVE_VOMS = 1 ] || { SKIPWHY="no voms-proxy-fake"; ACTIVE=0; }; }
needroot() { [ "$(id -u)" = 0 ] || { SKIPWHY="needs root"; ACTIVE=0; }; }
# modules of the standard set that the policy file names and that are not there
lacking() { local m; for m in $(grep -aoE 'lcmaps_[a-z_]+\.mod' "$W/lcmaps.db" 2>/dev/null | sort -u); do [ -e "$MOD/$m" ] || { echo "$m"; return; }; done; }
needmod() { [ -e "$MOD/$1" ] || { SKIPWHY="$1 not in $MOD"; ACTIVE=0; }; }
D() { [ $ACTIVE = 1 ] || return 0; : >"$W/log"; rm -f "$W/tp"
  local m; m=$(lacking); [ -z "$m" ] || { SKIPWHY="$m not in the module directory"; ACTIVE=0; return 0; }
  { ( cd "$W"; unset LCMAPS_DB_FILE; [ -n "$NODB" ] || export LCMAPS_DB_FILE="$W/lcmaps.db"; env TP_OUT="$W/tp" "${EV[@]}" timeout ${TMO:-20} "$DRV" --lib "$LIB" ${LIBDIR:+--libdir "$LIBDIR"} --log "$W/log" "$@" ) >"$W/out" 2>"$W/err"; } 2>/dev/null; ST=$?; [ $ST -ge 128 ] && bad "killed by signal $((ST-128))"; [ $ST = 96 ] && [ -z "$LIBDIR" ] && { SKIPWHY="helper library not installed"; ACTIVE=0; }; [ $ST = 99 ] && bad "library not loaded: $(head -1 "$W/out")"; return 0; }
bad() { [ -n "$ERR" ] || ERR=$1; }
has() { [ $ACTIVE = 1 ] || return 0; local l; for l in "$@"; do grep -aqxF -- "$l" "$W/out" || bad "no output line '$l'"; done; }
hasnt() { [ $ACTIVE = 1 ] || return 0; local l; for l in "$@"; do grep -aqxF -- "$l" "$W/out" && bad "unexpected output line '$l'"; done; return 0; }
log() { [ $ACTIVE = 1 ] || return 0; local l; for l in "$@"; do grep -aqE -- "$l" "$W/log" || bad "no log match for '$l'"; done; }
nolog() { [ $ACTIVE = 1 ] || return 0; local l; for l in "$@"; do grep -aqE -- "$l" "$W/log" && bad "unexpected log match for '$l'"; done; return 0; }
tp() { [ $ACTIVE = 1 ] || return 0; local l; for l in "$@"; do grep -aqxF -- "$l" "$W/tp" 2>/dev/null || bad "plugin record lacks '$l'"; done; }
notp() { [ $ACTIVE = 1 ] || return 0; local l; for l in "$@"; do grep -aqxF -- "$l" "$W/tp" 2>/dev/null && bad "plugin record has '$l'"; done; return 0; }
# the plugin run/verify order, e.g. order "tp1:run tp2:run"
order() { [ $ACTIVE = 1 ] || return 0; local g; g=$(grep -aoE '^tp[0-9a-z]*: (run|verify|initialize|introspect|terminate)\b' "$W/tp" 2>/dev/null | sed 's/: /:/' | grep -E "${2:-:(run|verify)}" | tr '\n' ' '); [ "${g% }" = "$1" ] || bad "plugin order was '${g% }', expected '$1'"; }
ok() { [ $ACTIVE = 1 ] || return 0; local d=$1; shift; "$@" || bad "$d"; }
st() { [ $ACTIVE = 1 ] || return 0; [ "$ST" = "$1" ] || bad "exit status $ST, expected $1"; }
samefile() { [ "$1" -ef "$2" ]; }
outis() { [ $ACTIVE = 1 ] || return 0; local e; e=$(cat); [ "$(cat "$W/out")" = "$e" ] || bad "output differs: $(diff <(echo "$e") "$W/out" | head -4 | tr '\n' ' ')"; }
for g in "$HERE"/groups/*.sh; do . "$g"; done
flush
echo "summary: $NP passed, $NF failed, $ND quirk differences, $NS skipped"
[ $NF = 0 ]
