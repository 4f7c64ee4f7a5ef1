import { unlessDuplicate } from '../database/duplicates.ts';
import type { Calendar } from '../kernel/calendar.ts';
import { inBatches } from '../kernel/group.ts';
import { hashOf } from '../kernel/ids.ts';
import type { Unfinished } from '../kernel/unfinished.ts';
import { type PromiseState, promiseState } from './promised.ts';
import type { StandingFacts, StandingPolicy } from './standing.ts';
import { settledAt, standingAt, warnedOf } from './standing.ts';
import { announcedPartOf, changeTypes, type PaidInvoice, type StandingChange, untouched } from './standingChange.ts';
import { type FactSources, loadStandingFacts, NO_FACTS } from './standingFacts.ts';
import type { StandingStore, StoredStanding } from './store.ts';

const BATCH = 250;
const LONG_AGO = new Date(0);
const LIFTS: ReadonlySet<StandingChange['type']> = new Set(['campaigns.resumed', 'cpl_orders.unblocked']);

export type Sanctions = ReturnType<typeof createSanctions>;

/**
 * Sanctions follow standing (rules 2): every refresh of a model compares its standing with what was announced, and
 * announces each change once. The refreshes of one model are numbered without a gap, so that a slow one cannot undo a
 * later one.
 */
