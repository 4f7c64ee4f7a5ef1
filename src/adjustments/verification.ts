import type { RecordedAct, Trail } from '../events/recordedAct.ts';
import { wordOf } from '../events/verifyFacts.ts';
import { linesOnAll } from '../kernel/lines.ts';
import type { Entry } from '../ledger/entry.ts';
import { entryDifferences } from '../ledger/entryDifferences.ts';
import type { Ledger } from '../ledger/journal.ts';
import { mayBeSame, type Texts } from '../privacy/texts.ts';
import { madeEntry, refusedEntry } from './entries.ts';
import { type AdjustmentStore, COLLECTION, type StoredAdjustment } from './store.ts';

const BATCH = 500;

/** Adjustments, their ledger entries and the acts of people that they come of, compared in every direction (rules 6.8). */
export function createAdjustmentVerification(deps: {
  store: AdjustmentStore;
  texts: Pick<Texts, 'reveal'>;
  ledger: Pick<Ledger, 'entriesById'>;
}) {
  const { store } = deps;

  /** A line for each adjustment that moved nothing, or something else, or that nobody made. */
  async function facts(trail: Pick<Trail, 'byKey'>): Promise<string[]> {
    return linesOnAll(
      store.find({ effectsPending: { $exists: false } }),
      BATCH,
      ({ _id }) => `adjustment ${_id}`,
      async (stored) => {
        const batch = await deps.texts.reveal(COLLECTION, stored);
        const entries = await deps.ledger.entriesById(batch.map((one) => entryOf(one).entryId));
        const acts = await trail.byKey(batch.map(({ _id }) => keyOf(_id)));
        return batch.flatMap((one) => [
          ...moneyDifferences(one, entries),
          ...(one.state === 'made' ? actDifferences(one, acts.get(keyOf(one._id))) : []),
        ]);
      },
    );
  }

  /** A line for each entry that no adjustment stands behind, or that moves other money. */
  async function entries(batch: Entry[]): Promise<string[]> {
    const ids = batch.map(({ _id }) => adjustmentOf(_id));
    const found = await byId(ids);
    return batch.flatMap((entry) => {
      const where = `ledger_entries/${entry._id}`;
      const adjustment = found.get(adjustmentOf(entry._id));
      if (adjustment === undefined) return [`${where}: there is no adjustment ${adjustmentOf(entry._id)}`];
      const draft = [madeEntry(adjustment), refusedEntry(adjustment)].find(({ entryId }) => entryId === entry._id);
      const isOther = adjustment.state !== 'asked' && draft?.entryId !== entryOf(adjustment).entryId;
      if (draft === undefined || isOther)
        return [`${where}: the adjustment is ${adjustment.state}, and moves nothing so`];
      return entryDifferences(entry, draft);
    });
  }

  /** A line for each act of a person that no adjustment came of, or another one. */
  async function made(batch: RecordedAct[]): Promise<string[]> {
    const said = batch.map((act) => ({ act, after: saidOf(act) }));
    const found = await byId(said.map(({ after }) => after.adjustmentId));
    return said.flatMap(({ act, after }) => {
      const adjustment = found.get(after.adjustmentId);
      if (adjustment !== undefined && adjustment.state !== 'refused') return [];
      const is = adjustment?.state ?? 'missing';
      return [`adjustment ${after.adjustmentId} is ${is}, but ${act.actor} made it on ${wordOf(act.at)}`];
    });
  }

  async function byId(ids: string[]): Promise<Map<string, StoredAdjustment>> {
    const found = await store.find({ _id: { $in: [...new Set(ids)] } }).toArray();
    return new Map(found.map((one) => [one._id, one]));
  }

  return { facts, entries: { adjustment: entries }, acts: { 'adjustment.made': made } };
}

function entryOf(adjustment: StoredAdjustment) {
  return adjustment.state === 'refused' ? refusedEntry(adjustment) : madeEntry(adjustment);
}

function moneyDifferences(adjustment: StoredAdjustment, entries: Map<string, Entry>): string[] {
  const { _id, account, accountId, amount, state } = adjustment;
  const draft = entryOf(adjustment);
  const entry = entries.get(draft.entryId);
  if (entry === undefined) {
    return [`adjustment ${_id} of ${account} by ${amount} is ${state}, and ledger_entries/${draft.entryId} is missing`];
  }
  const isOf = account.slice(account.indexOf(':') + 1) === accountId;
  return [
    ...entryDifferences(entry, draft),
    ...(isOf ? [] : [`adjustment ${_id} is of ${account}, and says that this is ${accountId}'s`]),
  ];
}

function actDifferences(adjustment: StoredAdjustment, record: RecordedAct | undefined): string[] {
  const { _id, account, amount, actor, at, reason } = adjustment;
  const name = `adjustment ${_id} of ${account} by ${amount}`;
  if (record === undefined) return [`${name} was made, and the audit trail says nobody made it`];
  const said = saidOf(record);
  const isSame =
    said.account === account && said.amount === amount && record.actor === actor && wordOf(record.at) === wordOf(at);
  return [
    ...(isSame
      ? []
      : [
          `${name} was made by ${wordOf(actor)} on ${wordOf(at)}, and the audit trail says ${wordOf(said.account)} by ${wordOf(said.amount)}, by ${record.actor} on ${wordOf(record.at)}`,
        ]),
    ...(mayBeSame(reason, record.reason)
      ? []
      : [`${name} was made for ${wordOf(reason)}, and the audit trail says for ${wordOf(record.reason)}`]),
  ];
}

function saidOf({ after }: RecordedAct): { adjustmentId: string; account?: unknown; amount?: unknown } {
  const said = typeof after === 'object' && after !== null ? after : {};
  return { adjustmentId: '', ...said };
}

function keyOf(adjustmentId: string): string {
  return `adjustment:${adjustmentId}`;
}

function adjustmentOf(entryId: string): string {
  return /^adjustment:([^:]+)(:refused)?$/.exec(entryId)?.[1] ?? entryId;
}
