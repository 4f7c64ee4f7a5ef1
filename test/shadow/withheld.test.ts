import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { createWorld, throwIt, type World } from '../support/world.ts';

const WEEK_OF_SALES = [
  tell.account('ava', 'model'),
  tell.account('marco', 'marketer'),
  tell.campaign('spring', 'ava', 'marco', 4_000),
  tell.payment('p1', 9_990, '2026-03-05T12:00:00Z', { campaignId: 'spring' }),
];

describe('in shadow', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({
      environment: { SHADOW: '1' },
      policy: { sanctions: { onlyAfterWarning: true } },
      startsAt: '2026-03-05T12:00:00Z',
      onError: throwIt,
    });
    await world.send(...WEEK_OF_SALES);
  });
  afterAll(() => world.close());

  test('every message counts as delivered, so that a warned invoice pauses campaigns when it goes overdue', async () => {
    await world.travelTo('2026-03-12T06:00:00Z');
    const { campaigns } = await world.core.standing.standings.standing('ava', world.clock.now());
    expect(campaigns).toBe('paused');
  });

  deepTest('nothing is stored that could be sent, and no word of what it said', async () => {
    const stored = ['outgoing_webhooks', 'notice_deliveries', 'waiting_notices', 'unreached_accounts'];
    for (const name of stored) expect(await world.collection(name).countDocuments({})).toBe(0);
    const withheld = await world.collection('withheld_messages').find({}).toArray();
    const fields = new Set(withheld.flatMap((one) => Object.keys(one)));
    expect(fields).toEqual(new Set(['_id', 'kind', 'type', 'subject', 'amount', 'at']));
    expect(withheld.map(({ _id }) => _id)).toContain('webhook:invoice.issued:2026-W10:ava');
    expect(await world.core.verify()).toEqual([]);
  });

  deepTest('a Monday that would have sent nothing is not told of', async () => {
    const ran = await world.travelTo('2026-06-01T06:00:00Z');
    const told = ran.filter(({ job }) => job === 'sum-up-shadow').map(({ at }) => at.toISOString().slice(0, 10));
    const { items } = await world.core.shadow.weeks.list({ limit: 50 });
    expect(items.map(({ at }) => at.toISOString().slice(0, 10)).reverse()).toEqual(['2026-03-09', ...told]);
    // The review that opens 21 days past due is the last thing to be told.
    expect(told.at(-1)).toBe('2026-04-06');
  });
});
