import { instantSchema, payoutIdSchema, reasonSchema } from '../fields.ts';
import { eventIn } from './eventIn.ts';

const payoutId = payoutIdSchema.meta({ description: 'Of a known payout; while there is none the event waits for it.' });
const reference = reasonSchema.optional().meta({
  description: "Such as the bank's; it is stored, shown, and printed on the statement.",
  'x-default': 'none',
  examples: ['SEPA-2026-0417'],
});
const reason = reasonSchema.optional().meta({
  description: 'Why; the payee reads it.',
  'x-default': 'none',
  examples: ['Account closed'],
});

export const PAYOUTS_IN = {
  'payout.settled': eventIn({
    effect:
      'The money has been transferred. A payout that has failed already is not settled: the event is quarantined.',
    fields: { payoutId, reference, at: instantSchema.meta({ description: 'When it was transferred.' }) },
    example: { payoutId: '2026-04-01:kim', reference: 'SEPA-2026-0417', at: '2026-04-02T09:00:00Z' },
  }),
  'payout.failed': eventIn({
    effect: `The transfer failed: the amount returns to the balance and goes into a later payout. For a payout that is paid already the event is
quarantined.`,
    fields: {
      payoutId,
      reference,
      reason,
      at: instantSchema.meta({ description: 'When it failed.' }),
    },
    example: { payoutId: '2026-04-01:kim', reason: 'Account closed', at: '2026-04-02T09:00:00Z' },
  }),
  'payout.returned': eventIn({
    effect: `The bank gave back what was paid: the payout stays paid, and its amount is the account's again and goes into the next payout. The
event waits until the payout is paid; for one that has failed, whose amount returned then, it is quarantined.`,
    fields: {
      payoutId: payoutIdSchema.meta({ description: 'Of a paid payout; until it is paid the event waits for that.' }),
      reference: reference.meta({ examples: ['RET-2026-0031'] }),
      reason,
      at: instantSchema.meta({ description: 'When it came back.' }),
    },
    example: { payoutId: '2026-04-01:kim', reason: 'Account closed', at: '2026-04-04T09:00:00Z' },
  }),
};
