import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyable, withoutMarks } from '../../../src/notices/messages/marks.ts';
import type { Message } from '../../../src/notices/messages/message.ts';
import { deepTest } from '../../support/depth.ts';
import { buttonOf, createLateWorld, type LateWorld, labels, text } from '../world.ts';

let world: LateWorld;
let boss: Awaited<ReturnType<LateWorld['person']>>;
let count = 0;

beforeAll(async () => {
  world = await createLateWorld('2026-03-09T06:00:00Z');
  boss = await world.person('boss', 'manager', { timeZone: 'Europe/Berlin' });
});
afterAll(() => world.close());

/** A model of its own, whose invoices go overdue on the Thursdays after these weeks. */
async function model(weeks: [week: string, total: number][] = []) {
  count += 1;
  const person = await world.person(idOf(count), 'model', { name: `Model ${count}`, timeZone: 'Europe/Berlin' });
  const ids: string[] = [];
  for (const [week, total] of weeks) ids.push(await world.issue(person.accountId, week, total));
  return { ...person, ids, id: person.accountId };
}

/** Ids that sort as they are counted. */
function idOf(number: number): string {
  return `model${String(number).padStart(3, '0')}`;
}

async function standing(id: string) {
  return world.core.standing.standings.standing(id, world.clock.now());
}

function expectNothingThere(answer: Message, thing: string, id: string) {
  expect(text(answer)).toContain(`There is no ${thing} ${id}. Check the id and try again.`);
}

describe('a model sees what is ahead', () => {
  it('with the smallest payment that prevents it, and the button that pays', async () => {
    const anna = await model([['2026-W10', 10_000]]);
    const before = await anna.type('/standing');
    expect(text(before)).toContain(
      `On Thu 12 Mar 2026, 07:00 (Europe/Berlin) your RevShare campaigns will be paused. The smallest payment that prevents it: $100.00 (week 2–8 Mar).`,
    );
    expect(text(before)).toContain('On Sun 15 Mar 2026, 07:00 (Europe/Berlin) new CPL orders will be blocked.');
    expect(text(before)).toContain('Your balance is $0.00, so $100.00 is missing.');
    expect(text(before)).toContain('Trust score: 50 of 100\nTier: new');
    await world.topUp(anna.id, 10_000);
    const asked = await anna.press(before, 'Pay');
    expect(await world.core.ledger.balance(`model:${anna.id}`)).toBe(10_000);
    expect(text(await anna.confirm(asked))).toContain('was debited from your balance');
    expect(text(await anna.confirm(asked))).toContain('nothing was debited again');
    expect(text(await anna.press(before, 'Pay'))).toContain('nothing was debited again');
    const after = await anna.inDiscord('/standing');
    expect(text(after)).toContain('You are in good standing\nNothing to do.');
    expect(text(after)).toContain('Trust, Mon 9 Mar 2026: +2 to 52');
    expect(labels(after)).toEqual(['Invoices', 'Balance']);
  });

  it('and what is in force, why, and what ends it', async () => {
    const bea = await model([
      ['2026-W06', 30_000],
      ['2026-W07', 20_001],
    ]);
    const answer = text(await bea.type('/standing'));
    expect(answer).toContain('Your campaigns are paused and new orders are blocked');
    expect(answer).toContain('2 invoices are overdue, $500.01 in all.');
    expect(answer).toContain('is more than the $500.00 that new CPL orders allow');
    expect(answer).toContain('have them run again at once: $500.01 (week 2–8 Feb and week 9–15 Feb)');
    expect(labels(await bea.type('/standing')).filter((label) => label.startsWith('Pay'))).toEqual([
      'Pay 2–8 Feb: $300.00',
      'Pay 9–15 Feb: $200.01',
    ]);
  });
});

