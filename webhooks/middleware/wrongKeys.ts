import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import { createRemembered } from '../../src/kernel/remembered.ts';
import { pause } from '../../src/kernel/wait.ts';
import { networkOf } from '../guard/networks.ts';

/** So many wrong keys of an address in a minute are somebody's slip; more are a guesser. */
const SLIPS = 5;
const MINUTE_MS = 60_000;
const SLOWED_MS = 1_000;
/** So many answers of one address, and of all, are held back at a time; the others are refused at once. */
const HELD = { perAddress: 8, inAll: 256 };
/** Addresses remembered at most, the newest. */
const REMEMBERED = 10_000;

/** A key that opens nothing any more. */
type OnceGood = { kind: string; name: string } | null;

type Guesser = { since: number; count: number; held: number };

export type WrongKeys = ReturnType<typeof createWrongKeys>;

/**
 * What becomes of requests with a key that is none, by the address that they come from: after a few their answers are
 * slow, and the log says so. A right key is never held up, since behind a proxy all callers have one address.
 */
export function createWrongKeys(deps: {
  log: Pick<Logger, 'warn'>;
  registry: Registry;
  /** Real milliseconds. */
  now: () => number;
  wait?: (ms: number) => Promise<void>;
}) {
  const { log, now, wait = pause } = deps;
  const guessers = createRemembered<string, Guesser>(REMEMBERED);
  const onceGood = createRemembered<string, number>(REMEMBERED);
  const counter = new Counter({
    name: 'settlebot_wrong_api_keys_total',
    help: 'Requests with an API key that is none.',
    registers: [deps.registry],
  });
  let heldInAll = 0;

  /** Counts one, with what it was before, if it ever was a key; resolves when it may be answered, with false when it is one too many. */
  async function note(from: string | undefined, was: OnceGood = null): Promise<boolean> {
    counter.inc();
    const address = networkOf(from ?? 'unknown');
    if (was !== null) sayOnceGood(was, address);
    const guesser = guesserOf(address);
    guesser.count += 1;
    if (isToLog(guesser.count)) log.warn({ address, count: guesser.count }, 'wrong API keys within a minute');
    if (guesser.count <= SLIPS) return true;
    if (guesser.held >= HELD.perAddress || heldInAll >= HELD.inAll) return false;
    guesser.held += 1;
    heldInAll += 1;
    await wait(SLOWED_MS);
    guesser.held -= 1;
    heldInAll -= 1;
    return true;
  }

  /** Somebody still uses it, or somebody has found it: once a minute for each address. */
  function sayOnceGood({ kind, name }: Exclude<OnceGood, null>, address: string): void {
    const id = `${name} ${kind} ${address}`;
    if (now() - (onceGood.get(id) ?? Number.NEGATIVE_INFINITY) < MINUTE_MS) return;
    onceGood.set(id, now());
    log.warn({ address, key: name }, `an API key that is ${kind} was used`);
  }

  function guesserOf(address: string): Guesser {
    const known = guessers.peek(address);
    if (known !== undefined && now() - known.since < MINUTE_MS) return known;
    const fresh = { since: now(), count: 0, held: known?.held ?? 0 };
    guessers.set(address, fresh);
    return fresh;
  }

  return { note };
}

/** The first that is no slip, and then each tenfold, so that a flood is a few lines. */
function isToLog(count: number): boolean {
  return count === SLIPS + 1 || (count > SLIPS && /^10+$/.test(String(count)));
}
