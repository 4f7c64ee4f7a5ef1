import { expect, it } from 'vitest';
import { deepTest, sampleOf } from '../../support/depth.ts';
import { createLateWorld, text } from '../world.ts';

it.each(
  sampleOf(
    [
      { currency: 'JPY', total: 12_345, shown: '¥12,345', cell: ',12345,JPY', least: '12,345', more: '12346' },
      {
        currency: 'KWD',
        total: 12_345,
        shown: 'KWD\u00a012.345',
        cell: ',12.345,KWD',
        least: '12.345',
        more: '12.346',
      },
      { currency: 'USD', total: 12_345, shown: '$123.45', cell: ',123.45,USD', least: '$123.45', more: '123.46' },
    ],
    1,
  ),
)('in $currency $total minor units are shown, written and read as $shown', async (given) => {
  const { currency, total, shown, cell, least, more } = given;
  const world = await createLateWorld('2026-03-16T06:00:00Z', { PLATFORM_CURRENCY: currency });
  try {
    await world.become('ava', 'model');
    const max = await world.person('max', 'manager');
    await world.issue('ava', '2026-W11', total);
    await world.moveTo('2026-03-19T06:00:00Z');

    const all = await max.type(`/overdue 0 ${least}`);
    expect(text(all)).toContain(`Overdue: ${shown}`);
    expect(text(all)).toContain(`with ${shown} or more`);
    expect(String(all.attachment?.content)).toContain(cell);
    expect(text(await max.type(`/overdue 0 ${more}`))).toContain('No invoice is overdue');
    // As it is shown it can be sent back; another currency's sign is no word of this one.
    expect(text(await max.type(`/overdue 0 ${shown}`))).toContain(`with ${shown} or more`);
    expect(text(await max.type(`/overdue 0 ${least.replace('$', '')} ${currency}`))).toContain(`with ${shown} or more`);
    expect(text(await max.type('/overdue 0 €5'))).toContain('€5 is no amount');
    // Its example is of this currency, too.
    const example = text(await max.type('/overdue soon')).match(/\/overdue 3 \S+/)?.[0] ?? '';
    expect(text(await max.type(example))).toContain('No invoice is overdue');
  } finally {
    await world.close();
  }
});

deepTest('goes on to the next page with the amount that was asked for', async () => {
  const world = await createLateWorld('2026-03-16T06:00:00Z', { PLATFORM_CURRENCY: 'JPY' });
  try {
    const max = await world.person('max', 'manager');
    for (const modelId of ['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7']) {
      await world.become(modelId, 'model');
      await world.issue(modelId, '2026-W11', modelId === 'm7' ? 999 : 1_000);
    }
    await world.moveTo('2026-03-19T06:00:00Z');
    const first = await max.type('/overdue 0 1000');
    const second = await max.press(first, 'Overdue: more');
    expect(text(second)).toContain('6 invoices of 6 models are overdue with ¥1,000 or more');
    expect(second.table?.rows).toHaveLength(1);
  } finally {
    await world.close();
  }
});
