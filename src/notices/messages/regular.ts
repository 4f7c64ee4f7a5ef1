import { type MinorUnits, sum } from '../../kernel/money.ts';
import { type DisplayContext, type Speech, speechOf } from '../../texts/speech.ts';
import { commandButton, consoleButtons } from './buttons.ts';
import { topUpButtons } from './invoices.ts';
import type { Message } from './message.ts';

/** How many there are, over how much. Money in minor units. */
type Sum = { count: number; total: MinorUnits };

/** How long invoices are overdue, in whole days: the ages that managers look at. */
export const AGES = ['week', 'fortnight', 'month', 'older'] as const;
export type Age = (typeof AGES)[number];

/** What people are told by the calendar, whatever has happened (rules 3), as data. */
export type RegularContent =
  | {
      kind: 'digest.managers';
      data: {
        /** By age, and of how many models. */
        overdue: { [A in Age]: Sum } & { models: number };
        /** The last invoices that were issued: `paid` of them are paid or had nothing to pay. */
        monday: (Sum & { week: string; paid: number }) | null;
        /** The paydays that are still to be settled, the oldest first. */
        paydays: (Sum & { payday: string })[];
        quarantined: number;
        parked: number;
        unreached: number;
      };
    }
  /** What the next invoices take: `amount` as known now, beside `unpaid` of earlier ones. */
  | {
      kind: 'digest.model';
      data: {
        accountId: string;
        week: string;
        at: Date;
        amount: MinorUnits;
        balance: MinorUnits;
        unpaid: MinorUnits;
        /** Credit or discounts cover all of it. */
        isCredited: boolean;
      };
    }
  /** Of the week that has ended, and what is on its way. */
  | {
      kind: 'digest.affiliate';
      data: {
        week: string;
        earned: MinorUnits;
        before: MinorUnits;
        payday: string;
        firm: Sum;
        inHold: MinorUnits;
      };
    };

type DataOfKind<K extends RegularContent['kind']> = Extract<RegularContent, { kind: K }>['data'];

/** The words of what comes by the calendar. */
export function regularMessage(content: RegularContent, display: DisplayContext): Message {
  const message = wordsOf(content, display);
  const console = consoleButtons(speechOf(display).say, display);
  return { ...message, buttons: [...message.buttons, console].filter((row) => row.length > 0) };
}

function wordsOf(content: RegularContent, display: DisplayContext): Message {
  switch (content.kind) {
    case 'digest.managers':
      return managersMorning(content.data, display);
    case 'digest.model':
      return modelsSunday(content.data, display);
    case 'digest.affiliate':
      return affiliatesWeek(content.data, display);
  }
}

function managersMorning(data: DataOfKind<'digest.managers'>, display: DisplayContext): Message {
  const speech = speechOf(display);
  const { say, money } = speech;
  const all = AGES.map((age) => data.overdue[age]);
  const total = sum(all.map((one) => one.total));
  const count = sum(all.map((one) => one.count));
  const { models } = data.overdue;
  return {
    state: count > 0 ? 'overdue' : 'info',
    title:
      count > 0
        ? say('regular.managers.overdue', { total: money(total), count, models })
        : say('regular.managers.none'),
    paragraphs: [],
    facts: [...ageFacts(data.overdue, speech), ...runFacts(data, speech), ...stuckFacts(data, speech)],
    buttons: [
      [
        ...(count > 0 ? [commandButton(say, 'overdue')] : []),
        ...(data.paydays.length > 0 ? [commandButton(say, 'cycle')] : []),
        ...(data.quarantined > 0 ? [commandButton(say, 'quarantine')] : []),
        commandButton(say, 'chart'),
        commandButton(say, 'health'),
      ],
    ],
  };
}

function ageFacts(overdue: DataOfKind<'digest.managers'>['overdue'], { say, money }: Speech): [string, string][] {
  return AGES.filter((age) => overdue[age].count > 0).map((age) => [
    say('regular.managers.age', { age: age === 'older' ? 'other' : age }),
    say('regular.managers.sum', { count: overdue[age].count, total: money(overdue[age].total) }),
  ]);
}

