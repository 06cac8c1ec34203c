import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const sha256 = path => createHash('sha256').update(readFileSync(path)).digest('hex');
