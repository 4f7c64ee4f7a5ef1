import type { Accounts } from '../accounts/accounts.ts';
import type { Hold, PayoutView } from '../affiliates/payouts/payout.ts';
import type { Payouts } from '../affiliates/payouts/payouts.ts';
import type { Audit } from '../audit/audit.ts';
import { type Backlog, backlogOf } from '../database/backlog.ts';
import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import type { Calendar } from '../kernel/calendar.ts';
import { groupBy } from '../kernel/group.ts';
import type { Refused } from '../kernel/refusals.ts';
import type { Unfinished } from '../kernel/unfinished.ts';
import type { Texts } from '../privacy/texts.ts';
import { writtenNow } from '../seals/source.ts';
import type { AnnounceHolds } from './announceHolds.ts';
import {
  canBeHeld,
  type HoldSubject,
  type HoldView,
  holdOf,
  holdsAt,
  longestAt,
  refusedUntil,
  subjectOf,
  viewOf,
} from './hold.ts';
import type { PaydayStore, StoredHold } from './store.ts';

/**
 * What is wanted of a hold. `key`: its cause, so that the same cause places one hold, ever; without, one is placed unless
 * another holds as long. `alreadyTold`: who hears of it by a message of its cause. `simulated`: nothing is written.
 */
export type PlaceHold = {
  subject: HoldSubject;
  until: Date;
  reason: string;
  actor: string;
  key?: string;
  alreadyTold?: 'person' | 'managers';
  simulated?: boolean;
};

/** `payouts` are those that are due and concerned now. */
export type HoldOutcome =
  | { kind: 'done' | 'already'; hold: HoldView; payouts: PayoutView[] }
  | (Refused & { payouts: PayoutView[] })
  | { kind: 'not-found' };

type Found = { subject: string; accountId: string; payouts: PayoutView[] };

export type Holds = ReturnType<typeof createHolds>;

/**
 * Payouts that are held until an instant, one by one or all of an account (docs/paydays.md). A held payout stays due, and is in
 * no batch's approval, export or settlement by hand; what the platform says became of it is a fact all the same. Every hold
 * ends by itself at its instant, whether or not anything runs then.
 */
