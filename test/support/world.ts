import { travel } from '../../jobs/clockStand.ts';
import { createSchedule } from '../../jobs/schedule.ts';
import { ticksOf } from '../../jobs/ticks.ts';
import { readConfig } from '../../src/config.ts';
import { type Core, createCore } from '../../src/core.ts';
import { InboxUnavailable } from '../../src/inbox/inbox.ts';
import { secretOf } from '../../src/kernel/cipher.ts';
import { createServiceClock } from '../../src/kernel/clock.ts';
import { awaitAll } from '../../src/kernel/wait.ts';
import { type Policy, policySchema } from '../../src/policy.ts';
import { testDatabase } from './database.ts';
import type { TestEvent } from './events.ts';
import { shortcutsOf } from './shortcuts.ts';

export type World = Awaited<ReturnType<typeof createWorld>>;

/** The parts of the policy that a test wants otherwise. */
export type PolicyChanges = { [K in keyof Policy]?: Partial<Policy[K]> };

/**
 * The business over a database of its own, without a way in: events go straight into the inbox, and time goes only
 * where the test takes it, from `startsAt` on. `processes` are as many services as asked for, over the one database.
 * What goes wrong behind the scenes is kept in `errors`, unless `onError` takes it.
 */
export async function createWorld(
  options: {
    zone?: string;
    policy?: PolicyChanges;
    processes?: number;
    environment?: Record<string, string>;
    eventsPerBatch?: number;
    /** How long an erasure waits for other processes; not at all unless told. */
    erasureSettleMs?: number;
    startsAt?: Date | string;
    onError?: (error: unknown) => void;
    /** Another way to the engine of the test run, as by a stand-in. */
    server?: string | undefined;
    /** Without, nothing is sealed. */
    seals?: Parameters<typeof createCore>[0]['seals'];
    /** As in PAYEE_KEYS; one of the tests' own unless told. */
    payeeKeys?: string[];
  } = {},
) {
  const database = await testDatabase(options.server === undefined ? {} : { server: options.server });
  const clock = createServiceClock();
  if (options.startsAt !== undefined) clock.pin(new Date(options.startsAt));
  const errors: unknown[] = [];
  let zone = options.zone ?? 'UTC';
  let policy = options.policy;
  let payeeKeys = options.payeeKeys ?? [PAYEE_KEY];
  let processes = boot();
  await database.buildIndexes();
  await core().notePolicy();

  /** One process over a connection: the world's own, or what stands before it. */
  function coreOver(connection: typeof database.connection): Core {
    return createCore({
      database: { connection },
      config: configOf(zone, policy, options.environment),
      clock,
      eventsPerBatch: options.eventsPerBatch,
      erasureSettleMs: options.erasureSettleMs ?? 0,
      seals: options.seals,
      payeeKeys: payeeKeys.map((bytes) => secretOf(Buffer.from(bytes, 'base64'))),
      onError: options.onError ?? ((error) => errors.push(error)),
    });
  }

  function boot(): Core[] {
    return Array.from({ length: options.processes ?? 1 }, () => coreOver(database.connection));
  }

  function core(): Core {
    const [first] = processes;
    if (first === undefined) throw new Error('a world has at least one process');
    return first;
  }

  /** Puts events into the inbox at the clock's instant. */
  async function receive(...events: TestEvent[]) {
    return Promise.all(
      events.map(({ id, type, timestamp, data }, index) => {
        const { inbox } = processes[index % processes.length] ?? core();
        const body = JSON.stringify({ type, timestamp, data });
        return untilAnswered(() => inbox.receive({ id, type, timestamp: new Date(timestamp), body, known: true }));
      }),
    );
  }

  /** All processes work off the inbox; nothing goes on behind the back of the next step, also when one fails. */
  async function drain(): Promise<void> {
    await awaitAll(processes.map(({ inboxWorker }) => inboxWorker.drain()));
  }

  /** Takes the service there, with every tick that falls between at its own instant, as the test clock does. */
  async function travelTo(at: Date | string) {
    const from = clock.now();
    const schedule = createSchedule(ticksOf(core()));
    const inboxWorker = { ...core().inboxWorker, drain };
    return travel({ core: { inboxWorker }, clock, schedule }, from, new Date(at));
  }

  /**
   * Starts anew, as after a kill: nothing in memory is left, and leases of the dead have expired. `keys` are those of payees from then
   * on.
   */
  async function restart(changed = policy, keys = payeeKeys): Promise<void> {
    policy = changed;
    payeeKeys = keys;
    processes = boot();
    await core().notePolicy();
    await collection('leases').deleteMany({});
  }

  function collection(name: string) {
    return database.connection.collection<{ _id: string }>(name);
  }

  /** An empty database, and the clock at an instant. */
  async function reset(at: Date | string, inZone = zone): Promise<void> {
    zone = inZone;
    await database.clear();
    errors.length = 0;
    clock.pin(new Date(at));
    processes = boot();
    await core().notePolicy();
  }

  return {
    ...shortcutsOf(core, clock.now),
    database,
    connection: database.connection,
    clock,
    errors,
    get core(): Core {
      return core();
    },
    get processes(): Core[] {
      return processes;
    },
    coreOver,
    pin: (at: Date | string) => clock.pin(new Date(at)),
    receive,
    drain,
    travelTo,
    restart,
    reset,
    collection,
    /** Everything received is applied. */
    send: async (...events: TestEvent[]): Promise<void> => {
      await receive(...events);
      await drain();
    },
    close: database.close,
  };
}

/** What payees are encrypted with in tests. */
export const PAYEE_KEY = 'cGF5ZWVzIG9mIHRlc3RzIGhhdmUgYSBrZXkgYXMgdGhpcw==';

export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** Nothing is sent from here: what the platform would be told stays in the outbox. */
export const PLATFORM = { PLATFORM_WEBHOOK_URL: 'http://127.0.0.1:9', PLATFORM_WEBHOOK_SECRET: SECRET };

/** A busy machine may take longer than the inbox waits for its database: then a sender sends again. */
async function untilAnswered<T>(send: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof InboxUnavailable && error.message === 'the database did not answer')) throw error;
    }
  }
}

/** For a test in which nothing may go wrong behind the scenes. */
export function throwIt(error: unknown): never {
  throw error;
}

function configOf(zone: string, changes: PolicyChanges = {}, environment: Record<string, string> = {}) {
  const result = readConfig({ PLATFORM_TIME_ZONE: zone, ...environment });
  if ('errors' in result) throw new Error(result.errors.join('\n'));
  return { ...result.config, policy: policySchema.parse(changes) };
}
