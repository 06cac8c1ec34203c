#!/usr/bin/env bash
# Installs a package into an overlay of this system, runs it as its user, removes and purges it. In a mount namespace of its own, as root.
# Exit code 77: this machine cannot do that.
set -euo pipefail
package=$1
work=$(mktemp -d)
mount -t tmpfs tmpfs "$work" 2>/dev/null || { echo "no tmpfs can be mounted" >&2; exit 77; }
mkdir "$work"/{upper,work,root}
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/work" "$work/root" 2>/dev/null || { echo "no overlay can be mounted" >&2; exit 77; }
mount -t proc proc "$work/root/proc"
cp "$package" "$work/root/package.deb"
inside() { chroot "$work/root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"; }
is() { [ "$(inside stat -c '%A %U:%G' "$1")" = "$2" ] || { echo "$1 is $(inside stat -c '%A %U:%G' "$1"), not $2" >&2; exit 1; }; }
as_user() { inside setpriv --reuid=edge-runtime --regid=edge-runtime --clear-groups "$@"; }

inside dpkg -i /package.deb >"$work/log" 2>&1 || { cat "$work/log" >&2; ! grep -q "dependency problems" "$work/log" || exit 77; exit 1; }
grep -q "systemctl enable --now edge-runtime" "$work/log"
is /var/lib/edge-runtime 'drwxr-x--- edge-runtime:edge-runtime'
is /etc/edge-runtime/tls 'drwxr-x--- root:edge-runtime'
is /etc/edge-runtime/edge-runtime.json '-rw-r--r-- root:root'
as_user edge-runtime --version
as_user edge-runtime check --config /etc/edge-runtime/edge-runtime.json
inside dpkg -V edge-runtime

inside sh -c 'echo "// mine" >>/etc/edge-runtime/edge-runtime.json; touch /var/lib/edge-runtime/x /etc/edge-runtime/tls/own.key'
inside dpkg -i /package.deb >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
inside grep -q '// mine' /etc/edge-runtime/edge-runtime.json
if grep -q "systemctl enable" "$work/log"; then echo "an upgrade was greeted as new" >&2; exit 1; fi

inside dpkg -r edge-runtime >/dev/null 2>&1
inside test ! -e /usr/bin/edge-runtime -a -e /var/lib/edge-runtime/x -a -e /etc/edge-runtime/edge-runtime.json
inside dpkg -P edge-runtime >/dev/null 2>&1
inside test ! -e /var/lib/edge-runtime -a ! -e /etc/edge-runtime/edge-runtime.json -a -e /etc/edge-runtime/tls/own.key
echo "all as it should be"