describe('/overdue', () => {
  deepTest('lists the oldest first, with totals, standing, a file, and buttons that work', async () => {
    const cleo = await model([
      ['2025-W40', 100_000],
      ['2025-W41', 4_108],
    ]);
    await world.become(cleo.id, 'model', { name: '=HYPERLINK("x")' });
    const list = await boss.type('/overdue 120 1000');
    expect(text(list)).toContain(
      '1 invoice of 1 model is overdue for 120 days or more and with $1,000.00 or more, $1,000.00 in all.',
    );
    expect(list.table?.rows).toEqual([
      [
        '“=HYPERLINK("x")”',
        '29 Sep – 5 Oct 2025',
        '$1,000.00',
        expect.stringMatching(/^15\d days$/),
        'campaigns paused, orders blocked, trust 20 (at risk), under review',
        copyable(cleo.ids[0] ?? ''),
      ],
    ]);
    const rows = String(list.attachment?.content).split('\r\n');
    expect(list.attachment).toMatchObject({ name: 'overdue.csv', contentType: 'text/csv' });
    expect(rows).toHaveLength(3);
    expect(rows[1]).toContain(`${cleo.ids[0]},${cleo.id},"'=HYPERLINK(""x"")",2025-W40`);
    expect(rows[1]).toContain(',1000.00,USD,paused,blocked,20,at-risk,open,2,1041.08');
    expect(labels(list)).toEqual([
      'Remind: “=HYPERLINK("x")”, week 29 Sep – 5 Oct 2025',
      'Grace “=HYPERLINK("x")” for 3 days',
    ]);
    expect(text(await boss.type('/overdue 120 41.09'))).toContain('1 invoice of 1 model');
    expect(text(await boss.type('/overdue 120 41.08'))).toContain('2 invoices of 1 model');
  });

  it('pages, and keeps its minimums on the next page', async () => {
    const many = await model(['31', '32', '33', '34', '35', '36', '37'].map((week) => [`2025-W${week}`, 7_000]));
    const first = await boss.type('/overdue 170 70');
    const second = await boss.press(first, 'Overdue: more');
    const ids = [...(first.table?.rows ?? []), ...(second.table?.rows ?? [])].map((row) =>
      withoutMarks(row.at(-1) ?? ''),
    );
    expect(ids).toEqual(many.ids);
    expect(second.attachment).toBeUndefined();
    expect(text(second)).toContain('7 invoices of 1 model are overdue for 170 days or more and with $70.00 or more');
    expect(labels(second)).not.toContain('Overdue: more');
  });

  it.each([
    ['/overdue soon', 'soon is no number of days; write 3.'],
    ['/overdue 3 much', 'much is no amount; write 500.00.'],
    ['/overdue -1', '-1 is no number of days; write 3.'],
    ['/overdue 3 5 x y', 'overdue'],
  ])('%s says what is wrong with it', async (typed, said) => {
    expect(text(await boss.type(typed))).toContain(said);
  });

  it('without a first argument, as a channel may ask for each by itself, and with nothing found', async () => {
    expect(text(await world.core.runCommand(chat(boss), { name: 'overdue', words: ['', '99999'] }))).toBe(
      '\nNo invoice is overdue with $99,999.00 or more. Nothing to do.\n',
    );
  });
});

function chat({ userId }: { userId: string }) {
  return { channel: 'telegram' as const, userId, chatId: userId };
}

