import { afterEach, beforeEach, expect } from 'vitest';

import { deepTest } from '../support/depth.ts';
import { eventually } from '../support/eventually.ts';
import type { PlatformEvent } from '../support/platform.ts';
import { createHouse, type House } from '../support/process.ts';
import { account, balanceOf, startSending } from './traffic.ts';

const AFFILIATES = 600;
const RATE_PERCENT = 30;
const PAYDAY = '2026-04-01';

let house: House;
beforeEach(async () => {
  house = await createHouse();
});
afterEach(() => house.remove());

deepTest(
  'goes on with a payday where it was, and pays each commission once, however often it is killed',
  async () => {
    let service = await house.start();
    const affiliates = Array.from({ length: AFFILIATES }, (_, index) => `a${index}`);
    await startSending([program(), ...affiliates.map((id) => account(id, 'affiliate'))], () => service).done;
    await startSending(affiliates.flatMap(sales), () => service).done;
    await service.settle();
    // On the eve everything is approved, so that only the payday itself is cut off.
    await service.moveTo('2026-03-31T23:00:00Z');

    let kills = 0;
    for (const drawnUp of [1, 200, 500]) {
      const move = service.moveTo(`${PAYDAY}T00:00:00Z`).then(
        () => 'moved',
        () => 'cut off',
      );
      await house.inside((core) =>
        eventually(async () => (await core.connection.collection('payouts').countDocuments()) >= drawnUp, {
          withinMs: 60_000,
          everyMs: 5,
          what: `${drawnUp} payouts`,
        }),
      );
      await service.kill();
      if ((await move) === 'cut off') kills += 1;
      service = await house.start();
    }
    expect(kills).toBeGreaterThan(0);
    await service.moveTo(`${PAYDAY}T00:00:00Z`);
    await service.settle();

    const { body: cycle } = await service.api('GET', `/v1/payout-cycles/${PAYDAY}`);
    const total = affiliates.reduce((sum, _, index) => sum + earnedBy(index), 0);
    expect(cycle).toMatchObject({ status: 'closed', payouts: AFFILIATES, total });
    const payouts = await service.list(`/v1/payouts?cycle=${PAYDAY}`);
    expect(payouts).toHaveLength(AFFILIATES);
    for (const { accountId, amount, status } of payouts) {
      expect([accountId, amount, status]).toEqual([accountId, earnedBy(Number(accountId.slice(1))), 'due']);
    }
    const commissions = await service.list('/v1/commissions');
    expect(commissions).toHaveLength(2 * AFFILIATES);
    expect(commissions.filter(({ payoutId }) => payoutId === null)).toEqual([]);
    for (const index of [0, 1, AFFILIATES - 1]) expect(await balanceOf(service, `affiliate:a${index}`)).toBe(0);
    expect(await house.verify()).toEqual([]);
  },
  180_000,
);

function program(): PlatformEvent & { id: string } {
  const data = { programId: 'P', rateBps: RATE_PERCENT * 100, charges: 'first' };
  return { id: 'program-P', type: 'program.updated', timestamp: '2026-03-01T00:00:00Z', data };
}

/** Two subscriptions of an affiliate, each charged once after its trial: approved on the 10th of March. */
function sales(affiliateId: string, index: number): PlatformEvent[] {
  return [0, 1].flatMap((nth) => {
    const subscriptionId = `${affiliateId}-s${nth}`;
    const common = { subscriptionId, fanId: `fan-${subscriptionId}` };
    const startedAt = '2026-03-02T00:00:00Z';
    const paidAt = '2026-03-06T00:00:00Z';
    const charge = {
      ...common,
      paymentId: `pay-${subscriptionId}`,
      kind: 'subscription',
      amount: priceOf(index),
      paidAt,
    };
    return [
      {
        id: `start-${subscriptionId}`,
        type: 'subscription.started',
        timestamp: startedAt,
        data: { ...common, affiliateId, programId: 'P', startedAt },
      },
      { id: `charge-${subscriptionId}`, type: 'payment.succeeded', timestamp: paidAt, data: charge },
    ];
  });
}

function priceOf(index: number): number {
  return 1_000 + 10 * index;
}

/** Prices are whole tens of cents, so that no rate of them is rounded. */
function earnedBy(index: number): number {
  return (2 * priceOf(index) * RATE_PERCENT) / 100;
}
