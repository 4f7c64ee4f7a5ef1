import type { Connection } from 'mongoose';

import { BrokenInvariant } from '../../kernel/errors.ts';
import { createAnswers, type Room } from './answers.ts';
import { OverlayFull } from './full.ts';
import { createLayer, type Layer, type UniqueKey } from './layer.ts';
import { overlayCollection } from './overlayCollection.ts';
import { strict } from './shapes.ts';

/** What a document was and would be; null where there was, or would be, none. */
export type OverlayChange = {
  collection: string;
  id: unknown;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
};

/**
 * A connection that reads a database and writes into memory alone: whoever works through it sees what would be, and nothing of it is
 * ever sent to the database, so that no crash can leave any of it behind. It has what stores use of a connection, and no more.
 * `hidden` says which documents of a collection it does not read. Bounded: throws OverlayFull beyond `limit` documents of one question,
 * or changes.
 */
export function createOverlay(
  connection: Connection,
  { hidden = {}, limit = 20_000 }: { hidden?: Record<string, Record<string, unknown>>; limit?: number } = {},
) {
  const layers = new Map<string, Layer>();
  const uniqueOf = new Map<string, UniqueKey[]>();
  const room: Room = { left: limit };
  let writes = 0;
  let fault: unknown = null;

  function layerOf(name: string): Layer {
    const real = () => databaseOf(connection).collection(name);
    const layer =
      layers.get(name) ??
      createLayer({
        real,
        answers: createAnswers({ real, hidden: hidden[name], limit, room }),
        unique: () => uniqueOf.get(name) ?? [],
        hidden: hidden[name],
        limit,
        nextWrite: () => {
          if (writes >= limit) throw new OverlayFull(`more than ${limit} documents would change`);
          writes += 1;
          return writes;
        },
        tooMany: () => new OverlayFull(`more than ${limit} documents of ${name} would be read at once`),
      });
    layers.set(name, layer);
    return layer;
  }

  const database = {
    collection: (name: string) => {
      const { writeConcern } = databaseOf(connection).collection(name);
      return overlayCollection({ name, layer: layerOf(name), writeConcern, onFault: note, assertOpen: check });
    },
  };

  /** From the first fault on nothing is asked or written any more, so that whoever works through it comes to an end. */
  function note(error: unknown): void {
    fault ??= error;
  }

  /** Ends what goes on through it, before its next question or write. */
  function close(): void {
    note(new OverlayFull('it takes longer than there is time for one simulation'));
  }

  /** Throws what kept the overlay from answering as the database would: then nothing that was seen through it counts. */
  function check(): void {
    if (fault !== null) throw fault;
  }

  /** As stores are made: a model of a schema, of which they take the driver's collection. */
  function model(_model: string, schema: SchemaLike, name = schema.get('collection')) {
    if (name === undefined) throw new BrokenInvariant('a model of an overlay names its collection');
    uniqueOf.set(
      name,
      schema
        .indexes()
        .flatMap(([keys, { unique, partialFilterExpression }]) =>
          unique === true ? [{ fields: Object.keys(keys), when: partialFilterExpression ?? {} }] : [],
        ),
    );
    return { db: { db }, collection: { collectionName: name } };
  }

  /** Everything that would be otherwise, in the order in which it would first be written. */
  function changes(): OverlayChange[] {
    return [...layers]
      .flatMap(([collection, layer]) => layer.changes().map((change) => ({ collection, ...change })))
      .sort((a, b) => a.order - b.order)
      .map(({ order: _, ...change }) => change);
  }

  const db = strict('the database of an overlay', database, note);
  const overlaid = strict('the connection of an overlay', { model, db }, note);
  return { connection: overlaid as unknown as Connection, changes, check, close };
}

type SchemaLike = {
  get(option: 'collection'): string | undefined;
  indexes(): [Record<string, unknown>, { unique?: boolean; partialFilterExpression?: Record<string, unknown> }][];
};

function databaseOf({ db }: Connection) {
  if (db === undefined) throw new BrokenInvariant('an overlay needs an open connection');
  return db;
}