export function createHolds(deps: {
  store: Pick<PaydayStore, 'holds'>;
  payouts: Pick<Payouts, 'get' | 'list'>;
  accounts: Pick<Accounts, 'get'>;
  audit: Pick<Audit, 'record'>;
  texts: Texts;
  calendar: Pick<Calendar, 'addDays'>;
  announce: AnnounceHolds;
}) {
  const { texts } = deps;
  const { holds } = deps.store;

  /**
   * Holds a payout that is due, or an account's payouts. Refuses an end that is not in the future or more than a year away, and
   * a payout that is being paid or has ended. One that is held as long already stays as it is.
   */
  async function place(wanted: PlaceHold, at: Date): Promise<HoldOutcome> {
    const { subject, until, reason, actor, key, alreadyTold, simulated = false } = wanted;
    const found = await look(subject);
    if (found === null) return { kind: 'not-found' };
    const refused = refusedUntil(until, at, deps.calendar) ?? refusedPayout(subject, found.payouts);
    if (refused !== null) return { ...refused, payouts: found.payouts };
    const { subject: name, accountId, payouts } = found;
    for (;;) {
      const known = await ofSubject(name);
      const same = key === undefined ? undefined : known.find(({ _id }) => _id === keyed(key));
      const standing = same ?? (key === undefined ? longestAt(known, at) : null);
      if (standing !== null && (same !== undefined || standing.until >= until)) {
        return { kind: 'already', hold: viewOf(standing), payouts };
      }
      const hold: StoredHold = {
        _id: key === undefined ? keyed(`${name}#${known.length + 1}`) : keyed(key),
        ...{ subject: name, accountId, at, until, reason, actor },
        ...(alreadyTold === undefined ? {} : { alreadyTold }),
      };
      if (simulated) return { kind: 'done', hold: viewOf(hold), payouts };
      if (!(await insert(hold))) continue;
      await follow(hold);
      return { kind: 'done', hold: viewOf(hold), payouts };
    }
  }

  /**
   * Ends what holds a payout, or an account's payouts, at `at`. Refuses where nothing does: a payout that its account's hold
   * keeps is released with the account.
   */
  async function release(
    { subject, reason, actor, simulated = false }: Omit<PlaceHold, 'until' | 'key' | 'alreadyTold'>,
    at: Date,
  ): Promise<HoldOutcome> {
    const found = await look(subject);
    if (found === null) return { kind: 'not-found' };
    const { payouts } = found;
    const known = await ofSubject(found.subject);
    const running = known.filter((hold) => holdsAt(hold, at));
    const longest = longestAt(running, at);
    if (longest === null) return { ...(await notHeld(subject, found, at)), payouts };
    const released = { at, actor, reason };
    if (simulated) return { kind: 'done', hold: viewOf({ ...longest, released }), payouts };
    for (const hold of running) await end(hold, released);
    return { kind: 'done', hold: viewOf({ ...longest, released }), payouts };
  }

  async function end(hold: StoredHold, released: NonNullable<StoredHold['released']>): Promise<void> {
    const { _id, accountId } = hold;
    const [document = { _id, released }] = await texts.protect(HOLDS, [{ _id, released }], ({ path }) =>
      path === 'released.reason' ? [accountId] : [],
    );
    const { modifiedCount } = await holds.updateOne(
      { _id, released: { $exists: false } },
      { $set: { released: document.released, pendingEffects: true } },
      durable(holds),
    );
    if (modifiedCount === 1) await follow({ ...hold, released });
  }

  async function insert(hold: StoredHold): Promise<boolean> {
    const clear = { ...hold, ...writtenNow(), pendingEffects: true as const };
    const [stored = clear] = await texts.protect(HOLDS, [clear], ({ path }) =>
      path === 'reason' ? [hold.accountId] : [],
    );
    return (await unlessDuplicate(holds.insertOne(stored, durable(holds)))) !== null;
  }

  /** The audit trail, the platform and the people hear of it; each once, however often this is done. */
  async function follow(hold: StoredHold): Promise<void> {
    const { _id, subject, until, reason, actor, at, released } = hold;
    const record = { subject, after: { until } };
    await deps.audit.record({ ...record, key: _id, actor, action: 'payout.held', reason, at });
    if (released !== undefined) {
      await deps.audit.record({ ...record, ...released, key: `${_id}:released`, action: 'payout.released' });
    }
    await deps.announce(hold, viewOf(hold));
    await holds.updateOne(
      { _id, 'released.at': released === undefined ? { $exists: false } : released.at },
      { $unset: { pendingEffects: '' } },
    );
  }

  /** What holds each of these payouts now, of those that are due; the longest, where several do. */
  async function ofPayouts(payouts: readonly Held[], now: Date): Promise<Map<string, Hold>> {
    const due = payouts.filter(canBeHeld);
    if (due.length === 0) return new Map();
    const names = due.flatMap(({ payoutId, accountId }) => [subjectOf({ payoutId }), subjectOf({ accountId })]);
    const bySubject = await holding(names, now);
    return new Map(
      due.flatMap(({ payoutId, accountId }): [string, Hold][] => {
        const own = [subjectOf({ payoutId }), subjectOf({ accountId })].flatMap((name) => bySubject.get(name) ?? []);
        const longest = longestAt(own, now);
        return longest === null ? [] : [[payoutId, holdOf(longest)]];
      }),
    );
  }

  /** What holds an account's payouts now, or null. */
  async function ofAccount(accountId: string, now: Date): Promise<Hold | null> {
    const longest = longestAt(await ofSubject(subjectOf({ accountId })), now);
    return longest === null ? null : holdOf(longest);
  }

  /** Every hold of a payout and of its account that there ever was, the earliest first. */
  async function history({ payoutId, accountId }: Pick<PayoutView, 'payoutId' | 'accountId'>): Promise<HoldView[]> {
    const names = [subjectOf({ payoutId }), subjectOf({ accountId })];
    const found = await holds.find({ subject: { $in: names } }).toArray();
    const sorted = found.sort((one, other) => one.at.getTime() - other.at.getTime());
    return (await texts.reveal(HOLDS, sorted)).map(viewOf);
  }

  /** The holds that run now, of payouts and of whole accounts; their ids have `payout:` or `account:` in them. */
  const backlog = (now: Date): Promise<Backlog> =>
    backlogOf(
      holds,
      { until: { $gt: now }, at: { $lte: now }, 'released.at': { $not: { $lte: now } } },
      { since: 'at' },
    );

  /** What is held now: single payouts, and whole accounts. */
  async function running(now: Date): Promise<{ payoutIds: string[]; accountIds: string[] }> {
    const found = await holds.find({ until: { $gt: now } }, { projection: { reason: 0 } }).toArray();
    const views = found.filter((hold) => holdsAt(hold, now)).map(viewOf);
    return {
      payoutIds: views.flatMap(({ payoutId }) => payoutId ?? []),
      accountIds: views.flatMap(({ payoutId, accountId }) => (payoutId === null ? [accountId] : [])),
    };
  }

  async function holding(names: string[], now: Date): Promise<Map<string, StoredHold[]>> {
    const few = names.length <= FEW ? { subject: { $in: names } } : {};
    const wanted = new Set(names);
    const found = (await holds.find({ ...few, until: { $gt: now } }).toArray()).filter(({ subject }) =>
      wanted.has(subject),
    );
    return groupBy(await texts.reveal(HOLDS, found), ({ subject }) => subject);
  }

  async function ofSubject(subject: string): Promise<StoredHold[]> {
    return texts.reveal(HOLDS, await holds.find({ subject }).toArray());
  }

  /** The thing itself, with what is due of it; null when there is no such thing. */
  async function look(subject: HoldSubject): Promise<Found | null> {
    if ('payoutId' in subject) {
      const payout = await deps.payouts.get(subject.payoutId);
      return payout && { subject: subjectOf(subject), accountId: payout.accountId, payouts: [payout] };
    }
    const { accountId } = subject;
    if ((await deps.accounts.get(accountId)) === null) return null;
    const { items } = await deps.payouts.list({ accountId, status: 'due', limit: MOST_PAYOUTS });
    return { subject: subjectOf(subject), accountId, payouts: items };
  }

  async function notHeld(subject: HoldSubject, { accountId }: Found, at: Date): Promise<Refused> {
    const byAccount = 'payoutId' in subject && (await ofAccount(accountId, at)) !== null;
    return { kind: 'refused', state: 'not-held', reason: byAccount ? 'payout_held_by_account' : 'payout_not_held' };
  }

  async function followAll(which: { _id?: { $in: string[] } }): Promise<void> {
    const left = await holds.find({ ...which, pendingEffects: true }).toArray();
    for (const hold of await texts.reveal(HOLDS, left)) await follow(hold);
  }

  const unfinished: Unfinished = {
    kind: 'holds of payouts',
    find: async (limit) => {
      const found = holds.find({ pendingEffects: true }, { projection: { at: 1, released: 1 } }).limit(limit);
      return (await found.toArray()).map(({ _id, at, released }) => ({ id: _id, since: released?.at ?? at }));
    },
    finish: (ids) => followAll({ _id: { $in: ids } }),
  };

  return { place, release, backlog, running, ofPayouts, ofAccount, history, unfinished, repair: () => followAll({}) };
}

/** What can be held: a payout as it is read, or as a batch has it. */
export type Held = { payoutId: string; accountId: string; status: string };

const HOLDS = 'payout_holds';
/** Of more, everything that holds now is read: those are few. */
const FEW = 200;
/** So many payouts of one account are told with its hold. */
const MOST_PAYOUTS = 100;

function keyed(key: string): string {
  return `hold:${key}`;
}

function refusedPayout(subject: HoldSubject, [payout]: PayoutView[]): Refused | null {
  if (!('payoutId' in subject) || payout === undefined || canBeHeld(payout)) return null;
  return { kind: 'refused', state: payout.status, reason: WHY_NOT[payout.status] };
}

/** A payout that is due can be held. */
const WHY_NOT = {
  due: 'payout_not_held',
  processing: 'payout_processing',
  paid: 'payout_paid',
  failed: 'payout_failed',
} as const;
