import { afterEach, expect, vi } from 'vitest';

import { workplace } from '../cli/command.ts';
import { deepTest } from '../support/depth.ts';
import { PEOPLE } from './cast.ts';
import { QUICK, withCast } from './demo.ts';
import { createStage } from './stage.ts';
import { playFirstInvoice } from './story.ts';

afterEach(() => vi.restoreAllMocks());

// Its story is played in the check by the tests of sharding, too.
deepTest(
  'the first week of the demo: an invoice is pressed, topped up and paid, and its message says so',
  async () => {
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
      'Your new invoice was paid from your balance on Mon 9 Mar 2026',
      'Not paid yet: $104.94 — week 2–8 Mar',
      'settlebot edits its message to Bella: ✅ Paid: $104.94 — week 2–8 Mar',
    ]) {
      expect(out.replaceAll(/\s+/g, ' ')).toContain(scene);
    }
  },
  600_000,
);

deepTest(
  'the demo plays its twenty weeks, and the ledger holds at the end',
  async () => {
    const place = workplace();
    const { code, out, err } = await place.settlebotProcess(['demo', '--quick'], { TEST_CLOCK: 'not looked at' });
    place.close();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const scene of [
      'Your new invoice was paid from your balance on Mon 9 Mar 2026',
      'Not paid yet: $104.94 — week 2–8 Mar',
      'Your top-up covered the invoice',
      'It includes 1 payment or refund from before that week.',
      '$7.49 is held as your credit',
      'Your discount of $3.34 and your credit of $7.49 are already taken off.',
      'Reason: “The rate should have been 40 %”.',
      'There is no invoice 2026-W16:ava.',
      'Overdue: $474.00 — week 27 Apr – 3 May',
      'settlebot edits its message to Dana: ⚠️ Overdue: $474.00 — week 27 Apr – 3 May',
      'Payday 16 Mar 2026 is not paid: $',
      'Overdue: $474.00 — Dana (dana), week 27 Apr – 3 May',
      'Message from Olga (olga) “Is the money for last week on its way?”',
      'Dana (dana) replied “Yes, my bank says Tuesday or Wednesday”',
      'Sanctions of Dana (dana) are held',
      'Campaigns are paused and CPL orders are blocked',
      'Your RevShare campaigns run again. You can place CPL orders again.',
      'Out of reach: Iris (iris)',
      'Welcome, Iris',
      'To pay: $',
      'New order: $100.00 — 100 fans from Elena',
      'Elena: tier new, trust 50 of 100, no invoice to pay yet. There is money for all 100 fans to come now.',
      'There is money for 150 of the 200 fans to come now.',
      'number 1 in the queue',
      'its first fan started it, before a place was free (when an accepted order starts)',
      'Cannot be accepted yet: $',
      'Accepted already: $',
      '▓▓▓▓▓▓▓░░░ 76 % · 76 of 100 fans',
      'It renews an order that was completed, on the same terms.',
      '$140.00 that was held for it is back on your balance.',
      '1 hour left to answer: $100.00 — 100 fans from Elena',
      'Cannot be accepted: $',
      'Commission rejected: $6.00 — Subscription of',
      'Payday 16 Jun 2026: $21.00',
      'Commission corrected by -$9.00 — Subscription of',
      'Payout failed: $',
      '(file payout-2026-07-16-felix.pdf)',
      'Earned in the last 12 weeks: $33.00',
      '0 signatures were wrong',
    ]) {
      expect(out.replaceAll(/\s+/g, ' ')).toContain(scene);
    }
    expect(out.match(/Paid already: /g)).toHaveLength(2);
    expect(out).toMatch(/\nok: \d+ ledger entries, 27 invoices\n$/);
  },
  600_000,
);
