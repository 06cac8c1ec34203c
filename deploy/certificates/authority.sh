#!/usr/bin/env bash
# Certificates for a lab or a small fleet: one authority for each role, one certificate for each name. Says what it does; overwrites nothing.
set -euo pipefail
umask 077

usage() {
  cat <<'TEXT'
Usage: authority.sh init DIR [--host NAME]...     the authorities, and the broker's certificate for these names (localhost, 127.0.0.1)
       authority.sh issue DIR ROLE NAME [--days N]   a certificate for NAME, valid for N days (825)
       authority.sh renew DIR ROLE NAME [--days N]   a new key and certificate in place of the old ones, which are kept as NAME.SERIAL.*
       authority.sh renew DIR broker broker [--host NAME]...
       authority.sh revoke DIR ROLE NAME             the broker refuses the certificate once it has the new DIR/authorities/ROLE/crl.pem
       authority.sh list DIR

ROLE is devices, clients, servers, depots or operators. A name matches [a-z0-9][a-z0-9._-]{0,63} and belongs to one role.
TEXT
}

roles=(devices clients servers depots operators)
authority_days=7300 crl_days=7300 renew_before=$((30 * 86400))

fail() { echo "authority: $1" >&2; exit "${2:-1}"; }
is_role() { [[ " ${roles[*]} " == *" $1 "* ]]; }
require_name() { [[ $1 =~ ^[a-z0-9][a-z0-9._-]{0,63}$ ]] || fail "name '$1' is not of the form [a-z0-9][a-z0-9._-]{0,63}" 2; }
require_authority() { [ -f "$dir/authorities/$1/ca.pem" ] || fail "$dir has no authority for $1: run authority.sh init $dir" 1; }

# What openssl ca reads. Extensions are stated here alone: a request states none.
write_configuration() { # FOLDER USE SAN
  local home=$1
  cat >"$home/openssl.cnf" <<TEXT
[ca]
default_ca = own
[own]
dir = \$ENV::EDGE_AUTHORITY
database = \$dir/index.txt
serial = \$dir/serial
crlnumber = \$dir/crlnumber
new_certs_dir = \$dir/issued
certificate = \$dir/ca.pem
private_key = \$dir/ca.key
default_md = sha256
default_crl_days = $crl_days
unique_subject = no
policy = names
x509_extensions = leaf
[names]
commonName = supplied
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = $2
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
${3:+subjectAltName = $3}
TEXT
}

# openssl ca; the folder may have been moved since the configuration was written.
authority() { # ROLE ARGUMENTS...
  local home=$dir/authorities/$1 log
  shift
  log=$(EDGE_AUTHORITY=$home openssl ca -config "$home/openssl.cnf" "$@" 2>&1) || { echo "$log" >&2; return 1; }
}

make_authority() { # ROLE USE SAN
  local home=$dir/authorities/$1
  if [ -f "$home/ca.pem" ]; then
    openssl x509 -in "$home/ca.pem" -noout -checkend "$renew_before" >/dev/null || fail "$home/ca.pem has expired or is about to: start a new folder"
    echo "authority: $1 is there"
    return
  fi
  [ ! -e "$home" ] || fail "$home is half made: remove it"
  local making=$dir/authorities/.making-$1
  rm -rf "$making"
  mkdir -p "$making/issued"
  : >"$making/index.txt"
  echo 01 >"$making/crlnumber"
  openssl rand -hex 8 | sed 's/^./4/' >"$making/serial"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$making/ca.key" -out "$making/ca.pem" -days "$authority_days" \
    -subj "/CN=EdgeRuntime $1" -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" 2>/dev/null
  write_configuration "$making" "$2" "$3"
  mv -T "$making" "$home"
  authority "$1" -gencrl -out "$home/crl.pem"
  echo "authority: made $1"
}

make_certificate() { # ROLE NAME DAYS
  local home=$dir/$1 work
  mkdir -p "$home"
  work=$(mktemp -d "$home/.making-XXXXXX")
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/key" -out "$work/request" -subj "/CN=$2" 2>/dev/null
  authority "$1" -batch -notext -in "$work/request" -out "$work/certificate" -days "$3" || { rm -rf "$work"; exit 1; }
  keep_old "$home" "$2"
  mv -n "$work/key" "$home/$2.key"
  mv -n "$work/certificate" "$home/$2.pem"
  rm -rf "$work"
  echo "authority: $1/$2.pem and $2.key, valid until $(end_of "$home/$2.pem")"
}

keep_old() { # FOLDER NAME
  [ -f "$1/$2.pem" ] || return 0
  local serial
  serial=$(serial_of "$1/$2.pem")
  mv -n "$1/$2.pem" "$1/$2.$serial.pem"
  [ ! -f "$1/$2.key" ] || mv -n "$1/$2.key" "$1/$2.$serial.key"
}

end_of() { openssl x509 -in "$1" -noout -enddate | cut -d= -f2; }
serial_of() { openssl x509 -in "$1" -noout -serial | cut -d= -f2; }

