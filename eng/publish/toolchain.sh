# Sourced by publish.sh: which linker and which framework serve a RID on this machine.

machine_rid() { case "$(uname -m)" in aarch64) echo linux-arm64 ;; *) echo linux-x64 ;; esac; }

newest_framework() { sed -n "s:.*<EdgeFramework Condition.*>\(net[0-9.]*\)</EdgeFramework>.*:\1:p" Directory.Build.props; }

# The linker for another architecture than this machine's; empty for its own, where clang or gcc is found by the SDK.
cross_linker() {
  [ "$1" = "$(machine_rid)" ] && return
  case "$1" in linux-arm64) echo aarch64-linux-gnu-gcc ;; linux-x64) echo x86_64-linux-gnu-gcc ;; esac
}

require_linker() {
  local linker
  linker=$(cross_linker "$1")
  [ -z "$linker" ] || command -v "$linker" >/dev/null && return
  {
    echo "publish: $1 programs cannot be linked on this $(machine_rid) machine:"
    echo "  missing: $linker (Debian and Ubuntu: apt-get install gcc-${linker%-gcc} libc6-dev-${1#linux-}-cross)"
    echo "  needed from the package sources: $(framework_packs "$1")"
    echo "  or run ./edge publish on a $1 machine"
  } >&2
  exit 1
}

framework_packs() { echo "Microsoft.NETCore.App.Runtime.NativeAOT.$1 and runtime.$(machine_rid).Microsoft.DotNet.ILCompiler"; }

# Prints the newest framework whose packs can be had. A yes is remembered, a no for a day, both per SDK and set of sources.
choose_framework() { # RID
  local framework key memo
  for framework in "$(newest_framework)" net9.0; do
    key=$(cat <(dotnet --version) Directory.Build.targets ~/.nuget/NuGet/NuGet.Config 2>/dev/null | sha256sum | cut -c1-16)
    memo=artifacts/publish-probe/$framework-$1-$key
    [ ! -f "$memo.no" ] || [ -n "$(find "$memo.no" -mmin +1440)" ] || continue
    if [ -f "$memo.yes" ] || probe "$framework" "$1" "$memo"; then echo "$framework"; return; fi
  done
  { echo "publish: no framework has its native packs for $1 on the package sources:"; cat "$memo.no"; } >&2
  exit 1
}

# A restore of the device's program: its result is used by the publish that follows. Only a missing package is a no.
probe() { # FRAMEWORK RID MEMO
  mkdir -p "$(dirname "$3")"
  rm -f "$3.no"
  local log arguments
  log=$(mktemp)
  mapfile -t arguments < <(build_arguments EdgeRuntime "$1" "$2")
  if timeout 300 dotnet restore src/EdgeRuntime "${arguments[@]}" -v quiet >"$log" 2>&1; then
    mv "$log" "$3.yes"
  elif grep -qE 'error NU110[123]' "$log"; then
    grep -oE 'error NU110[123].*' "$log" | sort -u >"$3.no"
    rm -f "$log"
    return 1
  else
    cat "$log" >&2
    rm -f "$log"
    exit 1
  fi
}