describe('/remind', () => {
  deepTest('once a day and invoice, however often and by however many pressed, and again the next day', async () => {
    const dora = await model([['2026-W01', 5_000]]);
    const other = await world.person(`boss${count}`, 'manager');
    const answers = await Promise.all([boss, other, boss, other].map((one) => one.type(`/remind ${dora.ids[0]}`)));
    expect(answers.filter((answer) => text(answer).includes('is told now'))).toHaveLength(1);
    expect(answers.filter((answer) => text(answer).includes('Nothing was sent now'))).toHaveLength(3);
    expect(await told(dora.id)).toHaveLength(2); // One message in each of the two chats.
    expect(await world.trail(`invoice:${dora.ids[0]}`)).toMatchObject([{ action: 'invoice.remind' }]);
    await world.moveTo('2026-03-10T06:00:00Z');
    expect(text(await boss.type(`/remind ${dora.ids[0]}`))).toContain('is told now');
    expect(await told(dora.id)).toHaveLength(4);
  });

  async function told(accountId: string) {
    return world.core.noticeStore.find({ accountId, 'content.kind': 'invoice.reminded' }).toArray();
  }

  it('sends nothing for what is paid, is unknown, or to whom nothing reaches', async () => {
    const emma = await model([['2026-W01', 5_000]]);
    for (const channel of ['telegram', 'discord'] as const) await world.core.accounts.unlink(channel, emma.userId);
    expect(text(await boss.type(`/remind ${emma.ids[0]}`))).toContain('has no chat that messages arrive in');
    await world.topUp(emma.id, 5_000);
    await world.core.invoicing.invoices.pay(emma.ids[0] ?? '', { actor: 'ops' }, world.clock.now());
    expect(text(await boss.type(`/remind ${emma.ids[0]}`))).toContain('No reminder needed: ');
    expectNothingThere(await boss.type('/remind 2026-W01:nobody'), 'invoice', '2026-W01:nobody');
    expect(await told(emma.id)).toEqual([]);
  });
});

describe('/grace', () => {
  deepTest('holds sanctions at once, in the manager’s zone, once, and ends by itself', async () => {
    const fay = await model([['2026-W08', 60_000]]);
    expect(await standing(fay.id)).toMatchObject({ campaigns: 'paused', cplOrders: 'blocked' });
    const answer = text(await boss.type(`/grace ${fay.id} 2026-03-12 the bank is slow`));
    expect(answer).toContain('Until Thu 12 Mar 2026, 00:00 (Europe/Berlin)');
    expect(await standing(fay.id)).toMatchObject({ campaigns: 'running', cplOrders: 'allowed' });
    expect(text(await fay.type('/standing'))).toContain('A manager holds the sanctions back until Thu 12 Mar 2026');
    expect(text(await boss.type(`/grace ${fay.id} 2026-03-11 shorter`))).toContain('Nothing was changed');
    expect(await world.trail(`account:${fay.id}`)).toMatchObject([
      {
        actor: expect.stringMatching(/^boss via telegram:/),
        action: 'partnership.grace',
        reason: 'the bank is slow',
        before: { campaigns: 'paused', cplOrders: 'blocked' },
        after: { campaigns: 'running', cplOrders: 'allowed', until: new Date('2026-03-11T23:00:00Z') },
      },
    ]);
    await world.moveTo('2026-03-11T23:00:00Z');
    expect(await standing(fay.id)).toMatchObject({ campaigns: 'paused', cplOrders: 'blocked' });
  });

  deepTest('by an old button grants nothing that was not meant when it was made', async () => {
    const gwen = await model([['2025-W30', 60_000]]);
    const list = await boss.type('/overdue 200 600');
    const press = () => boss.press(list, 'Grace Model');
    const asked = await press();
    expect(text(asked)).toContain('Until Sun 15 Mar 2026, 00:00 (Europe/Berlin)');
    expect(await standing(gwen.id)).toMatchObject({ campaigns: 'paused' });
    const confirm = () => boss.confirm(asked);
    const answers = await Promise.all([confirm(), confirm(), confirm()]);
    expect(answers.filter((answer) => text(answer).includes('are held\n'))).toHaveLength(1);
    expect(text(await press())).toContain('are held already');
    await world.moveTo('2026-03-16T06:00:00Z');
    expect(text(await press())).toContain('is past, and a grace must end in the future. Nothing was changed.');
    expect(await world.trail(`account:${gwen.id}`)).toHaveLength(1);
    expect(await standing(gwen.id)).toMatchObject({ campaigns: 'paused' });
  });

  it('is not given for more than a year, because a longer one could never be taken back', async () => {
    const gwen = await model([['2026-W08', 60_000]]);
    expect(text(await boss.type(`/grace ${gwen.id} 9999-12-31 a slip of the pen`))).toContain('a year at most');
    expect(await standing(gwen.id)).toMatchObject({ campaigns: 'paused' });
    expect(await world.trail(`account:${gwen.id}`)).toEqual([]);
  });

  it.each([
    ['/grace MODEL soon please', 'soon is no date; write 2026-04-01 or 3d.'],
    ['/grace MODEL 2026-02-30 why not', '2026-02-30 is no date; write 2026-04-01 or 3d.'],
    ['/settings quiet late', 'late is no pair of times; write 22:00 08:00, off or default.'],
    ['/settings channel email', 'email is no channel; write telegram, discord or both.'],
    ['/settings colour red', 'colour is no setting; write quiet, channel, language, digest, commissions'],
  ])('%s says what is wrong with it', async (typed, said) => {
    expect(text(await boss.type(typed))).toContain(said);
  });

  it.each(['nobody', 'boss'])('%s is no model', async (id) => {
    expectNothingThere(await boss.type(`/grace ${id} 3d why not`), 'model', id);
    expectNothingThere(await boss.type(`/model ${id}`), 'model', id);
    expectNothingThere(await boss.type(`/terminate ${id} why not`), 'model', id);
    expectNothingThere(await boss.type(`/keep ${id} why not`), 'model', id);
  });
});

