#!/usr/bin/env bash
# Writes every lock file anew, after a package reference or a version was changed: those of builds and tests, and those of native
# programs for each framework and RID whose packs the package sources have. Look at the difference before you commit it.
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/environment.sh

dotnet restore EdgeRuntime.sln -v quiet -p:EdgeUpdateLocks=true --force-evaluate
for framework in net10.0 net9.0; do
  for rid in linux-x64 linux-arm64; do
    for project in EdgeRuntime Packager Offload; do
      [ -f "src/$project/$project.csproj" ] || continue
      dotnet restore "src/$project" -v quiet -p:EdgeAot=true "-p:EdgeRid=$rid" "-p:EdgeFramework=$framework" -p:EdgeUpdateLocks=true --force-evaluate >/dev/null 2>&1 ||
        { echo "locks: $project for $framework $rid cannot be restored here; its lock files are as they were"; git checkout -q -- "eng/locks/*.$framework.$rid.lock.json" 2>/dev/null || rm -f eng/locks/*."$framework.$rid".lock.json; break; }
    done
  done
done
git status --short eng/locks
