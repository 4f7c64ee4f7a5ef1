import { expect, test } from 'vitest';

import { workplace } from '../cli/command.ts';

test('the demo plays its twelve weeks, and the ledger holds at the end', async () => {
  const place = workplace();
  const { code, out, err } = await place.settlebot(['demo'], { TEST_CLOCK: 'not looked at' });
  place.close();
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const scene of [
    'Receipt for invoice 2026-W10:ava',
    'Invoice 2026-W10:bella is not paid yet',
    'Your top-up arrived and covered it',
    'It includes 1 payment or refund from before that week.',
    '$7.49 is held as your credit',
    'Your discount of $3.34 and your credit of $7.49 are already taken off.',
    'Reason: The rate should have been 40 %.',
    'There is no invoice 2026-W16:ava.',
    'Invoice 2026-W18:dana is overdue',
    'settlebot edits its message to Dana: Invoice 2026-W18:dana $474.00 for the week 27 Apr – 3 May 2026. OVERDUE',
    'Sanctions of Dana (dana) are held',
    'Campaigns are paused and CPL orders are blocked',
    'Good news: back to normal',
    '0 signatures were wrong',
  ]) {
    expect(out.replaceAll(/\s+/g, ' ')).toContain(scene);
  }
  expect(out.match(/is paid already/g)).toHaveLength(2);
  expect(out).toMatch(/\nok: \d+ ledger entries, 26 invoices\n$/);
}, 180_000);
