#!/usr/bin/env python3
"""Asks a server everything that the Open Inference Protocol v2 (HTTP/REST) and its binary and repository extensions say, and every error.

Written from the published texts: KServe's "Open Inference Protocol, HTTP/REST", Triton's "Binary Tensor Data Extension" and "Model
Repository Extension". Python's standard library alone.

Usage: open_inference_client.py HOST PORT MODEL INPUT OUTPUT [IMAGE_MODEL IMAGE]
MODEL gives its float32 matrix INPUT back as OUTPUT; IMAGE_MODEL takes encoded images, IMAGE is a JPEG file.
Prints one line a case, and ends with exit code 1 where one failed.
"""
import http.client, json, struct, sys

if len(sys.argv) not in (6, 8):
    print(__doc__, file=sys.stderr)
    sys.exit(2)
HOST, PORT, MODEL, INPUT, OUTPUT = sys.argv[1], int(sys.argv[2]), *sys.argv[3:6]
INFER = f'/v2/models/{MODEL}/infer'
DATATYPES = {'BOOL', 'UINT8', 'UINT16', 'UINT32', 'UINT64', 'INT8', 'INT16', 'INT32', 'INT64', 'FP16', 'FP32', 'FP64', 'BYTES', 'BF16'}
link = http.client.HTTPConnection(HOST, PORT, timeout=30)  # one connection for all: what an error leaves behind must not spoil the next
failures, cases = [], 0


def ask(method, path, body=None, **headers):
    link.request(method, path, body, {name.replace('_', '-'): value for name, value in headers.items()})
    response = link.getresponse()
    content = response.read()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, content


def case(name):
    def run(function):
        global cases
        cases += 1
        try:
            function()
            print(f'ok      {name}')
        except Exception as error:
            failures.append(name)
            print(f'FAILED  {name}: {type(error).__name__}: {error}')
            link.close()
    return run


def same(actual, expected, what='value'):
    if actual != expected:
        raise AssertionError(f'{what} is {actual!r}, not {expected!r}')


def document(answer, status=200):
    same(answer[0], status, f'status (body {answer[2][:200]!r})')
    same(answer[1]['content-type'].split(';')[0], 'application/json', 'content type')
    same(int(answer[1]['content-length']), len(answer[2]), 'content length')
    return json.loads(answer[2])


def refused(answer, status):
    body = document(answer, status)
    same(list(body), ['error'], 'members of the error')
    if not (isinstance(body['error'], str) and body['error']):
        raise AssertionError(f'error is {body["error"]!r}')
    return body['error']


def tensor(shape=(2, 2), data=(1.5, -2, 0, 1e-3), datatype='FP32', **more):
    return {'name': INPUT, 'shape': list(shape), 'datatype': datatype, 'data': list(data), **more}


def infer(request, path=INFER, **headers):
    return ask('POST', path, json.dumps(request), content_type='application/json', **headers)


def output_of(answer, name=OUTPUT):
    body = document(answer)
    same(body['model_name'], MODEL, 'model_name')
    found = [output for output in body['outputs'] if output['name'] == name]
    same(len(found), 1, f'outputs of the name {name}')
    return found[0]


def binary(header, data, **headers):
    header = json.dumps(header).encode()
    return ask('POST', INFER, header + data, **{'Content_Type': 'application/octet-stream', 'Inference_Header_Content_Length': str(len(header)), **headers})


FOUR = struct.pack('<4f', 1.5, -2, 0, 0.25)
SECTION = {'name': INPUT, 'shape': [2, 2], 'datatype': 'FP32', 'parameters': {'binary_data_size': 16}}


def sections(answer):
    same(answer[0], 200, f'status (body {answer[2][:200]!r})')
    length = int(answer[1]['inference-header-content-length'])
    header, rest = json.loads(answer[2][:length]), answer[2][length:]
    for output in header['outputs']:
        size = output.get('parameters', {}).get('binary_data_size')
        if size is not None:
            output['bytes'], rest = rest[:size], rest[size:]
    same(rest, b'', 'what is left of the body')
    return header


# Health and metadata

