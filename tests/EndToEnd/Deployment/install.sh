#!/usr/bin/env bash
# Installs a package into an overlay of this system, runs it as its user, removes and purges it. In a mount namespace of its own, as root.
# Exit code 77: this machine cannot do that.
set -euo pipefail
package=$1 program=$(dpkg-deb --field "$1" Package)
work=$(mktemp -d)
mount -t tmpfs tmpfs "$work" 2>/dev/null || { echo "no tmpfs can be mounted" >&2; exit 77; }
mkdir "$work"/{upper,work,root}
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/work" "$work/root" 2>/dev/null || { echo "no overlay can be mounted" >&2; exit 77; }
mount -t proc proc "$work/root/proc"
cp "$package" "$work/root/package.deb"
inside() { chroot "$work/root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"; }
is() { [ "$(inside stat -c '%A %U:%G' "$1")" = "$2" ] || { echo "$1 is $(inside stat -c '%A %U:%G' "$1"), not $2" >&2; exit 1; }; }
as_user() { inside setpriv --reuid=$program --regid=$program --clear-groups "$@"; }

inside dpkg -i /package.deb >"$work/log" 2>&1 || { cat "$work/log" >&2; ! grep -q "dependency problems" "$work/log" || exit 77; exit 1; }
grep -q "systemctl enable --now $program" "$work/log"
is /var/lib/$program "drwxr-x--- $program:$program"
is /etc/$program/tls "drwxr-x--- root:$program"
is /etc/$program/$program.json '-rw-r--r-- root:root'
as_user $program --version
as_user $program check --config /etc/$program/$program.json
inside dpkg -V $program

inside sh -c "echo '// mine' >>/etc/$program/$program.json; touch /var/lib/$program/x /etc/$program/tls/own.key"
inside dpkg -i /package.deb >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
inside grep -q '// mine' /etc/$program/$program.json
if grep -q "systemctl enable" "$work/log"; then echo "an upgrade was greeted as new" >&2; exit 1; fi

inside dpkg -r $program >/dev/null 2>&1
inside test ! -e /usr/bin/$program -a -e /var/lib/$program/x -a -e /etc/$program/$program.json
inside dpkg -P $program >/dev/null 2>&1
inside test ! -e /var/lib/$program -a ! -e /etc/$program/$program.json -a -e /etc/$program/tls/own.key
echo "all as it should be"
