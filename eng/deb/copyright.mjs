// Writes Debian's copyright file of a published program, from its bill of materials. Usage: node eng/deb/copyright.mjs SBOM
import { readFileSync } from 'node:fs';

const bill = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const program = bill.metadata.component.name;
const licence = component => component.licenses[0].expression;
const property = (component, name) => component.properties?.find(each => each.name === name)?.value;
const shipped = bill.components.filter(component => !property(component, 'edge:system-library'));

// Everything but a library of its own is linked into the executable.
const rows = shipped.map(component => ({
  files: `usr/lib/${program}/${property(component, 'edge:file') ?? program}`,
  text: ` ${component.name} ${component.version} (${licence(component)}), ${component.purl}\n`,
}));
const files = [...new Set(rows.map(row => row.files))].sort();

process.stdout.write(`Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: EdgeRuntime
Comment: Full texts are in /usr/share/doc/${program}/LICENSES, the bill of materials is
 /usr/lib/${program}/sbom.cdx.json.

Files: *
Copyright: the authors of EdgeRuntime
License: EdgeRuntime
 As the repository that this package was built from states.
`);
for (const file of files) {
  process.stdout.write(`
Files: ${file}
Copyright: the authors of the components below, as their texts state
License: components
 Contains:
${rows.filter(row => row.files === file).map(row => row.text).join('')}`);
}
