import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noticeMessage } from '../../src/notices/messages/notice.ts';
import { buttonOf, labels, text } from '../commands/world.ts';
import { deepTest, sampleOf } from '../support/depth.ts';
import { freezeAt } from '../support/faultsFreeze.ts';
import { noticesAndWaiting } from '../support/notices.ts';
import { createPromiseWorld, type PromiseWorld, TOTAL, WEEK } from './world.ts';

/** One history of many models, each with a promise of its own. */

let world: PromiseWorld;
const IDS = [
  'date',
  'late',
  'parts',
  'short',
  'twice',
  'asleep',
  'halfway',
  'fwd',
  'ref',
  'api',
  'void',
  'race',
  'poor',
  'far',
  'out',
  'off',
  'back',
] as const;
const NOW = '2026-03-12T09:00:00Z';

beforeAll(async () => {
  world = await createPromiseWorld({}, 2);
  await world.begin(Object.fromEntries(IDS.map((id) => [id, TOTAL])), {
    more: { far: { timeZone: 'Asia/Tokyo' } },
    linked: ['date', 'late'],
  });
  await world.travelTo(NOW);
});
afterAll(() => world.close());

describe('what is offered', () => {
  it('stands as buttons below the message and the card of the overdue invoice', async () => {
    const offered = await world.core.promises.offerOf(await view('date'), world.clock.now());
    expect(offered.offered).toMatchObject({ kind: 'offered', offer: { parts: { first: 1_025, rest: 3_075 } } });
    const date = await world.chats('date');
    const shown = [...(await noticesOf('date', 'invoice.overdue')), ...(await noticesOf('date', 'invoice.card'))];
    expect(shown.map(({ content }) => labels(noticeMessage(content, ENGLISH)).filter(isPromise))).toEqual(
      Array(4).fill(['Promise to pay by Thu 19 Mar 2026', 'Promise: $10.25 now, $30.75 by Thu 19 Mar 2026']),
    );
    const answer = await date.type(`/promise ${WEEK}:date`);
    expect(labels(answer)).toEqual([
      ...[
        'Thu 12 Mar',
        'Fri 13 Mar',
        'Sat 14 Mar',
        'Sun 15 Mar',
        'Mon 16 Mar',
        'Tue 17 Mar',
        'Wed 18 Mar',
        'Thu 19 Mar',
      ].map((day) => `Promise to pay by ${day} 2026`),
      'Promise: $10.25 now, $30.75 by Thu 19 Mar 2026',
    ]);
    expect(text(await date.type('/promise'))).toContain('Which invoice?');
  });

  it('has days of the model’s own zone', async () => {
    const far = await world.chats('far');
    // It is past 18:00 of the 12th in Tokyo.
    const made = await far.type(`/promise ${WEEK}:far 2026-03-13`);
    expect(text(made)).toContain('Fri 13 Mar 2026, 23:59 (Asia/Tokyo)');
    expect(await promiseOf('far')).toMatchObject({ status: 'running', until: new Date('2026-03-13T14:59:00Z') });
  });
});

