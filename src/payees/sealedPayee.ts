import { mongo } from 'mongoose';

import { ERASED, type HeldKeys, type Keyring, LOCKED, type Owner } from '../privacy/keyring.ts';
import { PAYEES } from '../privacy/lockedSecrets.ts';
import type { Payee } from './payee.ts';
import type { PayeeDocument } from './store.ts';

/** What is stored of a payee that cannot be read, and why: with which secret, by its id, it could be. */
export type Unreadable = { kind: 'locked'; secretId: string } | { kind: 'erased' } | { kind: 'altered' };
export type Opened = { kind: 'readable'; payee: Payee } | Unreadable;

type Encrypted = Required<Pick<PayeeDocument, 'encrypted' | 'keys'>>;
type Stored = Pick<PayeeDocument, '_id' | 'encrypted' | 'keys'>;

/** Payees as they are stored: encrypted with the secret of the account, and with one that only a key of the environment opens. */
export function createSealedPayees(keyring: Keyring) {
  async function seal(accountId: string, payee: Payee): Promise<Encrypted> {
    const owners = ownersOf(accountId);
    const { data, keys } = (await keyring.hold(owners)).encrypt(owners, placeOf(accountId), JSON.stringify(payee));
    return { encrypted: new mongo.Binary(data), keys };
  }

  /** Those that are there, by account. */
  async function open(documents: readonly Stored[]): Promise<Map<string, Opened>> {
    const stored = documents.filter(({ encrypted }) => encrypted !== undefined);
    const keys = await keyring.holdFor(stored.map((one) => ({ owners: ownersOf(one._id), keys: one.keys ?? [] })));
    return new Map(stored.map((document) => [document._id, openedWith(keys, document)]));
  }

  /** Whether this is encrypted with another secret than what is written now. */
  async function isOld({ keys }: Pick<PayeeDocument, 'keys'>): Promise<boolean> {
    return keys !== undefined && keys[1] !== (await keyring.hold([PAYEES])).idOf(PAYEES);
  }

  return { seal, open, isOld };
}

export type SealedPayees = ReturnType<typeof createSealedPayees>;

function openedWith(held: HeldKeys, { _id, encrypted, keys }: Stored): Opened {
  if (!(encrypted instanceof mongo.Binary) || !Array.isArray(keys)) return { kind: 'altered' };
  const opened = held.decrypt(ownersOf(_id), placeOf(_id), { data: encrypted.value(), keys });
  if (opened === LOCKED) return { kind: 'locked', secretId: keys[1] ?? '' };
  if (opened === ERASED) return { kind: 'erased' };
  // Sound because nobody else can have encrypted it.
  return opened === null ? { kind: 'altered' } : { kind: 'readable', payee: JSON.parse(opened.text) as Payee };
}

function ownersOf(accountId: string): Owner[] {
  return [`account:${accountId}`, PAYEES];
}

function placeOf(accountId: string): string {
  return `payees:${accountId}`;
}
