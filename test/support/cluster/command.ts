import type { Body, Request } from './wire.ts';

/** A command of a client, as a member of the cluster looks at it. */
export type Command = Request & {
  name: string;
  database: string;
  collection: string | undefined;
  /** Of a retryable write: whoever sends the same again means the same write. */
  key: string | undefined;
  isWrite: boolean;
  isRead: boolean;
  /** Only a primary takes it: writes, and what makes collections and indexes. */
  isChange: boolean;
  readPreference: string;
  /** It is to be acknowledged only when a majority has it. */
  wantsMajority: boolean;
};

const WRITES = new Set(['insert', 'update', 'delete', 'findAndModify']);
const CHANGES = new Set(['create', 'createIndexes', 'drop', 'dropDatabase', 'dropIndexes', 'collMod']);
const READS = new Set(['find', 'aggregate', 'count', 'distinct', 'listCollections', 'listIndexes']);

export function commandOf(request: Request): Command {
  const { body } = request;
  const [name = ''] = Object.keys(body);
  const collection = name === 'getMore' ? body.collection : body[name];
  const session = body.lsid as { id: { toString(encoding: string): string } } | undefined;
  const { w } = (body.writeConcern ?? {}) as { w?: unknown };
  const { mode = 'primary' } = (body.$readPreference ?? {}) as { mode?: string };
  return {
    ...request,
    name,
    database: String(body.$db),
    collection: typeof collection === 'string' ? collection : undefined,
    key:
      body.txnNumber === undefined || session === undefined
        ? undefined
        : `${session.id.toString('hex')}:${String(body.txnNumber)}`,
    isWrite: WRITES.has(name),
    isRead: READS.has(name),
    isChange: WRITES.has(name) || CHANGES.has(name),
    readPreference: mode,
    wantsMajority: w === 'majority',
  };
}

/** What a server of a cluster understands, and one engine by itself does not. */
const OF_CLUSTERS = [
  'lsid',
  'txnNumber',
  '$clusterTime',
  'readConcern',
  '$readPreference',
  'writeConcern',
  'commitQuorum',
];

/** The command for the engine. What a majority was asked for is in its journal before it is answered. */
export function forEngine({ body, isWrite }: Command): Body {
  const rest = Object.fromEntries(Object.entries(body).filter(([name]) => !OF_CLUSTERS.includes(name)));
  const { w, j } = (body.writeConcern ?? {}) as { w?: unknown; j?: unknown };
  return isWrite && (w === 'majority' || j === true) ? { ...rest, writeConcern: { w: 1, j: true } } : rest;
}