describe('a date', () => {
  it('binds by one press, and holds pausing and blocking back until it is kept', async () => {
    const date = await world.chats('date');
    expect(await world.standing('date')).toMatchObject({ campaigns: 'paused', trustScore: 40 });
    const offer = await date.type(`/promise ${WEEK}:date`);
    const made = await date.press(offer, 'Promise to pay by Sat 14 Mar');
    expect(text(made)).toContain('Promised: $41.00 — week 2–8 Mar\nPay by Sat 14 Mar 2026, 23:59 (UTC)');
    expect(text(made)).toContain('your trust score loses 5 points, and you can promise nothing for 8 weeks');
    expect(await world.standing('date')).toMatchObject({ campaigns: 'running', cplOrders: 'allowed', trustScore: 40 });
    expect(await world.told('date')).toEqual([
      ...[
        'invoice.issued',
        'invoice.overdue',
        'trust.changed',
        'campaigns.paused',
        'promise.made',
        'campaigns.resumed',
      ],
    ]);
  });

  it('is one promise when it is pressed twice, by two at once, or for another day', async () => {
    const outcomes = await Promise.all(
      [1, 2, 3].map(() => world.make('twice', { inParts: true }).then(({ kind }) => kind)),
    );
    expect(outcomes.filter((kind) => kind === 'insufficient')).toHaveLength(3);
    await world.pays('twice', 1_025);
    const again = await Promise.all([1, 2, 3].map(() => world.make('twice', { inParts: true })));
    expect(again.map(({ kind }) => kind).sort()).toEqual(['already-made', 'already-made', 'made']);
    expect(await world.balance('model:twice')).toBe(0);
    const date = await world.chats('date');
    expect(text(await date.type(`/promise ${WEEK}:date 2026-03-13`))).toContain(
      'by Sat 14 Mar 2026, 23:59 (UTC). Nothing',
    );
    expect(await promiseOf('date')).toMatchObject({ until: new Date('2026-03-14T23:59:00Z') });
  });

  it.each([
    ['asleep', 'promises', 'already-made', 'made'],
    ['halfway', 'ledger_entries', 'made', 'already-made'],
  ])('is one promise where a press overtakes another one: %s', async (id, collection, slow, fast) => {
    await world.pays(id, 1_025);
    const [sleeper, other] = world.processes;
    const press = (process: typeof other) =>
      process?.promises.make(`${WEEK}:${id}`, { inParts: true }, { actor: 'ops' }, world.clock.now());
    const overtaken = freezeAt(collection, 0, async () => press(sleeper));
    const [isOvertaken, made] = [await overtaken.frozen, await press(other)];
    overtaken.thaw();
    const answers = [isOvertaken, await overtaken.done, made];
    const promise = { status: 'running', madeAt: world.clock.now() };
    expect(answers).toMatchObject([true, { kind: slow, promise }, { kind: fast, promise }]);
    expect([await world.balance(`model:${id}`), await world.balance(`held:${WEEK}:${id}`)]).toEqual([0, 1_025]);
    expect((await world.told(id)).filter((type) => type === 'promise.made')).toHaveLength(1);
  });

  it('is not made by a message that was forwarded', async () => {
    const fwd = await world.chats('fwd');
    const chat = { channel: 'telegram' as const, userId: fwd.userId, chatId: fwd.userId };
    await world.core.runCommand(chat, `/promise ${WEEK}:fwd 2026-03-13`, { isForwarded: true });
    expect(await promiseOf('fwd')).toBeUndefined();
  });

  it('must lie ahead, and no later than it may wait', async () => {
    const late = await world.chats('late');
    expect(text(await late.type(`/promise ${WEEK}:late 2026-03-11`))).toContain('a promise must end in the future');
    const tooFar = await late.type(`/promise ${WEEK}:late 2026-03-20`);
    expect(text(tooFar)).toContain('You can promise to pay by Thu 19 Mar 2026, 23:59 (UTC) at the latest.');
    expect(buttonOf(tooFar, 'Promise to pay by Thu 19 Mar')).toBe(`/promise ${WEEK}:late 2026-03-19`);
    expect(text(await late.type(`/promise ${WEEK}:late soon`))).toContain(
      'soon is no day; write 2026-04-01, or: parts',
    );
    expect(await promiseOf('late')).toBeUndefined();
  });
});

