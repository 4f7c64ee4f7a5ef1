import type { Connection } from 'mongoose';

import type { Migration } from './migration.ts';
import { createMigrationStore } from './store.ts';

/** How far a migration came in a database. `isKnown` is false for one that only a newer version has. */
export type MigrationState = { name: string; isKnown: boolean; startedAt: Date | null; appliedAt: Date | null };

/** What is there before anything is stored: the collections of leases and of migrations themselves. */
const OWN_COLLECTIONS = new Set(['leases', 'migrations']);

/**
 * The migrations of this version and those that the database remembers, by name; writes nothing. `isEmpty` when nothing
 * was ever stored, so that there is nothing to migrate.
 */
export async function readMigrations(
  connection: Connection,
  migrations: readonly Migration[],
): Promise<{ isEmpty: boolean; states: MigrationState[] }> {
  // In this order: who makes a database records its migrations first, so with a collection seen they are seen, too.
  const isEmpty = await hasNothingStored(connection);
  const records = await createMigrationStore(connection).all();
  const states = new Map<string, MigrationState>();
  for (const { name } of migrations) states.set(name, { name, isKnown: true, startedAt: null, appliedAt: null });
  for (const { _id: name, startedAt, appliedAt } of records) {
    states.set(name, { name, isKnown: states.has(name), startedAt, appliedAt: appliedAt ?? null });
  }
  return { isEmpty, states: [...states.values()].sort((one, other) => (one.name < other.name ? -1 : 1)) };
}

/** One line, as `settlebot config` shows it. */
export function describeState({ name, isKnown, startedAt, appliedAt }: MigrationState, isEmpty: boolean): string {
  return `${name}: ${progress()}${isKnown ? '' : ', by a newer version'}`;

  function progress(): string {
    if (appliedAt !== null) return `applied ${appliedAt.toISOString()}`;
    if (startedAt !== null) return `pending, begun ${startedAt.toISOString()} and not finished`;
    return isEmpty ? 'not needed, the database is empty' : 'pending';
  }
}

async function hasNothingStored(connection: Connection): Promise<boolean> {
  const collections = await connection.listCollections();
  return collections.every(({ name }) => OWN_COLLECTIONS.has(name) || name.startsWith('system.'));
}
