import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import { messageOf } from '../kernel/errors.ts';
import { databaseNameOf } from './connectionString.ts';
import { hasDatabase } from './embedded/dataDirectory.ts';
import { findRunningEngine, openEmbedded } from './embedded/engine.ts';
import { DatabaseUnreachable, DataDirectoryInUse, NoDatabase } from './errors.ts';
import { isDatabaseTrouble } from './trouble.ts';

export type Database = {
  connection: mongoose.Connection;
  uri: string;
  /** Whose server it is: our own engine, that of a process beside us, or a MongoDB server. */
  kind: 'embedded' | 'shared' | 'server';
  /**
   * Does work that can take long, as building an index of a large collection: over a connection on which no answer comes too late,
   * where the other one would give up after half a minute.
   */
  patiently<T>(work: (connection: mongoose.Connection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

export type DatabaseOptions = {
  mongodbUri?: string | undefined;
  dataDir: string;
  /** For a command beside the service: use the service's engine when that has `dataDir` open. */
  allowShared?: boolean;
  /** For a command that has nothing to do without one: no database is made. */
  mustExist?: boolean;
  /** For a command, which has one thing to do: no answer comes too late. */
  patient?: boolean;
  /** For how long a server is waited for that has no primary or does not answer, in milliseconds. */
  waitMs?: number;
  /** Is told every few seconds while it is waited for. */
  report?: (line: string) => void;
};

const START_TIMEOUT_MS = 5_000;
/**
 * An answer that takes longer is given up, with its connection: one that a firewall has forgotten gives no answer at all, and no
 * error. What can take longer says so (`takesLong`, `patiently`).
 */
const SOCKET_TIMEOUT_MS = 30_000;

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
  // Firewalls forget connections on which nothing was said for some minutes.
  maxIdleTimeMS: 60_000,
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
  const { mongodbUri } = options;
  if (mongodbUri)
    return options.mustExist ? connectToExisting(mongodbUri, options) : connectServer(mongodbUri, options);
  if (options.mustExist && !(await hasDatabase(options.dataDir))) {
    throw new NoDatabase(`there is no database in ${resolve(options.dataDir)}: nothing was read, and none was made`);
  }
  if (!options.allowShared) return connectEmbedded(options.dataDir);
  const running = await findRunningEngine(options.dataDir);
  return running ? connectShared(running) : connectEmbeddedOrShared(options.dataDir);
}

/** A server that is starting, too, or electing, is waited for; one that refuses us is not. */
async function connectServer(uri: string, options: DatabaseOptions): Promise<Database> {
  const { waitMs = START_TIMEOUT_MS, report = () => {} } = options;
  const giveUpAt = performance.now() + waitMs;
  for (;;) {
    try {
      return await openServer(uri, options.patient === true, Math.min(START_TIMEOUT_MS, waitMs));
    } catch (error) {
      if (error instanceof DatabaseUnreachable) throw error;
      const leftMs = giveUpAt - performance.now();
      const reason = explainFailure(uri, error);
      if (!mayPass(error) || leftMs <= 0) throw new DatabaseUnreachable(reason);
      report(`${reason}; trying for another ${Math.ceil(leftMs / 1_000)} s`);
      // One that could not be found had its time already.
      if (!(error instanceof mongoose.mongo.MongoServerSelectionError)) await sleep(Math.min(1_000, leftMs));
    }
  }
}

/** No primary, no answer, or the one that answered has just stepped down; a wrong password stays wrong. */
function mayPass(error: unknown): boolean {
  return isDatabaseTrouble(error) && (error as { code?: unknown }).code !== AUTHENTICATION_FAILED;
}

const AUTHENTICATION_FAILED = 18;

async function openServer(uri: string, patient: boolean, selectWithinMs: number): Promise<Database> {
  const probe = createProbe(uri, selectWithinMs);
  try {
    await probe.db(databaseNameOf(uri)).command({ ping: 1 });
    const replicated = await isReplicated(probe);
    const connection = await connect(uri, replicated, patient ? 0 : SOCKET_TIMEOUT_MS);
    async function patiently<T>(work: (connection: mongoose.Connection) => Promise<T>): Promise<T> {
      if (patient) return work(connection);
      const own = await connect(uri, replicated, 0);
      return work(own).finally(() => own.close());
    }
    return { connection, uri, kind: 'server', patiently, close: () => connection.close() };
  } finally {
    await probe.close();
  }
}

/** On a server a database is there as soon as it has a collection. */
async function connectToExisting(uri: string, options: DatabaseOptions): Promise<Database> {
  const database = await connectServer(uri, options);
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
  const connection = await connect(uri, false, 0);
  return { connection, uri, kind: 'shared', patiently: (work) => work(connection), close: () => connection.close() };
}

async function connectEmbedded(dataDir: string): Promise<Database> {
  const engine = await openEmbedded(dataDir);
  try {
    const connection = await connect(engine.uri, false, 0);
    async function close(): Promise<void> {
      await connection.close();
      await engine.close();
    }
    return { connection, uri: engine.uri, kind: 'embedded', patiently: (work) => work(connection), close };
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

/** `socketTimeoutMS` 0: none, as on the same machine, where no connection is forgotten. */
async function connect(uri: string, replicated: boolean, socketTimeoutMS: number): Promise<mongoose.Connection> {
  // Unknown fields in a write are mistakes of ours, and operators in a filter are meant only where `trusted` says so.
  // `strictQuery` stays off: with it, a filter by an unknown field would match everything.
  mongoose.set('strict', 'throw');
  mongoose.set('strictQuery', false);
  mongoose.set('sanitizeFilter', true);
  const dbName = databaseNameOf(uri);
  // `durable` builds on this, and says why one server is not asked for a majority.
  const writeConcern = { w: replicated ? ('majority' as const) : 1 };
  return mongoose.createConnection(uri, { ...CONNECTION_OPTIONS, socketTimeoutMS, writeConcern, dbName }).asPromise();
}

/** A server gets more time at the start than later: it may be starting, too, or be electing. */
function createProbe(uri: string, serverSelectionTimeoutMS: number): mongoose.mongo.MongoClient {
  try {
    return new mongoose.mongo.MongoClient(uri, { serverSelectionTimeoutMS });
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
