// The bare text recogniser on a folder of text lines: decode, resize bilinearly to height 48, BGR, (x / 255 - 0.5) / 0.5, run, decode.
//
// Usage: node text-lines.mjs MODEL LABELS FOLDER STEP THREADS; prints one line {"file", "text"} for every STEP-th image of labels.tsv
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { greedyCtc, readLabels } from './ctc.mjs';
import { openSession, tensorOf } from './session.mjs';

const { decode } = createRequire(import.meta.url)('jpeg-js');
const height = 48;

const [model, labelFile, folder, step, threads] = process.argv.slice(2);
const labels = readLabels(labelFile);
const session = await openSession(model, Number(threads));
const files = readFileSync(join(folder, 'labels.tsv'), 'utf8').trim().split('\n').map(line => line.split('\t')[0]);
for (let at = 0; at < files.length; at += Number(step)) {
  const { values, width } = toTensor(decode(readFileSync(join(folder, files[at])), { useTArray: true, formatAsRGBA: false }));
  const outputs = await session.run({ [session.inputNames[0]]: tensorOf(values, [1, 3, height, width]) });
  const scores = outputs[session.outputNames[0]];
  console.log(JSON.stringify({ file: files[at], text: greedyCtc(scores.data, scores.dims[2], labels).text }));
}

function toTensor({ data, width: from, height: tall }) {
  const width = Math.round(from * height / tall);
  const values = new Float32Array(3 * height * width);
  const columns = taps(from, width), rows = taps(tall, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const pixel = (row, column) => data[(row * from + column) * 3 + 2 - channel];
        const top = mix(pixel(rows[y].low, columns[x].low), pixel(rows[y].low, columns[x].high), columns[x].part);
        const bottom = mix(pixel(rows[y].high, columns[x].low), pixel(rows[y].high, columns[x].high), columns[x].part);
        values[(channel * height + y) * width + x] = (mix(top, bottom, rows[y].part) / 255 - 0.5) / 0.5;
      }
    }
  }
  return { values, width };
}

function mix(from, to, part) {
  return from + (to - from) * part;
}

// Which two source pixels each target pixel lies between, pixel centres at a half.
function taps(from, to) {
  return Array.from({ length: to }, (_, i) => {
    const place = Math.min(Math.max((i + 0.5) * from / to - 0.5, 0), from - 1);
    const low = Math.floor(place);
    return { low, high: Math.min(low + 1, from - 1), part: place - low };
  });
}
