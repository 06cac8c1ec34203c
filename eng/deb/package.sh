#!/usr/bin/env bash
# Makes the Debian package of a published edge-runtime; the same inputs give the same bytes.
# Usage: package.sh linux-x64|linux-arm64 FOLDER OUT      FOLDER is what publish left, OUT where the package goes
set -euo pipefail
cd "$(dirname "$0")/../.."
[ $# = 3 ] || { sed -n '3s/^# //p' "$0" >&2; exit 2; }
rid=$1 folder=$2 out=$3 name=edge-runtime
fail() { echo "deb: $1" >&2; exit 1; }

case "$rid" in
  linux-x64) architecture=amd64 machine='Advanced Micro Devices X86-64' ;;
  linux-arm64) architecture=arm64 machine=AArch64 ;;
  *) echo "deb: '$rid' is neither linux-x64 nor linux-arm64" >&2; exit 2 ;;
esac
for tool in dpkg-deb readelf; do command -v "$tool" >/dev/null || fail "$tool is missing (Debian and Ubuntu: apt-get install dpkg binutils)"; done
(cd "$folder" && sha256sum --check --status SHA256SUMS) || fail "$folder is not what ./edge publish left there"
for file in "$folder/$name" "$folder"/lib*.so; do
  readelf -h "$file" | grep -q "Machine: *$machine" || fail "$file is not for $rid: ./edge publish --rid $rid makes it, on a machine that has the linker"
done

# Time and version come from the sources alone.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)}
export TZ=UTC LC_ALL=C
maintainer=${EDGE_MAINTAINER:-EdgeRuntime maintainers <maintainers@edge-runtime.invalid>}
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022
tree=$work/tree lib=$work/tree/usr/lib/$name doc=$work/tree/usr/share/doc/$name
mkdir -p "$tree/DEBIAN" "$tree/usr/bin" "$lib" "$doc/examples" "$tree/usr/lib/systemd/system" "$tree/etc/$name/tls" "$tree/etc/$name/trust"
install -m 0755 "$folder/$name" "$lib/"
install -m 0644 "$folder"/lib*.so "$folder/sbom.cdx.json" "$lib/"
ln -s "../lib/$name/$name" "$tree/usr/bin/$name"
install -m 0644 deploy/systemd/edge-runtime.service "$tree/usr/lib/systemd/system/"
install -m 0644 deploy/systemd/edge-runtime-gpu.conf "$doc/examples/"
install -m 0644 deploy/debian/edge-runtime.json "$tree/etc/$name/"
install -m 0644 docs/operations.md docs/formats/device.md docs/formats/inference.md "$doc/"
cp -r "$folder/LICENSES" "$doc/"
node eng/deb/copyright.mjs "$folder/sbom.cdx.json" >"$doc/copyright"
sed -e "s|@VERSION@|$version|" -e "s|@MAINTAINER@|$maintainer|" -e "s|@DATE@|$(date -u -R -d "@$SOURCE_DATE_EPOCH")|" deploy/debian/changelog | gzip -9n >"$doc/changelog.gz"
find "$tree" -type d -exec chmod 0755 {} + -o -type f ! -path "$lib/$name" -exec chmod 0644 {} +

install -m 0755 deploy/debian/postinst deploy/debian/prerm deploy/debian/postrm "$tree/DEBIAN/"
echo "/etc/$name/edge-runtime.json" >"$tree/DEBIAN/conffiles"
(cd "$tree" && find usr -type f -printf '%P\0' | sort -z | sed -z 's:^:usr/:' | xargs -0 md5sum >DEBIAN/md5sums)
cat >"$tree/DEBIAN/control" <<TEXT
Package: $name
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Section: net
Priority: optional
Installed-Size: $(du -sk --apparent-size "$tree" --exclude DEBIAN | cut -f1)
Depends: $(node eng/deb/depends.mjs EdgeRuntime "$lib"), adduser
Suggests: mosquitto-clients
Description: serves signed neural networks over MQTT
 Installs bundles of ONNX models that keys of one's own have signed, maps their
 weights from disk and answers inference requests by their deadlines.
TEXT

mkdir -p "$out"
package=$out/${name}_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zzstd -z3 --build "$tree" "$package" >/dev/null
printf '%-14s %5.1f MB  %s  sha256:%s\n' "$(basename "$package")" "$(awk "BEGIN { print $(stat -c %s "$package") / 1e6 }")" "$rid" "$(sha256sum "$package" | cut -d' ' -f1)"
