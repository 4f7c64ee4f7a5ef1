import type { ExpectedPayday } from '../../affiliates/payouts/expectedPaydays.ts';
import { sum } from '../../kernel/money.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import type { Message } from '../../notices/messages/message.ts';
import { monthHeadings } from '../../notices/messages/tables.ts';
import { type Speech, speechOf } from '../../texts/speech.ts';
import { thingsOf } from '../../texts/things.ts';
import type { Command, Request } from '../core/command.ts';
import { amountsIn, lastWeeks, WEEKS } from '../core/lastWeeks.ts';
import { payeeFacts } from './payeeFacts.ts';
import { commissionState, paydayCell } from './payoutMessages.ts';

const PAGE = 5;

const commissionsCommand: Command = {
  name: 'commissions',
  arguments: '[AFTER]',
  roles: ['affiliate'],
  description: 'commands.commissions.description',
  async run({ deps, account, display, speech, now, words: [after] }): Promise<Message> {
    const things = thingsOf(display);
    const { say, money } = speech;
    const page = await deps.affiliates.commissions.list(
      { affiliateId: account.accountId, limit: PAGE, ...(after ? { after } : {}) },
      now,
    );
    if (page.items.length === 0) return noCommissions(after, speech);
    const older = { label: say('payoutCommands.buttons.olderCommissions'), command: `/commissions ${page.next}` };
    return {
      title: say(after ? 'payoutCommands.commissions.olderTitle' : 'payoutCommands.commissions.title'),
      paragraphs: [],
      table: {
        header: [
          say('payoutCommands.columns.commission'),
          say('payoutCommands.columns.amount'),
          say('payoutCommands.columns.state'),
          say('payoutCommands.columns.payday'),
        ],
        rows: page.items.map((one) => [
          things.commission(one),
          money(one.amount),
          commissionState(one, speech),
          paydayCell(one, speech),
        ]),
        numbers: [1],
        ...monthHeadings(
          page.items.map(({ paidAt }) => speech.dayOf(paidAt)),
          display,
        ),
      },
      buttons: [
        ...page.items.map((one) => [
          {
            label: say('payoutCommands.buttons.whyOf', { id: things.commission(one) }),
            command: `/why ${one.commissionId}`,
          },
        ]),
        ...(page.next === null ? [] : [[older]]),
        [commandButton(say, 'nextpayday'), commandButton(say, 'payouts')],
      ],
    };
  },
};

function noCommissions(after: string | undefined, { say }: Speech): Message {
  return after
    ? { paragraphs: [say('payoutCommands.commissions.noOlder')], buttons: [[commandButton(say, 'commissions')]] }
    : { paragraphs: [say('payoutCommands.commissions.none')], buttons: [] };
}

const nextPaydayCommand: Command = {
  name: 'nextpayday',
  arguments: '',
  roles: ['affiliate'],
  description: 'commands.nextpayday.description',
  async run(request): Promise<Message> {
    const { deps, account, speech, now } = request;
    const { say, money, date } = speech;
    const [paydays, balance] = await Promise.all([
      deps.expectedPaydays.paydaysOf(account.accountId, now),
      deps.ledger.balance(`affiliate:${account.accountId}`),
    ]);
    return {
      title: say('payoutCommands.nextPayday.title', { payday: date(deps.affiliates.payoutCalendar.cycleFrom(now)) }),
      paragraphs: [
        ...nextSentences(paydays, request),
        ...paydays.filter(({ carried }) => carried).map((one) => carriedSentence(one, speech)),
      ],
      ...(paydays.length === 0 ? {} : { table: paydaysTable(paydays, speech) }),
      facts: [
        [
          say('payoutCommands.nextPayday.balance'),
          say('payoutCommands.nextPayday.balanceIs', { balance: money(balance) }),
        ],
        ...(await payeeFacts(request)),
      ],
      buttons: [[commandButton(say, 'commissions'), commandButton(say, 'payouts')]],
    };
  },
};

/** What is firm for the next payday, what it takes, and what may still be lost. */
function nextSentences(paydays: ExpectedPayday[], { deps, display, speech, now }: Request): string[] {
  const { say, money } = speech;
  const { payoutCalendar } = deps.affiliates;
  const next = payoutCalendar.cycleFrom(now);
  const [first] = paydays;
  const firm = first?.cycle === next ? first.firm : { count: 0, total: 0 };
  const { instant } = speechOf({ ...display, timeZone: deps.platform.timeZone });
  const held = sum(paydays.map(({ pending }) => pending.total));
  return [
    firm.count === 0
      ? say('payoutCommands.nextPayday.nothingFirm')
      : say('payoutCommands.nextPayday.firm', { total: money(firm.total), count: firm.count }),
    say('payoutCommands.nextPayday.takes', { cutoff: instant(payoutCalendar.periodOf(next).end) }),
    ...(held === 0 ? [] : [say('payoutCommands.nextPayday.held', { total: money(held) })]),
  ];
}

function paydaysTable(paydays: ExpectedPayday[], { say, money, date, instant }: Speech): NonNullable<Message['table']> {
  return {
    header: [
      say('payoutCommands.columns.payday'),
      say('payoutCommands.columns.firm'),
      say('payoutCommands.columns.inHold'),
      say('payoutCommands.columns.holdEnds'),
    ],
    rows: paydays.map(({ cycle, firm, pending }) => [
      date(cycle),
      `${money(firm.total)} (${firm.count})`,
      `${money(pending.total)} (${pending.count})`,
      pending.lastHoldUntil === null ? '–' : instant(pending.lastHoldUntil),
    ]),
    numbers: [1, 2],
  };
}

function carriedSentence({ cycle, minimum }: ExpectedPayday, { say, money, date }: Speech): string {
  const payday = date(cycle);
  return minimum > 0
    ? say('payoutCommands.nextPayday.belowMinimum', { payday, minimum: money(minimum) })
    : say('payoutCommands.nextPayday.takenUp', { payday });
}

const earningsCommand: Command = {
  name: 'earnings',
  arguments: '',
  roles: ['affiliate'],
  description: 'commands.earnings.ofAffiliate',
  async run(request): Promise<Message> {
    const { deps, account, speech, display } = request;
    const { say, money } = speech;
    const book = `affiliate:${account.accountId}`;
    const { timeZone } = deps.platform;
    const { weeks, labels, start } = lastWeeks(request);
    const [incomes, balance] = await Promise.all([
      deps.ledger.weekIncomes({ account: book, since: start, timeZone }),
      deps.ledger.balance(book),
    ]);
    const earned = amountsIn(weeks, incomes);
    const total = money(sum(earned));
    const title = say('payoutCommands.earnings.title', { count: WEEKS, total });
    return {
      title,
      paragraphs: [
        say('payoutCommands.earnings.weeks', { timeZone }),
        say('payoutCommands.earnings.balance', { balance: money(balance) }),
      ],
      facts: labels
        .map((day, index): [string, number] => [day, earned[index] ?? 0])
        .filter(([, amount]) => amount !== 0)
        .map(([day, amount]) => [say('payoutCommands.earnings.weekOf', { day }), money(amount)]),
      attachment: await deps.documents.chart(
        {
          ...{ name: 'earnings.png', title, alt: title },
          panels: [{ labels, unit: 'money', series: [{ values: earned }] }],
        },
        display,
      ),
      buttons: [[commandButton(say, 'commissions'), commandButton(say, 'nextpayday'), commandButton(say, 'payouts')]],
    };
  },
};

export const affiliateCommands: readonly Command[] = [commissionsCommand, nextPaydayCommand, earningsCommand];
