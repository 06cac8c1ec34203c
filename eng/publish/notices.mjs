// Writes LICENSES/ and sbom.cdx.json beside a published program; the same inputs give the same bytes.
// Usage: node eng/publish/notices.mjs PROJECT PROGRAM ASSETS.json RID FOLDER
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiledComponents, managedComponents, nativeComponents, root, systemComponents } from './components.mjs';
import { sha256 } from './digest.mjs';

const [project, program, assetsPath, rid, folder] = process.argv.slice(2);
const assets = JSON.parse(readFileSync(assetsPath, 'utf8'));
const version = /<Version>(.*)<\/Version>/.exec(readFileSync(join(root, 'Directory.Build.props'), 'utf8'))[1];

const components = [...nativeComponents(rid, folder), ...compiledComponents(folder), ...managedComponents(assets, rid, folder), ...systemComponents(project)];
const reference = component => component['bom-ref'];
const bill = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: {
    component: {
      type: 'application', 'bom-ref': program, name: program, version,
      hashes: [{ alg: 'SHA-256', content: sha256(join(folder, program)) }],
      properties: [{ name: 'edge:file', value: program }, { name: 'edge:rid', value: rid }],
    },
  },
  components: components.sort((left, right) => (reference(left) < reference(right) ? -1 : 1)),
  dependencies: [{ ref: program, dependsOn: components.map(reference).sort() }],
};
writeFileSync(join(folder, 'sbom.cdx.json'), JSON.stringify(bill, null, 2) + '\n');
