import { isDeepStrictEqual } from 'node:util';

import type { Accounts } from '../accounts/accounts.ts';
import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import type { Refused } from '../kernel/refusals.ts';
import type { Keyring } from '../privacy/keyring.ts';
import { type FollowPayees, holdEnd } from './followPayees.ts';
import { masked, type Payee } from './payee.ts';
import type { SealedPayees } from './sealedPayee.ts';
import type { PayeeDocument, PayeeStore } from './store.ts';

/** Which version holds: the latest, and of equally late ones the one with the greater id (rules 0). */
type Version = { at: Date; id: string };

/**
 * What is to hold from now on; `payee` null: nothing, it is removed. Without a `version` it is a call, which comes after whatever holds.
 * `simulated`: nothing is written.
 */
export type PayeeChange = {
  accountId: string;
  payee: Payee | null;
  version?: Version;
  actor: string;
  reason?: string | undefined;
  simulated?: boolean | undefined;
};

/** `document` is how it stands, or would; `already`: it is as wanted, or a later version holds. `heldUntil`: by this change. */
export type PayeeOutcome =
  | { kind: 'done'; document: PayeeDocument; heldUntil: Date | null }
  | { kind: 'already'; document: PayeeDocument }
  | { kind: 'no-account' | 'no-payee' }
  | Refused;

export type ChangePayees = ReturnType<typeof createChangePayees>;

/**
 * Changes how accounts are paid. A change is one write, with a mark of what it sets off; nothing else changes the document before that
 * is done. The same payee once more is no change, whatever its version.
 */
export function createChangePayees(deps: {
  store: PayeeStore;
  sealed: SealedPayees;
  keyring: Pick<Keyring, 'canLock'>;
  accounts: Pick<Accounts, 'get'>;
  follow: FollowPayees;
}) {
  const { payees } = deps.store;

  return async function change(wanted: PayeeChange, now: Date): Promise<PayeeOutcome> {
    const { accountId, payee, simulated = false } = wanted;
    const account = await deps.accounts.get(accountId);
    if (account === null) return { kind: 'no-account' };
    if (account.isErased === true) return { kind: 'refused', state: 'erased', reason: 'account_erased' };
    if (payee !== null && !(await deps.keyring.canLock()))
      return { kind: 'refused', state: 'off', reason: 'payees_off' };
    for (;;) {
      const current = await payees.findOne({ _id: accountId });
      if (current?.pending !== undefined && !simulated) {
        await deps.follow(current);
        continue;
      }
      const outcome = await changeFrom(current, wanted, now);
      if (outcome !== 'met-another') return outcome;
    }
  };

  async function changeFrom(
    current: PayeeDocument | null,
    wanted: PayeeChange,
    now: Date,
  ): Promise<PayeeOutcome | 'met-another'> {
    const { accountId, payee, version = versionAfter(current, now), simulated = false } = wanted;
    if (current !== null && !isLater(version, current)) return { kind: 'already', document: current };
    if (payee === null && current?.shown === undefined) return { kind: 'no-payee' };
    if (current !== null && (await isSame(current, payee))) {
      // An event that says the same is the version that holds from now on; a call has nothing to say.
      const document = { ...current, at: version.at, versionId: version.id };
      if (wanted.version !== undefined && !simulated && !(await put(document, current))) return 'met-another';
      return { kind: 'already', document };
    }
    const next = changed(wanted, version, current, now);
    const outcome = { kind: 'done' as const, document: next, heldUntil: holdEnd(next) };
    if (simulated) return outcome;
    const document = payee === null ? next : { ...next, ...(await deps.sealed.seal(accountId, payee)) };
    if (!(await put(document, current))) return 'met-another';
    await deps.follow(document);
    return outcome;
  }

  async function isSame(current: PayeeDocument, payee: Payee | null): Promise<boolean> {
    if (payee === null || current.encrypted === undefined) return payee === null && current.encrypted === undefined;
    const opened = (await deps.sealed.open([current])).get(current._id);
    return opened?.kind === 'readable' && isDeepStrictEqual(opened.payee, payee);
  }

  /** False when another change came first. */
  async function put(next: PayeeDocument, current: PayeeDocument | null): Promise<boolean> {
    if (current === null) return (await unlessDuplicate(payees.insertOne(next, durable(payees)))) !== null;
    const { _id, number, versionId } = current;
    const asRead = { _id, number, versionId, pending: { $exists: false } };
    const { matchedCount } = await payees.replaceOne(asRead, next, durable(payees));
    return matchedCount === 1;
  }
}

function changed(
  { accountId, payee, actor, reason }: PayeeChange,
  { at, id }: Version,
  current: PayeeDocument | null,
  now: Date,
): PayeeDocument {
  const why = reason === undefined ? {} : { reason };
  const pending = { before: current?.shown ?? null, isFirst: current === null, ...why };
  const number = (current?.number ?? 0) + 1;
  const document = { _id: accountId, number, at, versionId: id, changedAt: now, actor, pending };
  return payee === null ? document : { ...document, shown: masked(payee) };
}

export function isLater({ at, id }: Version, current: Pick<PayeeDocument, 'at' | 'versionId'>): boolean {
  const apart = at.getTime() - current.at.getTime();
  return apart !== 0 ? apart > 0 : id > current.versionId;
}

/** A call of the API is of its instant; where what holds is dated ahead, it comes right after that. */
function versionAfter(current: Pick<PayeeDocument, 'at'> | null, now: Date): Version {
  const at = current === null || current.at < now ? now : new Date(current.at.getTime() + 1);
  return { at, id: `~${at.toISOString()}` };
}
