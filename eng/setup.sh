#!/usr/bin/env bash
# Installs what is missing, says what and why, and does nothing where all is there.
set -euo pipefail
cd "$(dirname "$0")/.."
SDK=10.0

missing=()
need() { # need PACKAGE REASON CHECK...
  local package=$1 reason=$2
  shift 2
  "$@" >/dev/null 2>&1 && return
  echo "set-up: $package is missing: $reason"
  missing+=("$package")
}
library() { [ -n "$(find /usr/lib /lib -name "$1" -print -quit 2>/dev/null)" ]; }
node_is_new() { command -v npm && node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)'; }
python_speaks_mqtt() { /usr/bin/python3 -c 'import paho.mqtt.client'; }
python_reads_yaml() { /usr/bin/python3 -c 'import yaml'; }

need ca-certificates "packages are fetched over TLS" test -e /etc/ssl/certs/ca-certificates.crt
need curl "fetches the .NET install script where there is no SDK" command -v curl
need gcc "links the native programs" command -v gcc
need libc6-dev "links the native programs" library libc.so
need zlib1g-dev "the native programs link it" library libz.so
need libssl-dev "the native programs link OpenSSL's libcrypto" library libcrypto.so
need libmosquitto1 "the MQTT client library" library libmosquitto.so.1
need libonnx-testdata "ONNX's own tests of its ops" test -d /usr/share/libonnx-testdata/data/node
need mosquitto "the broker of tests and demo" test -x /usr/sbin/mosquitto
need mosquitto-clients "an outside client of tests and demo" command -v mosquitto_rr
need nodejs "fetches models and libraries, and is the peer of benchmarks" node_is_new
need npm "fetches models and libraries" command -v npm
need python3 "an example client" test -x /usr/bin/python3
need python3-paho-mqtt "an example client" python_speaks_mqtt
need python3-yaml "a test reads the Kubernetes manifests" python_reads_yaml

install_packages() {
  local apt=(apt-get)
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "set-up: install these as root: ${missing[*]}" >&2; exit 1; }
    apt=(sudo apt-get)
  fi
  command -v apt-get >/dev/null || { echo "set-up: no apt-get here; install by hand: ${missing[*]}" >&2; exit 1; }
  echo "set-up: installing ${missing[*]}"
  "${apt[@]}" update -qq
  DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
[ ${#missing[@]} = 0 ] || install_packages

sdk_is_there() { command -v dotnet >/dev/null && dotnet --list-sdks 2>/dev/null | grep -q "^${SDK%%.*}\."; }
export PATH="$PATH:$HOME/.dotnet"
if ! sdk_is_there; then
  echo "set-up: the .NET SDK $SDK is missing: it builds everything"
  if apt-cache show "dotnet-sdk-$SDK" >/dev/null 2>&1; then
    missing=("dotnet-sdk-$SDK")
    install_packages
  else
    curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel "$SDK" --install-dir "$HOME/.dotnet"
  fi
fi

node eng/npm-unpack.mjs
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo "set-up: installing the npm packages of package-lock.json (clients and peers of tests)"
  npm ci --omit=optional --ignore-scripts --silent
  touch node_modules/.package-lock.json
fi
bash eng/promtool.sh
