#!/usr/bin/env bash
# Measures the published programs against a peer in the same run: startup, memory, serving, quantize, degrade, offload.
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/environment.sh

usage="Usage: ./edge bench startup|memory|serving|quantize|degrade|offload [--json FILE] [--smoke] [--full] [--only PART]"
case "${1:-}" in
  --help | -h) echo "$usage"; exit 0 ;;
  startup | memory | serving | quantize | degrade | offload) ;;
  *) echo "$usage" >&2; exit 2 ;;
esac

# What is measured is what is checked out.
stale() {
  local program=artifacts/publish/edge-runtime/edge-runtime
  [ ! -x "$program" ] || [ -n "$(find src Directory.Build.props -newer "$program" -type f -print -quit)" ]
}
bash eng/setup.sh
if stale; then bash eng/publish.sh; fi
dotnet build tests/Benchmarks -c Release -v quiet -clp:NoSummary
exec artifacts/build/bin/Benchmarks/release/edge-bench "$@"
