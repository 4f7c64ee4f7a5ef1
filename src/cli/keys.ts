import { type Config, GENERATED_KEY } from '../config.ts';
import type { KeyRefusal, KeyView } from '../rights/keys.ts';
import type { Rights } from '../rights/rights.ts';
import { keysOfEnvironment, type Scope } from '../rights/scope.ts';
import { ownersOf } from '../secrets.ts';
import { refusalWords } from '../texts/refusals.ts';
import { commandActor } from './actor.ts';
import { type Access, withBusiness } from './business.ts';
import { say, tell } from './output.ts';

/** `settlebot keys …`: API keys, by the same functions as the API's. Beside a running service, which takes a change within a second. */

type Keys = Rights['keys'];

export function listKeys(config: Config): Promise<number> {
  return withKeys(config, 'reads', async (keys) => {
    for (let after: string | null | undefined; after !== null; ) {
      const page = await keys.list({ limit: 500, ...(after === undefined ? {} : { after }) });
      for (const key of page.items) say(lineOf(key));
      after = page.next;
    }
    return 0;
  });
}

/** Prints the key alone on standard output, so that it can be put where it belongs without being seen. */
export function createKey(config: Config, name: string, scopes: Scope[], expiresAt: Date | null): Promise<number> {
  return withKeys(config, 'creates', async (keys, now) => {
    if (expiresAt !== null && expiresAt <= now) throw new Error('--expires must be in the future');
    const outcome = await keys.create({ name, scopes, expiresAt }, commandActor());
    if (outcome.kind !== 'done') return refuse(name, outcome);
    return show(outcome);
  });
}

export function rotateKey(config: Config, name: string, overlapHours: number): Promise<number> {
  return withKeys(config, 'writes', async (keys) => {
    const outcome = await keys.rotate(name, overlapHours, commandActor());
    return outcome.kind === 'done' ? show(outcome) : refuse(name, outcome);
  });
}

/** Without an instant, at once. */
export function expireKey(config: Config, name: string, at: Date | undefined): Promise<number> {
  return withKeys(config, 'writes', async (keys, now) => {
    if (at !== undefined && at <= now) throw new Error('--at must be in the future; without it the key ends now');
    const outcome = await keys.expire(name, at ?? now, commandActor());
    if (outcome.kind !== 'done') return refuse(name, outcome);
    say(lineOf(outcome.view));
    return 0;
  });
}

export function revokeKey(config: Config, name: string): Promise<number> {
  return withKeys(config, 'writes', async (keys) => {
    const outcome = await keys.revoke(name, commandActor());
    if (outcome.kind !== 'done' && outcome.kind !== 'already') return refuse(name, outcome);
    say(lineOf(outcome.view));
    return 0;
  });
}

function withKeys(config: Config, access: Access, work: (keys: Keys, now: Date) => Promise<number>): Promise<number> {
  return withBusiness(config, access, async ({ core }) => {
    const names = config.API_KEYS?.map(({ name }) => name) ?? [GENERATED_KEY];
    if (access !== 'reads') await core.rights.keys.noteEnvironment(keysOfEnvironment(names, ownersOf(config)));
    return work(core.rights.keys, core.clock.now());
  });
}

function show({ view, key }: { view: KeyView; key: string }): number {
  say(key);
  tell(`${lineOf(view)}; shown this once, and stored nowhere`);
  return 0;
}

function refuse(name: string, refusal: KeyRefusal): number {
  throw new Error(
    refusal.kind === 'not-found' ? `there is no key ${name}` : `${name}: ${refusalWords(refusal.reason)}`,
  );
}

function lineOf({ name, kind, state, scopes, expiresAt, overlapUntil, lastUsed }: KeyView): string {
  const parts = [
    kind === 'environment' ? `${state}, of API_KEYS` : state,
    scopes.join(' '),
    ...(expiresAt === null ? [] : [`until ${expiresAt.toISOString()}`]),
    ...(overlapUntil === null ? [] : [`the one before until ${overlapUntil.toISOString()}`]),
    lastUsed === null ? 'never used' : `last used ${lastUsed.at.toISOString()} from ${lastUsed.network}`,
  ];
  return `${name}: ${parts.join('; ')}`;
}
