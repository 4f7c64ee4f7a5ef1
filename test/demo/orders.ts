import type { PlatformReceiver } from '../support/platformReceiver.ts';
import { elena, marco, marketersPaid, olga, orderEvents, topUpEvent } from './cast.ts';
import { show } from './show.ts';
import type { Stage } from './stage.ts';

const FROM = '2026-05-26T10:00:00Z';

/** One more week, of CPL orders: one from placement to renewal, one that is stopped, one that expires. */
export async function playOrders(stage: Stage): Promise<void> {
  await placed(stage);
  await answered(stage);
  await delivered(stage);
  await stopped(stage);
  await expired(stage);
  await lookedAt(stage);
}

async function placed(stage: Stage): Promise<void> {
  show.heading('A week of orders: Elena buys fans from Marco');
  show.story(
    'Elena is new. Instead of sharing what fans pay, she buys fans at a fixed price each (CPL). Marco, who has only sold ' +
      'for others so far, gets his chat; he has told the platform that he works on one order at a time. She tops up $150.00 and ' +
      'places two orders with him: a small one that renews itself, and a large one that is prepaid. He reads how she ' +
      'stands, and for how many of the fans her balance pays.',
  );
  await stage.moveTo(FROM);
  await stage.send(...orderEvents.accounts(FROM));
  for (const person of [elena, marco]) await stage.linkUnseen(person);
  await stage.send(topUpEvent('topup-11', 'elena', 15_000, FROM));
  const small = { quantity: 100, pricePerFan: 100, prepaid: false, chunkSize: 25, autoRenew: true };
  await stage.send(orderEvents.placed('fans-1', small, FROM));
  await stage.send(orderEvents.placed('fans-2', { quantity: 200, pricePerFan: 100, prepaid: true }, FROM));
}

async function answered(stage: Stage): Promise<void> {
  show.story(
    'Marco accepts the first. He is asked once more, because that cannot be taken back, and it starts at once. He looks at ' +
      'what else he has; that is not covered yet.',
  );
  await stage.press(marco, '/accept fans-1');
  await stage.press(marco, '/accept !');
  await stage.say(marco, '/orders');
  await stage.press(marco, '/accept fans-2');
  await stage.press(marco, '/accept !');
  show.story(
    'Elena tops up what is missing, and more. Marco presses again, and the last button twice: it is accepted once, and is the next in his ' +
      'queue. Its link is there all the same: fans count from the acceptance on, and the first would start it.',
  );
  await stage.moveTo('2026-05-26T11:00:00Z');
  await stage.send(topUpEvent('topup-12', 'elena', 10_000, '2026-05-26T11:00:00Z'));
  await stage.press(marco, '/accept fans-2');
  await stage.press(marco, '/accept !', 2);
  await stage.say(marco, '/orders');
}

async function delivered(stage: Stage): Promise<void> {
  show.story('Wednesday and Thursday: fans come through his link. The card changes, and each chunk of 25 is paid.');
  await stage.moveTo('2026-05-27T12:00:00Z');
  await stage.send(...orderEvents.fans('fans-1', 1, 30, '2026-05-27T12:00:00Z'));
  await stage.moveTo('2026-05-28T12:00:00Z');
  show.story(
    'Two of them are bots, and one knows the page already: they do not count. The third chunk is not covered.',
  );
  await stage.send(
    ...orderEvents.fans('fans-1', 31, 76, '2026-05-28T12:00:00Z'),
    ...orderEvents.fans('fans-1', 201, 202, '2026-05-28T12:00:00Z', { bot: true }),
    ...orderEvents.fans('fans-1', 203, 203, '2026-05-28T12:00:00Z', { returning: true }),
  );
  await stage.say(marco, '/why fans-1');
  show.story('In the evening somebody comes through the link of the order that is queued. That starts it, too.');
  await stage.moveTo('2026-05-28T18:00:00Z');
  await stage.send(...orderEvents.fans('fans-2', 1, 1, '2026-05-28T18:00:00Z'));
  await stage.say(marco, '/why fans-2');
  await stage.moveTo('2026-05-29T14:00:00Z');
  show.story(
    'Friday: Elena tops up, and what she owes is paid by itself. Then the last fans come: complete, and renewed.',
  );
  await stage.send(topUpEvent('topup-13', 'elena', 10_000, '2026-05-29T14:00:00Z'));
  await stage.moveTo('2026-05-29T15:00:00Z');
  await stage.send(...orderEvents.fans('fans-1', 77, 102, '2026-05-29T15:00:00Z'));
}

async function stopped(stage: Stage): Promise<void> {
  show.story(
    'On Saturday 59 more fans come for the prepaid order; on Sunday the platform finds that a guarantee ' +
      'was violated. The order is stopped: what was delivered is paid, the rest of the escrow goes back to Elena.',
  );
  await stage.moveTo('2026-05-30T12:00:00Z');
  await stage.send(...orderEvents.fans('fans-2', 2, 60, '2026-05-30T12:00:00Z'));
  await stage.moveTo('2026-05-31T12:00:00Z');
  await stage.send(orderEvents.violated('fans-2', 'fans were bought in bulk', '2026-05-31T12:00:00Z'));
}

async function expired(stage: Stage): Promise<void> {
  show.story('Marco is away and does not answer the renewal. He is reminded 24, 6 and 1 hours before it expires.');
  for (const at of ['2026-05-31T15:00:00Z', '2026-06-01T09:00:00Z', '2026-06-01T14:00:00Z']) await stage.moveTo(at);
  show.story('Monday 1 June, 15:00: the three days are over. He comes back an hour later and presses all the same.');
  await stage.moveTo('2026-06-01T15:00:00Z');
  await stage.moveTo('2026-06-01T16:00:00Z');
  await stage.press(marco, '/accept fans-1~r2');
  await stage.send(...marketersPaid('2026-06-01', '2026-06-01T16:00:00Z'));
}

async function lookedAt(stage: Stage): Promise<void> {
  show.story('All three look at what came of it.');
  await stage.say(marco, '/earnings');
  await stage.say(elena, '/myorders');
  await stage.slash(olga, 'order', { id: 'fans-2' });
}

/** What the platform was told of the orders, in the order in which it came. */
export function showOrderWebhooks({ taken }: PlatformReceiver): void {
  show.story('And those about Elena’s orders:');
  const ofOrders = taken.filter(({ type }) => type.startsWith('order.') || type.startsWith('charge.'));
  show.table(
    ['At (UTC)', 'Type', 'About', 'Status', 'Delivered'],
    ofOrders.map(({ type, timestamp, data }) => {
      const order = type.startsWith('charge.') ? (data.order as Record<string, unknown>) : data;
      return [
        timestamp.slice(0, 16).replace('T', ' '),
        type,
        String(data.chargeId ?? data.orderId),
        String(data.status),
        `${order.delivered} of ${order.quantity}`,
      ];
    }),
    [],
  );
}
