import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, mongo } from 'mongoose';
import type { Clock } from '../../kernel/clock.ts';
import { BrokenInvariant } from '../../kernel/errors.ts';
import { DatabaseNewer, MigrationsPending } from '../errors.ts';
import { createLeases, type KeptLease } from '../lease.ts';
import type { Migration } from './migration.ts';
import { readMigrations } from './status.ts';
import { createMigrationStore, type MigrationStore } from './store.ts';

const LEASE = 'migrations';
const POLL_MS = 100;

export type MigrateOptions = {
  connection: Connection;
  migrations: readonly Migration[];
  clock: Clock;
  /** Whether pending migrations are applied. Without it they are refused, unless another process is applying them. */
  apply: boolean;
  /** A line for the person who waits. */
  report: (line: string) => void;
};

/**
 * Brings the database into the form that this version stores, before anything else is done with it. Of processes that
 * start together one migrates and the others wait. Throws DatabaseNewer when a newer version has written here, and
 * MigrationsPending where it may not `apply`; nothing has been written then.
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  const { connection, migrations, clock, apply, report } = options;
  const store = createMigrationStore(connection);
  const leases = createLeases(connection);
  for (let waits = false; ; waits = true) {
    const { isEmpty, states } = await readMigrations(connection, migrations);
    const newer = states.filter(({ isKnown }) => !isKnown).map(({ name }) => name);
    if (newer.length > 0) throw new DatabaseNewer(newer);
    if (isEmpty) return store.recordAll(namesOf(migrations), clock.now());
    const pending = namesOf(states.filter(({ appliedAt }) => appliedAt === null));
    if (pending.length === 0) return;
    if (!apply && !(await leases.isTaken(LEASE))) throw new MigrationsPending(pending);
    const lease = apply ? await leases.keep(LEASE) : null;
    if (lease !== null) await applyPending({ ...options, store, lease });
    else {
      if (!waits) report(`waiting while another process migrates the database: ${pending.join(', ')}`);
      await sleep(POLL_MS);
    }
  }
}

/** Returns when all are applied, or when another process has taken over. */
async function applyPending(options: MigrateOptions & { store: MigrationStore; lease: KeptLease }): Promise<void> {
  const { connection, migrations, clock, report, store, lease } = options;
  // Most starts have nothing to migrate, and the library takes longer to load than the rest of such a start.
  const { MigrationError, Umzug } = await import('umzug');
  const context = { database: databaseOf(connection), assertLeased: () => assertLeased(lease) };
  async function run({ name, up }: Migration): Promise<void> {
    report(`migrating the database: ${name}`);
    await store.recordStart(name, clock.now());
    await up(context);
    await context.assertLeased();
  }
  const umzug = new Umzug({
    migrations: migrations.map((migration) => ({ name: migration.name, up: () => run(migration) })),
    storage: {
      executed: async () => (await store.all()).flatMap(({ _id, appliedAt }) => (appliedAt ? [_id] : [])),
      logMigration: ({ name }) => store.recordApplied(name, clock.now()),
      unlogMigration: () => Promise.reject(new BrokenInvariant('migrations are not undone')),
    },
    logger: undefined,
  });
  try {
    await umzug.up();
  } catch (error) {
    if (!(error instanceof MigrationError && error.cause instanceof LeaseLost)) throw error;
  } finally {
    await lease.release();
  }
}

class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

async function assertLeased(lease: KeptLease): Promise<void> {
  if (!(await lease.isHeld())) throw new LeaseLost('another process migrates');
}

function databaseOf({ db }: Connection): mongo.Db {
  if (db === undefined) throw new BrokenInvariant('migrations were asked for before the connection was open');
  return db;
}

function namesOf(named: readonly { name: string }[]): string[] {
  return named.map(({ name }) => name);
}
