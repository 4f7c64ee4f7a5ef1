import { expect, test } from 'vitest';

import { workplace } from '../cli/command.ts';

test('the demo plays its eight weeks, and the ledger holds at the end', async () => {
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
  ]) {
    expect(out.replaceAll(/\s+/g, ' ')).toContain(scene);
  }
  expect(out.match(/is paid already/g)).toHaveLength(2);
  expect(out).toMatch(/\nok: \d+ ledger entries, 24 invoices\n$/);
}, 180_000);
