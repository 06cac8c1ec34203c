#!/usr/bin/env python3
"""Asks a device for an inference over MQTT 5 and prints the answer as one JSON line. Needs python3-paho-mqtt.

Usage: infer.py HOST PORT FLEET DEVICE MODEL CLIENT FILE [HEADER_LENGTH]
FILE is an image (.jpg, .png), a request in JSON (.json), or with HEADER_LENGTH a request with binary tensors.
"""
import json, os, queue, sys
import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

SECONDS = 10
TYPES = {'.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.png': 'image/png', '.json': 'application/json'}

if len(sys.argv) not in (8, 9):
    print(__doc__, file=sys.stderr)
    sys.exit(2)
host, port, fleet, device, model, client, file = sys.argv[1:8]
answers = f'edge/v1/{fleet}/c/{client}/answers'

ask = Properties(PacketTypes.PUBLISH)
ask.ResponseTopic = answers
ask.CorrelationData = os.urandom(8)
ask.MessageExpiryInterval = SECONDS
wishes = [('deadline-ms', str(SECONDS * 1000)), ('accept', 'application/json')]
if len(sys.argv) == 9:
    ask.ContentType = 'application/octet-stream'
    wishes.append(('inference-header-content-length', sys.argv[8]))
else:
    ask.ContentType = TYPES.get(os.path.splitext(file)[1].lower()) or sys.exit(f"{file}: not one of {', '.join(TYPES)}")
ask.UserProperty = wishes  # once: paho appends at each assignment

version = {'callback_api_version': mqtt.CallbackAPIVersion.VERSION2} if hasattr(mqtt, 'CallbackAPIVersion') else {}  # paho 2
link = mqtt.Client(client_id=client, protocol=mqtt.MQTTv5, **version)
inbox = queue.Queue()
link.on_message = lambda _link, _data, message: inbox.put(message)
link.on_connect = lambda *_: (link.subscribe(answers, 1), link.publish(
    f'edge/v1/{fleet}/d/{device}/infer/{model}/{client}', open(file, 'rb').read(), 1, properties=ask))
link.connect(host, int(port))
link.loop_start()
try:
    answer = inbox.get(timeout=SECONDS)
    while getattr(answer.properties, 'CorrelationData', None) != ask.CorrelationData:  # of an earlier request
        answer = inbox.get(timeout=SECONDS)
except queue.Empty:
    sys.exit(f'{device} did not answer within {SECONDS} s')
link.disconnect()

told = dict(answer.properties.UserProperty)
body = json.loads(answer.payload)
result = {'status': told.get('status'), 'variant': told.get('variant'), 'route': told.get('route')}
if 'error' in body:
    result['error'] = body['error']
else:
    result['outputs'] = {output['name']: output['data'] for output in body['outputs']}
print(json.dumps({name: value for name, value in result.items() if value is not None}, ensure_ascii=False))
sys.exit(0 if told.get('status') == 'OK' else 1)