@case('server metadata')
def _():
    for path in ('/v2', '/v2/'):
        body = document(ask('GET', path))
        same(set(body), {'name', 'version', 'extensions'}, 'members')
        same([type(body[name]) for name in ('name', 'version', 'extensions')], [str, str, list])
        same('binary_tensor_data' in body['extensions'], True, 'announces binary tensor data')


@case('server live')
def _():
    same(document(ask('GET', '/v2/health/live'))['live'], True)


@case('server ready')
def _():
    body = document(ask('GET', '/v2/health/ready'))
    same((body['ready'], body['live']), (True, True))


@case('model ready, with and without a version')
def _():
    version = document(ask('GET', f'/v2/models/{MODEL}'))['versions'][0]
    for path in (f'/v2/models/{MODEL}/ready', f'/v2/models/{MODEL}/versions/{version}/ready'):
        same(document(ask('GET', path)), {'name': MODEL, 'ready': True})


@case('model metadata')
def _():
    body = document(ask('GET', f'/v2/models/{MODEL}'))
    same((body['name'], type(body['platform'])), (MODEL, str))
    same(document(ask('GET', f'/v2/models/{MODEL}/versions/{body["versions"][0]}')), body)
    same([one['name'] for one in body['inputs']], [INPUT])
    same([one['name'] for one in body['outputs']], [OUTPUT])
    for one in body['inputs'] + body['outputs']:
        same(set(one), {'name', 'datatype', 'shape'}, 'members of a tensor')
        same(one['datatype'] in DATATYPES and all(type(size) is int and size >= -1 for size in one['shape']), True, f'{one} is well-formed')


@case('HEAD is GET without a body')
def _():
    status, headers, body = ask('HEAD', '/v2')
    same((status, body, int(headers['content-length']) > 0), (200, b'', True))


# Inference in JSON

@case('infer: flat data')
def _():
    output = output_of(infer({'inputs': [tensor()]}))
    same((output['datatype'], output['shape']), ('FP32', [2, 2]))
    same([struct.unpack('<f', struct.pack('<f', value))[0] for value in output['data']], [struct.unpack('<f', struct.pack('<f', value))[0] for value in (1.5, -2, 0, 1e-3)])


@case('infer: nested data')
def _():
    same(output_of(infer({'inputs': [tensor(data=((1, 2), (3, 4)))]}))['data'], [1, 2, 3, 4])


@case('infer: id comes back, and is absent where none was given')
def _():
    same(document(infer({'id': 'a "quoted" \u00e9 id', 'inputs': [tensor()]}))['id'], 'a "quoted" \u00e9 id')
    same('id' in document(infer({'inputs': [tensor()]})), False)


@case('infer: parameters and requested outputs')
def _():
    output_of(infer({'parameters': {'a': 1, 'b': True, 'c': 'd'}, 'inputs': [tensor(parameters={'e': 2})], 'outputs': [{'name': OUTPUT, 'parameters': {'f': 1.5}}]}))


@case('infer: of a version, which the answer states')
def _():
    version = document(ask('GET', f'/v2/models/{MODEL}'))['versions'][0]
    same(document(infer({'inputs': [tensor()]}, f'/v2/models/{MODEL}/versions/{version}/infer'))['model_version'], version)


@case('infer: no content type is JSON')
def _():
    output_of(ask('POST', INFER, json.dumps({'inputs': [tensor()]})))


@case('infer: a chunked body')
def _():
    text = json.dumps({'inputs': [tensor()]}).encode()
    link.request('POST', INFER, iter([text[:7], text[7:]]), {'Content-Type': 'application/json'}, encode_chunked=True)
    response = link.getresponse()
    output_of((response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()))


# Binary tensor data

@case('binary: input in binary, output in JSON')
def _():
    same(output_of(binary({'inputs': [SECTION], 'outputs': [{'name': OUTPUT, 'parameters': {'binary_data': False}}]}, FOUR))['data'], [1.5, -2, 0, 0.25])


@case('binary: both in binary, by the output\'s parameter')
def _():
    output = sections(binary({'inputs': [SECTION], 'outputs': [{'name': OUTPUT, 'parameters': {'binary_data': True}}]}, FOUR))['outputs'][0]
    same((output['name'], output['shape'], output['datatype'], output['bytes']), (OUTPUT, [2, 2], 'FP32', FOUR))


