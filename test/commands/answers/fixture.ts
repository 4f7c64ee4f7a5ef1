import type { Role } from '../../../src/events/catalogue.ts';
import type { LineSum } from '../../../src/invoicing/invoice.ts';
import { cancelled, failed, program, refundRequested } from '../../affiliates/world.ts';
import { type TestEvent, tell } from '../../support/events.ts';
import { createWorld, PLATFORM, throwIt } from '../../support/world.ts';

/** Who people are, how they are called, how much is at stake, and in what. */
export type Scale = {
  currency: string;
  /** Names as people have them; `x` tells them apart. */
  name: (x: string) => string;
  /** Ids as long as the platform's may be, or short ones. */
  id: (short: string) => string;
  /** What an amount is here; where the platform sends none of nothing, it is one at least. */
  amount: (n: number) => number;
  /** How many lines the largest invoice has, and how many fans came through the link of an order that all came for. */
  lines: number;
  fans: number;
};

export type Fixture = Awaited<ReturnType<typeof createFixture>>;
export const NOW = '2026-04-02T10:00:00Z';
const SEALED_WEEKS = ['2026-W04', '2026-W05', '2026-W06', '2026-W07', '2026-W08', '2026-W09', '2026-W10', '2026-W11'];

/**
 * A business with everything in it that a command can be about: things in each state, more of each than a list shows at once, and
 * people whom nothing reaches. The ids have no number that a language could lose.
 */
