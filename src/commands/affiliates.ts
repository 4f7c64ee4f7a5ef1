import type { ExpectedPayday } from '../affiliates/outlook.ts';
import { earningsChart } from '../documents/earningsChart.ts';
import { createCalendar, formatInstant } from '../kernel/calendar.ts';
import { type Cents, formatMoney, sum } from '../kernel/money.ts';
import { formatDate } from '../notices/affiliates.ts';
import { type Attachment, countOf, type Message, shorten } from '../notices/message.ts';
import type { Command, Request } from './command.ts';
import { payoutCommands } from './ownPayouts.ts';
import { COMMISSIONS, commissionState, NEXT_PAYDAY, PAYOUTS, paydayCell } from './payoutMessages.ts';

const PAGE = 5;
const WEEKS = 12;

const commissionsCommand: Command = {
  name: 'commissions',
  arguments: '[AFTER]',
  roles: ['affiliate'],
  description: 'Your commissions, newest first: what they are worth, and when they are paid',
  async run({ deps, account, reader, now, words: [after] }): Promise<Message> {
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
          formatMoney(one.amount, reader.currency),
          commissionState(one, reader),
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
  async run({ deps, account, reader, now }): Promise<Message> {
    const [paydays, balance] = await Promise.all([
      deps.outlook.paydaysOf(account.accountId, now),
      deps.ledger.balance(`affiliate:${account.accountId}`),
    ]);
    const { payoutCalendar } = deps.affiliates;
    const next = payoutCalendar.cycleFrom(now);
    const [first] = paydays;
    const money = (amount: Cents) => formatMoney(amount, reader.currency);
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
                pending.lastHoldUntil === null ? '–' : formatInstant(pending.lastHoldUntil, reader.timeZone),
              ]),
            },
          }),
      facts: [['Your balance', `${money(balance)}: approved and in no payout`]],
      buttons: [[COMMISSIONS, PAYOUTS]],
    };
  },
};

function carriedSentence({ cycle, minimum }: ExpectedPayday, money: (amount: Cents) => string): string {
  const why = minimum > 0 ? `the smallest payout is ${money(minimum)}` : 'corrections take up what was earned';
  return `As it stands, nothing is paid on ${formatDate(cycle)}, because ${why}: all of it is carried over to the payday after.`;
}

const earningsCommand: Command = {
  name: 'earnings',
  arguments: '',
  roles: ['affiliate'],
  description: 'What you have earned in the last twelve weeks, as a picture',
  async run(request): Promise<Message> {
    const { deps, account, reader } = request;
    const book = `affiliate:${account.accountId}`;
    const weeks = weeksUntil(request);
    const [amounts, balance] = await Promise.all([deps.earnings.between(book, weeks), deps.ledger.balance(book)]);
    const money = (amount: Cents) => formatMoney(amount, reader.currency);
    const total = sum(amounts);
    const labels = weeks.slice(0, -1).map((start) => shortDay(start, deps.platform.timeZone));
    const attachment: Attachment = {
      name: 'earnings.png',
      contentType: 'image/png',
      content: await earningsChart(
        `Earned in the last ${WEEKS} weeks: ${money(total)}`,
        amounts.map((amount, index) => ({ label: labels[index] ?? '', amount })),
        reader.currency,
      ),
    };
    return {
      title: `Earned in the last ${WEEKS} weeks: ${money(total)}`,
      paragraphs: [
        `A commission counts in the week of its approval. A week begins on Monday (${deps.platform.timeZone}); the last one is not over yet.`,
        `Your balance is ${money(balance)}: what is approved and in no payout yet.`,
      ],
      facts: amounts.flatMap((amount, index): [string, string][] =>
        amount === 0 ? [] : [[`Week of ${labels[index] ?? ''}`, money(amount)]],
      ),
      attachment,
      buttons: [[COMMISSIONS, NEXT_PAYDAY, PAYOUTS]],
    };
  },
};

/** The Mondays of the last weeks, this one included, and the Monday that ends it. */
function weeksUntil({ deps, now }: Request): Date[] {
  const calendar = createCalendar(deps.platform.timeZone);
  const { start } = calendar.weekPeriod(calendar.weekOf(now));
  return Array.from({ length: WEEKS + 1 }, (_, index) => calendar.addDays(start, 7 * (index + 1 - WEEKS)));
}

/** `16 Nov`, in the platform's zone. */
function shortDay(at: Date, timeZone: string): string {
  return formatDate(createCalendar(timeZone).dayOf(at)).replace(/ \d{4}$/, '');
}

export const affiliateCommands: readonly Command[] = [
  commissionsCommand,
  nextPaydayCommand,
  earningsCommand,
  ...payoutCommands,
];
