import { type Backlog, backlogOf } from '../database/backlog.ts';
import { afterDated, datedCursor } from '../database/datedCursor.ts';
import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { readPage } from '../database/readPage.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import type { AccountStore, UnreachedDocument } from './store.ts';

/** People whom something had to be told, and whom no chat of theirs reaches. */
export function createReach({ accounts, unreached }: Pick<AccountStore, 'accounts' | 'unreached'>) {
  /**
   * Notes that these people could not be reached at `now`; answers those of whom it is news. Their effects stay pending until
   * `markUnreachedTold`.
   */
  async function noteUnreached(accountIds: string[], now: Date): Promise<string[]> {
    const ids = [...new Set(accountIds)];
    const known = new Set((await unreached.find({ _id: { $in: ids } }).toArray()).map(({ _id }) => _id));
    const fresh = (await withoutErased(ids)).filter((id) => !known.has(id));
    const documents = fresh.map((_id): UnreachedDocument => ({ _id, since: now, pendingEffects: true }));
    const met = new Set(await insertIgnoringDuplicates(unreached, documents, durable(unreached)));
    return fresh.filter((_, index) => !met.has(index));
  }

  /** Nobody is to be reached any more where a person was erased. */
  async function withoutErased(ids: string[]): Promise<string[]> {
    const erased = await accounts
      .find({ _id: { $in: ids }, erasedAt: { $exists: true } }, { projection: { _id: 1 } })
      .toArray();
    const gone = new Set(erased.map(({ _id }) => _id));
    return ids.filter((id) => !gone.has(id));
  }

  async function markUnreachedTold(accountIds: string[]): Promise<void> {
    await unreached.updateMany({ _id: { $in: accountIds } }, { $unset: { pendingEffects: '' } });
  }

  /** Of whom nobody was told yet, by a crash. */
  async function unreachedUntold(): Promise<{ accountId: string; since: Date }[]> {
    return (await unreached.find({ pendingEffects: true }).toArray()).map(({ _id, since }) => ({
      accountId: _id,
      since,
    }));
  }

  /** Since when nothing reaches these people; who can be reached is not in it. */
  async function unreachedSince(accountIds: string[]): Promise<Map<string, Date>> {
    const found = await unreached.find({ _id: { $in: accountIds } }).toArray();
    return new Map(found.map(({ _id, since }) => [_id, since]));
  }

  /** How many cannot be reached, and those of them since the longest time. */
  async function unreachedAccounts(limit: number): Promise<{ accountIds: string[]; count: number }> {
    const [found, count] = await Promise.all([
      unreached.find({}).sort({ since: 1, _id: 1 }).limit(limit).toArray(),
      unreached.countDocuments({}),
    ]);
    return { accountIds: found.map(({ _id }) => _id), count };
  }

  /** Everybody who cannot be reached, those since the longest time first. */
  async function listUnreached({ limit, after }: PageRequest): Promise<Page<{ accountId: string; since: Date }>> {
    const query = after === undefined ? {} : afterDated<UnreachedDocument>('since', after);
    const { items, next } = await readPage(unreached.find(query).sort({ since: 1, _id: 1 }), limit, (one) =>
      datedCursor(one.since, one._id),
    );
    return { items: items.map(({ _id, since }) => ({ accountId: _id, since })), next };
  }

  /** How many cannot be reached, and who for the longest. */
  const unreachedBacklog = (): Promise<Backlog> =>
    backlogOf(unreached, { since: { $gte: new Date(0) } }, { since: 'since' });

  return {
    ...{ unreachedBacklog, noteUnreached, markUnreachedTold, unreachedUntold },
    ...{ unreachedSince, unreachedAccounts, listUnreached },
  };
}