export async function createFixture(scale: Scale) {
  const { id, amount, name } = scale;
  const some = (n: number) => Math.max(1, amount(n));
  const world = await createWorld({
    startsAt: '2026-03-02T09:00:00Z',
    environment: {
      ...{ ...PLATFORM, PLATFORM_CURRENCY: scale.currency },
      ...{ PUBLIC_URL: 'https://settle.example', CONSOLE_URL: 'https://console.example' },
    },
    policy: { promises: { enabled: true, minTrust: 0 } },
    onError: throwIt,
  });
  const { core } = world;
  const ids = {
    ...{
      ava: id('ava'),
      zoe: id('zoe'),
      new: id('neu'),
      kim: id('kim'),
      marco: id('marco'),
      alla: id('alla'),
      olga: id('olga'),
    },
    ...{ pia: id('pia'), mute: id('mute'), idle: id('idle') },
  };
  const people: [accountId: string, role: Role][] = [
    ...[ids.ava, ids.zoe, ids.new, ids.kim, ids.mute].map((one): [string, Role] => [one, 'model']),
    ...[ids.marco, ids.idle].map((one): [string, Role] => [one, 'marketer']),
    ...[[ids.alla, 'affiliate'] as [string, Role]],
    ...[ids.olga, ids.pia].map((one): [string, Role] => [one, 'manager']),
  ];
  await world.send(
    ...people.map(([accountId, role]) =>
      tell.account(accountId, role, {
        ...{ name: name(accountId), timeZone: 'Europe/Kyiv' },
        ...(accountId === ids.marco ? { capacity: 1 } : {}),
      }),
    ),
    program(id('program')),
    tell.payee('first', ids.alla, { method: 'paypal', email: 'alla@example.com' }),
    tell.payee('second', ids.idle, { method: 'usdt-trc20', address: 'TJRyWwFs9wTFGZg3JbrVriFbNfCug5tDeC' }),
  );
  const chats = new Map<string, string>();
  for (const [accountId] of people) {
    if (accountId === ids.mute) continue;
    const user = String(7_000 + chats.size);
    chats.set(accountId, user);
    for (const channel of ['telegram', 'discord'] as const) {
      // What names a chat is shown: one that chance begins with `is-` would be a word of English.
      const ref = `${channel.slice(0, 1)}${letters(chats.size)}`.padEnd(8, 'x');
      const named = { $set: { ref, storedAt: world.clock.now() } };
      await world.collection('chat_refs').updateOne({ _id: `${channel}:${user}` }, named, { upsert: true });
      await world.link(accountId, channel, user);
    }
  }
  const at = () => world.clock.now().toISOString();
  const accept = (orderId: string) => core.orders.accept(orderId, { actor: ids.marco }, world.clock.now());

  /** Orders: some for each state, and more that wait for an answer than a list shows. */
  const order = {
    ...{ done: id('done'), runs: id('runs'), waits: id('waits'), rejected: id('rejected'), expired: id('expired') },
    ...{
      cancelled: id('cancelled'),
      stopped: id('stopped'),
      prepaid: id('prepaid'),
      owed: id('owed'),
      earned: id('earned'),
    },
    ...{ stoppable: id('stoppable'), accepts: id('accepts'), rejects: id('rejects'), short: id('short') },
  };
  const place = (orderId: string, more: Record<string, unknown> = {}) =>
    tell.order(orderId, {
      ...{ placedAt: at(), modelId: ids.kim, marketerId: ids.marco, quantity: 4, pricePerFan: some(150) },
      ...more,
    });
  const fans = (orderId: string, count: number, more: Record<string, unknown> = {}): TestEvent[] =>
    Array.from({ length: count }, (_, index) =>
      tell.fan(`${orderId.slice(0, 12)}-${letters(index)}-${JSON.stringify(more).length}`, orderId, at(), more),
    );
  await world.send(tell.topUp(id('first'), ids.kim, some(150) * (scale.fans + 100)));
  await world.send(place(order.done, { autoRenew: true, quantity: Math.max(4, scale.fans), chunkSize: 2 }));
  await accept(order.done);
  await world.send(
    ...fans(order.done, 1, { fan: { bot: true } }),
    ...fans(order.done, 2, { fan: { returning: true } }),
    ...fans(order.done, Math.max(4, scale.fans) + 1),
  );
  await world.send(place(order.rejected), place(order.expired), place(order.cancelled));
  await core.orders.reject(order.rejected, { actor: ids.marco, reason: REASON }, world.clock.now());
  await world.send(tell.orderCancelled(order.cancelled, at()));
  await world.send(place(order.stopped), place(order.prepaid, { prepaid: true }));
  await accept(order.stopped);
  await world.send(...fans(order.stopped, 2));
  await world.send(tell.violation(order.stopped, at()));

  /** Commissions: of charges in trial, in hold, approved, refunded, asked back, corrected after their payout. */
  const sale = (short: string, paidAt: string, more: Record<string, unknown> = {}) => {
    const startedAt = new Date(Date.parse(paidAt) - 3 * DAY_MS).toISOString();
    const of = { affiliateId: ids.alla, programId: id('program'), startedAt, ...more };
    return [
      tell.subscription(id(short), of),
      tell.payment(id(`p-${short}`), Math.max(10, amount(1_000)), paidAt, {
        kind: 'subscription',
        subscriptionId: id(short),
      }),
    ];
  };
  await world.travelTo('2026-03-06T10:00:00Z');
  await world.send(...sale('early', '2026-03-04T10:00:00Z'), ...sale('again', '2026-03-04T11:00:00Z'));
  await world.travelTo('2026-03-16T10:00:00Z');
  await world.send(failed(`2026-03-16:${ids.alla}`, at()));
  await world.send(
    ...['a', 'b', 'c', 'd', 'e', 'f', 'g'].flatMap((one) => sale(`sale-${one}`, '2026-03-17T08:00:00Z')),
  );
  await world.travelTo('2026-03-18T10:00:00Z');
  await world.send(
    ...sale('gone', '2026-03-18T07:00:00Z'),
    ...sale('asked', '2026-03-18T07:30:00Z'),
    ...sale('trial', '2026-03-18T09:00:00Z', { startedAt: '2026-03-18T08:00:00Z' }),
    tell.refund(id('r-gone'), id('p-gone'), Math.max(10, amount(1_000)), '2026-03-18T08:30:00Z'),
    refundRequested(id('r-asked'), id('p-asked'), '2026-03-18T08:40:00Z'),
    cancelled(id('trial'), '2026-03-18T09:30:00Z'),
  );

  await world.send(place(order.earned), place(order.owed, { modelId: ids.new }));
  for (const one of [order.earned, order.owed]) {
    await accept(one);
    await world.send(...fans(one, 4));
  }

  /** Invoices: more than a list shows, some of them late again and again. */
  const lines = (count: number, gross: number): LineSum[] =>
    Array.from({ length: count }, (_, index) => ({
      ...{ campaignId: id(`camp-${letters(index)}`), contractorId: ids.marco, type: 'tip' as const, count: 2 },
      ...{ gross: amount(gross), rateBps: 4_000, late: index % 2 },
    }));
  const campaigns = ['camp', ...Array.from({ length: NAMED_LINES }, (_, index) => `camp-${letters(index)}`)].map(id);
  await world.send(
    ...campaigns.map((one) => ({
      ...tell.campaign(one, ids.ava, ids.marco, 4_000),
      ...{ data: { ...tell.campaign(one, ids.ava, ids.marco, 4_000).data, name: name(one) } },
    })),
  );
  const invoice = (modelId: string, week: string, total: number) =>
    world.issue(modelId, week, {
      sums: [
        {
          ...{ campaignId: id('camp'), contractorId: ids.marco, type: 'subscription', count: 3 },
          gross: some(total),
          rateBps: 10_000,
          late: 1,
        },
      ],
    });
  const invoices: string[] = [];
  for (const week of SEALED_WEEKS) invoices.push(await invoice(ids.ava, week, 4_108));
  const big = await world.issue(ids.ava, '2026-W12', {
    sums: [...lines(scale.lines, 900), ...base(id('camp'), ids.marco, some(90_000))],
  });
  const credited = await world.issue(ids.ava, '2026-W03', {
    sums: [
      {
        campaignId: id('camp'),
        contractorId: ids.marco,
        type: 'refund',
        count: 1,
        gross: amount(-500),
        rateBps: 4_000,
        late: 0,
      },
    ],
  });
  for (const week of SEALED_WEEKS.slice(0, 4)) await invoice(ids.zoe, week, 21_000);
  for (const week of SEALED_WEEKS.slice(0, 4)) await invoice(ids.mute, week, 9_000);
  const [paid = '', voided = '', , , , writtenOff = '', outside = ''] = invoices;

  await world.travelTo('2026-04-01T00:00:05Z');
  await world.send(tell.refund(id('r-early'), id('p-early'), some(300), '2026-03-05T08:00:00Z'));
  await world.travelTo(NOW);
  const olga = { channel: 'telegram' as const, userId: chats.get(ids.olga) ?? '' };
  for (const userAgent of ['', 'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0']) {
    await core.console.sessions.openFor(olga, { network: userAgent === '' ? '' : '203.0.113.0', userAgent });
  }
  await world.send(...sale('held', '2026-04-02T08:00:00Z'));
  // Marco runs one at a time.
  await world.send(place(order.runs, { quantity: 10 }), place(order.waits), place(order.stoppable));
  for (const one of [order.runs, order.waits, order.stoppable]) await accept(one);
  await world.send(...fans(order.runs, 3));
  await world.send(
    place(order.accepts),
    place(order.rejects),
    place(order.short, { prepaid: true, pricePerFan: 9_000_000, quantity: 1_000 }),
  );
  for (const one of ['k', 'l', 'm', 'n', 'o']) await world.send(place(id(`more-${one}`)));

  const by = { actor: 'ops', reason: REASON };
  await core.invoicing.invoices.void(voided, by, world.clock.now());
  await core.invoicing.invoices.writeOff(writtenOff, by, world.clock.now());
  await core.invoicing.invoices.payOutside(outside, { actor: 'ops', reference: REASON }, world.clock.now());
  await world.send(tell.topUp(id('second'), ids.zoe, some(100)));
  await core.connection
    .collection<{ _id: string }>('invoices')
    .updateOne(
      { _id: paid },
      { $set: { status: 'completed', completedAt: new Date('2026-03-20T10:00:00Z') }, $unset: { nextStepAt: '' } },
    );

  // It is not spent at once: nobody was told of it.
  await world.topUp(ids.ava, 4 * some(4_108));

  /** What is stuck: more than a list shows. */
  const stuck = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((one) => id(`event-${one}`));
  for (const one of stuck) {
    const body = JSON.stringify({ data: {} });
    await core.inbox.receive({ id: one, type: 'payment.refunded', timestamp: world.clock.now(), body, known: true });
  }
  await world
    .collection('events')
    .updateMany({ _id: { $in: stuck } }, { $set: { status: 'quarantined', error: ERROR }, $unset: { nextAt: '' } });
  const [parked = ''] = (await world.webhooks()).map(({ webhookId }) => webhookId);
  await world
    .collection('outgoing_webhooks')
    .updateOne({ _id: parked }, { $set: { state: 'parked', parkedAt: world.clock.now(), failures: 14, error: ERROR } });
  return {
    ...{ world, scale, ids, chats, order, invoices, big, credited, paid, voided, writtenOff, outside },
    ...{ stuck, parked, id },
    ...(await snapshotOf(world)),
  };
}

export const REASON = 'Причина: занадто дорого';
export const ERROR = 'refunds exceed the payment';
/** As many lines as an answer shows at most. */
const NAMED_LINES = 40;
const DAY_MS = 86_400_000;

const base = (campaignId: string, contractorId: string, gross: number): LineSum[] => [
  { campaignId, contractorId, type: 'subscription', count: 1, gross, rateBps: 10_000, late: 0 },
];

/** A number without a digit. */
function letters(n: number): string {
  return [...String(n)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
}

/** The database as it stands, and the way back to it, with a process that remembers nothing of what is no more. */
async function snapshotOf(world: Awaited<ReturnType<typeof createWorld>>) {
  const { connection, database } = world;
  const names = (await connection.listCollections()).map(({ name }) => name);
  const stored = await Promise.all(
    names.map(async (name) => [name, await connection.collection(name).find().toArray()] as const),
  );
  async function restore(): Promise<void> {
    await database.clear();
    await Promise.all(
      stored.map(async ([name, documents]) => {
        await connection.collection(name).deleteMany({});
        if (documents.length > 0) await connection.collection(name).insertMany(documents);
      }),
    );
    world.pin(NOW);
    await world.restart();
  }
  return { restore };
}
