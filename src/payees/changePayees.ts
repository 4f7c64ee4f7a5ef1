import { isDeepStrictEqual } from 'node:util';

import type { Accounts } from '../accounts/accounts.ts';
import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import type { Refused } from '../kernel/refusals.ts';
import type { Keyring } from '../privacy/keyring.ts';
import type { FollowPayees } from './followPayees.ts';
import { masked, type Payee } from './payee.ts';
import type { SealedPayees } from './sealedPayee.ts';
import type { PayeeDocument, PayeeStore } from './store.ts';

/** Which version holds: the latest, and of equally late ones the one with the greater id (rules 0). */
type Version = { at: Date; id: string };

/** What is to hold from now on; null: nothing, the payee is removed. Without a version it is a call, which comes after whatever holds. */
export type PayeeChange = {
  accountId: string;
  payee: Payee | null;
  version?: Version;
  actor: string;
  reason?: string | undefined;
};

export type PayeeOutcome =
  | { kind: 'done'; number: number }
  /** It is as wanted already, or a later version holds. */
  | { kind: 'already' }
  | { kind: 'not-found' }
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

  /** Also tells what would be: `simulated` writes nothing. */
  async function change(wanted: PayeeChange, now: Date, simulated = false): Promise<PayeeOutcome> {
    const { accountId, payee } = wanted;
    const account = await deps.accounts.get(accountId);
    if (account === null) return { kind: 'not-found' };
    if (account.isErased === true) return { kind: 'refused', state: 'erased', reason: 'account_erased' };
    if (payee !== null && !(await deps.keyring.canLock())) return { kind: 'refused', state: 'off', reason: 'payees_off' };
    for (;;) {
      const current = await payees.findOne({ _id: accountId });
      if (current?.pending !== undefined) {
        if (simulated) return { kind: 'already' };
        await deps.follow(current);
        continue;
      }
      const version = wanted.version ?? versionAfter(current, now);
      if (current !== null && !isLater(version, current)) return { kind: 'already' };
      if (payee === null && current?.shown === undefined) return { kind: 'not-found' };
      const isSame = current !== null && (await isSamePayee(current, payee));
      if (simulated || (isSame && wanted.version === undefined)) {
        return isSame ? { kind: 'already' } : { kind: 'done', number: (current?.number ?? 0) + 1 };
      }
      const next = isSame ? { ...current, at: version.at, versionId: version.id } : await changed(wanted, version, current, now);
      if (!(await put(next, current))) continue;
      if (isSame) return { kind: 'already' };
      await deps.follow(next);
      return { kind: 'done', number: next.number };
    }
  }

  async function isSamePayee(current: PayeeDocument, payee: Payee | null): Promise<boolean> {
    if (payee === null || current.encrypted === undefined) return payee === null && current.encrypted === undefined;
    const opened = (await deps.sealed.open([current])).get(current._id);
    return opened?.kind === 'readable' && isDeepStrictEqual(opened.payee, payee);
  }

  async function changed(
    { accountId, payee, actor, reason }: PayeeChange,
    { at, id }: Version,
    current: PayeeDocument | null,
    now: Date,
  ): Promise<PayeeDocument> {
    const isFirst = current === null;
    const pending = { before: current?.shown ?? null, isFirst, ...(reason === undefined ? {} : { reason }) };
    const number = (current?.number ?? 0) + 1;
    const document = { _id: accountId, number, at, versionId: id, changedAt: now, actor, pending };
    if (payee === null) return document;
    return { ...document, shown: masked(payee), ...(await deps.sealed.seal(accountId, payee)) };
  }

  /** False when another change came first. */
  async function put(next: PayeeDocument, current: PayeeDocument | null): Promise<boolean> {
    if (current === null) return (await unlessDuplicate(payees.insertOne(next, durable(payees)))) !== null;
    const { _id, number, versionId } = current;
    const asRead = { _id, number, versionId, pending: { $exists: false } };
    const { matchedCount } = await payees.replaceOne(asRead, next, durable(payees));
    return matchedCount === 1;
  }

  return change;
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