/** The last Monday, and what is to be paid out. */
function runFacts(
  { monday, paydays }: DataOfKind<'digest.managers'>,
  { say, money, weekDays, date }: Speech,
): [string, string][] {
  const [oldest] = paydays;
  const total = sum(paydays.map((one) => one.total));
  const count = sum(paydays.map((one) => one.count));
  const invoices: [string, string][] =
    monday === null
      ? []
      : [
          [
            say('regular.managers.monday'),
            say('regular.managers.issued', {
              ...{ week: weekDays(monday.week), count: monday.count, total: money(monday.total), paid: monday.paid },
            }),
          ],
        ];
  if (oldest === undefined) return invoices;
  const payday = date(oldest.payday);
  const settle = { count, total: money(total), payday, paydays: paydays.length };
  return [...invoices, [say('regular.managers.payday'), say('regular.managers.settle', settle)]];
}

/** What somebody has to look at, in one line; no line where there is nothing. */
function stuckFacts(
  { quarantined, parked, unreached }: DataOfKind<'digest.managers'>,
  { say, list }: Speech,
): [string, string][] {
  const stuck = [
    ...(quarantined > 0 ? [say('digests.counted.quarantined', { count: quarantined })] : []),
    ...(parked > 0 ? [say('digests.counted.webhookParked', { count: parked })] : []),
    ...(unreached > 0 ? [say('digests.counted.unreached', { count: unreached })] : []),
  ];
  return stuck.length === 0 ? [] : [[say('regular.managers.stuck'), list(stuck)]];
}

function modelsSunday(data: DataOfKind<'digest.model'>, display: DisplayContext): Message {
  const { say, money, weekDays, instant } = speechOf(display);
  const { amount, balance, unpaid, isCredited } = data;
  const invoiceId = `${data.week}:${data.accountId}`;
  const missing = Math.max(0, unpaid + amount - balance);
  const sums = { balance: money(balance), missing: money(missing), at: instant(data.at) };
  const week = weekDays(data.week);
  if (isCredited) {
    const title = say('regular.model.nothing', { week });
    return { state: 'done', title, paragraphs: [say('regular.model.credited')], buttons: [] };
  }
  const title = say('regular.model.title', { amount: money(amount), week });
  return {
    state: missing > 0 ? 'open' : 'done',
    title,
    paragraphs: [
      missing > 0 ? say('regular.model.short', sums) : say('regular.model.covered', sums),
      ...(unpaid > 0 ? [say('regular.model.unpaid', { unpaid: money(unpaid) })] : []),
      say('regular.model.more'),
    ],
    buttons: [
      [
        ...(missing > 0 ? topUpButtons({ ...data, missing, invoiceId }, display) : []),
        commandButton(say, 'invoices'),
        commandButton(say, 'chart'),
      ],
    ],
  };
}

function affiliatesWeek(data: DataOfKind<'digest.affiliate'>, display: DisplayContext): Message {
  const { say, money, weekDays, date } = speechOf(display);
  const { earned, before, firm, inHold } = data;
  const change = earned === before ? 'other' : earned > before ? 'more' : 'less';
  return {
    state: 'info',
    title: say('regular.affiliate.title', { earned: money(earned), week: weekDays(data.week) }),
    paragraphs: [
      say('regular.affiliate.change', { change, difference: money(Math.abs(earned - before)) }),
      firm.count > 0
        ? say('regular.affiliate.firm', { total: money(firm.total), count: firm.count, payday: date(data.payday) })
        : say('regular.affiliate.nothingFirm', { payday: date(data.payday) }),
      ...(inHold > 0 ? [say('regular.affiliate.inHold', { total: money(inHold) })] : []),
    ],
    buttons: [[commandButton(say, 'earnings'), commandButton(say, 'nextpayday')]],
  };
}