@case('binary: both in binary, by the request\'s parameter')
def _():
    same(sections(binary({'parameters': {'binary_data_output': True}, 'inputs': [SECTION]}, FOUR))['outputs'][0]['bytes'], FOUR)


@case('binary: output in binary of an input in JSON')
def _():
    same(sections(infer({'inputs': [tensor(data=(1.5, -2, 0, 0.25))], 'outputs': [{'name': OUTPUT, 'parameters': {'binary_data': True}}]}))['outputs'][0]['bytes'], FOUR)


@case('binary: the length header alone tells it')
def _():
    header = json.dumps({'inputs': [SECTION]}).encode()
    output_of(ask('POST', INFER, header + FOUR, Inference_Header_Content_Length=str(len(header))))


@case('binary: all of the body is header')
def _():
    same(output_of(binary({'inputs': [tensor((1, 1), (2,))]}, b''))['data'], [2])


for name, header, data, more in (
    ('no length header', {'inputs': [SECTION]}, FOUR, {'Inference_Header_Content_Length': ''}),
    ('a length beyond the body', {'inputs': [SECTION]}, FOUR, {'Inference_Header_Content_Length': '100000'}),
    ('a length that is no number', {'inputs': [SECTION]}, FOUR, {'Inference_Header_Content_Length': 'x'}),
    ('too little data', {'inputs': [SECTION]}, FOUR[:-1], {}),
    ('too much data', {'inputs': [SECTION]}, FOUR + b'\0', {}),
    ('a size other than the shape\'s', {'inputs': [{**SECTION, 'shape': [2, 3]}]}, FOUR, {}),
):
    @case(f'binary error: {name}')
    def _():
        refused(binary(header, data, **more), 400)


# Errors

GOOD = {'inputs': [tensor()]}
for name, body in (
    ('an empty body', ''),
    ('no JSON', '{"inputs":'),
    ('not UTF-8', b'{"inputs":[{"name":"\xff"}]}'),
    ('a list', '[]'),
    ('no inputs', '{}'),
    ('inputs of the wrong kind', '{"inputs":{}}'),
    ('an empty list of inputs', '{"inputs":[]}'),
    ('something after the end', json.dumps(GOOD) + '{}'),
    ('an unknown input', json.dumps({'inputs': [{**tensor(), 'name': 'other'}]})),
    ('an input twice', json.dumps({'inputs': [tensor(), tensor()]})),
    ('an unknown output', json.dumps({**GOOD, 'outputs': [{'name': 'other'}]})),
    ('an unknown datatype', json.dumps({'inputs': [tensor(datatype='FP31')]})),
    ('another datatype than the model\'s', json.dumps({'inputs': [tensor(data=(1, 2, 3, 4), datatype='INT32')]})),
    ('another rank than the model\'s', json.dumps({'inputs': [tensor((4,))]})),
    ('fewer elements than the shape says', json.dumps({'inputs': [tensor((2, 3))]})),
    ('more elements than the shape says', json.dumps({'inputs': [tensor((1, 2))]})),
    ('an empty tensor', json.dumps({'inputs': [tensor((0, 4), ())]})),
    ('a negative dimension', json.dumps({'inputs': [tensor((-2, -2))]})),
    ('a huge shape', json.dumps({'inputs': [tensor((2 ** 62, 2 ** 62))]})),
    ('text for a number', json.dumps({'inputs': [tensor(data=('a', 2, 3, 4))]})),
    ('nesting other than the shape', json.dumps({'inputs': [tensor(data=((1, 2, 3), (4,)))]})),
    ('deep nesting', '{"a":' + '[' * 100_000),
):
    @case(f'error 400: {name}')
    def _():
        refused(ask('POST', INFER, body, content_type='application/json'), 400)