# Why a certificate that is there does not serve; nothing where it does.
complaint() { # ROLE NAME
  local certificate=$dir/$1/$2.pem key=$dir/$1/$2.key
  [ -f "$certificate" ] && [ -f "$key" ] || { echo "$certificate or its key is missing"; return; }
  openssl verify -CAfile "$dir/authorities/$1/ca.pem" -CRLfile "$dir/authorities/$1/crl.pem" -crl_check "$certificate" >/dev/null 2>&1 ||
    { echo "$certificate has expired, was revoked or is of another authority"; return; }
  [ "$(openssl x509 -in "$certificate" -noout -pubkey)" = "$(openssl pkey -in "$key" -pubout 2>/dev/null)" ] || { echo "$key is not the key of $certificate"; return; }
  openssl x509 -in "$certificate" -noout -checkend "$renew_before" >/dev/null || echo "$certificate ends on $(end_of "$certificate")"
}

host_names() {
  local host names=()
  for host in "${hosts[@]}"; do
    if [[ $host =~ ^[0-9.]+$|: ]]; then names+=("IP:$host"); else names+=("DNS:$host"); fi
  done
  (IFS=,; echo "${names[*]}")
}

init() {
  mkdir -p "$dir/authorities"
  [ ${#hosts[@]} -gt 0 ] || hosts=(localhost 127.0.0.1)
  local role
  for role in "${roles[@]}"; do make_authority "$role" clientAuth ""; done
  make_authority broker serverAuth "$(host_names)"
  issue broker broker
}

issue() { # ROLE NAME
  require_authority "$1"
  if [ -e "$dir/$1/$2.pem" ] || [ -e "$dir/$1/$2.key" ]; then
    local why
    why=$(complaint "$1" "$2")
    [ -z "$why" ] || fail "$why: authority.sh renew $dir $1 $2 makes a new one"
    echo "authority: $1/$2.pem is there, valid until $(end_of "$dir/$1/$2.pem")"
    return
  fi
  local other
  for other in "${roles[@]}"; do
    [ ! -e "$dir/$other/$2.pem" ] || fail "the name $2 belongs to one of the $other"
  done
  make_certificate "$1" "$2" "$days"
}

renew() { # ROLE NAME
  require_authority "$1"
  [ -f "$dir/$1/$2.pem" ] || fail "$dir/$1/$2.pem is not there"
  [ ${#hosts[@]} = 0 ] || [ "$1" != broker ] || write_configuration "$dir/authorities/broker" serverAuth "$(host_names)"
  make_certificate "$1" "$2" "$days"
}

# Every certificate that the name was ever given.
revoke() { # ROLE NAME
  require_authority "$1"
  local home=$dir/authorities/$1 serial count=0
  for serial in $(awk -F'\t' -v subject="/CN=$2" '$1 == "V" && $6 == subject { print $4 }' "$home/index.txt"); do
    authority "$1" -revoke "$home/issued/$serial.pem"
    count=$((count + 1))
  done
  [ $count -gt 0 ] || fail "$1 has no certificate of $2 that is in force"
  authority "$1" -gencrl -out "$home/crl.pem.new"
  mv "$home/crl.pem.new" "$home/crl.pem"
  echo "authority: $count certificates of $2 revoked; give the broker $home/crl.pem"
}

list() {
  local role
  for role in "${roles[@]}" broker; do
    require_authority "$role"
    awk -F'\t' -v role="$role" '{ state = $1 == "V" ? "in force" : $1 == "R" ? "revoked" : "expired"; print role "\t" substr($6, 5) "\t" $4 "\t" state }' "$dir/authorities/$role/index.txt"
  done
}

verb=${1:-} dir=${2:-}
case "$verb" in
  --help | -h) usage; exit 0 ;;
  init | issue | renew | revoke | list) ;;
  *) usage >&2; exit 2 ;;
esac
[[ $dir =~ ^[A-Za-z0-9._/-]+$ && $dir != -* ]] || { usage >&2; exit 2; }
shift 2
words=() hosts=() days=825
while [ $# -gt 0 ]; do
  case "$1" in
    --host) [ $# -gt 1 ] || { usage >&2; exit 2; }; hosts+=("$2"); shift 2 ;;
    --days) [[ ${2:-} =~ ^[1-9][0-9]{0,3}$ ]] || fail "--days takes 1 to 9999" 2; days=$2; shift 2 ;;
    -*) usage >&2; exit 2 ;;
    *) words+=("$1"); shift ;;
  esac
done
for host in "${hosts[@]}"; do [[ $host =~ ^[A-Za-z0-9.:-]{1,253}$ ]] || fail "host '$host' is neither a name nor an address" 2; done
command -v openssl >/dev/null || fail "openssl is missing (Debian and Ubuntu: apt-get install openssl)"
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
exec 9>"$dir/.lock"
flock --wait 60 9 || fail "another authority.sh works on $dir"
case "$verb" in
  init | list) [ ${#words[@]} = 0 ] || { usage >&2; exit 2; }; "$verb" ;;
  *)
    [ ${#words[@]} = 2 ] || { usage >&2; exit 2; }
    [ "$verb ${words[*]}" = "renew broker broker" ] || is_role "${words[0]}" || fail "'${words[0]}' is no role: ${roles[*]}" 2
    require_name "${words[1]}"
    "$verb" "${words[0]}" "${words[1]}"
    ;;
esac
