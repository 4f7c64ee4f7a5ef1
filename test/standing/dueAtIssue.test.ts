import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { createWorld, type World } from '../support/world.ts';

const MONDAY = '2026-03-09T06:00:00Z';

let world: World;

beforeAll(async () => {
  world = await createWorld({
    policy: { invoicing: { dueDays: 0 } },
    environment: {
      PLATFORM_WEBHOOK_URL: 'http://127.0.0.1:9',
      PLATFORM_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    },
  });
});
afterAll(() => world.close());
/** M's balance covers her invoice, N's does not. */
beforeEach(async () => {
  await world.reset('2026-03-02T00:00:00Z');
  await world.send(
    ...[tell.account('M', 'model'), tell.account('N', 'model'), tell.account('c', 'marketer')],
    ...[tell.campaign('A', 'M', 'c', 5_000), tell.campaign('B', 'N', 'c', 5_000)],
    tell.topUp('t1', 'M', 500),
    tell.payment('p1', 1_000, '2026-03-03T00:00:00Z', { campaignId: 'A' }),
    tell.payment('p2', 1_000, '2026-03-03T00:00:00Z', { campaignId: 'B' }),
  );
});

/** What the platform is told of a model, in the order of sending. */
async function told(modelId: string): Promise<unknown[]> {
  const messages = world.collection('outgoing_webhooks').find({ subject: `model:${modelId}` });
  const found: object[] = await messages.sort({ sequence: 1 }).toArray();
  return found.map((message) => ('type' in message ? message.type : null));
}

async function standing(modelId: string) {
  const { standings } = world.core.standing.standings;
  const { campaigns, trustScore, overdue } = (await standings([modelId], world.clock.now())).get(modelId) ?? {};
  return { campaigns, trustScore, overdue: overdue?.count };
}

const late = { campaigns: 'paused', trustScore: 40, overdue: 1 };
const inTime = { campaigns: 'running', trustScore: 52, overdue: 0 };

describe('with dueDays 0 (rules 1.10)', () => {
  test('what the debit on issue does not cover is overdue at its issue, and everybody is told', async () => {
    await world.travelTo(MONDAY);
    expect(await standing('N')).toEqual(late);
    expect(await told('N')).toEqual(['invoice.issued', 'invoice.overdue', 'trust.changed', 'campaigns.paused']);
    expect(await world.core.invoicing.invoices.get('2026-W10:N', world.clock.now())).toMatchObject({
      status: 'overdue',
    });
    expect(await world.core.verify()).toEqual([]);
  });

  deepTest('what the debit covers was never overdue', async () => {
    await world.travelTo(MONDAY);
    expect(await standing('M')).toEqual(inTime);
    expect(await told('M')).toEqual(['invoice.issued', 'invoice.completed', 'trust.changed']);
    await world.travelTo('2026-03-20T00:00:00Z');
    expect(await standing('M')).toEqual(inTime);
  });

  deepTest('what is paid at the same instant, after the debit was tried, was overdue', async () => {
    await world.travelTo(MONDAY);
    await world.send(tell.topUp('t2', 'N', 500));
    expect(await standing('N')).toEqual({ campaigns: 'running', trustScore: 40, overdue: 0 });
    expect(await told('N')).toEqual([
      ...['invoice.issued', 'invoice.overdue', 'trust.changed', 'campaigns.paused'],
      ...['invoice.completed', 'campaigns.resumed'],
    ]);
    expect(await world.core.verify()).toEqual([]);
  });
});
