#!/usr/bin/env bash
# Set-up, build, format check, tests. Closes with a line "N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/environment.sh

limit=600
case "${1:-}" in
  "") ;;
  --full) export EDGE_FULL=1; limit=7200 ;;
  *) echo "Usage: ./edge test [--full]" >&2; exit 2 ;;
esac

bash eng/setup.sh
echo "== restore and build (warnings are errors)"
dotnet restore EdgeRuntime.sln --locked-mode -v quiet
dotnet build EdgeRuntime.sln --no-restore -v quiet -clp:NoSummary
echo "== format"
bash eng/format.sh
if [ -f eng/publish.sh ]; then
  echo "== publish"
  bash eng/publish.sh
fi

# The runner's progress, and what libpng says to stderr of images that are broken on purpose.
noise='^  (Discover|Starting|Finished)|^libpng (error|warning):'
passed=0 failed=0 skipped=0
run_suite() {
  local program=$1 name log
  name=$(basename "$program")
  log=$(mktemp)
  echo "== $name"
  if ! timeout "$limit" "$program" -noColor -noLogo >"$log" 2>&1; then grep -vE "$noise" "$log" || true; fi
  local summary
  summary=$(grep -E 'Total: [0-9]+, Errors:' "$log" | tail -1 || true)
  if [ -z "$summary" ]; then
    echo "$name: did not finish within $limit s, or crashed"
    failed=$((failed + 1))
  else
    count() { sed -E "s/.*$1: ([0-9]+).*/\1/" <<<"$summary"; }
    local bad=$(($(count Failed) + $(count Errors))) idle=$(count Skipped)
    failed=$((failed + bad)) skipped=$((skipped + idle)) passed=$((passed + $(count Total) - bad - idle))
    echo "${summary#*Tests }" | sed -E 's/^ +//'
  fi
  rm -f "$log"
}
for project in tests/*/*.Tests.csproj; do
  assembly=$(sed -n 's:.*<AssemblyName>\(.*\)</AssemblyName>.*:\1:p' "$project")
  [ -n "$(ls "$(dirname "$project")"/*.cs "$(dirname "$project")"/*/*.cs 2>/dev/null)" ] || continue
  run_suite "artifacts/build/bin/$(basename "$project" .csproj)/debug/$assembly"
done

[ $((passed + failed)) -gt 0 ] || { echo "no test ran" >&2; failed=1; }
echo "$passed passed, $failed failed$([ $skipped = 0 ] || echo ", $skipped skipped")"
[ $failed = 0 ]
