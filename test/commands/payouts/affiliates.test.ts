import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Role } from '../../../src/events/catalogue.ts';
import { copyable } from '../../../src/notices/messages/marks.ts';
import type { Message } from '../../../src/notices/messages/message.ts';
import { failed, program, sold } from '../../affiliates/world.ts';
import { tell } from '../../support/events.ts';
import { pdfPages } from '../../support/pdfText.ts';
import { createWorld } from '../../support/world.ts';
import { buttonOf, facts, labels, text } from '../world.ts';

const world = await createWorld();
afterAll(world.close);

type Person = Awaited<ReturnType<typeof person>>;
let anna: Person;
let other: Person;
let marketer: Person;
let model: Person;
let boss: Person;
let linked = 0;

async function person(accountId: string, role: Role) {
  await world.send(tell.account(accountId, role));
  linked += 1;
  const userId = String(9_000 + linked);
  for (const channel of ['telegram', 'discord'] as const) {
    const made = await world.core.accounts.createLinkCode(accountId, world.clock.now());
    await world.core.accounts.link(made?.code ?? '', { channel, userId, chatId: userId }, world.clock.now());
  }
  const type = (words: string) => world.core.runCommand({ channel: 'telegram', userId, chatId: userId }, words);
  const inDiscord = (words: string) => world.core.runCommand({ channel: 'discord', userId, chatId: userId }, words);
  const suggest = async (name: string, typed: string) =>
    (await world.core.suggestArguments({ channel: 'discord', userId, chatId: userId }, name, typed)).map(
      ({ value }) => value,
    );
  const press = (message: Message, label: string) => type(buttonOf(message, label));
  return { type, inDiscord, suggest, press };
}

/** A sale of $10.00, of which the affiliate gets $3.00, charged at an instant. */
async function sale(id: string, affiliateId: string, paidAt: string, more: Record<string, unknown> = {}) {
  const startedAt = new Date(new Date(paidAt).getTime() - 3 * 86_400_000).toISOString();
  await world.send(
    ...sold(id, affiliateId, startedAt, more),
    tell.payment(`pay-${id}`, 1_000, paidAt, { kind: 'subscription', subscriptionId: id }),
  );
}

beforeAll(async () => {
  await world.reset('2026-03-01T12:00:00Z');
  [anna, other, marketer, model, boss] = [
    await person('anna', 'affiliate'),
    await person('other', 'affiliate'),
    await person('maria', 'marketer'),
    await person('modest', 'model'),
    await person('boss', 'manager'),
  ];
});

describe('before anything was sold', () => {
  it('affiliates are told what is to come, not nothing', async () => {
    expect(text(await anna.type('/commissions'))).toContain('You have no commissions yet. One shows here when');
    expect(text(await anna.type('/payouts'))).toContain('You have no payouts yet.');
    const next = text(await anna.type('/nextpayday'));
    expect(next).toContain('Next payday: 16 Mar 2026');
    expect(next).toContain('Nothing is firm for it yet.');
    const earnings = await anna.type('/earnings');
    expect(text(earnings)).toContain('Earned in the last 12 weeks: $0.00');
    expect(earnings.attachment).toMatchObject({ name: 'earnings.png', contentType: 'image/png' });
  });

  it('a role has its own commands, and no other', async () => {
    const help = async (who: Person) => (await who.type('/help')).facts?.map(([command]) => command);
    expect(await help(anna)).toEqual(
      expect.arrayContaining(['/commissions', '/nextpayday', '/earnings', '/payouts', '/statement ID', '/why ID']),
    );
    expect(await help(boss)).toEqual(expect.arrayContaining(['/cycle DATE', '/settle ID REFERENCE', '/why ID']));
    expect(text(await model.type('/commissions'))).toContain("I don't know /commissions.");
    expect(text(await anna.type('/settle x y'))).toContain("I don't know /settle.");
    expect(text(await marketer.type('/payouts'))).toContain(
      'Your balance from orders and campaigns is $0.00. The payday 16 Mar 2026 pays what that is at its 00:00.',
    );
  });
});

describe('what is approved too late for the next payday', () => {
  it('is not shown on it, but on the one that pays it', async () => {
    await world.travelTo('2026-03-05T10:00:00Z');
    for (let index = 1; index <= 6; index += 1) await sale(`early-${index}`, 'anna', `2026-03-05T0${index}:00:00Z`);
    expect(text(await boss.type('/cycle'))).toContain('Payday 16 Mar 2026 is to come\nThere would be no payout.');
    expect(text(await boss.type('/cycle 2026-04-01'))).toContain('There would be 1 payout, $18.00 in all.');
    expect(text(await anna.type('/nextpayday'))).toContain('Nothing is firm for it yet.');
    expect((await world.core.simulation.payday()).period).toBe('2026-04-01');
  });
});

