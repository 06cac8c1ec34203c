// Loads a model and runs it once for every line on standard input; prints how many milliseconds each run took.
//
// Usage: node latency.mjs MODEL TENSOR.f32 SHAPE THREADS
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { openSession, tensorOf } from './session.mjs';

const [model, input, shape, threads] = process.argv.slice(2);
const session = await openSession(model, Number(threads));
const bytes = readFileSync(input);
const tensor = tensorOf(new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4), shape.split(',').map(Number));
for await (const _ of createInterface({ input: process.stdin })) {
  const start = performance.now();
  await session.run({ [session.inputNames[0]]: tensor });
  console.log((performance.now() - start).toFixed(3));
}
