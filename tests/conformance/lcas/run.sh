#!/bin/bash
# run.sh [-l LIB] [-x] [-v] [CASE...]
#   -l LIB  library under test (default the system's liblcas)
#   -x      also run x/*: inputs on which liblcas 1.3.19 crashes, hangs or reads uninitialised
#           memory; their expectations are what a sound implementation does, and 1.3.19 fails them
#   -v      show a diff for each failure
# Driver, modules and certificates are made in $LCAS_CASES_WORK, by default a directory that is
# removed at the end.
cd "$(dirname "$0")"; TOP=$PWD
LIB=/usr/lib/liblcas.so.0; X=0; V=0
while getopts l:xv o; do case $o in l) LIB=$(readlink -f "$OPTARG");; x) X=1;; v) V=1;; *) exit 2;; esac; done
shift $((OPTIND-1))
if [ -n "${LCAS_CASES_WORK:-}" ]; then WORK=$LCAS_CASES_WORK; else WORK=$(mktemp -d) || exit 2; trap 'rm -rf "$WORK"' EXIT; fi
[ -x "$WORK/bin/drv" ] || ./build.sh "$WORK/bin" || exit 2
[ -s "$WORK/certs/all.ok" ] || ./mkcerts.sh "$WORK/certs" || exit 2
export X509_CERT_DIR=$WORK/certs/cadir LC_ALL=C TZ=UTC
for v in $(env | sed -n 's/^\(LCAS_[A-Z_]*\|LLGT[A-Z_]*\|JOB_REPOSITORY_ID\|GATEKEEPER_JM_ID\|GLOBUSID\)=.*/\1/p'); do unset $v; done
MOD=$WORK/bin C=$WORK/certs
pass=0 fail=0
one() { # case dir
  local d=$1 n=${1#$TOP/} W rc
  W=$(mktemp -d) || exit 2
  ( cd "$W"; cp "$d"/*.db . 2>/dev/null
    for f in *.db; do [ -f "$f" ] && sed -i "s|@MOD@|$MOD|g; s|@W@|$W|g" "$f"; done
    export LCAS_MODULES_DIR=$MOD LCAS_DIR=$W TP_TRACE=$W/trace DRV_SYSLOG=$W/syslog LIB MOD C W
    drv() { timeout 10 "$MOD/drv" "$LIB" log=$W/log "$@" 2>>$W/err; local r=$?; [ $r = 0 ] || echo "exit=$r"; }
    drvnolog() { timeout 10 "$MOD/drv" "$LIB" "$@" 2>>$W/err; local r=$?; [ $r = 0 ] || echo "exit=$r"; }
    trace() { cat trace 2>/dev/null; }
    calls() { sed -n 's/^\([a-z]*\) \(init\|confirm\|confirm_x509\|term\|unloaded\)\( .*\|$\)/\1 \2/p' trace 2>/dev/null; }
    marks() { grep -a MARK log 2>/dev/null; }
    smarks() { grep -a MARK syslog 2>/dev/null; }
    . "$d/cmd" ) 2>/dev/null |
    sed "s|$W|@W@|g; s|$MOD|@MOD@|g; s|$C|@C@|g; s/[0-9]\{4\}-[0-9][0-9]-[0-9][0-9]\.[0-9][0-9]:[0-9][0-9]:[0-9][0-9]/@TIME@/g" > "$W.out"
  if cmp -s "$W.out" "$d/expect"; then echo "PASS $n"; pass=$((pass+1))
  else echo "FAIL $n -- $(head -1 "$d/about" 2>/dev/null)"; fail=$((fail+1)); [ $V = 1 ] && diff "$d/expect" "$W.out" | sed 's/^/     /'; fi
  rm -rf "$W" "$W.out"
}
if [ $# -gt 0 ]; then for c; do one "$TOP/$c"; done
else for d in "$TOP"/t/*/; do one "${d%/}"; done
  [ $X = 1 ] && for d in "$TOP"/x/*/; do one "${d%/}"; done
fi
echo "total: $pass passed, $fail failed (library $LIB)"
[ $fail = 0 ]