describe('an affiliate', () => {
  beforeAll(async () => {
    await world.travelTo('2026-03-18T10:00:00Z');
    await sale('held', 'anna', '2026-03-18T08:00:00Z');
    await sale('late', 'anna', '2026-03-18T09:00:00Z');
    await sale('gone', 'anna', '2026-03-18T07:00:00Z');
    await world.travelTo('2026-03-19T10:00:00Z');
    await world.send(tell.refund('r-gone', 'pay-gone', 1_000, '2026-03-19T09:00:00Z'));
  });

  it('sees each commission with its state and payday, page by page', async () => {
    const first = await anna.type('/commissions');
    expect(first.table?.rows.slice(0, 4)).toEqual([
      ['Subscription of 18 Mar', '$3.00', 'in hold until Sun 22 Mar 2026, 09:00 (UTC)', 'expected 1 Apr 2026'],
      ['Subscription of 18 Mar', '$3.00', 'in hold until Sun 22 Mar 2026, 08:00 (UTC)', 'expected 1 Apr 2026'],
      ['Subscription of 18 Mar', '$3.00', 'rejected: refunded', '–'],
      ['Subscription of 5 Mar', '$3.00', 'approved (unpaid)', 'expected 1 Apr 2026'],
    ]);
    const second = await anna.press(first, 'Commissions: older');
    expect(second.buttons.slice(0, 4).map(([button]) => button?.command)).toEqual(
      [4, 3, 2, 1].map((number) => `/why early-${number}~first`),
    );
    expect(second.table?.headings).toEqual([{ from: 0, text: 'March 2026' }]);
    expect(labels(second)).not.toContain('Commissions: older');
    expect(await anna.inDiscord('/commissions')).toEqual(first);
  });

  it('sees what will be paid when, and what is still in hold', async () => {
    const next = await anna.type('/nextpayday');
    expect(text(next)).toContain('Next payday: 1 Apr 2026');
    expect(text(next)).toContain('$18.00 is firm for it, 6 commissions.');
    expect(text(next)).toContain('It takes what is approved before Tue 24 Mar 2026, 00:00 (UTC)');
    expect(text(next)).toContain('$6.00 is still in hold');
    expect(next.table?.rows).toEqual([['1 Apr 2026', '$18.00 (6)', '$6.00 (2)', 'Sun 22 Mar 2026, 09:00 (UTC)']]);
    expect(text(next)).toContain('Your balance: $18.00');
  });

  it('reads in dated lines why a commission stands as it does', async () => {
    const why = await anna.type('/why early-1~first');
    expect(facts(why)).toEqual([
      [
        'Mon 2 Mar 2026, 01:00 (UTC)',
        'The subscription started, and with it the trial, in which nothing is shown (each subscription begins with a trial)',
      ],
      ['Thu 5 Mar 2026, 01:00 (UTC)', 'The trial ended (each subscription begins with a trial)'],
      [
        'Thu 5 Mar 2026, 01:00 (UTC)',
        'The subscriber paid $10.00, of which the program pays 30 %: $3.00, rounded once; pending for the hold (what a charge earns, and its hold)',
      ],
      [
        'Mon 9 Mar 2026, 01:00 (UTC)',
        'The hold was over, and no refund of all of it was known: approved (when a commission is approved)',
      ],
      [
        'Wed 1 Apr 2026, 00:00 (UTC), to come',
        'Payday, as expected: 1 Apr 2026 takes what is approved from Mon 9 Mar 2026, 00:00 (UTC) until just before Tue 24 Mar 2026, 00:00 (UTC) (which approvals a payday takes; one payout for each payday)',
      ],
      ['ID', 'early-1~first'],
    ]);
    const rejected = text(await anna.type('/why gone~first'));
    expect(rejected).toContain(
      '$10.00 was refunded within the hold: no commission (a refund within the hold lowers or cancels it)',
    );
    expect(text(await anna.type('/why held~first'))).toContain('Sun 22 Mar 2026, 08:00 (UTC), to come: The hold ends');
  });

  it('finds nothing of somebody else, in the very words of what does not exist', async () => {
    const words = async (who: Person, id: string) => text(await who.type(`/why ${id}`)).replace(id, 'ID');
    expect(await words(other, 'early-1~first')).toBe(await words(other, 'no-such'));
    expect(await words(model, 'early-1~first')).toBe('\nThere is nothing called ID. Check the id and try again.\n');
    expect(await other.suggest('why', 'early')).toEqual([]);
    expect(await anna.suggest('why', 'early-1')).toEqual(['early-1~first']);
    expect(await words(boss, 'early-1~first')).toContain('for affiliate anna');
  });
});

