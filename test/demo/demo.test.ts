import { afterEach, expect, test, vi } from 'vitest';

import { workplace } from '../cli/command.ts';
import { deepTest } from '../support/depth.ts';
import { PEOPLE } from './cast.ts';
import { QUICK, withCast } from './demo.ts';
import { createStage } from './stage.ts';
import { playFirstInvoice } from './story.ts';

afterEach(() => vi.restoreAllMocks());

test('the first week of the demo: an invoice is pressed, topped up and paid, and its message says so', async () => {
  let out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += text;
    return true;
  });
  const violations = await withCast(
    { mongodbUri: undefined, limits: QUICK },
    async ({ telegram, discord, ...cast }) => {
      await playFirstInvoice(createStage({ service: cast.service, telegram, discord, people: PEOPLE }));
      return [...telegram.violations, ...discord.violations, ...cast.platform.refusedSignatures];
    },
  );
  vi.restoreAllMocks();
  expect(violations).toEqual([]);
  for (const scene of [
    'Monday 2 March 2026: people and campaigns',
    'Receipt for invoice 2026-W10:ava',
    'Invoice 2026-W10:bella is not paid yet',
    'settlebot edits its message to Bella: Invoice 2026-W10:bella $104.94 for the week 2–8 Mar 2026. PAID',
  ]) {
    expect(out.replaceAll(/\s+/g, ' ')).toContain(scene);
  }
}, 600_000);

deepTest(
  'the demo plays its twenty weeks, and the ledger holds at the end',
  async () => {
    const place = workplace();
    const { code, out, err } = await place.settlebotProcess(['demo', '--quick'], { TEST_CLOCK: 'not looked at' });
    place.close();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const scene of [
      'Receipt for invoice 2026-W10:ava',
      'Invoice 2026-W10:bella is not paid yet',
      'Your top-up arrived and covered it',
      'It includes 1 payment or refund from before that week.',
      '$7.49 is held as your credit',
      'Your discount of $3.34 and your credit of $7.49 are already taken off.',
      'Reason: “The rate should have been 40 %”.',
      'There is no invoice 2026-W16:ava.',
      'Invoice 2026-W18:dana is overdue',
      'settlebot edits its message to Dana: Invoice 2026-W18:dana $474.00 for the week 27 Apr – 3 May 2026. OVERDUE',
      'Payday 16 Mar 2026 is not paid',
      'Overdue: Dana (dana), $474.00',
      'Message from Olga (olga) “Is the money for last week on its way?”',
      'Dana (dana) replied “Yes, my bank says Tuesday or Wednesday”',
      'Sanctions of Dana (dana) are held',
      'Campaigns are paused and CPL orders are blocked',
      'Good news: back to normal',
      'Out of reach: Iris (iris)',
      'Welcome, Iris',
      'To pay: $',
      'New order fans-1 from Elena',
      'Elena: tier new, trust 50 of 100, no invoice to pay yet. There is money for all 100 fans to come now.',
      'There is money for 150 of the 200 fans to come now.',
      'number 1 in the queue',
      'its first fan started it, before a place was free (when an accepted order starts)',
      'Order fans-2 cannot be accepted yet',
      'Order fans-2 is accepted already',
      '▓▓▓▓▓▓▓░░░ 76 % · 76 of 100 fans',
      'It renews order fans-1, on the same terms.',
      '$140.00 that was held for it is back on your balance.',
      '1 hour left to answer order fans-1~r2',
      'Order fans-1~r2 cannot be accepted: the order is expired',
      'Commission of $6.00 is rejected',
      'Payday 16 Jun 2026: $21.00',
      'Commission corrected by -$9.00',
      'Payout 2026-07-01:felix failed',
      '(file payout-2026-07-16-felix.pdf)',
      'Earned in the last 12 weeks: $33.00',
      '0 signatures were wrong',
    ]) {
      expect(out.replaceAll(/\s+/g, ' ')).toContain(scene);
    }
    expect(out.match(/is paid already/g)).toHaveLength(2);
    expect(out).toMatch(/\nok: \d+ ledger entries, 27 invoices\n$/);
  },
  600_000,
);
