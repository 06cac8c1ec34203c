#!/usr/bin/env bash
# The demo: packs a real text-recognition model, flashes it onto a device folder, serves it over MQTT, and reads labels with it.
# Exit code 0 only if every step gave the right result. Everything it makes is under artifacts/demo/, its broker listens on loopback only.
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/environment.sh
. eng/demo/steps.sh

[ $# = 0 ] || { echo "Usage: ./edge demo" >&2; exit 2; }

step "Set-up: installs what is missing"
bash eng/setup.sh
step "Build: native programs"
bash eng/publish.sh
prepare_folder
halve_labels

step "Keys: a pair to sign bundles with; devices get the public half"
packager keygen -o "$work/keys" --name release

step "Pack: PP-OCRv4 text recognition -> a signed bundle, in float and in 8 bits, quality measured on 300 label images"
packager build "$ocr/ch_PP-OCRv4_rec_infer.onnx" --name ocr --version 1.0.0 --target "$target" --variants fp32,int8 \
  --image "resize=48xW,bgr,mean=0.5,std=0.5" --labels "$ocr/ppocr_keys_v1.txt" \
  --calibration "$work/first" --evaluate "$work/second" --max-drop 0.005 --metric ctc --sign "$work/keys/release.key" -o "$work/ocr-1.0.0.bundle" --report "$work/report.json"
packager inspect "$work/ocr-1.0.0.bundle" --trust "$work/keys/release.pub"

step "Flash: verified, unpacked, self-tested on this machine, made active"
packager flash "$work/ocr-1.0.0.bundle" --to "$work/device" --trust "$work/keys/release.pub"

step "Compare: one label on both rungs of the ladder"
read_on_both_rungs

step "Serve: a broker and the runtime"
start_broker
heat 50000
write_configuration
"$publish/edge-runtime/edge-runtime" check --config "$work/edge-runtime.json"
start_runtime
await_state online

step "Ask: label images by MQTT, from three outside clients"
read_labels

step "Refuse: a request that cannot be answered says why"
refuse_unknown_model

step "Offload: a server with the same bundle answers for the device"
start_server
await_beacon online
ask_offload only offload

step "Pressure: the device gets hot, and says what it does about it"
heat 99000
await_text degraded "heat"
heat 50000
await_text online '"condition":"normal"'

step "Fallback: the server is killed, the device answers itself"
kill_server
await_beacon offline
ask_offload auto local

step "Explain: why each request went where it went, decided again from the record"
"$publish/edge-runtime/edge-runtime" explain "$work/decisions.log" | tail -3

step "Stop: what was accepted is answered, the device says that it is offline"
stop_runtime
await_state offline

echo
echo "demo: everything worked. Its files are in $work; docs/operations.md says how to go on."
