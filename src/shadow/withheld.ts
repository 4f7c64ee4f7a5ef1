import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { chunksOf } from '../kernel/group.ts';
import { WARNINGS } from '../notices/messages/traits.ts';
import type { Notice } from '../notices/notices.ts';
import type { OutgoingMessage, OutgoingType } from '../outgoing/outgoing.ts';
import type { ShadowStore, Withheld } from './store.ts';

const BATCH = 1_000;

export type WithheldMessages = ReturnType<typeof createWithheldMessages>;

/**
 * What a service in shadow would have sent (docs/shadow.md). Only what it was about is stored, and nothing that could be sent
 * later: so switching the shadow off pours nothing out.
 */
export function createWithheldMessages({ withheld }: Pick<ShadowStore, 'withheld'>) {
  async function store(list: Withheld[]): Promise<void> {
    for (const batch of chunksOf(list, BATCH)) await insertIgnoringDuplicates(withheld, batch, durable(withheld));
  }

  /** When the first warning about each of these subjects would have been sent; those without one are not in it. */
  async function warnedAt(subjects: string[]): Promise<Map<string, Date>> {
    const rows = withheld.aggregate<{ _id: string; at: Date }>([
      { $match: { subject: { $in: subjects }, type: { $in: WARNINGS }, kind: 'message' } },
      { $group: { _id: '$subject', at: { $min: '$at' } } },
    ]);
    return new Map((await rows.toArray()).map(({ _id, at }) => [_id, at]));
  }

  /** Webhooks of some types, in the order in which they would have been sent. */
  function webhooks(types: readonly OutgoingType[]): AsyncIterable<Withheld> {
    return withheld.find({ kind: 'webhook', type: { $in: [...types] } }).sort({ at: 1, _id: 1 });
  }

  return {
    webhooksOut: (list: OutgoingMessage[]) => store(list.map(withheldWebhook)),
    notices: (list: Notice[]) => store(list.map(withheldNotice)),
    warnedAt,
    webhooks,
  };
}

function withheldWebhook({ key, type, subject, at, data }: OutgoingMessage): Withheld {
  // Invoices and payouts have a total, commissions and charges an amount.
  const amount = 'total' in data ? data.total : 'amount' in data ? data.amount : undefined;
  return {
    ...{ _id: `webhook:${key}`, kind: 'webhook', type, subject, at },
    ...(typeof amount === 'number' ? { amount } : {}),
  };
}

function withheldNotice({ key, kind: type, accountId, subject = `account:${accountId}`, at }: Notice): Withheld {
  return { _id: `message:${key}`, kind: 'message', type, subject, at };
}
