import { z } from 'zod';

import { written } from '../fields.ts';
import { eventsOut } from './eventsOut.ts';

const { amount, count, date, id, instant, text } = written;

export const COMMISSION_STATUSES = ['pending', 'approved', 'rejected', 'paid'] as const;
export const ITEM_KINDS = ['commission', 'adjustment', 'return'] as const;
export const PAYOUT_STATUSES = ['due', 'processing', 'paid', 'failed'] as const;

const commissionExample = {
  commissionId: 'pay-1',
  kind: 'commission' as const,
  affiliateId: 'kim',
  subscriptionId: 'sub-1',
  paymentId: 'pay-1',
  programId: 'default',
  amount: 300,
  status: 'pending' as const,
  paidAt: '2026-11-23T09:00:00.000Z',
  holdUntil: '2026-11-27T09:00:00.000Z',
  approvedAt: null,
  payoutId: null,
  payday: '2026-12-01',
  refundRequested: false,
};

export const commissionData = z
  .object({
    commissionId: id.meta({ description: 'Names the commission.', examples: ['pay-1'] }),
    kind: z.enum(ITEM_KINDS).meta({
      description:
        'Of the API alone also `adjustment`, a correction by hand, and `return`, what came back of a paid payout: these are of no sale, and the ids of subscription, charge and program are empty.',
      examples: ['commission'],
    }),
    affiliateId: id.meta({ description: 'Who earns it.', examples: ['kim'] }),
    subscriptionId: id.meta({ description: 'Of which subscription.', examples: ['sub-1'] }),
    paymentId: id.meta({ description: 'Of which charge.', examples: ['pay-1'] }),
    programId: id.meta({ description: 'By which terms.', examples: ['default'] }),
    amount: amount.meta({
      description: 'Can be negative in a reversal; of a rejected one what the whole charge would have paid.',
      examples: [300],
    }),
    status: z.enum(COMMISSION_STATUSES).meta({ description: 'The state it is in.', examples: ['pending'] }),
    paidAt: instant.meta({ description: 'When the charge was paid.', examples: ['2026-11-23T09:00:00.000Z'] }),
    holdUntil: instant.meta({
      description: 'A refund before it rejects or lowers the commission.',
      examples: ['2026-11-27T09:00:00.000Z'],
    }),
    approvedAt: instant.nullable().meta({ description: 'Null unless it is approved.', examples: [null] }),
    payoutId: id.nullable().meta({ description: 'The payout that pays it, or null.', examples: [null] }),
    payday: date.nullable().meta({
      description:
        'Of its payout, or else expected; null while a refund that was asked for is open, and of a rejected one.',
      examples: ['2026-12-16'],
    }),
    refundRequested: z.boolean().meta({
      description: 'It waits for what becomes of a refund that was asked for.',
      examples: [false],
    }),
    reverses: id
      .optional()
      .meta({ description: 'Only of a reversal: the commission that it corrects.', examples: ['pay-1'] }),
    rejectedFor: z
      .enum(['refunded', 'cancelled-in-trial'])
      .optional()
      .meta({
        description: 'Only of a rejected one: why.',
        examples: ['refunded'],
      }),
  })
  .meta({ id: 'CommissionState', examples: [commissionExample] });

export const COMMISSIONS_OUT = eventsOut({
  title: 'commissions',
  subject: 'affiliate:kim',
  about:
    '`data` is the commission as `GET /v1/commissions/{id}` answers it, without `affiliateName`, and `payoutId` is always null:',
  data: commissionData,
  example: commissionExample,
  types: {
    'commission.pending': {
      when: 'it is new, its amount has changed in the hold, or a refund of it was asked for or declined',
    },
    'commission.approved': {
      when: 'it is firm, or was corrected since',
      example: { status: 'approved', approvedAt: '2026-11-27T09:00:00.000Z' },
    },
    'commission.rejected': {
      when: 'it pays nothing',
      example: { status: 'rejected', payday: null, rejectedFor: 'refunded' },
    },
  },
});

export const payoutExample = {
  payoutId: '2026-04-01:kim',
  cycle: '2026-04-01',
  carriedTo: null,
  accountId: 'kim',
  amount: 16_550,
  parts: { commissions: 12_000, earnings: 4_550 },
  status: 'due' as const,
  count: 40,
  drawnAt: '2026-04-01T00:00:00.000Z',
  processingAt: null,
  endedAt: null,
  reference: null,
  reason: null,
  returned: null,
};

