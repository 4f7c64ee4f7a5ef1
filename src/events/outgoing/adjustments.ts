import { z } from 'zod';

import { written } from '../fields.ts';
import { eventsOut } from './eventsOut.ts';

const { amount, date, id, instant, text } = written;

const adjustmentFields = {
  adjustmentId: id.meta({ description: 'Names the adjustment.', examples: ['adj~q83vEjRWeJCrze8SNFZ4kA'] }),
  account: id.meta({ description: 'The ledger account.', examples: ['marketer:marco'] }),
  accountId: id.meta({ description: 'Whose it is.', examples: ['marco'] }),
  amount: amount.meta({ description: 'Below zero where it takes something away; never zero.', examples: [-1_500] }),
  reason: text.meta({ description: 'Why; the person reads it.', examples: ['Paid twice in March'] }),
  madeBy: text.meta({ description: 'The name of the API key, or the manager.', examples: ['backoffice'] }),
  at: instant.meta({ description: 'When it was made.' }),
  payday: date.nullable().meta({
    description: 'The payday that pays it, or takes it back; null for a model.',
    examples: ['2026-04-16'],
  }),
};

const adjustmentExample = {
  adjustmentId: 'adj~q83vEjRWeJCrze8SNFZ4kA',
  account: 'marketer:marco',
  accountId: 'marco',
  amount: -1_500,
  reason: 'Paid twice in March',
  madeBy: 'backoffice',
  at: '2026-04-02T09:00:00.000Z',
  payday: '2026-04-16',
};

/** A correction of a balance, as the API answers it. */
export const adjustmentData = z.object(adjustmentFields).meta({ id: 'Adjustment', examples: [adjustmentExample] });

export const ADJUSTMENTS_OUT = eventsOut({
  title: 'adjustments',
  subject: 'marketer:marco',
  about: '`data` is the adjustment as `GET /v1/adjustments/{id}` answers it, with the balance that it leaves:',
  data: z
    .object({
      ...adjustmentFields,
      balance: amount.meta({ description: 'What the account has when this is written.', examples: [3_050] }),
    })
    .meta({ id: 'AdjustmentMade' }),
  example: { ...adjustmentExample, balance: 3_050 },
  types: {
    'adjustment.made': { when: 'somebody has corrected a balance by hand' },
  },
});
