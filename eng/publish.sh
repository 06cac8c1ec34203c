#!/usr/bin/env bash
# Publishes the native programs to artifacts/publish/PROGRAM/: the executable, its native libraries, their licences, a bill of materials.
# With --deb also the Debian packages of those that have a folder in deploy/debian, in artifacts/publish/deb/.
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/environment.sh
. eng/publish/toolchain.sh
. eng/publish/program.sh

usage="Usage: ./edge publish [--rid linux-x64|linux-arm64] [--deb]"
rid=$(machine_rid) deb=""
while [ $# -gt 0 ]; do
  case "$1" in
    --rid) rid=${2:-}; shift $(($# > 1 ? 2 : 1)) ;;
    --deb) deb=--deb; shift ;;
    --help | -h) echo "$usage"; exit 0 ;;
    *) echo "publish: unknown option '$1'" >&2; echo "$usage" >&2; exit 2 ;;
  esac
done
case "$rid" in
  linux-x64 | linux-arm64) ;;
  *) echo "publish: --rid '$rid' is neither linux-x64 nor linux-arm64" >&2; exit 2 ;;
esac

# One publish at a time: the programs share the intermediate folders of their libraries.
mkdir -p artifacts
if [ -z "${EDGE_PUBLISH_LOCK:-}" ]; then
  EDGE_PUBLISH_LOCK=1 exec flock --close --wait 900 --conflict-exit-code 1 artifacts/publish.lock bash eng/publish.sh --rid "$rid" $deb
fi

[ -e artifacts/npm/com.github.asus4.onnxruntime ] || bash eng/setup.sh
require_linker "$rid"
framework=$(choose_framework "$rid")
[ "$framework" = "$(newest_framework)" ] ||
  echo "publish: the package sources lack the $rid pack of $(newest_framework), so these are built for $framework"
for project in EdgeRuntime Packager Offload; do
  [ ! -f "src/$project/$project.csproj" ] || publish_program "$project" "$framework" "$rid"
done
[ -n "$deb" ] || exit 0
for about in deploy/debian/*/; do bash eng/deb/package.sh "$rid" "artifacts/publish/$(basename "$about")" artifacts/publish/deb; done