describe('two parts', () => {
  it('take the first from the balance, held for the invoice, or say what is missing', async () => {
    const parts = await world.chats('parts');
    const offer = await parts.type(`/promise ${WEEK}:parts`);
    const button = 'Promise: $10.25 now';
    expect(text(await parts.press(offer, button))).toContain('Your balance is $0.00, so $10.25 is missing.');
    expect(await promiseOf('parts')).toBeUndefined();
    await world.pays('parts', 1_100);
    const made = await parts.press(offer, button);
    expect(text(made)).toContain('$10.25 is paid now and held for the invoice; $30.75 is left.');
    expect(await world.balance('model:parts')).toBe(75);
    expect(await world.balance(`held:${WEEK}:parts`)).toBe(1_025);
    expect((await world.standing('parts')).overdue.total).toBe(3_075);
    expect(text(await parts.type(`/invoice ${WEEK}:parts`))).toContain('$10.25 of it is paid, $30.75 is left.');
    expect(text(await parts.type('/balance'))).toContain('$30.00 is missing');
  });

  it('are completed by the rest, as with one payment', async () => {
    const before = await world.balance('marketer:con');
    await world.pays('parts', 2_999);
    expect(await view('parts')).toMatchObject({ status: 'overdue' });
    await world.pays('parts', 1);
    expect(await view('parts')).toMatchObject({ status: 'completed', completedAt: world.clock.now() });
    expect(await world.balance('marketer:con')).toBe(before + TOTAL);
    expect(await world.balance(`held:${WEEK}:parts`)).toBe(0);
    expect(await world.balance('model:parts')).toBe(0);
    expect(await promiseOf('parts')).toMatchObject({ status: 'kept', endedAt: world.clock.now() });
    expect(await world.trust('parts')).toEqual([
      'invoice-late -10 2026-03-12T06:00',
      'promise-kept 1 2026-03-12T09:00',
    ]);
    expect((await world.told('parts')).slice(-4)).toEqual([
      ...['campaigns.resumed', 'invoice.completed', 'promise.kept', 'trust.changed'],
    ]);
    const parts = await world.chats('parts');
    expect(text(await parts.type(`/why ${WEEK}:parts`))).toContain(
      '$30.75 was taken from the balance, and with the $10.25',
    );
  });

  it('go back when the invoice is voided, and pay what else is owed', async () => {
    await world.pays('void', 1_025);
    expect(await world.make('void', { inParts: true })).toMatchObject({ kind: 'made', balance: 0 });
    await world.core.invoicing.invoices.void(`${WEEK}:void`, { actor: 'ops', reason: 'wrong' }, world.clock.now());
    expect(await world.balance('model:void')).toBe(1_025);
    expect(await view('void')).not.toHaveProperty('parts');
    expect(await promiseOf('void')).toMatchObject({ status: 'lapsed' });
    expect(await world.trust('void')).toEqual([]);
  });

  deepTest('are given back where the invoice is paid at the same moment', async () => {
    await world.pays('race', 1_025);
    const invoices = world.collection('invoices');
    expect(await world.make('race', { inParts: true })).toMatchObject({ kind: 'made' });
    // Somebody completes it who has read it before there was a part.
    const parts = [{ number: 1, amount: 1_025, paidAt: world.clock.now() }];
    await invoices.updateOne({ _id: `${WEEK}:race` }, { $unset: { parts: '' } });
    await world.pays('race', TOTAL);
    await invoices.updateOne({ _id: `${WEEK}:race` }, { $set: { parts, pendingEffects: 'completed' } });
    await world.core.invoicing.pendingEffects.process([`${WEEK}:race`], world.clock.now());
    expect(await world.balance('model:race')).toBe(1_025);
    expect(await world.balance(`held:${WEEK}:race`)).toBe(0);
    expect(await view('race')).not.toHaveProperty('parts');
  });
});

describe('what ends an invoice by hand', () => {
  deepTest('takes what is held where the rest was paid outside', async () => {
    await world.pays('out', 1_025);
    await world.make('out', { inParts: true });
    const [before, outside] = [await world.balance('marketer:con'), await world.balance('world:settlements')];
    const by = { actor: 'ops', reference: 'SEPA 1' };
    await world.core.invoicing.invoices.payOutside(`${WEEK}:out`, by, world.clock.now());
    expect(await world.balance('marketer:con')).toBe(before + TOTAL);
    expect(await world.balance('world:settlements')).toBe(outside - 3_075);
    expect(await world.balance(`held:${WEEK}:out`)).toBe(0);
    expect(await promiseOf('out')).toMatchObject({ status: 'kept' });
  });

  deepTest('gives it back where the rest is written off, which no promise is kept or broken by', async () => {
    await world.pays('off', 1_025);
    await world.make('off', { inParts: true });
    const by = { actor: 'ops', reason: 'gone', simulated: true };
    const would = await world.core.invoicing.invoices.writeOff(`${WEEK}:off`, by, world.clock.now());
    expect(would).toMatchObject({
      postings: expect.arrayContaining([{ account: 'model:off', amount: 1_025 }]),
    });
    await world.core.invoicing.invoices.writeOff(`${WEEK}:off`, { ...by, simulated: false }, world.clock.now());
    expect(await world.balance('model:off')).toBe(1_025);
    expect(await promiseOf('off')).toMatchObject({ status: 'lapsed' });
    expect(await world.trust('off')).toEqual(['invoice-late -10 2026-03-12T06:00']);
  });
});

