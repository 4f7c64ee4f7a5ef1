import { durable } from '../database/durable.ts';
import { inBatches } from '../kernel/group.ts';
import type { Keyring } from '../privacy/keyring.ts';
import type { SealedPayees } from './sealedPayee.ts';
import type { PayeeDocument, PayeeStore } from './store.ts';

const BATCH = 500;

/**
 * What was encrypted anew: payees, and secrets of those before. `lacking`: the ids of keys that are still needed and not named;
 * `unread`: payees that could not be read, and are as they were.
 */
export type Rekeyed = { payees: number; secrets: number; unread: number; lacking: string[] };

/**
 * Encrypts everything with the first key of PAYEE_KEYS: payees with its secret, and the secrets of all other keys with itself, so that
 * none but the first is needed any more. Does nothing where it ran before; a killed run goes on when it is called again.
 */
export function createRekeyPayees(deps: {
  store: PayeeStore;
  sealed: SealedPayees;
  keyring: Pick<Keyring, 'locked' | 'canLock'>;
}) {
  const { payees } = deps.store;

  return async function rekey(): Promise<Rekeyed | 'off'> {
    if (!(await deps.keyring.canLock())) return 'off';
    const count = { payees: 0, unread: 0 };
    for await (const batch of inBatches(payees.find({ encrypted: { $exists: true } }), BATCH)) {
      const opened = await deps.sealed.open(batch);
      for (const document of batch) {
        if (!(await deps.sealed.isOld(document))) continue;
        const one = opened.get(document._id);
        if (one?.kind !== 'readable') count.unread += 1;
        else if (await replace(document, one.payee)) count.payees += 1;
      }
    }
    const secrets = await deps.keyring.locked.relock();
    return { ...count, secrets, lacking: await deps.keyring.locked.lacking() };
  };

  /** Unless it was changed meanwhile: then it is encrypted with the first key already. */
  async function replace({ _id, number, keys = [] }: PayeeDocument, payee: Parameters<SealedPayees['seal']>[1]) {
    const fresh = await deps.sealed.seal(_id, payee);
    const { modifiedCount } = await payees.updateOne({ _id, number, keys }, { $set: fresh }, durable(payees));
    return modifiedCount === 1;
  }
}