for name, method, path, status in (
    ('an unknown model', 'POST', '/v2/models/other/infer', 404),
    ('an unknown version', 'POST', f'/v2/models/{MODEL}/versions/0.0.0-none/infer', 404),
    ('metadata of an unknown model', 'GET', '/v2/models/other', 404),
    ('readiness of an unknown model', 'GET', '/v2/models/other/ready', 404),
    ('a name that cannot be one', 'GET', '/v2/models/..%2F..%2Fetc%2Fpasswd', 404),
    ('a path that is none', 'GET', '/v2/models/x/y/z', 404),
    ('another protocol\'s path', 'POST', f'/v1/models/{MODEL}:predict', 404),
    ('the wrong method for infer', 'GET', INFER, 405),
    ('the wrong method for metadata', 'POST', '/v2', 405),
    ('DELETE', 'DELETE', f'/v2/models/{MODEL}', 405),
):
    @case(f'error {status}: {name}')
    def _():
        answer = ask(method, path, json.dumps(GOOD) if method == 'POST' else None, **({'content_type': 'application/json'} if method == 'POST' else {}))
        refused(answer, status)
        same('allow' in answer[1], status == 405, 'Allow is told')

for name, status, headers in (
    ('an unknown content type', 415, {'content_type': 'text/plain'}),
    ('a form, as curl sends it by default', 415, {'content_type': 'application/x-www-form-urlencoded'}),
    ('a compressed body', 415, {'content_type': 'application/json', 'content_encoding': 'gzip'}),
    ('an answer that there is not', 406, {'content_type': 'application/json', 'accept': 'text/html'}),
    ('a deadline that has passed', 504, {'content_type': 'application/json', 'deadline_ms': '0'}),
    ('a priority out of range', 400, {'content_type': 'application/json', 'priority': '12'}),
):
    @case(f'error {status}: {name}')
    def _():
        refused(ask('POST', INFER, json.dumps(GOOD), **headers), status)


@case('error 413: a body that is too large')
def _():
    link.putrequest('POST', INFER)
    link.putheader('Content-Type', 'application/json')
    link.putheader('Content-Length', str(1 << 40))
    link.endheaders()
    response = link.getresponse()
    refused((response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()), 413)
    link.close()


# Model repository extension

@case('repository index')
def _():
    entries = {entry['name']: entry for entry in document(ask('POST', '/v2/repository/index', '{}', content_type='application/json'))}
    same((entries[MODEL]['state'], type(entries[MODEL]['version'])), ('READY', str))
    ready = document(ask('POST', '/v2/repository/index', '{"ready": true}', content_type='application/json'))
    same({entry['state'] for entry in ready}, {'READY'})
    refused(ask('GET', '/v2/repository/index'), 405)


if 'model_repository' in document(ask('GET', '/v2'))['extensions']:
    @case('repository: unload, load')
    def _():
        same(ask('POST', f'/v2/repository/models/{MODEL}/unload')[0], 200)
        same(ask('GET', f'/v2/models/{MODEL}/ready')[0], 503)
        same(ask('POST', f'/v2/repository/models/{MODEL}/load')[0], 200)
        same(ask('GET', f'/v2/models/{MODEL}/ready')[0], 200)
        output_of(infer({'inputs': [tensor()]}))

    @case('repository: an unknown model')
    def _():
        refused(ask('POST', '/v2/repository/models/other/load'), 404)


# Images

if len(sys.argv) == 8:
    with open(sys.argv[7], 'rb') as file:
        image = file.read()

    @case('image: is answered')
    def _():
        body = document(ask('POST', f'/v2/models/{sys.argv[6]}/infer', image, content_type='image/jpeg'))
        same(len(body['outputs']) > 0, True, 'has outputs')
        announced = {one['name'] for one in document(ask('GET', f'/v2/models/{sys.argv[6]}'))['outputs']}
        same({output['name'] for output in body['outputs']}, announced, 'outputs')

    for name, model, body, type in (
        ('of another type than it says', sys.argv[6], image, 'image/png'),
        ('cut short', sys.argv[6], image[:20], 'image/jpeg'),
        ('to a model that takes none', MODEL, image, 'image/jpeg'),
    ):
        @case(f'image error: {name}')
        def _():
            refused(ask('POST', f'/v2/models/{model}/infer', body, content_type=type), 400)

print(f'{cases} cases, {len(failures)} failed')
sys.exit(1 if failures else 0)