describe('a payday', () => {
  const PAYOUT = '2026-04-01:anna';

  it('is shown to managers before it comes: totals, rows, and nothing is written', async () => {
    await world.send(tell.account('rich', 'marketer'));
    const before = await world.collection('payouts').countDocuments();
    const cycle = await boss.type('/cycle');
    expect(text(cycle)).toContain('Payday 1 Apr 2026 is to come');
    expect(text(cycle)).toContain('There would be 1 payout, $24.00 in all.');
    expect(String(cycle.attachment?.content)).toContain('payday,2026-04-01,anna,anna,24.00,24.00,0.00,USD,8,payout,');
    expect(await world.collection('payouts').countDocuments()).toBe(before);
    expect(await boss.suggest('cycle', '')).toEqual(['2026-03-16', '2026-04-01', '2026-04-16']);
    expect(text(await boss.type('/cycle 2026-04-02'))).toContain(
      '2026-04-02 is no payday: paydays are the 1st and the 16th; write 2026-04-01.',
    );
    expect(text(await boss.type('/cycle soon'))).toContain('soon is no date; write 2026-04-01.');
    expect(text(await boss.type('/cycle 2026-05-01'))).toContain('There would be no payout.');
  });

  it('leaves a payout that each sees with its own eyes', async () => {
    await world.travelTo('2026-04-01T09:00:00Z');
    const payouts = await anna.type('/payouts');
    expect(payouts.table?.rows).toEqual([['1 Apr', '$24.00', 'due, being prepared']]);
    expect(text(payouts)).toContain(
      'Your balance of commissions is $0.00. The next payday is 16 Apr 2026; /nextpayday says what it takes.',
    );
    const cycle = await boss.type('/cycle 2026-04-01');
    expect(text(cycle)).toContain('1 payout, $24.00 in all.');
    expect(text(cycle)).toContain('1 payout still to settle. When one is paid, send: /settle ID REFERENCE');
    expect((await boss.type('/cycle')).title).toBe(cycle.title);
    expect(cycle.table?.rows).toEqual([['anna', '$24.00', 'due, being prepared', copyable(PAYOUT)]]);
    expect(String(cycle.attachment?.content)).toContain(`${PAYOUT},2026-04-01,anna,anna,24.00,24.00,0.00,USD,8,due`);
    expect(await boss.suggest('settle', 'anna')).toEqual([PAYOUT]);
  });

  it('has a statement as a file, for its owner and for managers', async () => {
    const statement = await anna.press(await anna.type('/payouts'), 'Statement');
    expect(statement.attachment).toMatchObject({ name: 'payout-2026-04-01-anna.pdf', contentType: 'application/pdf' });
    const content = statement.attachment?.content;
    const lines = pdfPages(content instanceof Uint8Array ? content : Buffer.from('')).flat();
    expect(lines).toContain('Approved in this cycle: 8');
    expect(lines).toContain('Total: $24.00');
    expect((await boss.type(`/statement ${PAYOUT}`)).attachment?.content).toEqual(content);
    expect((await anna.type('/statement 2026-04-01')).attachment?.content).toEqual(content);
    expect(text(await other.type(`/statement ${PAYOUT}`))).toBe(
      `\nThere is no payout ${PAYOUT}. Check the id and try again.\n`,
    );
  });

  it('is settled once, with a reference; again says how it stands', async () => {
    expect(text(await boss.type(`/settle ${PAYOUT}`))).toContain('With what reference of the transfer?');
    expect(text(await boss.type(`/settle ${PAYOUT} SEPA 4711`))).toContain(
      '$24.00 to anna, reference “SEPA 4711”. They and the platform are told.',
    );
    const again = text(await boss.inDiscord(`/settle ${PAYOUT} other`));
    expect(again).toContain('Paid already: $24.00 — anna, payout of 1 Apr');
    expect(again).toContain('paid on Wed 1 Apr 2026, 09:00 (UTC), reference “SEPA 4711”. Nothing was changed now.');
    expect(text(await boss.type('/settle 2026-04-01:nobody x'))).toContain('There is no payout 2026-04-01:nobody.');
    expect(text(await boss.type('/cycle 2026-04-01'))).toContain('Nothing is left to settle.');
    expect(await boss.suggest('settle', 'anna')).toEqual([]);
  });

  it('tells its story', async () => {
    const why = await anna.type('/why 2026-04-01');
    expect(why.facts?.map(([at]) => at)).toEqual([
      'Mon 9 Mar 2026, 00:00 (UTC)',
      'Tue 24 Mar 2026, 00:00 (UTC)',
      'Wed 1 Apr 2026, 00:00 (UTC)',
      'Wed 1 Apr 2026, 09:00 (UTC)',
      'ID',
    ]);
    expect(text(why)).toContain('It was generated: 8 commissions, $24.00, with what was carried over');
    expect(text(why)).toContain('It was paid, reference “SEPA 4711” (a paid payout is never changed)');
    const commission = text(await anna.type('/why early-1~first'));
    expect(commission).toContain('It went into a payout: 1 Apr 2026');
    expect(commission).toContain(
      'That payout: paid on Wed 1 Apr 2026, 09:00 (UTC), reference “SEPA 4711” (a paid payout is never changed)',
    );
  });

  it('is followed by a correction when a refund comes late, which says so', async () => {
    await world.send(tell.refund('r-late', 'pay-late', 1_000, '2026-03-20T00:00:00Z'));
    const [row] = (await anna.type('/commissions')).table?.rows ?? [];
    expect(row).toBeDefined();
    const why = text(await anna.type('/why late~first~reversal~1'));
    expect(why).toContain('this corrects it by -$3.00 (what changes a commission later corrects it)');
    expect(text(await anna.type('/why late~first'))).toContain(
      '$10.00 was refunded within the hold, which a commission of its own corrects. That became known on Wed 1 Apr 2026, 09:00 (UTC) (what changes a commission later corrects it)',
    );
    expect(text(await anna.type('/why late~first'))).toContain(
      'A later fact changed it: a correction of -$3.00 goes onto the next payout (what changes a commission later corrects it)',
    );
    expect(text(await anna.type('/nextpayday'))).toContain(
      'As it stands, nothing is paid on 16 Apr 2026, because corrections take up what was earned',
    );
    expect(text(await boss.type('/cycle'))).toContain('Carried over: 1, -$3.00');
  });

  it('counts in the weeks of the approvals, payouts left out', async () => {
    const earnings = await anna.type('/earnings');
    expect(text(earnings)).toContain('Earned in the last 12 weeks: $21.00');
    expect(earnings.facts).toEqual([
      ['Week of 9 Mar', '$18.00'],
      ['Week of 16 Mar', '$6.00'],
      ['Week of 30 Mar', '-$3.00'],
    ]);
    const content = earnings.attachment?.content;
    expect(
      Buffer.from(content ?? '')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });
});

describe('what is below the minimum, and what fails', () => {
  it('is carried over, and both sides see why', async () => {
    await world.send(program('large', { minimumPayout: 500 }));
    await world.travelTo('2026-04-02T10:00:00Z');
    await sale('small', 'other', '2026-04-02T09:00:00Z', { programId: 'large' });
    expect(text(await other.type('/nextpayday'))).toContain(
      'As it stands, nothing is paid on 16 Apr 2026, because the smallest payout is $5.00',
    );
    expect(String((await boss.type('/cycle')).attachment?.content)).toContain(
      'other,other,3.00,,,USD,1,carried,below-minimum',
    );
    await sale('more', 'other', '2026-04-02T09:30:00Z', { programId: 'large' });
    expect(text(await boss.type('/cycle'))).toContain('There would be 1 payout, $6.00 in all.');
    expect(text(await boss.type('/cycle'))).toContain(
      'Against 2026-04-01, which had 1 payout of $24.00: as many, and $18.00 less.',
    );
    await world.travelTo('2026-04-16T09:00:00Z');
    const failedAt = '2026-04-16T08:00:00Z';
    await world.send(failed('2026-04-16:other', failedAt));
    expect(text(await other.type('/payouts'))).toContain('16 Apr · $6.00 · failed on');
    expect(text(await other.type('/why 2026-04-16'))).toContain(
      'It failed: “closed”. The amount is back on the balance, and goes into a later payout (a paid payout is never changed)',
    );
    expect(text(await boss.type('/settle 2026-04-16:other x'))).toContain(
      'Stays failed: $6.00 — other, payout of 16 Apr',
    );
  });
});
