import { retryDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import { randomToken } from '../kernel/ids.ts';
import type { AccountStore, LinkDocument } from './store.ts';

const REF_BYTES = 6;

/** The name of a chat user's links: the one that they have or had until lately, or a new one. */
export async function refOf(store: Pick<AccountStore, 'links' | 'refs'>, user: string): Promise<string> {
  const linked = await store.links.findOne({ _id: user }, { projection: { ref: 1 } });
  const ref = linked?.ref ?? randomToken(REF_BYTES);
  const update = { $setOnInsert: { ref }, $set: { storedAt: new Date(realMilliseconds()) } };
  const known = await retryDuplicate(() =>
    store.refs.findOneAndUpdate({ _id: user }, update, { upsert: true, returnDocument: 'after' }),
  );
  return known?.ref ?? ref;
}

/** Before links end: what named them. */
export async function rememberRefs(
  store: Pick<AccountStore, 'refs'>,
  links: Pick<LinkDocument, '_id' | 'ref'>[],
): Promise<void> {
  const storedAt = new Date(realMilliseconds());
  for (const { _id, ref } of links) {
    await store.refs.updateOne({ _id }, { $set: { ref, storedAt } }, { upsert: true, ...durable(store.refs) });
  }
}
