// Greedy CTC: class 0 is the blank, then the labels, then the space.
import { readFileSync } from 'node:fs';

export const readLabels = path => readFileSync(path, 'utf8').replace(/\n$/, '').split('\n').map(line => line.replace(/\r$/, ''));

export function greedyCtc(scores, classes, labels) {
  let text = '', characters = 0, sum = 0, previous = -1;
  for (let start = 0; start + classes <= scores.length; start += classes) {
    let best = 0;
    for (let i = 1; i < classes; i++) if (scores[start + i] > scores[start + best]) best = i;
    if (best !== previous && best !== 0) {
      text += labels[best - 1] ?? ' ';
      sum += scores[start + best];
      characters++;
    }
    previous = best;
  }
  return { text, score: characters === 0 ? 0 : sum / characters };
}
