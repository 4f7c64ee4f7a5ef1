import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import { messageOf } from '../kernel/errors.ts';
import { databaseOf } from './connectionString.ts';
import { hasDatabase } from './embedded/dataDirectory.ts';
import { findRunningEngine, openEmbedded } from './embedded/engine.ts';
import { DatabaseUnreachable, DataDirectoryInUse, NoDatabase } from './errors.ts';

export type Database = {
  connection: mongoose.Connection;
  uri: string;
  /** Whose server it is: our own engine, that of a process beside us, or a MongoDB server. */
  kind: 'embedded' | 'shared' | 'server';
  close(): Promise<void>;
};

export type DatabaseOptions = {
  mongodbUri?: string | undefined;
  dataDir: string;
  /** For a command beside the service: use the service's engine when that has `dataDir` open. */
  allowShared?: boolean;
  /** For a command that has nothing to do without one: no database is made. */
  mustExist?: boolean;
};

const START_TIMEOUT_MS = 5_000;
const DEFAULT_DATABASE = 'settlebot';

const CONNECTION_OPTIONS: mongoose.ConnectOptions = {
  // `buildIndexes` does both, and fails the start when it cannot.
  autoIndex: false,
  autoCreate: false,
  // When the database is gone, calls fail within two seconds instead of queueing up.
  bufferCommands: false,
  serverSelectionTimeoutMS: 2_000,
  // A server that is there but silent is noticed within these two together; the driver's own are 40 seconds.
  connectTimeoutMS: 5_000,
  heartbeatFrequencyMS: 5_000,
  // Below this, reads beside a slow write would wait for a connection without end.
  waitQueueTimeoutMS: 5_000,
  // Whatever the connection string says (`refusedOptions`): a balance of three seconds ago is spent twice.
  readPreference: 'primary',
  readConcern: { level: 'local' },
  retryWrites: true,
  retryReads: true,
};

/**
 * Connects to the MongoDB at `mongodbUri`, or else opens the embedded engine over `dataDir`. Throws, with one line for
 * the person who starts us, DatabaseUnreachable, EngineUnsupported, DataDirectoryUnusable, DataDirectoryInUse or, where
 * it must exist, NoDatabase.
 */
export async function connectDatabase(options: DatabaseOptions): Promise<Database> {
  if (options.mongodbUri)
    return options.mustExist ? connectToExisting(options.mongodbUri) : connectServer(options.mongodbUri);
  if (options.mustExist && !(await hasDatabase(options.dataDir))) {
    throw new NoDatabase(`there is no database in ${resolve(options.dataDir)}: nothing was read, and none was made`);
  }
  if (!options.allowShared) return connectEmbedded(options.dataDir);
  const running = await findRunningEngine(options.dataDir);
  return running ? connectShared(running) : connectEmbeddedOrShared(options.dataDir);
}

async function connectServer(uri: string): Promise<Database> {
  const probe = createProbe(uri);
  try {
    await probe.db(databaseOf(uri) ?? DEFAULT_DATABASE).command({ ping: 1 });
    const connection = await connect(uri, await isReplicated(probe));
    return { connection, uri, kind: 'server', close: () => connection.close() };
  } catch (error) {
    throw new DatabaseUnreachable(explainFailure(uri, error));
  } finally {
    await probe.close();
  }
}

/** On a server a database is there as soon as it has a collection. */
async function connectToExisting(uri: string): Promise<Database> {
  const database = await connectServer(uri);
  try {
    const collections = await database.connection.listCollections();
    if (collections.length > 0) return database;
    throw new NoDatabase(
      `the server of MONGODB_URI has no database ${database.connection.name}: nothing was read, and none was made`,
    );
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function connectShared(uri: string): Promise<Database> {
  const connection = await connect(uri, false);
  return { connection, uri, kind: 'shared', close: () => connection.close() };
}

async function connectEmbedded(dataDir: string): Promise<Database> {
  const engine = await openEmbedded(dataDir);
  try {
    const connection = await connect(engine.uri, false);
    async function close(): Promise<void> {
      await connection.close();
      await engine.close();
    }
    return { connection, uri: engine.uri, kind: 'embedded', close };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** Between taking the directory and announcing its engine, a starting service can be neither joined nor replaced. */
async function connectEmbeddedOrShared(dataDir: string): Promise<Database> {
  try {
    return await connectEmbedded(dataDir);
  } catch (error) {
    if (!(error instanceof DataDirectoryInUse)) throw error;
    for (let waitedMs = 0; waitedMs < START_TIMEOUT_MS; waitedMs += 100) {
      const running = await findRunningEngine(dataDir);
      if (running) return connectShared(running);
      await sleep(100);
    }
    throw error;
  }
}

/** A replica set names itself, and a sharded cluster's router says what it is; anything else is one server. */
async function isReplicated(probe: mongoose.mongo.MongoClient): Promise<boolean> {
  const { setName, msg } = await probe.db('admin').command({ hello: 1 });
  return setName !== undefined || msg === 'isdbgrid';
}

async function connect(uri: string, replicated: boolean): Promise<mongoose.Connection> {
  // Unknown fields in a write are mistakes of ours, and operators in a filter are meant only where `trusted` says so.
  // `strictQuery` stays off: with it, a filter by an unknown field would match everything.
  mongoose.set('strict', 'throw');
  mongoose.set('strictQuery', false);
  mongoose.set('sanitizeFilter', true);
  const dbName = databaseOf(uri) ?? DEFAULT_DATABASE;
  // `durable` builds on this, and says why one server is not asked for a majority.
  const writeConcern = { w: replicated ? ('majority' as const) : 1 };
  return mongoose.createConnection(uri, { ...CONNECTION_OPTIONS, writeConcern, dbName }).asPromise();
}

/** A server gets more time at the start than later: it may be starting, too, or be electing. */
function createProbe(uri: string): mongoose.mongo.MongoClient {
  try {
    return new mongoose.mongo.MongoClient(uri, { serverSelectionTimeoutMS: START_TIMEOUT_MS });
  } catch {
    // Which part of a malformed uri is its password is unknown, so none of it is shown.
    throw new DatabaseUnreachable('MONGODB_URI is not a valid MongoDB connection string');
  }
}

function explainFailure(uri: string, error: unknown): string {
  const [, password, hosts] = /^[^:]*:\/\/(?:[^:@]*(?::([^@]*))?@)?([^/?]*)/.exec(uri) ?? [];
  const line = `the MongoDB of MONGODB_URI (${hosts}) cannot be used: ${messageOf(error).replaceAll('\n', ' ')}`;
  return password ? line.replaceAll(password, '***').replaceAll(decoded(password), '***') : line;
}

/** What the driver took for a password it can decode; what it did not take is shown as little. */
function decoded(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}
