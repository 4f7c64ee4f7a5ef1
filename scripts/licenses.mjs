// Checks the licence of every package in the lock file against what is allowed here: `npm run licenses`. Needs no network.
// `--write FILE` also lists what the service is shipped with. Ends with 1 and a line per package that may not be used.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import satisfies from 'spdx-satisfies';

import { BUNDLED } from './bundled.mjs';

/** What the service may be shipped with. */
const ALLOWED = [
  ...['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'CC0-1.0', 'Unlicense'],
  // The fonts of documents.
  'OFL-1.1',
];
/** What it may be made and tested with, besides. */
const ALLOWED_IN_DEVELOPMENT = [...ALLOWED, 'MPL-2.0', 'CC-BY-3.0', 'Python-2.0'];

/** Packages whose licence is allowed for them alone. */
const EXCEPTIONS = new Map([
  // The embedded database: optional, and replaced by a MongoDB of your own (docs/decisions/0013).
  [/^@0q\/embedded-mongodb(-.+)?$/, ['SSPL-1.0']],
]);

/** Packages that do not say their licence as SPDX does: what it is, and where it stands. Only for these versions. */
const CORRECTIONS = {
  'png-js@2.0.0': 'MIT', // LICENSE
  'ibantools@4.5.4': 'MIT', // package.json: MIT or MPL-2.0, in small letters
  'nub@0.0.0': 'MIT', // package.json: MIT/X11
  'memorystream@0.3.1': 'MIT', // package.json, in a form of before
  'neverpanic@0.0.5': 'MIT', // says nothing; Scalar has it in its own script, which is MIT
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { write: { type: 'string' } } });
const { packages } = JSON.parse(readFileSync(positionals[0] ?? 'package-lock.json', 'utf8'));
const installed = Object.entries(packages).flatMap(([path, entry]) =>
  path === '' || entry.link ? [] : [read(path, entry)],
);
const refused = installed.filter((one) => !isAllowed(one));
for (const { name, version, licence, isShipped } of refused) {
  const where = isShipped ? 'the service would be shipped with it' : 'for development';
  process.stderr.write(`${name}@${version}: ${licence ?? 'no licence'} is not allowed (${where})\n`);
}
process.stdout.write(`${installed.length} packages checked\n`);
process.exitCode = refused.length === 0 && installed.length > 0 ? 0 : 1;
if (values.write !== undefined && process.exitCode === 0) writeList(values.write);

function read(path, { version, license, dev }) {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  return {
    name,
    version,
    licence: CORRECTIONS[`${name}@${version}`] ?? license,
    isShipped: dev !== true || BUNDLED.includes(name),
  };
}

function isAllowed({ name, licence, isShipped }) {
  const exceptions = [...EXCEPTIONS].flatMap(([pattern, licences]) => (pattern.test(name) ? licences : []));
  try {
    return satisfies(licence ?? '', [...(isShipped ? ALLOWED : ALLOWED_IN_DEVELOPMENT), ...exceptions]);
  } catch {
    // What is no expression of SPDX says nothing that a check could go by.
    return false;
  }
}

function writeList(file) {
  const shipped = new Map(
    installed.filter(({ isShipped }) => isShipped).map((one) => [`${one.name}@${one.version}`, one]),
  );
  const rows = [...shipped.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const lines = rows.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
  const text = [
    '# What this service is shipped with',
    '',
    'The texts of the licences lie in the packages.',
    '',
    '| package | version | licence |',
    '|---|---|---|',
    ...lines,
  ];
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${text.join('\n')}\n`);
}