describe('termination', () => {
  const LATE: [string, number][] = [
    ['2026-W05', 1_000],
    ['2026-W06', 1_000],
    ['2026-W07', 1_000],
  ];

  /** A model whose review is open, as the sweep has found it. */
  async function underReview() {
    const late = await model(LATE);
    await world.core.standing.dunning.run(world.clock.now());
    return late;
  }

  deepTest('a review is shown with its history, and kept by a button that is for this review alone', async () => {
    const hana = await underReview();
    const list = await boss.type(`/review ${idOf(count - 1)}`);
    expect(text(list)).toContain(`Model ${count} (${hana.id}): campaigns paused`);
    expect(text(list)).toContain('3 invoices went overdue so far (26 Jan – 1 Feb, 2–8 Feb and 9–15 Feb)');
    const asked = await boss.press(list, 'Keep Model');
    expect((await standing(hana.id)).terminationReview).toBe(true);
    const press = () => boss.confirm(asked);
    const answers = await Promise.all([press(), press(), press()]);
    expect(answers.filter((answer) => text(answer).includes('goes on\nThe review is closed.'))).toHaveLength(1);
    expect((await standing(hana.id)).terminationReview).toBe(false);
    for (const week of ['2026-W11', '2026-W12', '2026-W13']) await world.issue(hana.id, week, 1_000);
    await world.moveTo('2026-04-03T06:00:00Z');
    expect((await standing(hana.id)).terminationReview).toBe(true);
    await boss.press(list, 'Keep Model').then((answer) => {
      expect(text(answer)).toContain('that termination review is closed. Nothing was changed.');
    });
    expect(text(await press())).toContain('that termination review is closed. Nothing was changed.');
    expect((await standing(hana.id)).terminationReview).toBe(true);
    expect(text(await boss.type(`/keep ${hana.id} pays by instalments now`))).toContain('The review is closed.');
    expect(text(await boss.type(`/keep ${hana.id} once more`))).toContain('no termination review is open');
    expect((await world.trail(`account:${hana.id}`)).map(({ reason }) => reason)).toEqual([
      'pays by instalments now',
      'reviewed, the partnership goes on',
    ]);
  });

  deepTest('asks once more, and then happens once', async () => {
    const ines = await underReview();
    const asked = await boss.type(`/terminate ${ines.id} does not answer`);
    expect(text(asked)).toContain('Nothing has happened yet. To go on, press the button within 10 minutes');
    expect((await standing(ines.id)).terminated).toBe(false);
    expect(await world.trail(`account:${ines.id}`)).toEqual([]);
    const press = () => boss.confirm(asked);
    const answers = await Promise.all([press(), press(), press(), press()]);
    expect(answers.filter((answer) => text(answer).includes('is terminated\nCampaigns are stopped'))).toHaveLength(1);
    expect(await standing(ines.id)).toMatchObject({ campaigns: 'stopped', cplOrders: 'blocked', terminated: true });
    expect(text(await press())).toContain(`It was ended on`);
    expect(text(await boss.type(`/terminate ${ines.id} again`))).toContain('is terminated already');
    expect(text(await boss.type(`/keep ${ines.id} after all`))).toContain('is terminated already');
    expect(text(await boss.type(`/grace ${ines.id} 3d after all`))).toContain('is terminated. Nothing was changed.');
    expect(await world.trail(`account:${ines.id}`)).toMatchObject([
      {
        action: 'partnership.terminate',
        reason: 'does not answer',
        before: { terminated: false },
        after: { terminated: true },
      },
    ]);
    expect(text(await ines.type('/standing'))).toContain('Your partnership was ended');
  });

  deepTest('that was decided and cut off before anything came of it is finished afterwards, once', async () => {
    const iris = await underReview();
    const before = {
      campaigns: 'paused',
      cplOrders: 'blocked',
      trustScore: 0,
      terminationReview: true,
      terminated: false,
    };
    await world.core.connection.collection<{ _id: string }>('standing_decisions').insertOne({
      ...{ _id: `terminate:${iris.id}`, modelId: iris.id, kind: 'terminate', reason: 'fraud', actor: 'ops' },
      ...{ at: world.clock.now(), pendingEffects: before },
    });
    for (let time = 0; time < 2; time += 1) await world.core.invoicing.invoices.reconcile();
    await world.core.standing.repair();
    expect(await world.trail(`account:${iris.id}`)).toMatchObject([{ action: 'partnership.terminate', before }]);
    const told = await world.core.outgoing.list({ limit: 500 });
    const ended = told.items.filter(
      ({ type, subject }) => subject === `model:${iris.id}` && type.endsWith('terminated'),
    );
    expect(ended).toHaveLength(1);
  });

  it('is not confirmed too late, by somebody else, or by a manager who is none any more', async () => {
    const jane = await underReview();
    const other = await world.person(`boss${count}x`, 'manager');
    const asked = await other.type(`/terminate ${jane.id} does not answer`);
    const button = buttonOf(asked, 'Terminate');
    expect(text(await boss.type(button))).toContain('no such question of yours');
    expect(text(await boss.type('/terminate !made-up'))).toContain('no such question of yours');
    await world.become(other.accountId, 'marketer');
    expect(text(await other.type(button))).toContain("I don't know /terminate");
    await world.become(other.accountId, 'manager');
    const at = new Date(world.clock.now().getTime() + 10 * 60_000);
    await world.moveTo(at.toISOString());
    expect(text(await other.type(button))).toContain('That was too late');
    expect((await standing(jane.id)).terminated).toBe(false);
    expect(await world.trail(`account:${jane.id}`)).toEqual([]);
  });
});

