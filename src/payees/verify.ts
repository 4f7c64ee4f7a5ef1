import { isDeepStrictEqual } from 'node:util';

import type { Accounts } from '../accounts/accounts.ts';
import type { RecordedAct, Trail } from '../events/recordedAct.ts';
import { type AppliedChecks, isReadable, type ToldEvent, type ToldEvents } from '../events/toldEvent.ts';
import { linesOnAll } from '../kernel/lines.ts';
import type { Keyring } from '../privacy/keyring.ts';
import { isLater } from './changePayees.ts';
import { changeKey } from './followPayees.ts';
import { type MaskedPayee, masked, payeeOf } from './payee.ts';
import type { Opened, SealedPayees } from './sealedPayee.ts';
import type { PayeeDocument, PayeeStore } from './store.ts';

const BATCH = 500;

/** What `verify` compares of payees. No line repeats what a payee says. */
export function createPayeeVerification(deps: {
  store: PayeeStore;
  sealed: SealedPayees;
  keyring: Pick<Keyring, 'locked'>;
  accounts: Pick<Accounts, 'getMany'>;
}) {
  const { payees } = deps.store;

  /** A line for each payee that cannot be read, or is not what the event or the act says that it names. */
  async function facts(events: ToldEvents, trail: Pick<Trail, 'byKey'>): Promise<string[]> {
    const nameOf = ({ _id }: PayeeDocument) => `payees/${_id}`;
    const lines = await linesOnAll(payees.find().sort({ _id: 1 }), BATCH, nameOf, async (batch) => {
      const [opened, told, acts] = await Promise.all([
        deps.sealed.open(batch),
        events.byId(batch.map(({ versionId }) => versionId).filter((id) => !id.startsWith('~'))),
        trail.byKey(batch.map(changeKey)),
      ]);
      const names = await keyNames(opened);
      return batch.flatMap((document) => {
        const one = opened.get(document._id);
        return [
          ...contentLines(document, one, names),
          ...eventLines(document, one, told.get(document.versionId)),
          ...(document.pending === undefined ? actLines(document, acts.get(changeKey(document))) : []),
        ];
      });
    });
    return [...lines, ...(await deps.keyring.locked.verify())];
  }

  async function keyNames(opened: ReadonlyMap<string, Opened>): Promise<Map<string, string>> {
    const locked = [...opened.values()].flatMap((one) => (one.kind === 'locked' ? [one.secretId] : []));
    return locked.length === 0 ? new Map() : deps.keyring.locked.keysOf(locked);
  }

  const applied: AppliedChecks = {
    'payee.updated': async (events) => {
      const found = await payees.find({ _id: { $in: events.map(({ data }) => data.accountId) } }).toArray();
      const byId = new Map(found.map((document) => [document._id, document]));
      return events.flatMap(({ eventId, timestamp, data: { accountId } }) => {
        const document = byId.get(accountId);
        if (document === undefined) return [`payees/${accountId} is missing, though event ${eventId} was applied`];
        return isLater({ at: timestamp, id: eventId }, document)
          ? [`payees/${accountId}: event ${eventId} is a later version than the one that holds`]
          : [];
      });
    },
  };

  /** A line for each change on record that the payee is behind: it was put back to an earlier one. */
  async function isBehind(acts: RecordedAct[]): Promise<string[]> {
    const ids = acts.map(({ subject }) => subject.slice('account:'.length));
    const [found, accounts] = await Promise.all([
      payees.find({ _id: { $in: ids } }, { projection: { number: 1 } }).toArray(),
      deps.accounts.getMany(ids),
    ]);
    const numbers = new Map(found.map(({ _id, number }) => [_id, number]));
    return acts.flatMap(({ key }, index) => {
      const id = ids[index] ?? '';
      const number = Number(key.slice(key.lastIndexOf(':') + 1));
      if (accounts.get(id)?.isErased === true || (numbers.get(id) ?? 0) >= number) return [];
      return [`payees/${id}: version ${number} is on record, and it is not there`];
    });
  }

  const acts = { 'payee.changed': isBehind, 'payee.removed': isBehind };

  return { facts, applied, acts };
}

function contentLines(
  { _id, shown, encrypted }: PayeeDocument,
  opened: Opened | undefined,
  names: ReadonlyMap<string, string>,
): string[] {
  const where = `payees/${_id}`;
  if (opened === undefined) {
    return (shown === undefined) === (encrypted === undefined) ? [] : [`${where}: what is shown has nothing behind it`];
  }
  switch (opened.kind) {
    case 'locked':
      return [
        `${where}: it needs the key ${names.get(opened.secretId) ?? 'that is lost'}, which PAYEE_KEYS does not name`,
      ];
    case 'erased':
      return [`${where}: nobody can read it, and it was not deleted`];
    case 'altered':
      return [`${where}: it is not what was stored`];
    case 'readable':
      return isDeepStrictEqual(masked(opened.payee), plain(shown))
        ? []
        : [`${where}: what is shown is not what it says`];
  }
}

function eventLines(
  { _id, versionId, at }: PayeeDocument,
  opened: Opened | undefined,
  event: ToldEvent | undefined,
): string[] {
  if (versionId.startsWith('~')) return [];
  const where = `payees/${_id}`;
  if (event === undefined) return [`${where} names event ${versionId}, which never came in`];
  if (event.type !== 'payee.updated') return [`${where} names event ${versionId}, which is ${event.type}`];
  if (!isReadable(event, 'payee.updated')) return [];
  if (event.data.accountId !== _id)
    return [`${where} names event ${versionId}, which is about ${event.data.accountId}`];
  const isTimely = event.timestamp.getTime() === at.getTime();
  const isSame = opened?.kind !== 'readable' || isDeepStrictEqual(payeeOf(event.data), opened.payee);
  return isTimely && isSame ? [] : [`${where} is not what event ${versionId} says`];
}

/** The trail has every change, as it may be shown. */
function actLines(document: PayeeDocument, act: RecordedAct | undefined): string[] {
  const where = `payees/${document._id}`;
  if (act === undefined) return [`${where}: nobody is on record for version ${document.number}`];
  const { actor, action, after } = act;
  const { shown } = document;
  const wanted = shown === undefined ? 'payee.removed' : 'payee.changed';
  const said = shown === undefined ? undefined : plain(after as MaskedPayee | undefined);
  const isSame = action === wanted && actor === document.actor && isDeepStrictEqual(said, plain(shown));
  return isSame ? [] : [`${where}: version ${document.number} is not what is on record`];
}

function plain(shown: MaskedPayee | undefined): MaskedPayee | undefined {
  return shown === undefined ? undefined : { method: shown.method, masked: shown.masked };
}
