#!/bin/sh
# Makes the test certificates of this directory anew, keys included.
#
#   vectors/certs/make.sh
#
# Needs openssl. Every run gives other keys and other bytes; the files that are
# kept here were made once. Dates are fixed, so that a simulation that begins
# in 2026 finds them valid, and one of them expired.
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
    openssl genpkey -algorithm "$algorithm" "$@" -out "$name.key" 2>/dev/null
}

# sign NAME SUBJECT EXTENSIONS FROM UNTIL [CA OPTION...]
sign() {
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
for name in server ed25519 rsa; do
    sign $name server.example server $from $until -cert ca.pem -keyfile ca.key
done
sign expired server.example server $from 20210101000000Z -cert ca.pem -keyfile ca.key
sign client client.example client $from $until -cert ca.pem -keyfile ca.key
chmod 644 ./*.key
for name in server ed25519 rsa client; do
    openssl verify -CAfile ca.pem $name.pem >/dev/null
done
