import type { mongo } from 'mongoose';
import { connectDatabase, type Database } from '../../src/database/connect.ts';
import { withDatabase } from '../../src/database/connectionString.ts';
import { buildIndexes } from '../../src/database/indexes.ts';
import { migrate } from '../../src/database/migrations/migrate.ts';
import { MIGRATIONS } from '../../src/database/migrations/migrations.ts';
import { createServiceClock } from '../../src/kernel/clock.ts';

/** A database of a test, and a quick way to empty it. */
export type TestDatabase = Database & {
  /** The collections and indexes of all models; those that a test before this one has built already are not built again. */
  buildIndexes(): Promise<void>;
  /** Empties the collections that were written to from here; indexes stay. */
  clear(): Promise<void>;
  /** Empties all collections but those named, whoever wrote to them. */
  clearAllBut(...kept: string[]): Promise<void>;
};

/** Databases of this worker that no test uses: the collections that have something in them, and the indexes built. */
const idle: Kept[] = [];
type Kept = { name: string; touched: Set<string>; indexed: Set<string> };
let made = 0;

/**
 * An empty database on the engine of this test run (`engine.ts`), or on the server of MONGODB_URI. A worker hands its
 * databases from one test file to the next, because making the collections and their indexes anew would take longer
 * than most files do. With `ownIndexes` the database is made for this test file and gone at `close`. `server` is another way to
 * the same engine.
 */
export async function testDatabase({ ownIndexes = false, server = testEngine() } = {}): Promise<TestDatabase> {
  // By way of a router some collections that earlier tests wrote to cannot be emptied.
  const isNew = ownIndexes || server !== testEngine();
  const kept = (isNew ? undefined : idle.pop()) ?? newDatabase();
  const { name, touched, indexed } = kept;
  const database = await connectDatabase({ mongodbUri: watched(withDatabase(server, name)), dataDir: '' });
  const { connection } = database;

  async function clear(): Promise<void> {
    const names = [...touched].filter((one) => one !== 'migrations');
    await Promise.all(names.map((one) => connection.collection(one).deleteMany({})));
    touched.clear();
  }

  async function build(): Promise<void> {
    const models = connection.modelNames();
    if (models.every((model) => indexed.has(model))) return;
    await buildIndexes(connection);
    for (const model of models) indexed.add(model);
  }

  async function clearAllBut(...kept: string[]): Promise<void> {
    for (const { name: one } of await connection.listCollections()) if (!kept.includes(one)) touched.add(one);
    await clear();
  }

  async function close(): Promise<void> {
    if (ownIndexes) await connection.dropDatabase();
    await database.close();
    if (!ownIndexes) idle.push(kept);
  }

  await clear();
  // Else a command of the service would take an emptied database for one of an earlier version.
  if (!ownIndexes) await recordMigrations(database);
  connection.getClient().on('commandStarted', (event) => {
    const collection = writtenBy(event);
    if (collection !== undefined) touched.add(collection);
  });
  return { ...database, buildIndexes: build, clear, clearAllBut, close };
}

/** The connection string of the engine of this test run. */
export function testEngine(): string {
  const server = process.env.MONGODB_URI || process.env.TEST_ENGINE_URI;
  if (!server) throw new Error('there is no engine: vitest starts it for a file that imports this one, see engine.ts');
  return server;
}

async function recordMigrations({ connection }: Database): Promise<void> {
  await migrate({ connection, migrations: MIGRATIONS, clock: createServiceClock(), apply: true, report: () => {} });
}

function newDatabase(): Kept {
  made += 1;
  return { name: `settlebot-test-${process.pid}-${made}`, touched: new Set(), indexed: new Set() };
}

const WRITES = ['insert', 'update', 'findAndModify'];

function writtenBy({ commandName, command }: mongo.CommandStartedEvent): string | undefined {
  return WRITES.includes(commandName) ? command[commandName] : undefined;
}

/** The driver reports its commands when it is told to, and `connectDatabase` has no such option. */
function watched(uri: string): string {
  return `${uri}${uri.includes('?') ? '&' : '?'}monitorCommands=true`;
}
