import { datedAhead } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit/audit.ts';
import type { Fact } from '../events/handler.ts';
import { chunksOf } from '../kernel/group.ts';
import type { RefusalCode } from '../kernel/refusals.ts';
import type { Unfinished } from '../kernel/unfinished.ts';
import type { Notices } from '../notices/notices.ts';
import type { Keyring } from '../privacy/keyring.ts';
import { refusalWords } from '../texts/refusals.ts';
import { createChangePayees, type PayeeChange, type PayeeOutcome } from './changePayees.ts';
import { createDenyPayees } from './denyPayees.ts';
import { createFollowPayees, type PlaceHold } from './followPayees.ts';
import { type MaskedPayee, type Payee, payeeOf } from './payee.ts';
import { createRekeyPayees } from './rekeyPayees.ts';
import { createSealedPayees } from './sealedPayee.ts';
import type { PayeeDocument, PayeeStore } from './store.ts';
import { createPayeeVerification } from './verify.ts';

/** How an account is paid, as people and programs may see it. `version` counts its changes. */
export type PayeeView = MaskedPayee & { accountId: string; version: number; changedAt: Date; by: string };

/** How an account's payee stands, or would: `shown` null where it was removed; until when its payouts are held, if they are. */
export type PayeeStanding = Omit<PayeeView, keyof MaskedPayee> & { shown: MaskedPayee | null; heldUntil: Date | null };

export type PayeeSet =
  | { kind: 'done' | 'already'; standing: PayeeStanding }
  | Exclude<PayeeOutcome, { kind: 'done' | 'already' }>;

/** A change of how an account is paid, and who made it. */
export type ChangeBy = { actor: string; accountId: string; what: string; at: Date };

/** What is stored of these accounts' payees cannot be read with the keys that PAYEE_KEYS names. */
export class PayeesLocked extends Error {
  override name = 'PayeesLocked';
  readonly accountIds: readonly string[];
  /** The keys that lack, by their ids; none where what is stored was altered. */
  readonly keyIds: readonly string[];

  constructor(accountIds: readonly string[], keyIds: readonly string[]) {
    const keys = keyIds.length === 0 ? '' : `: PAYEE_KEYS lacks the key ${keyIds.join(', ')}`;
    super(`the payees of ${accountIds.length} accounts cannot be read${keys}`);
    this.accountIds = accountIds;
    this.keyIds = keyIds;
  }
}

export type Payees = ReturnType<typeof createPayees>;

