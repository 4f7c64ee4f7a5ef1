import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import type { Attack, Target } from './attack.ts';
import { ATTACKS } from './attacks.ts';
import { startBystander } from './bystander.ts';
import { attackByChat, CHAT_ATTACKS } from './chatAttacks.ts';
import { delay } from './sockets.ts';
import { startVictim } from './victim.ts';

/**
 * `npm run attacks [-- NAME…]`: each attack against a service of its own on loopback, with others' events and questions
 * beside it; a row of figures each. `--cli PATH` attacks another build. Exits 1 when a goal is missed.
 */

type Result = { ratio: number; peakMebibytes: number; p95Ms: number; recoveryMs: number; said: string };

const ALL = [...ATTACKS, ...CHAT_ATTACKS];

const GOAL = { ratio: 0.5, peakMebibytes: 512, p95Ms: 2_000, recoveryMs: 1_000 };
const WARM_MS = 3_000;
const BEFORE_MS = 4_000;
const AFTER_MS = 3_000;
/** An attack that has not ended by then is ended. */
const LONGEST_MS = 30_000;
const RECOVERED_WITHIN_MS = 20_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { cli: { type: 'string' }, alone: { type: 'string' }, list: { type: 'boolean' } },
});
const cli = values.cli ?? fileURLToPath(new URL('../../src/cli.js', import.meta.url));

if (values.alone !== undefined) await attackAlone(values.alone);
else if (values.list) for (const { name, about } of ALL) process.stdout.write(`${name.padEnd(18)} ${about}\n`);
else await attackAll(positionals);

async function attackAll(names: string[]): Promise<void> {
  const unknown = names.filter((name) => !ALL.some((attack) => attack.name === name));
  if (unknown.length > 0) throw new Error(`no attack ${unknown.join(', ')}; --list shows them`);
  const isAsked = ({ name }: { name: string }) => names.length === 0 || names.includes(name);
  const [byHttp, byChat] = [ATTACKS.filter(isAsked), CHAT_ATTACKS.filter(isAsked)];
  if (byHttp.length > 0) await attackByHttp(byHttp);
  if (byChat.length > 0 && !(await attackByChat(byChat, cli))) process.exitCode = 1;
}

async function attackByHttp(attacks: Attack[]): Promise<void> {
  process.stdout.write(
    '| attack | events beside it / without | memory | `/healthz` p95 | recovery | |\n|---|---|---|---|---|---|\n',
  );
  for (const attack of attacks) {
    const result = await measure(attack);
    if (!isHeld(result)) process.exitCode = 1;
    process.stdout.write(`${rowOf(attack, result)}\n`);
  }
}

async function measure(attack: Attack): Promise<Result> {
  const victim = await startVictim(cli, attack.environment);
  const bystander = startBystander(victim.target);
  try {
    await delay(WARM_MS);
    const before = performance.now();
    await delay(BEFORE_MS);
    const begun = performance.now();
    const said = await attackBeside(attack, victim.target);
    const over = performance.now();
    const until = over + RECOVERED_WITHIN_MS;
    while (!victim.hasEnded() && performance.now() < until && bystander.firstAfter(over) > until) await delay(20);
    const recoveryMs = bystander.firstAfter(over) - over;
    await delay(AFTER_MS);
    return {
      ratio: bystander.perSecond(begun, over) / bystander.perSecond(before, begun),
      p95Ms: bystander.p95(begun, over),
      recoveryMs,
      peakMebibytes: victim.peakMebibytes(),
      said,
    };
  } finally {
    await bystander.stop();
    await victim.stop();
  }
}

/** The attack in a process of its own, so that its work is not taken for the service's. */
function attackBeside({ name }: Attack, target: Target): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ['--alone', name]);
    const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
    let said: string | undefined;
    child.on('message', (message) => {
      said = String(message);
    });
    child.once('exit', (code) => {
      clearTimeout(late);
      if (said === undefined) reject(new Error(`the attack ${name} ended with ${code}`));
      else resolve(said);
    });
    child.send(target);
  });
}

async function attackAlone(name: string): Promise<void> {
  const target = await new Promise<Target>((resolve) => {
    // Sent by `attackBeside` above.
    process.once('message', (message) => resolve(message as Target));
  });
  const said = await ATTACKS.find((attack) => attack.name === name)?.run(target);
  process.send?.(said ?? '', () => process.exit(0));
}

function isHeld({ ratio, peakMebibytes, p95Ms, recoveryMs }: Result): boolean {
  return (
    ratio >= GOAL.ratio && peakMebibytes <= GOAL.peakMebibytes && p95Ms < GOAL.p95Ms && recoveryMs < GOAL.recoveryMs
  );
}

function rowOf({ name }: Attack, { ratio, peakMebibytes, p95Ms, recoveryMs, said }: Result): string {
  const died = peakMebibytes === Number.POSITIVE_INFINITY;
  const cells = [
    name,
    ratio.toFixed(2),
    died ? 'abort' : `${Math.round(peakMebibytes)} MiB`,
    `${Math.round(p95Ms)} ms`,
    Number.isFinite(recoveryMs) ? `${Math.round(recoveryMs)} ms` : 'none',
    said,
  ];
  return `| ${cells.join(' | ')} |`;
}
