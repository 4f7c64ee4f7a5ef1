import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';

import { type TroubleKind, troubleKind } from '../../src/database/trouble.ts';
import { messageOf } from '../../src/kernel/errors.ts';
import { createOccasionally } from '../../src/kernel/occasionally.ts';

/**
 * Why something that is right was answered with 503. `full`: too much waits for the database; `busy`: another step comes first, or
 * threads are taken; `clock`: ours and the database's disagree; the others are troubles of the database.
 */
export type UnavailableKind = TroubleKind | 'full' | 'busy' | 'stopping' | 'clock';

const LOGGED_AGAIN_MS = 60_000;

export type Unavailable = ReturnType<typeof createUnavailable>;

/** Counts each answer that says to come again, and logs each kind at most once a minute. `now` gives real milliseconds. */
export function createUnavailable(deps: { log: Pick<Logger, 'warn'>; registry: Registry; now: () => number }) {
  const counter = new Counter({
    name: 'settlebot_unavailable_total',
    help: 'Requests answered with 503 that would have been taken at another time, by kind.',
    labelNames: ['kind'],
    registers: [deps.registry],
  });
  const occasionally = createOccasionally<UnavailableKind>(LOGGED_AGAIN_MS, deps.now);

  function note(kind: UnavailableKind, error?: unknown): void {
    counter.inc({ kind });
    const reason = error === undefined ? {} : { error: messageOf(error) };
    occasionally(kind, (count) => deps.log.warn({ kind, count, ...reason }, 'requests are answered with 503'));
  }

  return { note, noteTrouble: (error: unknown) => note(troubleKind(error), error) };
}