describe('looking around', () => {
  it('a model, whole', async () => {
    const kim = await model([['2026-W02', 5_000]]);
    await boss.type(`/grace ${kim.id} 30d ill`);
    const answer = (await Promise.all(['', ' +8'].map((page) => boss.type(`/model ${kim.id}${page}`))))
      .map(text)
      .join('\n');
    for (const part of [
      'Chats: telegram, discord',
      'Balance: $0.00',
      'by boss via telegram',
      'ill',
      kim.ids[0] ?? '?',
      'Trust score: 40 of 100',
    ]) {
      expect(answer).toContain(part);
    }
  });

  it('the health of the service, with what is stuck and whom nothing reaches', async () => {
    const lea = await model([['2026-W03', 5_000]]);
    const calm = await boss.type('/health');
    expect(text(calm)).toContain('Nothing is stuck');
    await world.core.accounts.markUnreachable('telegram', lea.userId, 'blocked the bot', world.clock.now());
    await world.core.inbox.receive({
      id: 'evt_stuck',
      type: 'payment.refunded',
      timestamp: world.clock.now(),
      body: JSON.stringify({ data: {} }),
      known: true,
    });
    const events = world.core.connection.collection<{ _id: string }>('events');
    await events.updateOne({ _id: 'evt_stuck' }, { $set: { status: 'quarantined', error: 'no such payment' } });
    const webhooks = world.core.connection.collection<{ _id: string }>('outgoing_webhooks');
    const [webhook] = await webhooks.find({}).limit(1).toArray();
    await webhooks.updateOne({ _id: webhook?._id ?? '' }, { $set: { state: 'parked', error: 'answered 500' } });
    const answer = await boss.type('/health');
    expect(text(answer)).toContain('Stuck: 2 things to look at');
    expect(text(answer)).toContain(`Unreachable: Model ${count} (${lea.id}): telegram, “blocked the bot”, since`);
    expect(labels(answer)).toContain('Quarantine');
    expect(text(await boss.press(answer, 'Replay'))).toContain('is sent again now');
    const [replayed] = await world.trail(`webhook:${webhook?._id}`);
    expect(replayed).toMatchObject({ before: { status: 'parked' }, after: { status: 'due' } });
  });
});

