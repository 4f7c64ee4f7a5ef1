import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';
import { durable } from '../database/durable.ts';
import { groupBy } from '../kernel/group.ts';
import { canonicalJson } from '../kernel/json.ts';
import { leafHash } from './leaf.ts';
import { locate } from './locate.ts';
import { lastSeal } from './makeSeals.ts';
import type { SealKey } from './seal.ts';
import type { Sealed, SealSource } from './source.ts';
import type { SealStore } from './store.ts';

/**
 * What somebody who has the key said of a document that landed long behind the seals: that it is genuine, as it is, and why.
 * `_id` is source and id. The MAC covers it all, so that nobody without the key can say so.
 */
export type Admission = {
  _id: string;
  source: string;
  id: string;
  leaf: string;
  at: Date;
  actor: string;
  reason: string;
  keyId: string;
  mac: string;
  /** The last seal before it. */
  after: number;
  /** The seal that has it. */
  sealedIn?: number;
};

const admissionSchema = new Schema<Admission>(
  {
    _id: { type: String, required: true },
    source: String,
    id: String,
    leaf: String,
    at: Date,
    actor: String,
    reason: String,
    keyId: String,
    mac: String,
    after: Number,
    sealedIn: Number,
  },
  { versionKey: false, collection: 'seal_admissions' },
).index({ sealedIn: 1 });

export type Admitted = 'admitted' | 'sealed' | 'not-late' | 'not-found' | 'no-key';

export type Admissions = ReturnType<typeof createAdmissions>;

/**
 * The only door for what is written more than an hour behind the last seal: its process was frozen, or somebody forged it, and
 * the database does not tell which. So a person looks, and says so with the key (docs/decisions/0024).
 */
export function createAdmissions({
  connection,
  store,
  keys,
}: {
  connection: Connection;
  store: SealStore;
  keys: readonly SealKey[];
}) {
  const admissions = driverCollection(connection.model<Admission>('SealAdmission', admissionSchema));

  /** Only what lies long behind the seals needs it: all else is sealed, or comes to be by itself. */
  async function admit(
    source: SealSource,
    id: string,
    by: Pick<Admission, 'actor' | 'reason' | 'at'>,
  ): Promise<Admitted> {
    const [key] = keys;
    const [document] = await source.byIds([id]);
    if (key === undefined) return 'no-key';
    if (document === undefined) return 'not-found';
    const place = await locate(store, source.name, document);
    if (place === 'unsealed') return 'not-late';
    if (place !== 'missing') return 'sealed';
    const _id = `${source.name}:${id}`;
    const after = (await lastSeal(store))?._id ?? 0;
    const said = { source: source.name, id, leaf: leafOf(source, document), ...by, keyId: key.id, after };
    await admissions.replaceOne({ _id }, { ...said, mac: macOf(said, key) }, { upsert: true, ...durable(admissions) });
    return 'admitted';
  }

  /** What was admitted and is in no seal yet, by the names of the sources: as it was when it was admitted. */
  async function waiting(sources: readonly SealSource[]): Promise<Map<string, Sealed[]>> {
    const found = await admissions.find({ sealedIn: { $exists: false } }).toArray();
    const genuine = groupBy(found.filter(isGenuine), ({ source }) => source);
    const waits = new Map<string, Sealed[]>();
    for (const source of sources) {
      const leaves = new Map(genuine.get(source.name)?.map(({ id, leaf }) => [id, leaf]));
      const documents = leaves.size === 0 ? [] : await source.byIds([...leaves.keys()]);
      waits.set(
        source.name,
        documents.filter((document) => leafOf(source, document) === leaves.get(document.id)),
      );
    }
    return waits;
  }

  /** Notes which seals have what was admitted; before a seal is made, so that what a killed process sealed is not sealed twice. */
  async function noteSealed(): Promise<void> {
    for (const { _id, id, after } of await admissions.find({ sealedIn: { $exists: false } }).toArray()) {
      const seal = await store.findOne({ _id: { $gt: after }, 'parts.ids': id }, { projection: { _id: 1 } });
      if (seal !== null) await admissions.updateOne({ _id }, { $set: { sealedIn: seal._id } });
    }
  }

  async function hasWaiting(): Promise<boolean> {
    return (await admissions.findOne({ sealedIn: { $exists: false } }, { projection: { _id: 1 } })) !== null;
  }

  /** What `verify` says of what was admitted: no fault, and nothing to pass over either. */
  async function notices(): Promise<string[]> {
    const all = await admissions.find().sort({ at: 1 }).toArray();
    return all.map((one) => {
      const where = one.sealedIn === undefined ? 'is to be sealed' : `is in seal ${one.sealedIn}`;
      const said = `admitted by ${one.actor} at ${one.at.toISOString()}: ${one.reason}`;
      return `${one.source} ${one.id} was written behind the seals and ${where}, ${isGenuine(one) ? said : 'and nobody who has the key admitted it'}`;
    });
  }

  function isGenuine(admission: Admission): boolean {
    const key = keys.find(({ id }) => id === admission.keyId);
    if (key === undefined) return false;
    const [given, own] = [Buffer.from(admission.mac), Buffer.from(macOf(admission, key))];
    return given.length === own.length && timingSafeEqual(given, own);
  }

  return { admit, waiting, hasWaiting, noteSealed, notices };
}

function leafOf(source: SealSource, { id, content }: Sealed): string {
  return leafHash(source.name, id, content).toString('base64url');
}

function macOf(
  { source, id, leaf, at, actor, reason }: Omit<Admission, '_id' | 'mac' | 'keyId' | 'after'>,
  { bytes }: SealKey,
) {
  const said = canonicalJson({ source, id, leaf, at, actor, reason });
  return createHmac('sha256', bytes).update(`settlebot/seal-admission/1\n${said}`).digest('base64url');
}
