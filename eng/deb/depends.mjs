// Prints the Debian packages that a program's ELF files need: what they link, and what the program opens by name.
// Usage: node eng/deb/depends.mjs FOLDER      with the program's bill of materials among the files
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
const rows = JSON.parse(readFileSync(new URL('../publish/components.json', import.meta.url), 'utf8')).system;
const bill = JSON.parse(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8'));
const files = readdirSync(folder).map(name => join(folder, name)).filter(path => readFileSync(path).subarray(0, 4).toString('latin1') === '\x7fELF');
const readelf = (option, path) => execFileSync('readelf', ['-W', option, path], { encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] });

// Parts of libc6, under names of their own.
const partsOfC = /^(lib(m|dl|rt|pthread)\.so\.\d+|ld-linux.*)$/;
const linked = files.flatMap(path => [...readelf('-d', path).matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(match => match[1])).filter(name => !partsOfC.test(name));
const opened = bill.components.flatMap(({ properties = [] }) => properties.filter(each => each.name === 'edge:system-library').map(each => each.value));

// GLIBCXX_3.4.N came with this release of GCC: https://gcc.gnu.org/onlinedocs/libstdc++/manual/abi.html
const gcc = { 21: '5', 22: '6', 23: '7', 24: '7', 25: '8', 26: '9', 27: '9', 28: '9', 29: '11', 30: '12', 31: '13', 32: '13', 33: '14' };
const needed = new Set(files.flatMap(path => [...readelf('-V', path).matchAll(/Name: (GLIBC_2|GLIBCXX_3\.4)\.(\d+)\b/g)].map(match => `${match[1]} ${match[2]}`)));
const newest = prefix => Math.max(0, ...[...needed].filter(each => each.startsWith(prefix + ' ')).map(each => Number(each.split(' ')[1])));
const least = {
  libc6: `libc6 (>= 2.${newest('GLIBC_2')})`,
  'libstdc++6': newest('GLIBCXX_3.4') <= 20 ? 'libstdc++6' : `libstdc++6 (>= ${gcc[newest('GLIBCXX_3.4')]})`,
};

const packages = new Set([...linked, ...opened].map(file => {
  const row = rows.find(each => each.file === file);
  if (!row?.debian) throw new Error(`no Debian package is known for ${file}: add it to eng/publish/components.json`);
  return least[row.debian] ?? row.debian;
}));
if ([...packages].some(each => each.includes('undefined'))) throw new Error(`a GCC release is missing for GLIBCXX_3.4.${newest('GLIBCXX_3.4')}`);
process.stdout.write([...packages].sort().join(', ') + '\n');
