import { createCalendar, formatWeek } from '../../kernel/calendar.ts';
import { formatMoney, type MinorUnits, sum } from '../../kernel/money.ts';
import type { Income } from '../../ledger/incomes.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import { type Message, shorten } from '../../notices/messages/message.ts';
import type { Command } from '../core/command.ts';

const WEEKS = 8;
const ROWS = 15;
const ORDERS_LOOKED_AT = 200;

/** `/earnings` of a marketer: the balance, and what came in lately, by week and by what for (docs/chat.md). */
export const marketerEarningsCommand: Command = {
  name: 'earnings',
  arguments: '',
  roles: ['marketer'],
  description: 'commands.earnings.ofMarketer',
  async run({ deps, account, display, now }): Promise<Message> {
    const money = (amount: MinorUnits) => formatMoney(amount, display.currency);
    const book = `marketer:${account.accountId}`;
    const { timeZone } = deps.platform;
    const { start } = createCalendar(timeZone).weeksUntil(now, WEEKS);
    const [balance, incomes, orders] = await Promise.all([
      deps.ledger.balance(book),
      deps.ledger.incomes({ account: book, since: start, timeZone }),
      deps.orders.list({ marketerId: account.accountId, limit: ORDERS_LOOKED_AT }, now),
    ]);
    const owed = sum(orders.items.map((order) => order.owed));
    const toCome =
      owed === 0
        ? []
        : [`${money(owed)} more is owed to you by clients; it is paid by itself once their balances cover it.`];
    const title = `Your balance: ${money(balance)}`;
    if (incomes.length === 0) {
      return {
        title,
        paragraphs: [
          `Nothing came in during the last ${WEEKS} weeks. What fans of your orders earn you shows here.`,
          ...toCome,
        ],
        buttons: [[commandButton('orders', display)]],
      };
    }
    const total = sum(incomes.map(({ amount }) => amount));
    const hidden = incomes.length - ROWS;
    return {
      title,
      paragraphs: [`${money(total)} came in during the last ${WEEKS} weeks (weeks in ${timeZone}).`, ...toCome],
      facts: weekFacts(incomes, money),
      table: {
        header: ['Week', 'For', 'Amount'],
        rows: incomes.slice(0, ROWS).map((income) => [formatWeek(income.week), sourceOf(income), money(income.amount)]),
      },
      ...(hidden > 0 ? { footer: `${hidden} older lines are not shown.` } : {}),
      buttons: [[commandButton('orders', display)]],
    };
  },
};

function weekFacts(incomes: Income[], money: (amount: MinorUnits) => string): [string, string][] {
  const weeks = [...new Set(incomes.map(({ week }) => week))];
  return weeks.map((week) => [
    formatWeek(week),
    `${money(sum(incomes.filter((one) => one.week === week).map(({ amount }) => amount)))} in all`,
  ]);
}

function sourceOf({ kind, subject }: Income): string {
  return shorten(`${kind} ${subject}`, 80);
}
