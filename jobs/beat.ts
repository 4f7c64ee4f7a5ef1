import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import type { Connection } from 'mongoose';

import { BrokenInvariant } from '../src/kernel/errors.ts';

/** How often the ticks are asked what is due. */
const BEAT = '2 seconds';
/** How often what a crash left half done is finished. */
const REPAIR = '1 minute';
/** How often it is asked whether there is something to seal, or to draw for the charts. */
const SEAL = '1 minute';
const DRAW = '1 minute';
/** A process that died over a call holds up the next one for so long; a call that takes longer may be doubled. */
const LOCK_MS = 10_000;

/**
 * The beat: Agenda calls `tick`, `repair`, `seal` and `draw` at short intervals, in one process at a time. It is a beat and no more: a
 * call that is missed or doubled changes nothing, because the database says what is due.
 */
export function createBeat(deps: {
  connection: Connection;
  tick: () => Promise<void>;
  repair: () => Promise<void>;
  seal: () => Promise<void>;
  draw: () => Promise<unknown>;
  onError: (error: unknown) => void;
}) {
  let agenda: Agenda | undefined;
  let stopping = false;
  const inHand = new Set<Promise<unknown>>();

  async function inOrder(work: () => Promise<unknown>): Promise<void> {
    if (stopping) return;
    const run: Promise<unknown> = work().catch(deps.onError);
    inHand.add(run);
    await run;
    inHand.delete(run);
  }

  /** Agenda reaches for the database as soon as it is made, so it is made here. */
  async function start(): Promise<void> {
    agenda = createAgenda(deps.connection);
    agenda.define('tick', () => inOrder(deps.tick));
    agenda.define('repair', () => inOrder(deps.repair));
    agenda.define('seal', () => inOrder(deps.seal));
    agenda.define('draw', () => inOrder(deps.draw));
    agenda.on('error', deps.onError);
    await agenda.start();
    // Each makes one document, whichever process comes first: they are keyed by name.
    await agenda.every(BEAT, 'tick');
    await agenda.every(REPAIR, 'repair');
    await agenda.every(SEAL, 'seal');
    await agenda.every(DRAW, 'draw');
  }

  /** Takes no more and waits for what is in hand; Agenda's own `stop` does not. */
  async function stop(): Promise<void> {
    stopping = true;
    await Promise.all(inHand);
    await agenda?.stop(false);
  }

  return { start, stop };
}

function createAgenda({ db }: Connection): Agenda {
  if (db === undefined) throw new BrokenInvariant('the beat needs an open connection');
  return new Agenda({
    backend: new MongoBackend({ mongo: db, collection: 'agenda_jobs' }),
    processEvery: '1 second',
    maxConcurrency: 4,
    // Without a limit Agenda locks everything that is due before it runs anything.
    lockLimit: 4,
    defaultConcurrency: 1,
    defaultLockLimit: 1,
    defaultLockLifetime: LOCK_MS,
  });
}
