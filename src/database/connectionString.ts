import mongoose from 'mongoose';

/** Whether the driver takes this as a connection string, and the name of its database can be read. */
export function isConnectionString(uri: string): boolean {
  try {
    // Parses and connects to nothing.
    new mongoose.mongo.MongoClient(uri);
    databaseOf(uri);
    return true;
  } catch {
    return false;
  }
}

/**
 * The options of a connection string that are not its to set, each with what the service does instead. Decisions about money rest on
 * how it reads and writes, and answers within two seconds on its time-outs; a string that says the same as the service is fine,
 * as hosted clusters hand them out with `retryWrites=true&w=majority`.
 */
export function refusedOptions(uri: string): string[] {
  const settings = [...new URLSearchParams(uri.split('?').slice(1).join('?'))];
  return settings.flatMap(([name, value]) => {
    const own = OWN_OPTIONS.get(name.toLowerCase());
    if (own === undefined || own.accepts.includes(value.toLowerCase())) return [];
    return [`${name}=${value} (${own.instead})`];
  });
}

type OwnOption = { accepts: string[]; instead: string };

const FROM_PRIMARY = 'decisions read from the primary';
const DURABLE = 'what counts is written to a majority and the journal';
const IN_TIME = 'the service has time-outs of its own';

/** By their names in lower case: the driver does not tell cases apart. */
const OWN_OPTIONS = new Map<string, OwnOption>([
  ['readpreference', { accepts: ['primary'], instead: FROM_PRIMARY }],
  ['readpreferencetags', { accepts: [], instead: FROM_PRIMARY }],
  ['maxstalenessseconds', { accepts: ['-1'], instead: FROM_PRIMARY }],
  ['readconcernlevel', { accepts: ['local'], instead: 'decisions read what the primary has' }],
  ['w', { accepts: ['majority'], instead: DURABLE }],
  ['journal', { accepts: ['true'], instead: DURABLE }],
  ['j', { accepts: ['true'], instead: DURABLE }],
  ['fsync', { accepts: [], instead: DURABLE }],
  ['wtimeoutms', { accepts: ['0'], instead: DURABLE }],
  ['wtimeout', { accepts: ['0'], instead: DURABLE }],
  ['retrywrites', { accepts: ['true'], instead: 'a write whose answer is lost is sent once more' }],
  ['retryreads', { accepts: ['true'], instead: 'a read whose answer is lost is sent once more' }],
  ...['serverSelectionTimeoutMS', 'connectTimeoutMS', 'socketTimeoutMS', 'timeoutMS', 'waitQueueTimeoutMS'].map(
    (name): [string, OwnOption] => [name.toLowerCase(), { accepts: [], instead: IN_TIME }],
  ),
  ...['heartbeatFrequencyMS', 'minHeartbeatFrequencyMS', 'serverMonitoringMode'].map((name): [string, OwnOption] => [
    name.toLowerCase(),
    { accepts: [], instead: 'the service finds out by itself that a member is gone' },
  ]),
]);

/** The name of the database that a connection string asks for, if it does. */
export function databaseOf(uri: string): string | undefined {
  const name = /^mongodb(?:\+srv)?:\/\/[^/]*\/([^?]+)/.exec(uri)?.[1];
  return name === undefined ? undefined : decodeURIComponent(name);
}

/** The name of the database that is used with a connection string, or without one. */
export function databaseNameOf(uri: string | undefined): string {
  return (uri === undefined ? undefined : databaseOf(uri)) ?? DEFAULT_DATABASE;
}

/** The same server by the same rights, and another database on it. */
export function withDatabase(uri: string, name: string): string {
  const [, server = '', path, options = ''] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/([^?]*))?(\?.*)?$/.exec(uri) ?? [];
  // A user is looked up in the database that a connection string names, unless it says in which.
  const isLookedUp = server.includes('@') && path !== undefined && path !== '' && !/[?&]authSource=/i.test(options);
  const source = isLookedUp ? `${options === '' ? '?' : '&'}authSource=${path}` : '';
  return `${server}/${name}${options}${source}`;
}

const DEFAULT_DATABASE = 'settlebot';
