// What ships with a program, or is asked of the system: components of a CycloneDX bill, licence texts copied on the way.
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from './digest.mjs';

export const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..', '..');
const table = JSON.parse(readFileSync(join(root, 'eng/publish/components.json'), 'utf8'));
const npmLock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;

export const nativeComponents = (rid, folder) => table.native.map(row => {
  const name = row.npm[rid], { version } = npmLock[`node_modules/${name}`];
  for (const file of row.texts.files) copyText(join(root, 'artifacts/npm', row.texts.npm, file), folder, row.name, file);
  return component(row.name, version, `pkg:npm/${name}@${version}`, row.licence, {
    hashes: [{ alg: 'SHA-256', content: sha256(join(folder, row.file)) }],
    properties: [{ name: 'edge:file', value: row.file }],
  });
});

// Sources of others that src/ compiles in.
export const compiledComponents = folder => table.compiled.map(row => {
  const { version } = npmLock[`node_modules/${row.npm}`];
  for (const file of row.files) copyText(join(root, 'artifacts/npm', row.npm, file), folder, row.name, file);
  return { ...component(row.name, version, `pkg:npm/${row.npm}@${version}`, row.licence, {}), 'bom-ref': `compiled:${row.name}@${version}` };
});

// Packages with an assembly that the compiler takes in, and the pack of the .NET runtime that is linked.
export function managedComponents(assets, rid, folder) {
  const packages = Object.entries(assets.targets).find(([target]) => target.endsWith(`/${rid}`))[1];
  const compiled = Object.entries(packages).filter(([, { type, runtime = {} }]) => type === 'package' && Object.keys(runtime).some(file => file.endsWith('.dll')));
  return [...compiled.map(([id]) => packageComponent(assets, id, folder)), packComponent(assets, rid, folder), ...aspNetComponents(assets, rid, folder)];
}

export const systemComponents = project => table.system.filter(row => row.usedBy.includes(project)).map(row => ({
  type: 'library', 'bom-ref': `system:${row.file}`, name: row.name, licenses: [{ expression: row.licence }], scope: 'required',
  properties: [{ name: 'edge:system-library', value: row.file }],
}));

function packageComponent(assets, id, folder) {
  const [name, version] = id.split('/'), { path, sha512 } = assets.libraries[id];
  const nuspec = readFileSync(join(packageFolder(assets, path), `${name.toLowerCase()}.nuspec`), 'utf8');
  const licence = /<license type="expression">(.*?)<\/license>/.exec(nuspec)?.[1];
  const text = join(root, 'eng/licences', `${name}.txt`);
  if (!licence || !existsSync(text)) throw new Error(`package ${id} ships, and its licence (${licence ?? 'not stated'}) has no text: add eng/licences/${name}.txt`);
  copyText(text, folder, name, 'LICENSE.txt');
  return component(name, version, `pkg:nuget/${name}@${version}`, licence, {
    hashes: [{ alg: 'SHA-512', content: Buffer.from(sha512, 'base64').toString('hex') }],
  });
}

function packComponent(assets, rid, folder) {
  const [framework] = Object.values(assets.project.frameworks);
  const wanted = table.runtimePacks.map(name => name.replace('{rid}', rid));
  const pack = wanted.map(name => framework.downloadDependencies.find(each => each.name === name)).find(Boolean);
  if (!pack) throw new Error(`none of ${wanted.join(', ')} is among the downloaded packs`);
  const version = pack.version.replace(/^\[|,.*$/g, ''), home = packageFolder(assets, `${pack.name.toLowerCase()}/${version}`);
  for (const file of ['LICENSE.TXT', 'THIRD-PARTY-NOTICES.TXT']) copyText(join(home, file), folder, table.packLicence.folder, file);
  return component(pack.name, version, `pkg:nuget/${pack.name}@${version}`, table.packLicence.licence, {});
}

// Kestrel comes out of a pack of its own, where a program asks for it.
function aspNetComponents(assets, rid, folder) {
  const [framework] = Object.values(assets.project.frameworks);
  const pack = framework.downloadDependencies.find(each => each.name === `Microsoft.AspNetCore.App.Runtime.${rid}`);
  if (!pack || !framework.frameworkReferences?.['Microsoft.AspNetCore.App']) return [];
  const version = pack.version.replace(/^\[|,.*$/g, ''), home = packageFolder(assets, `${pack.name.toLowerCase()}/${version}`);
  for (const file of ['LICENSE.txt', 'THIRD-PARTY-NOTICES.TXT']) copyText(join(home, file), folder, 'aspnetcore', file);
  return [component(pack.name, version, `pkg:nuget/${pack.name}@${version}`, table.packLicence.licence, {})];
}

const component = (name, version, purl, licence, rest) => ({ type: 'library', 'bom-ref': purl, name, version, purl, licenses: [{ expression: licence }], scope: 'required', ...rest });

const packageFolder = (assets, path) => Object.keys(assets.packageFolders).map(folder => join(folder, path)).find(existsSync);

function copyText(from, folder, name, file) {
  mkdirSync(join(folder, 'LICENSES', name), { recursive: true });
  const to = join(folder, 'LICENSES', name, file);
  copyFileSync(from, to);
  chmodSync(to, 0o644);
}