describe('a manager', () => {
  deepTest('sees what is promised, and may refuse it: what waits takes effect, and no trust is lost', async () => {
    await world.make('ref', { inParts: false });
    const boss = await world.chats('boss');
    expect(text(await boss.type('/model ref'))).toContain(
      'Promise: $41.00 by Thu 19 Mar 2026, 23:59 (UTC) — week 2–8 Mar',
    );
    expect(text(await boss.type('/overdue'))).toContain('since today, promised by Sat 14 Mar 2026');
    expect(await world.standing('ref')).toMatchObject({ campaigns: 'running' });
    const asked = await boss.type(`/refuse ${WEEK}:ref paid too late before`);
    expect(text(asked)).toContain('promised to pay $41.00 by Thu 19 Mar 2026');
    expect(text(await boss.confirm(asked))).toContain('It holds nothing back any more.');
    expect(await world.standing('ref')).toMatchObject({ campaigns: 'paused', trustScore: 40 });
    expect(await promiseOf('ref')).toMatchObject({ status: 'refused', reason: 'paid too late before' });
    expect((await world.told('ref')).slice(-2)).toEqual(['promise.refused', 'campaigns.paused']);
    const ref = await world.chats('ref');
    expect(text(await ref.type(`/promise ${WEEK}:ref 2026-03-14`))).toContain(
      'a manager has refused a promise to pay it',
    );
    expect(text(await boss.type(`/refuse ${WEEK}:poor why`))).toContain('No promise to refuse');
  });
});

describe('a broken promise', () => {
  deepTest(
    'is told a day before, counts in the forecast, and imposes at its own instant, however late the tick',
    async () => {
      const late = await world.chats('late');
      await late.type(`/promise ${WEEK}:late 2026-03-17`);
      const standing = text(await late.type('/standing'));
      expect(standing).toContain('You are overdue, and your promise holds the sanctions back');
      expect(standing).toContain('On Tue 17 Mar 2026, 23:59 (UTC) your RevShare campaigns will be paused.');
      expect(standing).toContain('On Tue 17 Mar 2026, 23:59 (UTC) new CPL orders will be blocked.');
      await world.travelTo('2026-03-17T08:00:00Z');
      const [reminded] = await noticesOf('late', 'promise.due_soon');
      expect(reminded?.content.data).toMatchObject({ rest: TOTAL, until: new Date('2026-03-17T23:59:00Z') });
      // Nobody looks before Wednesday noon.
      world.pin('2026-03-18T12:00:00Z');
      expect(await world.standing('late')).toMatchObject({ campaigns: 'paused', cplOrders: 'blocked', trustScore: 35 });
      expect(await world.trust('late')).toEqual([
        'invoice-late -10 2026-03-12T06:00',
        'promise-broken -5 2026-03-17T23:59',
      ]);
      await world.travelTo('2026-03-18T12:30:00Z');
      expect(await promiseOf('late')).toMatchObject({ status: 'broken', endedAt: new Date('2026-03-17T23:59:00Z') });
      expect((await world.told('late')).slice(-4)).toEqual([
        ...['promise.broken', 'trust.changed', 'campaigns.paused', 'cpl_orders.blocked'],
      ]);
      expect(text(await late.type(`/promise ${WEEK}:late 2026-03-20`))).toContain('a promise was broken not long ago');
    },
  );

  deepTest('keeps what was paid of it for the invoice', async () => {
    await world.travelTo('2026-03-20T00:00:00Z');
    expect(await promiseOf('twice')).toMatchObject({ status: 'broken' });
    expect(await world.balance(`held:${WEEK}:twice`)).toBe(1_025);
    await world.pays('twice', 3_075);
    expect(await view('twice')).toMatchObject({ status: 'completed' });
    expect(await world.balance('model:twice')).toBe(0);
    expect(await promiseOf('twice')).toMatchObject({ status: 'broken' });
  });
});