/** Where the payouts of accounts are sent (docs/paydays.md): stored so that the database alone tells nobody, shown masked. */
export function createPayees(deps: {
  store: PayeeStore;
  keyring: Keyring;
  accounts: Pick<Accounts, 'get' | 'getMany' | 'idsOfRole'>;
  audit: Pick<Audit, 'record' | 'trail'>;
  notices: Pick<Notices, 'enqueue'>;
  placeHold: PlaceHold;
  /** Until when an account's payouts are held now, or null. */
  heldUntil: (accountId: string, now: Date) => Promise<Date | null>;
  /** The environment itself names keys: payees are meant to be used. */
  isMeant: boolean;
}) {
  const { store, keyring } = deps;
  const { payees } = store;
  const sealed = createSealedPayees(keyring);
  const follow = createFollowPayees(deps);
  const change = createChangePayees({ ...deps, sealed, follow });

  /** Applies `payee.updated` events, in any order and however often; answers those that cannot be right, with the reason. */
  async function applyUpdates(facts: Fact<'payee.updated'>[], now: Date): Promise<Map<string, string>> {
    const refused = new Map<string, string>();
    for (const { eventId, timestamp, arrivedAt, data } of facts) {
      const { accountId } = data;
      const ahead = datedAhead({ timestamp, arrivedAt });
      const version = { at: timestamp, id: eventId };
      const wanted = { accountId, payee: payeeOf(data), version, actor: 'platform' };
      const outcome = ahead === null ? await change(wanted, now) : null;
      if (ahead !== null) refused.set(eventId, ahead);
      else if (outcome?.kind === 'refused') refused.set(eventId, wordsOf(outcome.reason, accountId));
    }
    return refused;
  }

  /**
   * Sets how an account is paid, at `now`, or with null removes it: that holds from then on, whatever held before. Refuses for an account
   * that is erased, and where payees are off.
   */
  async function set(wanted: Omit<PayeeChange, 'version'>, now: Date): Promise<PayeeSet> {
    const outcome = await change(wanted, now);
    if (outcome.kind !== 'done' && outcome.kind !== 'already') return outcome;
    const held = outcome.kind === 'done' && wanted.simulated === true ? outcome.heldUntil : null;
    return { kind: outcome.kind, standing: await standingOf(outcome.document, now, held) };
  }

  /** How an account's payee stands; null where it has none. */
  async function standing(accountId: string, now: Date): Promise<PayeeStanding | null> {
    const document = await payees.findOne({ _id: accountId });
    return document?.shown === undefined ? null : standingOf(document, now);
  }

  async function standingOf(document: PayeeDocument, now: Date, held: Date | null = null): Promise<PayeeStanding> {
    const { _id: accountId, number: version, changedAt, actor: by, shown = null } = document;
    const known = await deps.heldUntil(accountId, now);
    const heldUntil = held !== null && (known === null || held > known) ? held : known;
    return { accountId, version, changedAt, by, shown, heldUntil };
  }

  /** As they may be shown, by account; those that have none are not in it. */
  async function shownOf(accountIds: readonly string[]): Promise<Map<string, PayeeView>> {
    const found = await payees.find({ _id: { $in: [...accountIds] } }).toArray();
    return new Map(
      found.flatMap(({ _id: accountId, shown, number: version, changedAt, actor: by }): [string, PayeeView][] =>
        shown === undefined ? [] : [[accountId, { ...shown, accountId, version, changedAt, by }]],
      ),
    );
  }

  /**
   * The payees themselves, by account, for the files that money is sent by, and for nothing else. Throws PayeesLocked where one cannot
   * be read with the keys at hand.
   */
  async function of(
    accountIds: readonly string[],
  ): Promise<Map<string, { payee: Payee; version: number; changedAt: Date }>> {
    const found = await payees.find({ _id: { $in: [...accountIds] } }).toArray();
    const opened = await sealed.open(found);
    const locked = [...opened].filter(([, { kind }]) => kind === 'locked' || kind === 'altered');
    if (locked.length > 0) {
      const secretIds = locked.flatMap(([, one]) => (one.kind === 'locked' ? [one.secretId] : []));
      const keyIds = [...new Set((await keyring.locked.keysOf(secretIds)).values())];
      throw new PayeesLocked(
        locked.map(([accountId]) => accountId),
        keyIds,
      );
    }
    return new Map(
      found.flatMap(({ _id, number: version, changedAt }) => {
        const one = opened.get(_id);
        return one?.kind === 'readable' ? [[_id, { payee: one.payee, version, changedAt }] as const] : [];
      }),
    );
  }

  /** Which of these accounts have no payee. */
  async function missingOf(accountIds: readonly string[]): Promise<Set<string>> {
    const which = { _id: { $in: [...accountIds] }, shown: { $exists: true } };
    const known = new Set<unknown>(await payees.distinct('_id', which));
    return new Set(accountIds.filter((accountId) => !known.has(accountId)));
  }

  /** Whether how an account is paid was ever said. */
  async function wasChanged(accountId: string): Promise<boolean> {
    return (await payees.findOne({ _id: accountId }, { projection: { _id: 1 } })) !== null;
  }

  /** Whether this platform uses payees: then people are told that theirs is missing. */
  async function areUsed(): Promise<boolean> {
    return deps.isMeant || (await payees.findOne({}, { projection: { _id: 1 } })) !== null;
  }

  /** Which of these accounts are to be told that they have no payee: none where the platform uses none. */
  async function missingAmong(accountIds: readonly string[]): Promise<Set<string>> {
    return accountIds.length > 0 && (await areUsed()) ? missingOf(accountIds) : new Set();
  }

  /** Who has changed how these accounts are paid, from `since` on: they approve no payout of theirs (docs/paydays.md). */
  async function changesBy(accountIds: readonly string[], since: Date): Promise<ChangeBy[]> {
    const changes: ChangeBy[] = [];
    for (const some of chunksOf(accountIds, BATCH)) {
      const subjects = some.map((accountId) => `account:${accountId}`);
      for (const { actor, subject, action, at } of await deps.audit.trail.ofSubjects(subjects, CHANGES, since)) {
        changes.push({ ...{ actor, at }, accountId: subject.slice('account:'.length), what: action });
      }
    }
    return changes;
  }

  const unfinished: Unfinished = {
    kind: 'payees',
    find: async (limit) => {
      // All of them: the instant is what they are indexed by.
      const pending = { pending: { $exists: true }, changedAt: { $gt: new Date(0) } };
      const found = payees.find(pending, { projection: { changedAt: 1 } }).limit(limit);
      return (await found.toArray()).map(({ _id, changedAt }) => ({ id: _id, since: changedAt }));
    },
    finish: async (ids) => {
      for (const document of await payees.find({ _id: { $in: [...ids] }, pending: { $exists: true } }).toArray()) {
        await follow(document);
      }
    },
  };

  return {
    ...{
      applyUpdates,
      set,
      standing,
      shownOf,
      of,
      areUsed,
      missingOf,
      missingAmong,
      wasChanged,
      changesBy,
      unfinished,
    },
    ...createDenyPayees(deps),
    rekey: createRekeyPayees({ store, sealed, keyring }),
    /** The ids of keys without which something that is stored cannot be read. */
    lackingKeys: keyring.locked.lacking,
    verification: createPayeeVerification({ ...deps, sealed }),
  };
}

const BATCH = 1_000;
const CHANGES = ['payee.changed', 'payee.removed'];

function wordsOf(reason: RefusalCode, accountId: string): string {
  return reason === 'account_erased' ? `${accountId} is erased, and stays so` : refusalWords(reason);
}
