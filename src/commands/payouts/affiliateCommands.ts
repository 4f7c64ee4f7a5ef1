import type { ExpectedPayday } from '../../affiliates/payouts/expectedPaydays.ts';
import { createCalendar, formatDate, formatInstant } from '../../kernel/calendar.ts';
import { formatMoney, type MinorUnits, sum } from '../../kernel/money.ts';
import { countOf, type Message, shorten } from '../../notices/messages/message.ts';
import type { Command } from '../core/command.ts';
import { COMMISSIONS, commissionState, NEXT_PAYDAY, PAYOUTS, paydayCell } from './payoutMessages.ts';

const PAGE = 5;
const WEEKS = 12;

const commissionsCommand: Command = {
  name: 'commissions',
  arguments: '[AFTER]',
  roles: ['affiliate'],
  description: 'Your commissions, newest first: what they are worth, and when they are paid',
  async run({ deps, account, display, now, words: [after] }): Promise<Message> {
    const page = await deps.affiliates.commissions.list(
      { affiliateId: account.accountId, limit: PAGE, ...(after ? { after } : {}) },
      now,
    );
    if (page.items.length === 0) return noCommissions(after);
    const older = page.next === null ? [] : [[{ label: 'Commissions: older', command: `/commissions ${page.next}` }]];
    return {
      title: after ? 'Your older commissions' : 'Your commissions',
      paragraphs: [],
      table: {
        header: ['Commission', 'Amount', 'State', 'Payday'],
        rows: page.items.map((one) => [
          one.commissionId,
          formatMoney(one.amount, display.currency),
          commissionState(one, display),
          paydayCell(one),
        ]),
      },
      buttons: [
        ...page.items.map(({ commissionId }) => [
          { label: `Why ${shorten(commissionId, 40)}?`, command: `/why ${commissionId}` },
        ]),
        ...older,
        [NEXT_PAYDAY, PAYOUTS],
      ],
    };
  },
};

function noCommissions(after: string | undefined): Message {
  if (after) return { paragraphs: ['There are no older commissions.'], buttons: [[COMMISSIONS]] };
  return {
    paragraphs: [
      'You have no commissions yet. One shows here when a subscriber that you brought has paid and the trial is over.',
    ],
    buttons: [],
  };
}

const nextPaydayCommand: Command = {
  name: 'nextpayday',
  arguments: '',
  roles: ['affiliate'],
  description: 'What you will be paid when, and what is still in hold',
  async run({ deps, account, display, now }): Promise<Message> {
    const [paydays, balance] = await Promise.all([
      deps.expectedPaydays.paydaysOf(account.accountId, now),
      deps.ledger.balance(`affiliate:${account.accountId}`),
    ]);
    const { payoutCalendar } = deps.affiliates;
    const next = payoutCalendar.cycleFrom(now);
    const [first] = paydays;
    const money = (amount: MinorUnits) => formatMoney(amount, display.currency);
    const firm = first?.cycle === next ? first.firm : { count: 0, total: 0 };
    const cutoff = formatInstant(payoutCalendar.periodOf(next).end, deps.platform.timeZone);
    const held = sum(paydays.map(({ pending }) => pending.total));
    return {
      title: `Next payday: ${formatDate(next)}`,
      paragraphs: [
        firm.count === 0
          ? 'Nothing is firm for it yet.'
          : `${money(firm.total)} is firm for it, ${countOf(firm.count, 'commission')}.`,
        `It takes what is approved before ${cutoff}; what is approved later goes to a later payday.`,
        ...(held === 0
          ? []
          : [`${money(held)} is still in hold; a refund until its hold ends would cancel or lower it.`]),
        ...paydays.filter(({ carried }) => carried).map((one) => carriedSentence(one, money)),
      ],
      ...(paydays.length === 0
        ? {}
        : {
            table: {
              header: ['Payday', 'Firm', 'In hold', 'Hold ends at the latest'],
              rows: paydays.map(({ cycle, firm, pending }) => [
                formatDate(cycle),
                `${money(firm.total)} (${firm.count})`,
                `${money(pending.total)} (${pending.count})`,
                pending.lastHoldUntil === null ? '–' : formatInstant(pending.lastHoldUntil, display.timeZone),
              ]),
            },
          }),
      facts: [['Your balance', `${money(balance)}: approved and in no payout`]],
      buttons: [[COMMISSIONS, PAYOUTS]],
    };
  },
};

function carriedSentence({ cycle, minimum }: ExpectedPayday, money: (amount: MinorUnits) => string): string {
  const why = minimum > 0 ? `the smallest payout is ${money(minimum)}` : 'corrections take up what was earned';
  return `As it stands, nothing is paid on ${formatDate(cycle)}, because ${why}: all of it is carried over to the payday after.`;
}

const earningsCommand: Command = {
  name: 'earnings',
  arguments: '',
  roles: ['affiliate'],
  description: 'What you have earned in the last twelve weeks, as a picture',
  async run({ deps, account, display, now }): Promise<Message> {
    const book = `affiliate:${account.accountId}`;
    const { timeZone } = deps.platform;
    const calendar = createCalendar(timeZone);
    const { weeks, start } = calendar.weeksUntil(now, WEEKS);
    const [incomes, balance] = await Promise.all([
      deps.ledger.weekIncomes({ account: book, since: start, timeZone }),
      deps.ledger.balance(book),
    ]);
    const money = (amount: MinorUnits) => formatMoney(amount, display.currency);
    const earned = weeks.map((week) => ({
      label: formatDate(calendar.dayOf(calendar.weekPeriod(week).start)).replace(/ \d{4}$/, ''),
      amount: incomes.find((income) => income.week === week)?.amount ?? 0,
    }));
    const title = `Earned in the last ${WEEKS} weeks: ${money(sum(earned.map(({ amount }) => amount)))}`;
    return {
      title,
      paragraphs: [
        `A commission counts in the week of its approval. A week begins on Monday (${timeZone}); the last one is not over yet.`,
        `Your balance is ${money(balance)}: what is approved and in no payout yet.`,
      ],
      facts: earned
        .filter(({ amount }) => amount !== 0)
        .map(({ label, amount }): [string, string] => [`Week of ${label}`, money(amount)]),
      attachment: await deps.documents.earnings(title, earned, display),
      buttons: [[COMMISSIONS, NEXT_PAYDAY, PAYOUTS]],
    };
  },
};

export const affiliateCommands: readonly Command[] = [commissionsCommand, nextPaydayCommand, earningsCommand];