export const payoutData = z
  .object({
    payoutId: id.meta({ description: 'Payday and account.', examples: ['2026-04-01:kim'] }),
    cycle: date.meta({ description: 'The payday.' }),
    carriedTo: date.nullable().meta({
      description: 'The later payday whose batch pays it, because it was held or excluded; null: its own.',
      examples: [null],
    }),
    accountId: id.meta({ description: 'Who is paid.', examples: ['kim'] }),
    amount: amount.meta({ description: 'What is to be transferred.', examples: [16_550] }),
    parts: z
      .object({
        commissions: amount.meta({ description: 'Approved commissions.', examples: [12_000] }),
        earnings: amount.meta({ description: 'What the account earned as a marketer.', examples: [4_550] }),
      })
      .meta({ description: 'What the amount is made of.' }),
    status: z.enum(PAYOUT_STATUSES).meta({ description: 'The state it is in.', examples: ['due'] }),
    count: count('commissions').meta({ description: 'How many it pays.', examples: [40] }),
    drawnAt: instant.meta({ description: 'When it was generated.', examples: ['2026-04-01T00:00:00.000Z'] }),
    processingAt: instant.nullable().meta({ description: 'Being transferred since then, or null.', examples: [null] }),
    endedAt: instant
      .nullable()
      .meta({ description: 'When it was paid, or failed; null until then.', examples: [null] }),
    reference: text.nullable().meta({ description: 'Of the transfer, or null.', examples: [null] }),
    reason: text.nullable().meta({ description: 'Why it failed, or null.', examples: [null] }),
    number: text.optional().meta({
      description:
        'Of its statement, in answers of the API: given once it is paid, in its series and year without a gap.',
      examples: ['SB-2026-000001'],
    }),
    returned: z
      .object({
        at: instant.meta({ description: 'When it came back.', examples: ['2026-04-04T09:00:00.000Z'] }),
        reference: text.nullable().meta({ description: 'Of the return, or null.', examples: [null] }),
        reason: text.nullable().meta({ description: 'Why, or null.', examples: ['Account closed'] }),
      })
      .nullable()
      .meta({
        description: 'That the bank gave it back after it was paid; null while it did not. The payout stays `paid`.',
        examples: [null],
      }),
  })
  .meta({ id: 'PayoutState', examples: [payoutExample] });

const holdExample = {
  accountId: 'kim',
  payoutId: '2026-04-01:kim',
  until: '2026-04-05T00:00:00.000Z',
  reason: 'The bank details are being checked',
  by: 'olga',
  at: '2026-04-02T09:00:00.000Z',
  payouts: [{ payoutId: '2026-04-01:kim', amount: 16_550 }],
};

const holdData = z
  .object({
    accountId: id.meta({ description: 'Whose payouts.', examples: ['kim'] }),
    payoutId: id
      .nullable()
      .meta({ description: 'Which payout; null: all of the account.', examples: ['2026-04-01:kim'] }),
    until: instant.meta({ description: 'When the hold ends by itself.', examples: ['2026-04-05T00:00:00.000Z'] }),
    reason: text.meta({
      description: 'Why it is held, or released.',
      examples: ['The bank details are being checked'],
    }),
    by: text.meta({ description: 'Who did it.', examples: ['olga'] }),
    at: instant.meta({ description: 'When it was done.', examples: ['2026-04-02T09:00:00.000Z'] }),
    payouts: z
      .array(
        z.object({
          payoutId: id.meta({ description: 'Payday and account.', examples: ['2026-04-01:kim'] }),
          amount: amount.meta({ description: 'What is not transferred for now.', examples: [16_550] }),
        }),
      )
      .meta({ description: 'Those that are due and concerned now, 100 at most.' }),
  })
  .meta({ id: 'PayoutHold', examples: [holdExample] });

export const HOLDS_OUT = eventsOut({
  title: 'holds on payouts',
  subject: 'affiliate:kim',
  about: '`data` is the hold; see [paydays](paydays.md#holds):',
  data: holdData,
  example: holdExample,
  types: {
    'payout.held': { when: 'a payout, or all payouts of an account, are held until an instant: transfer none of them' },
    'payout.released': { when: 'a hold was ended before its time; one that ends at its instant is not told again' },
  },
});

export const PAYOUTS_OUT = eventsOut({
  title: 'payouts',
  subject: 'affiliate:kim',
  about: '`data` is the payout as `GET /v1/payouts/{id}` answers it, without `name`, `items` and `held`:',
  data: payoutData,
  example: payoutExample,
  types: {
    'payout.due': { when: 'it is generated, and to be transferred: send `payout.settled` or `payout.failed` back' },
    'payout.settled': {
      when: 'it is paid',
      example: { status: 'paid', endedAt: '2026-04-02T09:00:00.000Z', reference: 'SEPA-2026-0417' },
    },
    'payout.failed': {
      when: 'it has failed; its amount goes into a later one',
      example: { status: 'failed', endedAt: '2026-04-02T09:00:00.000Z', reason: 'Account closed' },
    },
    'payout.returned': {
      when: 'the bank gave it back after it was paid; it stays paid, and its amount goes into the next one',
      example: {
        ...{ status: 'paid', endedAt: '2026-04-02T09:00:00.000Z', reference: 'SEPA-2026-0417' },
        returned: { at: '2026-04-04T09:00:00.000Z', reference: null, reason: 'Account closed' },
      },
    },
  },
});
