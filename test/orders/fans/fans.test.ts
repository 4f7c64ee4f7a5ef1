import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deepTest, sampleOf } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import { by, createOrderWorld, type OrderWorld, START } from '../world.ts';

let world: OrderWorld;

beforeAll(async () => {
  world = await createOrderWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.begin();
  await world.send(tell.topUp('t', 'M', 100_000), tell.account('N', 'model'), tell.account('d', 'marketer'));
});

const fan = (id: string, orderId: string, more: Record<string, unknown> = {}) =>
  tell.fan(id, orderId, world.now().toISOString(), more);

describe('which fans count (rules 4.5)', () => {
  test('one that came before the acceptance does not; one that comes while the order is queued does', async () => {
    await world.capacity(1);
    await world.accepted('first');
    await world.accepted('second');
    world.later(1);
    await world.send(fan('waits', 'second'), tell.fan('early', 'first', '2026-03-01T23:59:59.999Z'));
    await world.send(tell.fan('sharp', 'first', START), tell.fan('before', 'second', '2026-03-01T23:59:59.999Z'));
    expect(await world.verdicts('second')).toEqual({ waits: 'counted', before: 'not_running' });
    expect(await world.verdicts('first')).toEqual({ early: 'not_running', sharp: 'counted' });
    expect(await world.view('second')).toMatchObject({ status: 'running', startedAt: world.now(), delivered: 1 });
  });

  deepTest('one that is dated after the acceptance and before the start counts', async () => {
    await world.capacity(1);
    await world.accepted('first');
    await world.accepted('second');
    world.later(60);
    await world.orders.stop('first', { actor: 'ops', reason: 'r' }, world.now());
    await world.send(tell.fan('between', 'second', START), fan('after-stop', 'first'));
    expect(await world.verdicts('second')).toEqual({ between: 'counted' });
    expect(await world.verdicts('first')).toEqual({ 'after-stop': 'not_running' });
    expect(await world.differences()).toEqual([]);
  });

  deepTest('one that arrives before its order, or before the acceptance, waits and is judged then', async () => {
    await world.send(fan('s1', 'o'));
    await world.placed('o');
    expect(await world.core.inbox.get('subscription-s1')).toMatchObject({
      status: 'waiting',
      waitsFor: ['campaign:cpl~o'],
    });
    await world.orders.accept('o', by, world.now());
    await world.drain();
    expect(await world.core.inbox.get('subscription-s1')).toMatchObject({ status: 'applied' });
    expect(await world.verdicts('o')).toEqual({ s1: 'counted' });
  });

  test.each(
    sampleOf(
      [
        ['another model', { modelId: 'N' }, 'other_source'],
        ['another model, and a bot', { modelId: 'N', fan: { bot: true } }, 'other_source'],
        ['a bot', { fan: { bot: true, returning: true } }, 'not_real'],
        ['flagged as returning', { fan: { returning: true } }, 'returning'],
        ['its own model', { modelId: 'M', fan: {} }, 'counted'],
      ],
      1,
    ),
  )('%s', async (_name, more, verdict) => {
    await world.accepted('o');
    await world.send(fan('s', 'o', more));
    expect(await world.verdicts('o')).toEqual({ s: verdict });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['directly', { modelId: 'M' }, 'returning'],
    ['through a RevShare campaign of the model', { campaignId: 'A' }, 'returning'],
    ['through a RevShare campaign of another', { campaignId: 'B' }, 'counted'],
    ['to another model', { modelId: 'N' }, 'counted'],
    ['by an affiliate, nobody knows to whom', {}, 'counted'],
    ['later, as it turns out', { modelId: 'M', startedAt: '2027-01-01T00:00:00Z' }, 'counted'],
  ])('a fan who had subscribed %s', async (_name, more, verdict) => {
    await world.send(tell.campaign('A', 'M', 'c', 5_000), tell.campaign('B', 'N', 'c', 5_000));
    await world.send(tell.subscription('old', { fanId: 'F', startedAt: '2026-02-01T00:00:00Z', ...more }));
    await world.accepted('o');
    await world.send(fan('s', 'o', { fanId: 'F' }));
    expect(await world.verdicts('o')).toEqual({ s: verdict });
  });

  deepTest('a fan counts once for a model, in whichever order and however it is told', async () => {
    await world.accepted('o');
    await world.accepted('p', { marketerId: 'd' });
    world.later(2);
    const twice = fan('s', 'o', { fanId: 'F' });
    await world.send(twice, { ...twice, id: 'again' });
    await world.send(fan('later', 'o', { fanId: 'F' }), fan('elsewhere', 'p', { fanId: 'F' }));
    await world.send(tell.fan('late-told', 'o', START, { fanId: 'F' }));
    expect(await world.verdicts('o')).toEqual({ s: 'counted', later: 'returning', 'late-told': 'returning' });
    expect(await world.verdicts('p')).toEqual({ elsewhere: 'returning' });
    await world.send(tell.subscription('earlier', { fanId: 'F', modelId: 'M', startedAt: '2026-02-01T00:00:00Z' }));
    expect(await world.view('o')).toMatchObject({ delivered: 1 });
    expect(await world.differences()).toEqual([]);
  });

  deepTest('of two equally old subscriptions the smaller id is the earlier', async () => {
    await world.accepted('o');
    await world.send(fan('b', 'o', { fanId: 'F' }), fan('a', 'o', { fanId: 'F' }));
    expect(await world.verdicts('o')).toEqual({ a: 'counted', b: 'returning' });
  });

  deepTest('what came through an order’s campaign is no RevShare transaction', async () => {
    await world.accepted('o');
    await world.send(
      fan('s', 'o'),
      tell.payment('p1', 500, START, { campaignId: 'cpl~o' }),
      tell.payment('p2', 500, START, { subscriptionId: 's' }),
      tell.refund('r', 'p1', 500, START),
    );
    expect(await world.collection('transactions').countDocuments({})).toBe(0);
    expect(await world.collection('events').countDocuments({ status: { $ne: 'applied' } } as object)).toBe(0);
  });

  deepTest('a RevShare campaign that is called as an order’s was once is another campaign', async () => {
    await world.send(tell.campaign('cpl-o', 'M', 'c', 5_000));
    await world.accepted('o');
    await world.send(
      fan('s', 'o'),
      fan('t', 'o', { campaignId: 'cpl-o' }),
      tell.payment('p', 500, START, { subscriptionId: 't' }),
    );
    expect(await world.verdicts('o')).toEqual({ s: 'counted' });
    expect(await world.collection('transactions').countDocuments({})).toBe(1);
  });

  deepTest('the campaign of an order that an earlier version accepted is still its own', async () => {
    await world.accepted('o');
    await world.collection('orders').updateOne({ _id: 'o' }, { $set: { campaignId: 'cpl-o' } });
    await world.send(tell.campaign('cpl-o', 'M', 'c', 5_000));
    expect(await world.core.inbox.get('campaign-cpl-o')).toMatchObject({
      status: 'quarantined',
      error: 'cpl-o is the campaign of an order',
    });
    await world.send(fan('s', 'o', { campaignId: 'cpl-o' }));
    expect(await world.verdicts('o')).toEqual({ s: 'counted' });
    expect(await world.view('o')).toMatchObject({
      campaignId: 'cpl-o',
      link: expect.stringMatching(/cpl-o$/),
      delivered: 1,
    });
  });
});
