// Writes what the documents say of events and of the API from what the code has: `npm run reference`. The parts of
// docs/events.md and docs/api.md between `<!--reference NAME-->` and `<!--/reference-->` are written by this alone. `--check`
// writes nothing, and says what differs; then it lints the OpenAPI description, which needs no service and no network.
// `--openapi FILE` writes that description. Ends with 1 where something differs or is wrong.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { apiDescription } from './apiDescription.mjs';
import { eventsInMarkdown, eventsOutMarkdown, eventsOverview } from './eventsMarkdown.mjs';

const { values } = parseArgs({ options: { check: { type: 'boolean' }, openapi: { type: 'string' } } });
const root = fileURLToPath(new URL('..', import.meta.url));
const description = await apiDescription();

const PARTS = {
  'docs/events.md': { overview: eventsOverview, in: eventsInMarkdown, out: eventsOutMarkdown },
  'docs/api.md': { codes: () => codesMarkdown(description) },
};

const problems = Object.entries(PARTS).flatMap(([file, parts]) => problemsOf(file, parts));
if (values.check) problems.push(...lint(JSON.stringify(description)));
if (values.openapi !== undefined) writeFileSync(values.openapi, `${JSON.stringify(description, null, 2)}\n`);
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function problemsOf(file, parts) {
  const path = join(root, file);
  const before = readFileSync(path, 'utf8');
  let after = before;
  for (const [name, markdown] of Object.entries(parts)) {
    const part = new RegExp(`(<!--reference ${name}-->\n)[\\s\\S]*?(?=<!--/reference-->)`);
    if (!part.test(after)) return [`${file}: has no part <!--reference ${name}-->`];
    after = after.replace(part, (_, marker) => `${marker}\n${markdown()}\n`);
  }
  if (after === before) return [];
  if (values.check) return [`${file}: is not what the code says; npm run reference writes it`];
  writeFileSync(path, after);
  process.stdout.write(`${file}: written\n`);
  return [];
}

function codesMarkdown({ components }) {
  const words = components.schemas.Problem.properties.reason['x-enumDescriptions'];
  const rows = Object.entries(words).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return ['| `reason` | |', '|---|---|', ...rows, ''].join('\n');
}

/** By Redocly's linter, on a file of its own, and without a word to its makers. */
function lint(text) {
  const folder = mkdtempSync(join(tmpdir(), 'settlebot-openapi-'));
  try {
    const file = join(folder, 'openapi.json');
    writeFileSync(file, text);
    const cli = fileURLToPath(new URL('../node_modules/@redocly/cli/bin/cli.js', import.meta.url));
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const config = join(root, 'redocly.yaml');
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'lint', file, `--config=${config}`], {
      env,
      encoding: 'utf8',
    });
    return status === 0 ? [] : [`OpenAPI: ${stdout}${stderr}`];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