describe('settings', () => {
  deepTest('are kept whatever the platform says of the account, and say how they read', async () => {
    const mia = await model();
    expect(text(await mia.type('/settings'))).toContain('Quiet hours: 22:00–08:00 (Europe/Berlin), as for everybody');
    expect(text(await mia.type('/settings quiet 23:00 7:30'))).toContain('Quiet hours: 23:00–07:30 (Europe/Berlin)\n');
    expect(text(await mia.inDiscord('/settings channel discord'))).toContain('Messages: to Discord alone');
    await world.become(mia.id, 'model', { name: 'New Name', timeZone: 'UTC' });
    expect(text(await mia.type('/settings'))).toContain('Quiet hours: 23:00–07:30 (UTC)\nMessages: to Discord alone');
    expect(text(await mia.type('/settings quiet 21:00-06:00'))).toContain('21:00–06:00');
    expect(text(await mia.type('/settings quiet off'))).toContain('Quiet hours: none');
    expect(text(await mia.type('/settings quiet default'))).toContain('as for everybody');
    expect(text(await mia.type('/settings language Русский'))).toContain('Русский');
    expect(text(await mia.type('/settings language default'))).toContain('Language: English');
    expect(text(await mia.type('/settings language de'))).toContain('Nothing was changed.');
  });

  it('shows the choices of a setting, the one that holds marked, and changes by a press', async () => {
    const lena = await model();
    const choices = await lena.type('/settings quiet');
    expect(choices.title).toBe('Quiet hours: 22:00–08:00 (Europe/Berlin), as for everybody');
    expect(labels(choices)).toEqual(['✓ 22:00–08:00', '23:00–07:00', '00:00–09:00', 'none', 'All settings']);
    expect(text(await lena.press(choices, '23:00'))).toContain('Quiet hours: 23:00–07:00 (Europe/Berlin)');
    expect(labels(await lena.type('/settings receipts'))[0]).toBe('✓ at once');
  });

  it.each(['/settings quiet 25:00 08:00', '/settings quiet 22:00', '/settings channel fax', '/settings colour red'])(
    '%s changes nothing',
    async (typed) => {
      const nora = await model();
      expect(text(await nora.type(typed))).toContain('Nothing was changed.');
      expect(await world.core.accounts.settings(nora.id)).toEqual({ channel: 'both' });
    },
  );

  deepTest(
    'do not choose a channel that is not linked, and messages go where the person is when it is gone',
    async () => {
      const olga = await model([['2026-W04', 5_000]]);
      await olga.type('/settings channel discord');
      await boss.type(`/remind ${olga.ids[0]}`);
      await world.core.accounts.unlink('discord', olga.userId);
      await world.moveTo(new Date(world.clock.now().getTime() + 86_400_000).toISOString());
      await boss.type(`/remind ${olga.ids[0]}`);
      const told = await world.core.noticeStore
        .find({ accountId: olga.id, 'content.kind': 'invoice.reminded' })
        .sort({ order: 1 })
        .toArray();
      expect(told.map(({ channel }) => channel)).toEqual(['discord', 'telegram']);
      expect(text(await olga.type('/settings channel discord'))).toContain('No Discord chat is linked to you yet');
    },
  );
});

