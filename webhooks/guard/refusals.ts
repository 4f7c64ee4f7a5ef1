import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';

import { createOccasionally } from '../../src/kernel/occasionally.ts';

/** Why something was refused or cut off, before it was looked at (docs/operations.md). */
export type RefusalReason =
  | 'body-evicted'
  | 'body-in-pieces'
  | 'body-too-slow'
  | 'bodies'
  | 'connections'
  | 'in-hand'
  | 'pipelined'
  | 'unread-answer'
  | 'waiting-events';

/** What costs more than others can spare: more of it from there is looked at slowly. */
const FLOODS: ReadonlySet<RefusalReason> = new Set(['bodies', 'body-in-pieces', 'pipelined']);

const LOGGED_AGAIN_MS = 60_000;

export type Refusals = ReturnType<typeof createRefusals>;

/** Counts what is refused, and logs each reason at most once a minute. `now` gives real milliseconds. */
export function createRefusals(deps: { log: Pick<Logger, 'warn'>; registry: Registry; now: () => number }) {
  const counter = new Counter({
    name: 'settlebot_http_refused_total',
    help: 'Connections, requests and bodies that were refused or cut off to protect the others, by reason.',
    labelNames: ['reason'],
    registers: [deps.registry],
  });
  const occasionally = createOccasionally<RefusalReason>(LOGGED_AGAIN_MS, deps.now);

  const floodBegins: ((address: string) => void)[] = [];

  /** `address` is that of the last of them: a flood is one line a minute. */
  function note(reason: RefusalReason, address: string): void {
    counter.inc({ reason });
    if (FLOODS.has(reason)) for (const begin of floodBegins) begin(address);
    occasionally(reason, (count) => deps.log.warn({ reason, address, count }, 'requests are refused or cut off'));
  }

  /** Has `begin` called with each address that floods. */
  function onFlood(begin: (address: string) => void): void {
    floodBegins.push(begin);
  }

  return { note, onFlood };
}
