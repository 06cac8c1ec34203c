#!/usr/bin/env python3
"""Asks a device for an inference over HTTP and prints the answer as one JSON line. Needs nothing but Python.

Usage: infer_http.py URL MODEL FILE
URL is where the device listens, such as http://127.0.0.1:8080; FILE is an image (.jpg, .png) or a request in JSON (.json).
"""
import json, os, sys, urllib.error, urllib.request

TYPES = {'.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.png': 'image/png', '.json': 'application/json'}

if len(sys.argv) != 4:
    print(__doc__, file=sys.stderr)
    sys.exit(2)
url, model, file = sys.argv[1:4]
headers = {'Content-Type': TYPES.get(os.path.splitext(file)[1].lower()) or sys.exit(f"{file}: not one of {', '.join(TYPES)}"), 'Deadline-Ms': '10000'}
request = urllib.request.Request(f'{url}/v2/models/{model}/infer', open(file, 'rb').read(), headers)
try:
    answer = urllib.request.urlopen(request, timeout=15)
except urllib.error.HTTPError as refusal:
    answer = refusal

body = json.loads(answer.read())
result = {name: answer.headers.get(name) for name in ('status', 'variant', 'route')}
if 'error' in body:
    result['error'] = body['error']
else:
    result['outputs'] = {output['name']: output['data'] for output in body['outputs']}
print(json.dumps({name: value for name, value in result.items() if value is not None}, ensure_ascii=False))
sys.exit(0 if answer.status == 200 else 1)
