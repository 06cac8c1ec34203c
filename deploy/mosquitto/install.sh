#!/usr/bin/env bash
# Writes the broker's configuration for a fleet from the files beside this one. Replaces nothing that differs unless told to, and keeps what it replaced.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

usage() {
  cat <<'TEXT'
Usage: install.sh --fleet NAME --certificates DIR [--into DIR] [--state DIR] [--user USER] [--address A] [--port N] [--replace]

  --certificates DIR   a folder of authority.sh
  --into DIR           where mosquitto.conf, acl/ and tls/ go (/etc/mosquitto)
  --state DIR          where the broker keeps sessions and retained messages (/var/lib/mosquitto)
  --user USER          whom the broker runs as (mosquitto)
  --address A          what it listens on (0.0.0.0)
  --port N             devices at N, clients N+1, servers N+2, depots N+3, operators N+4 (8883)
  --replace            files that differ are replaced; the old ones are kept as *.old
TEXT
}
fail() { echo "install: $1" >&2; exit "${2:-1}"; }

fleet="" certificates="" into=/etc/mosquitto state=/var/lib/mosquitto user=mosquitto address=0.0.0.0 port=8883 replace=""
while [ $# -gt 0 ]; do
  case "$1" in
    --fleet | --certificates | --into | --state | --user | --address | --port)
      [ $# -gt 1 ] || { usage >&2; exit 2; }
      declare "${1#--}=$2"
      shift 2
      ;;
    --replace) replace=yes; shift ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done
[[ $fleet =~ ^[a-z0-9][a-z0-9._-]{0,63}$ ]] || fail "--fleet '$fleet' is not of the form [a-z0-9][a-z0-9._-]{0,63}" 2
[[ $port =~ ^[1-9][0-9]{0,4}$ && $port -le 65531 ]] || fail "--port takes 1 to 65531" 2
[[ $address =~ ^[0-9a-fA-F.:]+$ ]] || fail "--address '$address' is not an address" 2
for path in "$into" "$state"; do [[ $path =~ ^/[A-Za-z0-9._/-]*$ ]] || fail "'$path' is not an absolute path of letters, digits and ._-/" 2; done
[ -f "$certificates/authorities/broker/ca.pem" ] || fail "--certificates '$certificates' is not a folder of authority.sh" 2
id -u "$user" >/dev/null 2>&1 || fail "there is no user '$user': install mosquitto first, or name one by --user"
group=$(id -gn "$user")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
roles=(devices clients servers depots operators)
edits=(-e "s|@FLEET@|$fleet|g" -e "s|@STATE@|$state|g" -e "s|@ADDRESS@|$address|g" -e "s|@TLS@|$into/tls|g" -e "s|@ACL@|$into/acl|g")
for i in "${!roles[@]}"; do edits+=(-e "s|@PORT_${roles[i]^^}@|$((port + i))|g"); done
mkdir -p "$work/acl" "$work/tls"
sed "${edits[@]}" "$here/edge.conf" >"$work/mosquitto.conf"
[ "$user" = mosquitto ] || echo "user $user" >>"$work/mosquitto.conf"
for role in "${roles[@]}"; do
  sed "${edits[@]}" "$here/acl/$role.acl" >"$work/acl/$role.acl"
  cp "$certificates/authorities/$role/ca.pem" "$work/tls/$role.pem"
  cp "$certificates/authorities/$role/crl.pem" "$work/tls/$role.crl.pem"
done
cp "$certificates/broker/broker.pem" "$certificates/broker/broker.key" "$work/tls/"

mapfile -t files < <(cd "$work" && find . -type f -printf '%P\n' | LC_ALL=C sort)
if [ -z "$replace" ]; then
  for file in "${files[@]}"; do
    [ ! -e "$into/$file" ] || cmp -s "$work/$file" "$into/$file" || fail "$into/$file is there and differs: --replace replaces it and keeps it as $file.old"
  done
fi
for file in "${files[@]}"; do
  ! cmp -s "$work/$file" "$into/$file" || continue
  mode=0644
  [ "$file" != tls/broker.key ] || mode=0640
  mkdir -p "$into/$(dirname "$file")"
  [ ! -e "$into/$file" ] || mv -f "$into/$file" "$into/$file.old"
  install -m "$mode" -g "$group" "$work/$file" "$into/$file"
  echo "install: $into/$file"
done