export function createSanctions(
  deps: FactSources & {
    store: Pick<StandingStore, 'standings' | 'decisions'>;
    calendar: Calendar;
    policy: StandingPolicy;
    /** Announces to the platform and the people; idempotent by the changes' keys. */
    announce: (changes: StandingChange[], now: Date) => Promise<void>;
  },
) {
  const { store, policy, calendar } = deps;
  const policyHash = hashOf(JSON.stringify([policy.sanctions, policy.trust]));

  /** Computes the standing of models at `now`, and announces what has changed. */
  async function refresh(modelIds: string[], now: Date): Promise<void> {
    let left = [...new Set(modelIds)];
    while (left.length > 0) {
      const stored = await standingsOf(left);
      const facts = await loadStandingFacts(deps, left);
      const refreshed = left.map((modelId) => refreshedStanding(modelId, stored.get(modelId), facts.get(modelId), now));
      const lost = await save(refreshed);
      await announcePending(refreshed.filter((next) => next.hasPendingNotifications === true && !lost.has(next._id)));
      left = [...lost];
    }
  }

  function refreshedStanding(
    modelId: string,
    before: StoredStanding | undefined,
    facts: StandingFacts = NO_FACTS,
    now: Date,
  ): StoredStanding {
    // A refresh that was slow must not judge by an earlier instant than the one before it.
    const assessedAt = before !== undefined && before.assessedAt > now ? before.assessedAt : now;
    const version = (before?.version ?? 0) + 1;
    const standing = standingAt(facts, policy, calendar, assessedAt);
    const types = changeTypes(before?.announced ?? untouched(policy), announcedPartOf(standing));
    const announced = before?.changes ?? 0;
    const since = before?.assessedAt ?? LONG_AGO;
    const isBlockSaid = saysBlocked(facts, since, assessedAt);
    const isLiftSaid = facts.invoices.some(({ promises = [] }) =>
      promises.some(({ madeAt }) => madeAt > since && madeAt <= assessedAt),
    );
    const paid = paidLateAt(facts, assessedAt);
    // Numbered by changes: a refresh that finds nothing new, or is done again, takes no number.
    const changes = types.map((type, index) => ({
      type,
      key: `standing:${modelId}:${announced + index + 1}:${type}`,
      modelId,
      at: assessedAt,
      standing,
      ...(LIFTS.has(type) && paid.length > 0 ? { paid } : {}),
      ...((type === 'cpl_orders.blocked' && isBlockSaid) || (LIFTS.has(type) && isLiftSaid)
        ? { saidOfInvoice: true as const }
        : {}),
    }));
    const pendingNotifications = [...(before?.pendingNotifications ?? []), ...changes];
    return {
      _id: modelId,
      version,
      changes: announced + changes.length,
      assessedAt,
      policyHash,
      announced: announcedPartOf(standing),
      ...(pendingNotifications.length === 0 ? {} : { pendingNotifications, hasPendingNotifications: true }),
    };
  }

  /**
   * Whether the message of an invoice that went overdue since the last refresh, or of a promise that ended, said that orders are
   * blocked: it tells how things stood then, and that it warned is what a policy may wait for (rules 2.9).
   */
  function saysBlocked(facts: StandingFacts, since: Date, now: Date): boolean {
    return facts.invoices.some((invoice) => {
      const { invoiceId, dueAt, warnedAt, promises = [] } = invoice;
      const isBlockedAt = (at: Date) => standingAt(facts, policy, calendar, at).cplOrders === 'blocked';
      const ends = promises.map((promise) => promiseState(promise, invoice, now));
      if (ends.some((end) => isImposing(end) && end.endedAt > since && isBlockedAt(end.endedAt))) return true;
      const saidAt = warnedAt !== undefined && warnedAt !== null && warnedAt > dueAt ? warnedAt : dueAt;
      if (settledAt(invoice) !== null || saidAt <= since || saidAt > now) return false;
      return standingAt(warnedOf(facts, invoiceId, dueAt), policy, calendar, dueAt).cplOrders === 'blocked';
    });
  }

  /** Saves refreshed standings; answers the models that somebody else refreshed meanwhile, to be refreshed again. */
  async function save(refreshed: StoredStanding[]): Promise<Set<string>> {
    const lost = new Set<string>();
    for (const next of refreshed) {
      const saved = await unlessDuplicate(
        store.standings.replaceOne({ _id: next._id, version: next.version - 1 }, next, { upsert: next.version === 1 }),
      );
      if (saved === null || saved.matchedCount + saved.upsertedCount === 0) lost.add(next._id);
    }
    return lost;
  }

  async function announcePending(standings: StoredStanding[]): Promise<void> {
    for (const { _id, version, pendingNotifications = [], assessedAt } of standings) {
      await deps.announce(pendingNotifications, assessedAt);
      await store.standings.updateOne(
        { _id, version },
        { $unset: { pendingNotifications: '', hasPendingNotifications: '' } },
      );
    }
  }

  /** Refreshes, at `now`, all models that were last refreshed by another policy than this one. */
  async function followPolicy(now: Date): Promise<void> {
    const others = store.standings.find({ policyHash: { $ne: policyHash } }, { projection: { _id: 1 } });
    for await (const batch of inBatches(others, BATCH)) {
      const modelIds = batch.map(({ _id }) => _id);
      await refresh(modelIds, now);
    }
  }

  /** Announces what a crash left pending. */
  async function repair(): Promise<void> {
    await announcePending(await store.standings.find({ hasPendingNotifications: true }).toArray());
  }

  async function standingsOf(modelIds: string[]): Promise<Map<string, StoredStanding>> {
    const found = await store.standings.find({ _id: { $in: modelIds } }).toArray();
    return new Map(found.map((standing) => [standing._id, standing]));
  }

  const unfinished: Unfinished = {
    kind: 'standings',
    find: async (limit) => {
      const found = store.standings.find({ hasPendingNotifications: true }, { projection: { assessedAt: 1 } });
      return (await found.limit(limit).toArray()).map(({ _id, assessedAt }) => ({ id: _id, since: assessedAt }));
    },
    finish: async (ids) => {
      const pending = { _id: { $in: ids }, hasPendingNotifications: true as const };
      await announcePending(await store.standings.find(pending).toArray());
    },
  };

  return { refresh, followPolicy, repair, unfinished };
}

/** A promise that ended so leaves what it held back to take effect, and its message says what does. */
function isImposing(state: PromiseState): state is PromiseState & { endedAt: Date } {
  return state.status === 'broken' || state.status === 'refused';
}

function paidLateAt({ invoices }: StandingFacts, at: Date): PaidInvoice[] {
  return invoices
    .filter(({ completedAt, dueAt }) => completedAt?.getTime() === at.getTime() && completedAt > dueAt)
    .map(({ invoiceId, total }) => ({ invoiceId, total }));
}
