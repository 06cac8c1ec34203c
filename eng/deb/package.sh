#!/usr/bin/env bash
# Makes the Debian package of a published program that has a folder in deploy/debian; the same inputs give the same bytes.
# Usage: package.sh linux-x64|linux-arm64 FOLDER OUT      FOLDER is what publish left, named as its program; OUT where the package goes
set -euo pipefail
cd "$(dirname "$0")/../.."
[ $# = 3 ] || { sed -n '3s/^# //p' "$0" >&2; exit 2; }
rid=$1 folder=$2 out=$3 name=$(basename "$2")
about=deploy/debian/$name
fail() { echo "deb: $1" >&2; exit 1; }

case "$rid" in
  linux-x64) architecture=amd64 machine='Advanced Micro Devices X86-64' ;;
  linux-arm64) architecture=arm64 machine=AArch64 ;;
  *) echo "deb: '$rid' is neither linux-x64 nor linux-arm64" >&2; exit 2 ;;
esac
[ -d "$about" ] || fail "$about is missing: it says what a package of $name holds beside the program"
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
fill() { sed -e "s|@PROGRAM@|$name|g" -e "s|@VERSION@|$version|" -e "s|@MAINTAINER@|$maintainer|" -e "s|@DATE@|$(date -u -R -d "@$SOURCE_DATE_EPOCH")|" "deploy/debian/$1"; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022
tree=$work/tree lib=$work/tree/usr/lib/$name doc=$work/tree/usr/share/doc/$name
mkdir -p "$tree/DEBIAN" "$tree/usr/bin" "$lib" "$doc/examples" "$tree/usr/lib/systemd/system" "$tree/etc/$name/tls" "$tree/etc/$name/trust"
install -m 0755 "$folder/$name" "$lib/"
install -m 0644 "$folder"/lib*.so "$folder/sbom.cdx.json" "$lib/"
ln -s "../lib/$name/$name" "$tree/usr/bin/$name"
install -m 0644 "deploy/systemd/$name.service" "$tree/usr/lib/systemd/system/"
install -m 0644 "deploy/systemd/$name-gpu.conf" "$doc/examples/"
install -m 0644 "$about/$name.json" "$tree/etc/$name/"
xargs -a "$about/docs" install -m 0644 -t "$doc"
cp -r "$folder/LICENSES" "$doc/"
node eng/deb/copyright.mjs "$folder/sbom.cdx.json" >"$doc/copyright"
fill changelog | gzip -9n >"$doc/changelog.gz"
find "$tree" -type d -exec chmod 0755 {} + -o -type f ! -path "$lib/$name" -exec chmod 0644 {} +

for script in postinst prerm postrm; do
  fill $script >"$tree/DEBIAN/$script"
  chmod 0755 "$tree/DEBIAN/$script"
done
echo "/etc/$name/$name.json" >"$tree/DEBIAN/conffiles"
(cd "$tree" && find usr -type f -printf '%P\0' | sort -z | sed -z 's:^:usr/:' | xargs -0 md5sum >DEBIAN/md5sums)
cat >"$tree/DEBIAN/control" <<TEXT
Package: $name
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Section: net
Priority: optional
Installed-Size: $(du -sk --apparent-size "$tree" --exclude DEBIAN | cut -f1)
Depends: $(node eng/deb/depends.mjs "$lib"), adduser
Suggests: mosquitto-clients
$(cat "$about/description")
TEXT

mkdir -p "$out"
package=$out/${name}_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zzstd -z3 --build "$tree" "$package" >/dev/null
printf '%-14s %5.1f MB  %s  sha256:%s\n' "$(basename "$package")" "$(awk "BEGIN { print $(stat -c %s "$package") / 1e6 }")" "$rid" "$(sha256sum "$package" | cut -d' ' -f1)"
