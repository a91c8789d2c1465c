#!/bin/sh
# certificates.sh DATA : CA (RSA-2048 and P-256), EEC, 0..3 RFC3820 proxies, CRLs of
# several sizes, a VOMS attribute authority and (if voms-proxy-fake exists) an
# RSA proxy with a VOMS AC of 20 FQANs.
set -e
D=$(cd "$1" && pwd)/W6
[ -f "$D/.done" ] && exit 0
rm -rf "$D"; mkdir -p "$D/certs" "$D/vomsdir/atlas"; cd "$D"
genkey() { # alg out
  if [ "$1" = rsa ]; then openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$2" 2>/dev/null || openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$2" 2>/dev/null
  else openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve -out "$2" 2>/dev/null; fi
}
cat > ext.cnf <<X
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[eec]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=clientAuth,serverAuth
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[proxy]
keyUsage=critical,digitalSignature,keyEncipherment
proxyCertInfo=critical,language:id-ppl-inheritAll
X
for alg in rsa ec; do
  genkey $alg ca_$alg.key
  openssl req -new -x509 -key ca_$alg.key -subj "/DC=org/DC=example/CN=Bench CA $alg" -days 3650 -sha256 -out ca_$alg.pem \
     -config /dev/null -extensions v3 2>/dev/null || {
  openssl req -new -key ca_$alg.key -subj "/DC=org/DC=example/CN=Bench CA $alg" -out ca_$alg.csr -config /etc/ssl/openssl.cnf
  openssl x509 -req -in ca_$alg.csr -signkey ca_$alg.key -days 3650 -sha256 -extfile ext.cnf -extensions ca -out ca_$alg.pem 2>/dev/null; }
  genkey $alg eec_$alg.key
  openssl req -new -key eec_$alg.key -subj "/DC=org/DC=example/O=Grid/OU=Users/CN=User 0000001" -out eec_$alg.csr -config /etc/ssl/openssl.cnf
  openssl x509 -req -in eec_$alg.csr -CA ca_$alg.pem -CAkey ca_$alg.key -set_serial 4097 -days 3600 -sha256 -extfile ext.cnf -extensions eec -out eec_$alg.pem 2>/dev/null
  cat eec_$alg.pem eec_$alg.key > chain_${alg}_0.pem
  prev=eec_$alg; subj="/DC=org/DC=example/O=Grid/OU=Users/CN=User 0000001"; certs="$(cat eec_$alg.pem)"
  for k in 1 2 3; do
    genkey $alg p${k}_$alg.key
    openssl pkey -in p${k}_$alg.key -out p${k}_$alg.tkey -traditional 2>/dev/null || cp p${k}_$alg.key p${k}_$alg.tkey
    sn=$((1000+k)); subj="$subj/CN=$sn"
    openssl req -new -key p${k}_$alg.key -subj "$subj" -out p.csr -config /etc/ssl/openssl.cnf
    openssl x509 -req -in p.csr -CA $prev.pem -CAkey $prev.key -set_serial $sn -days 3000 -sha256 -extfile ext.cnf -extensions proxy -out p${k}_$alg.pem 2>/dev/null
    prev=p${k}_$alg
    { cat p${k}_$alg.pem p${k}_$alg.tkey; printf '%s\n' "$certs"; } > chain_${alg}_$k.pem
    certs="$(cat p${k}_$alg.pem)
$certs"
  done
  h=$(openssl x509 -in ca_$alg.pem -noout -hash)
  cp ca_$alg.pem certs/$h.0
  echo "$h" > hash_$alg
  # CRLs of growing size
  for n in 0 1000 10000 100000; do
    mkdir -p crl; : > crl/index.txt; echo 01 > crl/crlnumber
    [ $n -gt 0 ] && awk -v n=$n 'BEGIN{for(i=0;i<n;i++)printf "R\t360101000000Z\t250101000000Z\t%08X\tunknown\t/CN=r%d\n",1048576+i,i}' > crl/index.txt
    cat > crl/ca.cnf <<X
[ca]
default_ca=x
[x]
database=$D/crl/index.txt
crlnumber=$D/crl/crlnumber
default_md=sha256
default_crl_days=3600
X
    openssl ca -gencrl -config crl/ca.cnf -cert ca_$alg.pem -keyfile ca_$alg.key -out crl_${alg}_$n.pem 2>/dev/null
  done
  cp crl_${alg}_0.pem certs/$h.r0
done
# CA directories with bigger CRLs
for n in 0 1000 10000 100000; do
  mkdir -p certs_$n
  for alg in rsa ec; do h=$(cat hash_$alg); cp ca_$alg.pem certs_$n/$h.0; cp crl_${alg}_$n.pem certs_$n/$h.r0; done
done
# 200 more unrelated hash-named CA files (IGTF-like directory)
mkdir -p certs_many; cp certs/* certs_many/
for i in $(seq 1 200); do cp ca_rsa.pem certs_many/$(printf '%08x' $((i*7919))).0; cp crl_rsa_0.pem certs_many/$(printf '%08x' $((i*7919))).r0; done
# VOMS
genkey rsa voms.key
openssl req -new -key voms.key -subj "/DC=org/DC=example/CN=voms.example.org" -out voms.csr -config /etc/ssl/openssl.cnf
openssl x509 -req -in voms.csr -CA ca_rsa.pem -CAkey ca_rsa.key -set_serial 4099 -days 3600 -sha256 -extfile ext.cnf -extensions eec -out voms.pem 2>/dev/null
printf '/DC=org/DC=example/CN=voms.example.org\n/DC=org/DC=example/CN=Bench CA rsa\n' > vomsdir/atlas/voms.example.org.lsc
chmod 600 *.key *.tkey
if command -v voms-proxy-fake >/dev/null; then
  fq=""; i=0; while [ $i -lt 20 ]; do fq="$fq -fqan $(printf '/atlas/grp%02d' $i)"; i=$((i+1)); done
  voms-proxy-fake -cert eec_rsa.pem -key eec_rsa.key -certdir certs -hostcert voms.pem -hostkey voms.key \
     -voms atlas -uri voms.example.org:15000 -rfc -bits 2048 -hours 8000 -vomslife 8000 -newformat -out vproxy.pem $fq >voms.log 2>&1 || true
  chmod 600 vproxy.pem 2>/dev/null || true
fi
touch .done
