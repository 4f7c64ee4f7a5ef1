import type { RecordedAct, Trail } from '../../events/recordedAct.ts';
import { type AppliedChecks, isReadable, type ToldEvent, type ToldEvents } from '../../events/toldEvent.ts';
import { wordOf } from '../../events/verifyFacts.ts';
import { linesOnAll } from '../../kernel/lines.ts';
import { type Entry, hashOfDraft } from '../../ledger/entry.ts';
import type { Ledger } from '../../ledger/journal.ts';
import { isErasedText, mayBeSame } from '../../privacy/texts.ts';
import { returnedEntry } from '../entries.ts';
import { returnItemId } from '../items.ts';
import type { AffiliateStore, ReturnedPayout, StoredCommission } from '../store.ts';

const BATCH = 500;

/** What came back of paid payouts is what somebody said, and the account's again, once (rules 6.9); in both directions. */
export function createReturnVerification({
  store,
  ledger,
}: {
  store: Pick<AffiliateStore, 'payouts' | 'commissions'>;
  ledger: Pick<Ledger, 'entriesById'>;
}) {
  /** A line for each payout that came back, and not as its record, its entry or its item say. */
  async function facts({ events, trail }: { events: ToldEvents; trail: Pick<Trail, 'byKey'> }): Promise<string[]> {
    const returned = store.payouts.find<ReturnedPayout>({
      returned: { $exists: true },
      returnPending: { $exists: false },
    });
    return linesOnAll(
      returned,
      BATCH,
      ({ _id }) => `payout ${_id}`,
      async (batch) => {
        const acts = await trail.byKey(batch.map(({ _id }) => keyOf(_id)));
        const entries = await ledger.entriesById(batch.map((payout) => returnedEntry(payout).entryId));
        const told = await events.byId(batch.flatMap(({ returned: { eventId } }) => eventId ?? []));
        const itemIds = batch.map(({ _id }) => returnItemId(_id));
        const found = await store.commissions.find({ _id: { $in: itemIds } }).toArray();
        const items = new Map(found.map((item) => [item._id, item]));
        return batch.flatMap((payout) => [
          ...actDifferences(payout, acts.get(keyOf(payout._id))),
          ...moneyDifferences(payout, entries, items.get(returnItemId(payout._id))),
          ...eventDifferences(payout, told),
        ]);
      },
    );
  }

  /** A line for each of these payouts that did not come back, though somebody, or an event, said so. */
  async function missing(said: { payoutId: string; by: string }[]): Promise<string[]> {
    const ids = [...new Set(said.map(({ payoutId }) => payoutId))];
    const found = await store.payouts.find({ _id: { $in: ids }, returned: { $exists: true } }).toArray();
    const returned = new Set(found.map(({ _id }) => _id));
    return said
      .filter(({ payoutId }) => !returned.has(payoutId))
      .map(({ payoutId, by }) => `payout ${payoutId} did not come back, but ${by}`);
  }

  const applied: AppliedChecks = {
    'payout.returned': (events) =>
      missing(
        events.map(({ eventId, data: { payoutId } }) => ({
          ...{ payoutId, by: `event ${eventId}, which was applied, says so` },
        })),
      ),
  };

  const acts = {
    'payout.returned': (batch: RecordedAct[]) =>
      missing(
        batch.map(({ subject, actor, action, at }) => ({
          ...{ payoutId: subject.slice('payout:'.length), by: `${actor} did ${action} on ${wordOf(at)}` },
        })),
      ),
  };

  return { facts, applied, acts };
}

function keyOf(payoutId: string): string {
  return `payout:${payoutId}:returned`;
}

function actDifferences({ _id, returned }: ReturnedPayout, record: RecordedAct | undefined): string[] {
  const name = `payout ${_id} came back`;
  if (record === undefined) return [`${name}, and the audit trail says nobody said so`];
  const { actor, at, reason, reference } = returned;
  const isSaid = record.actor === actor && wordOf(record.at) === wordOf(at);
  const said = record.reason;
  return [
    ...(isSaid
      ? []
      : [
          `${name} by ${wordOf(actor)} on ${wordOf(at)}, and the audit trail says by ${record.actor} on ${wordOf(record.at)}`,
        ]),
    ...(said === undefined || [reason, reference].some((given) => mayBeSame(given, said))
      ? []
      : [`${name} for ${wordOf(reason ?? reference)}, and the audit trail says for ${wordOf(said)}`]),
  ];
}

function moneyDifferences(
  payout: ReturnedPayout,
  entries: Map<string, Entry>,
  item: StoredCommission | undefined,
): string[] {
  const { _id, status, parts, accountId } = payout;
  const draft = returnedEntry(payout);
  const { commissions } = parts;
  const isItem = item?.kind === 'return' && item.amount === commissions && item.affiliateId === accountId;
  return [
    ...(status === 'paid' ? [] : [`payout ${_id} came back, and is ${status}`]),
    ...(entries.get(draft.entryId)?.hash === hashOfDraft(draft)
      ? []
      : [`payout ${_id} came back, but its amount did not return to the balance`]),
    ...(commissions === 0 || isItem
      ? []
      : [
          `payout ${_id} came back, but ${commissions} of commissions are no item for the next payday: ${item?.amount ?? 'none'}`,
        ]),
  ];
}

function eventDifferences({ _id, returned }: ReturnedPayout, told: Map<string, ToldEvent>): string[] {
  const { eventId, at, reference } = returned;
  if (eventId === undefined) return [];
  const event = told.get(eventId);
  if (event === undefined) return [`payout ${_id} came back by event ${eventId}, which never came in`];
  if (event.type !== 'payout.returned') return [`payout ${_id} came back by event ${eventId}, which is ${event.type}`];
  if (!isReadable(event, 'payout.returned')) return [];
  const { data } = event;
  const isSame = data.payoutId === _id && wordOf(at) === wordOf(data.at);
  // Of somebody who is erased nothing is stored that was said.
  const isSaid = reference === undefined || isErasedText(reference) || reference === data.reference;
  return isSame && isSaid ? [] : [`payout ${_id} came back on ${wordOf(at)}, and event ${eventId} says otherwise`];
}
