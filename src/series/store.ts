import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';
import type { SeriesName, Values } from './catalogue.ts';

/** A point of a series as it was drawn from facts; disposable, and drawn again when it is not there. */
export type StoredPoint = {
  _id: string;
  name: SeriesName;
  at: string;
  /** Whose part of the point it is; without, it is of all. */
  marketerId?: string;
  values: Values;
  /** The service's clock when the facts were read. */
  drawnAt: Date;
};

const pointSchema = new Schema<StoredPoint>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    at: { type: String, required: true },
    marketerId: String,
    values: { type: Schema.Types.Mixed, required: true },
    drawnAt: { type: Date, required: true },
  },
  { versionKey: false, collection: 'series_points', minimize: false },
);

export type SeriesStore = ReturnType<typeof createSeriesStore>;

export function createSeriesStore(connection: Connection) {
  return { points: driverCollection(connection.model<StoredPoint>('SeriesPoint', pointSchema)) };
}

/** No name and no day has a colon. */
export function pointIdOf(name: SeriesName, at: string, marketerId?: string): string {
  return marketerId === undefined ? `${name}:${at}` : `${name}:${at}:${marketerId}`;
}