deepTest('is kept after all where the money had come outside before its end', async () => {
  await world.make('back', { inParts: false, until: { day: '2026-03-20' } });
  await world.travelTo('2026-03-21T00:00:00Z');
  expect(await promiseOf('back')).toMatchObject({ status: 'broken' });
  const by = { actor: 'ops', reference: 'SEPA 2', paidAt: new Date('2026-03-20T12:00:00Z') };
  await world.core.invoicing.invoices.payOutside(`${WEEK}:back`, by, world.clock.now());
  expect(await promiseOf('back')).toMatchObject({ status: 'kept', endedAt: by.paidAt });
  expect((await world.trust('back')).at(-1)).toBe('promise-kept 1 2026-03-20T12:00');
});

describe('verify', () => {
  deepTest('has nothing to say', async () => {
    expect(await world.core.verify()).toEqual([]);
  });

  it.each(
    sampleOf<[string, string, string, object, RegExp]>(
      [
        ['a later end', 'promises', `${WEEK}:late~1`, { until: new Date('2026-04-01') }, /late~1: until is 2026-04-01/],
        [
          'a larger part',
          'promises',
          `${WEEK}:parts~1`,
          { 'parts.first': 9 },
          /parts~1: its first part is 9, and another/,
        ],
        [
          'a break that was none',
          'promises',
          `${WEEK}:date~1`,
          { ended: 'kept' },
          /date~1: ended is kept, and should be broken/,
        ],
        ['another reason', 'promises', `${WEEK}:ref~1`, { 'refusal.reason': 'x' }, /ref~1: refusal.reason is x/],
        [
          'a part that was not paid',
          'invoices',
          `${WEEK}:api`,
          { parts: [{ number: 1, amount: 7, paidAt: new Date(0) }] },
          /held:2026-W10:api holds 0, and 7/,
        ],
      ],
      1,
    ),
  )('says what is spoilt: %s', async (_, name, _id, fields, line) => {
    const before = await world.collection(name).findOne({ _id });
    await world.collection(name).updateOne({ _id }, { $set: fields });
    expect(await world.core.verify()).toEqual(expect.arrayContaining([expect.stringMatching(line)]));
    await world.collection(name).replaceOne({ _id }, before ?? {});
  });

  deepTest('misses a promise that is gone', async () => {
    const _id = `${WEEK}:far~1`;
    const before = await world.collection('promises').findOne({ _id });
    await world.collection('promises').deleteOne({ _id });
    expect(await world.core.verify()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^promises\/2026-W10:far~1 is missing: far via telegram/)]),
    );
    if (before !== null) await world.collection('promises').insertOne(before);
  });
});

const ENGLISH = { timeZone: 'UTC', currency: 'USD' };
const isPromise = (label: string) => label.startsWith('Promise');
const noticesOf = (id: string, kind: Parameters<typeof noticesAndWaiting>[2]) =>
  noticesAndWaiting(world.core, id, kind);

async function view(id: string) {
  const invoice = await world.core.invoicing.invoices.get(`${WEEK}:${id}`, world.clock.now());
  if (invoice === null) throw new Error(`no invoice of ${id}`);
  return invoice;
}

async function promiseOf(id: string) {
  return (await world.core.promises.latestOf([`${WEEK}:${id}`], world.clock.now())).get(`${WEEK}:${id}`);
}
