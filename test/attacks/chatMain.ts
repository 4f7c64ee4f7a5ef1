import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import type { ChatAttack, ChatResult } from './chatAttack.ts';
import { guessedCodes } from './guessedCodes.ts';
import { largeEvents } from './largeEvents.ts';
import { strangers } from './strangers.ts';

/**
 * `npm run attacks:chat [-- NAME…]`: each attack by chat against a service of its own on loopback, with stand-ins of the
 * channels; a row of figures each. `--cli PATH` attacks another build. Exits 1 when a goal is missed.
 */

const ATTACKS: ChatAttack[] = [strangers, guessedCodes, largeEvents];
const GOAL = { p95Ms: 2_000, peakMebibytes: 512 };

const { values, positionals } = parseArgs({ allowPositionals: true, options: { cli: { type: 'string' } } });
const cli = values.cli ?? fileURLToPath(new URL('../../src/cli.js', import.meta.url));

process.stdout.write(
  '| attack | answers to linked people, p95 | memory | next answer after | |\n|---|---|---|---|---|\n',
);
for (const attack of ATTACKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  const result = await attack.run(cli);
  process.stdout.write(`${rowOf(attack, result)}\n`);
  if (!(result.p95Ms < GOAL.p95Ms && result.peakMebibytes <= GOAL.peakMebibytes)) process.exitCode = 1;
}

function rowOf({ name }: ChatAttack, { p95Ms, peakMebibytes, recoveryMs, said }: ChatResult): string {
  const memory = Number.isFinite(peakMebibytes) ? `${Math.round(peakMebibytes)} MiB` : 'abort';
  const cells = [name, `${(p95Ms / 1_000).toFixed(1)} s`, memory, `${(recoveryMs / 1_000).toFixed(1)} s`, said];
  return `| ${cells.join(' | ')} |`;
}
