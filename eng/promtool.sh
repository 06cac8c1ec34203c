#!/usr/bin/env bash
# Prometheus' own checker for the tests, at artifacts/tools/promtool: unpacked from Debian's package, which is not installed, so that no
# service starts. The package comes from apt, which verifies it, and is kept in a cache by its version.
set -euo pipefail
cd "$(dirname "$0")/.."
PACKAGE=prometheus
tool=artifacts/tools/promtool
[ ! -x "$tool" ] || exit 0

update_lists() {
  local apt=(apt-get)
  [ "$(id -u)" = 0 ] || apt=(sudo apt-get)
  "${apt[@]}" update -qq
}
candidate() { apt-cache policy "$PACKAGE" 2>/dev/null | sed -n 's/^ *Candidate: \([^(].*\)$/\1/p'; }

version=$(candidate)
[ -n "$version" ] || { update_lists; version=$(candidate); }
[ -n "$version" ] || { echo "set-up: apt knows no package $PACKAGE: promtool checks the text of the metrics" >&2; exit 1; }

cache=${XDG_CACHE_HOME:-$HOME/.cache}/edge-runtime/deb
home=$cache/$PACKAGE-${version//[^0-9A-Za-z.+~-]/_}-$(dpkg --print-architecture)
if [ ! -x "$home/promtool" ]; then
  echo "set-up: fetching promtool of $PACKAGE $version: it checks the text of the metrics"
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/.unpack-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  get() { (cd "$work" && timeout 600 apt-get download -qq "$PACKAGE=$version" 2>apt.log); }
  get || { update_lists; get; } || { cat "$work/apt.log" >&2; exit 1; }
  mkdir -p "$work/content"
  dpkg-deb --fsys-tarfile "$work"/*.deb | tar -x -C "$work/content" --strip-components=3 --no-same-owner ./usr/bin/promtool
  mv -T "$work/content" "$home" 2>/dev/null || [ -x "$home/promtool" ] # another set-up was first
fi
mkdir -p "$(dirname "$tool")"
ln -sfn "$home/promtool" "$tool"
