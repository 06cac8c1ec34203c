#!/usr/bin/env bash
# The format check: every file of ours as .editorconfig says. The vendor's sources of src/OnnxRuntime lie under artifacts/ and are left out.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet format EdgeRuntime.sln --no-restore --verify-no-changes --exclude artifacts/ -v quiet
