#!/bin/sh
# Makes the test certificates of this directory that are not there, keys included.
#
#   vectors/certs/make.sh
#
# Needs openssl. What is made anew has another key and other bytes; so remove
# only what is to change. Dates are fixed, so that a simulation that begins in
# 2026 finds them valid, one of them expired, and one not valid yet.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
from=20200101000000Z
until=20451231235959Z

cat >"$work/config" <<CONFIG
[ca]
default_ca = us
[us]
new_certs_dir = $work
database = $work/index
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
copy_extensions = none
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:server.example, DNS:localhost, IP:127.0.0.1, IP:::1
[wild]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:*.wild.example
[usage]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:server.example
[unsigning]
basicConstraints = critical, CA:FALSE
keyUsage = critical, keyEncipherment
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:server.example
[between]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[client]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[req]
distinguished_name = name
prompt = no
[name]
CONFIG
: >"$work/index"

# key NAME ALGORITHM [OPTION...]
key() {
    name=$1
    algorithm=$2
    shift 2
    [ -f "$name.key" ] || openssl genpkey -algorithm "$algorithm" "$@" -out "$name.key" 2>/dev/null
}

# sign NAME SUBJECT EXTENSIONS FROM UNTIL [CA OPTION...]
sign() {
    [ ! -f "$1.pem" ] || return 0
    openssl req -new -config "$work/config" -key "$1.key" -subj "/CN=$2" -out "$work/request"
    name=$1 extensions=$3 begin=$4 end=$5
    shift 5
    openssl ca -batch -notext -config "$work/config" -extensions "$extensions" \
        -startdate "$begin" -enddate "$end" -in "$work/request" -out "$name.pem" "$@" 2>/dev/null
}

curve="-pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve"
for ca in ca other-ca; do
    key $ca EC $curve
    sign $ca "gnomon test $ca" authority $from $until -selfsign -keyfile $ca.key
done
key server EC $curve
key expired EC $curve
key client EC $curve
key ed25519 ED25519
key rsa RSA -pkeyopt rsa_keygen_bits:2048
key p384 EC -pkeyopt ec_paramgen_curve:P-384 -pkeyopt ec_param_enc:named_curve
for name in future wild usage unsigning client-ed25519 between below foreign; do
    key $name ED25519
done
by="-cert ca.pem -keyfile ca.key"
for name in server ed25519 rsa p384; do
    sign $name server.example server $from $until $by
done
sign expired server.example server $from 20210101000000Z $by
sign future server.example server 20440101000000Z $until $by
sign wild wild.example wild $from $until $by
sign usage server.example usage $from $until $by
sign unsigning server.example unsigning $from $until $by
sign client client.example client $from $until $by
sign client-ed25519 client.example client $from $until $by
sign between "gnomon test between" between $from $until $by
sign foreign server.example server $from $until -cert other-ca.pem -keyfile other-ca.key
sign below server.example server $from $until -cert between.pem -keyfile between.key
[ -f chain.pem ] || cat below.pem between.pem >chain.pem
[ -f chain.key ] || cp below.key chain.key
chmod 644 ./*.key
for name in server ed25519 rsa p384 wild client client-ed25519; do
    openssl verify -CAfile ca.pem $name.pem >/dev/null
done
openssl verify -CAfile ca.pem -untrusted between.pem below.pem >/dev/null
