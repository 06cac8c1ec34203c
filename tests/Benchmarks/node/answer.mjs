// One answer of the text recogniser, as edge-runtime infer gives it: load, read a tensor, run, decode, print.
//
// Usage: node answer.mjs MODEL LABELS TENSOR.f32 SHAPE THREADS [RAW_OUTPUT]
import { readFileSync, writeFileSync } from 'node:fs';
import { greedyCtc, readLabels } from './ctc.mjs';
import { openSession, tensorOf } from './session.mjs';

const [model, labels, input, shape, threads, raw] = process.argv.slice(2);
const session = await openSession(model, Number(threads));
const bytes = readFileSync(input);
const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const outputs = await session.run({ [session.inputNames[0]]: tensorOf(values, shape.split(',').map(Number)) });
const scores = outputs[session.outputNames[0]];
if (raw) writeFileSync(raw, new Uint8Array(scores.data.buffer, scores.data.byteOffset, scores.data.byteLength));
console.log(JSON.stringify(greedyCtc(scores.data, scores.dims[2], readLabels(labels))));
