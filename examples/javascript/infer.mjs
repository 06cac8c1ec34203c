// Asks a device for an inference over MQTT 5 and prints the answer as one JSON line. Needs the npm package mqtt.
//
// Usage: node infer.mjs HOST PORT FLEET DEVICE MODEL CLIENT FILE [HEADER_LENGTH]
// FILE is an image (.jpg, .png), a request in JSON (.json), or with HEADER_LENGTH a request with binary tensors.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import mqtt from 'mqtt';

const seconds = 10;
const types = { '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.png': 'image/png', '.json': 'application/json' };

const [host, port, fleet, device, model, client, file, headerLength] = process.argv.slice(2);
const contentType = headerLength ? 'application/octet-stream' : types[extname(file ?? '').toLowerCase()];
if (!contentType) {
  console.error(`usage: infer.mjs HOST PORT FLEET DEVICE MODEL CLIENT FILE [HEADER_LENGTH]; FILE is one of ${Object.keys(types).join(', ')}`);
  process.exit(2);
}

const answers = `edge/v1/${fleet}/c/${client}/answers`;
const correlationData = randomBytes(8);
const userProperties = { 'deadline-ms': String(seconds * 1000), accept: 'application/json' };
if (headerLength) userProperties['inference-header-content-length'] = headerLength;

const link = await mqtt.connectAsync({ host, port: Number(port), clientId: client, protocolVersion: 5 });
await link.subscribeAsync(answers, { qos: 1 });
const answer = new Promise(resolve => link.on('message', (topic, payload, { properties }) => {
  if (properties?.correlationData?.equals(correlationData)) resolve({ payload, told: properties.userProperties ?? {} });
}));
const late = setTimeout(() => {
  console.error(`${device} did not answer within ${seconds} s`);
  process.exit(1);
}, seconds * 1000);
await link.publishAsync(`edge/v1/${fleet}/d/${device}/infer/${model}/${client}`, readFileSync(file), {
  qos: 1,
  properties: { responseTopic: answers, correlationData, contentType, messageExpiryInterval: seconds, userProperties },
});

const { payload, told } = await answer;
clearTimeout(late);
await link.endAsync();
const { error, outputs } = JSON.parse(payload);
const { status, variant, route } = told;
console.log(JSON.stringify({ status, variant, route, error, outputs: outputs && Object.fromEntries(outputs.map(({ name, data }) => [name, data])) }));
process.exitCode = status === 'OK' ? 0 : 1;