describe('who may', () => {
  it.each([
    '/overdue',
    '/model model1',
    '/remind x',
    '/grace model1 3d x',
    '/review',
    '/terminate model1 x',
    '/keep model1 x',
    '/health',
  ])('a model: not %s', async (typed) => {
    const pia = await model();
    expect(text(await pia.type(typed))).toContain("I don't know");
  });

  it('suggestions are for managers, and begin with who is overdue', async () => {
    const [longest] = (await world.core.standing.overdue.list({ limit: 1 }, world.clock.now())).items;
    const suggested = await world.core.suggestArguments(chat(boss), 'grace', '');
    expect(suggested[0]?.value).toBe(longest?.modelId);
    expect(suggested.length).toBeLessThanOrEqual(25);
    const quinn = await model();
    expect(await world.core.suggestArguments(chat(boss), 'model', quinn.id)).toContainEqual({
      name: `Model ${count} (${quinn.id})`,
      value: quinn.id,
    });
    expect(await world.core.suggestArguments(chat(quinn), 'grace', '')).toEqual([]);
  });

  it.each(['Zoë', 'zoe', 'BIR', 'birch zoë', 'zb-9', 'Zb-9:X'])(
    'suggestions find by name, in any case: %s',
    async (typed) => {
      // Not late, and not the first by any order.
      await world.account('zb-9:x', 'model', { name: 'Zoë van der Birch' });
      const suggest = async (name: string, words: string) =>
        (await world.core.suggestArguments(chat(boss), name, words)).map(({ value }) => value);
      for (const name of ['model', 'grace', 'terminate', 'keep'])
        expect(await suggest(name, typed)).toEqual(['zb-9:x']);
      const invoices = await suggest('invoice', typed);
      const invoiceId = invoices[0] ?? (await world.issue('zb-9:x', '2026-W01', 10_000));
      expect(await suggest('void', typed)).toEqual([invoiceId]);
      expect(await suggest('why', typed)).toEqual([invoiceId]);
    },
  );

  it('no letters of a pattern stand for others', async () => {
    for (const typed of ['.*', '^', '$', '\\', '[', '|']) {
      expect(await world.core.suggestArguments(chat(boss), 'model', typed)).toEqual([]);
    }
  });

  deepTest('every button is named after its command', async () => {
    const rita = await model([['2025-W20', 5_000]]);
    const answers = [
      await boss.type('/overdue'),
      await boss.type('/review'),
      await boss.type(`/model ${rita.id}`),
      await boss.type('/health'),
      await boss.type(`/remind ${rita.ids[0]}`),
      await boss.type(`/grace ${rita.id} 3d x`),
      await boss.type(`/terminate ${rita.id} x`),
      await rita.type('/standing'),
    ];
    const buttons = answers.flatMap((answer) => answer.buttons.flat());
    expect(buttons.length).toBeGreaterThan(20);
    for (const { label, command } of buttons) {
      expect(`/${label.toLowerCase()}`.startsWith(/^\/\w+/.exec(command ?? '')?.[0] ?? '?')).toBe(true);
    }
  });
});
