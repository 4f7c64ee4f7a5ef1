import type { DataOf } from '../events/catalogue.ts';
import { type AppliedEvent, isReadable, type ToldEvent, type ToldEvents } from '../events/toldEvent.ts';
import type { Entry, EntryDraft } from './entry.ts';
import { entryDifferences } from './entryDifferences.ts';

type TopUp = { eventId: string; data: DataOf<'balance.topped_up'> };

/** A top-up takes effect when it is applied; the two clocks are read in one step, which a sleeping machine can stretch. */
const LONGEST_STEP_MS = 86_400_000;

/** Only a model has a balance to top up (rules 1.11). Money counts from its arrival, at the service's clock (rules 0). */
export function topUpEntry({ eventId, data: { topUpId, accountId, amount } }: TopUp, now: Date): EntryDraft {
  return {
    entryId: `topup:${topUpId}`,
    book: `model:${accountId}`,
    postings: [
      { account: 'world:topups', amount: -amount },
      { account: `model:${accountId}`, amount },
    ],
    eventId,
    effectiveAt: now,
  };
}

/** Compares the entries of top-ups with the events that told them, in both directions. */
export function createTopUpVerification(entriesById: (ids: string[]) => Promise<Map<string, Entry>>) {
  /** A line for each entry that no event tells so. */
  async function entries(batch: Entry[], events: ToldEvents): Promise<string[]> {
    const told = await events.byId(batch.flatMap(({ eventId }) => eventId ?? []));
    return batch.flatMap((entry) => topUpDifferences(entry, told.get(entry.eventId ?? '')));
  }

  /** A line for each event that brought nobody any money, or another amount. */
  async function applied(events: AppliedEvent<'balance.topped_up'>[]): Promise<string[]> {
    const wanted = events.map((event) => ({ event, draft: topUpEntry(event, event.receivedAt) }));
    const written = await entriesById(wanted.map(({ draft }) => draft.entryId));
    return wanted.flatMap(({ event, draft: { eventId: _, effectiveAt: __, ...draft } }) => {
      const entry = written.get(draft.entryId);
      const { accountId, amount } = event.data;
      if (entry === undefined) {
        return [
          `ledger_entries/${draft.entryId} is missing: event ${event.eventId} was applied, and brought ${accountId} ${amount}`,
        ];
      }
      // Of several events with one top-up the entry names the first, and is compared with that.
      return entry.eventId === event.eventId ? [] : entryDifferences(entry, draft);
    });
  }

  return { entries, applied };
}

function topUpDifferences(entry: Entry, event: ToldEvent | undefined): string[] {
  const where = `ledger_entries/${entry._id}`;
  const { eventId, effectiveAt, recordedAt } = entry;
  const gets = entry.postings.map(({ account, amount }) => `${account} gets ${amount}`).join(', ');
  if (eventId === undefined) return [`${where} names no event that it came of, and ${gets}`];
  if (event === undefined) return [`${where} names event ${eventId}, which never came in, and ${gets}`];
  if (event.type !== 'balance.topped_up') return [`${where} names event ${eventId}, which is ${event.type}`];
  if (!isReadable(event, 'balance.topped_up')) return [];
  const { effectiveAt: _, ...draft } = topUpEntry(event, effectiveAt);
  if (draft.entryId !== entry._id) return [`${where} names event ${eventId}, which tells of ${draft.entryId}`];
  const isTimely = Math.abs(effectiveAt.getTime() - recordedAt.getTime()) <= LONGEST_STEP_MS;
  return [
    ...entryDifferences(entry, draft),
    ...(isTimely
      ? []
      : [`${where}: effectiveAt is ${effectiveAt.toISOString()}, and it was recorded ${recordedAt.toISOString()}`]),
  ];
}
