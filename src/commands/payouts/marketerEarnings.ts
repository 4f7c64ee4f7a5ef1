import { createCalendar } from '../../kernel/calendar.ts';
import { sum } from '../../kernel/money.ts';
import type { Income } from '../../ledger/incomes.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import { type Message, shorten } from '../../notices/messages/message.ts';
import type { Speech } from '../../texts/speech.ts';
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
  async run({ deps, account, speech, now }): Promise<Message> {
    const { say, money } = speech;
    const book = `marketer:${account.accountId}`;
    const { timeZone } = deps.platform;
    const { start } = createCalendar(timeZone).weeksUntil(now, WEEKS);
    const [balance, incomes, orders] = await Promise.all([
      deps.ledger.balance(book),
      deps.ledger.incomes({ account: book, since: start, timeZone }),
      deps.orders.list({ marketerId: account.accountId, limit: ORDERS_LOOKED_AT }, now),
    ]);
    const owed = sum(orders.items.map((order) => order.owed));
    const toCome = owed === 0 ? [] : [say('payoutCommands.incomes.owed', { owed: money(owed) })];
    const title = say('payoutCommands.incomes.title', { balance: money(balance) });
    const buttons = [[commandButton(say, 'orders')]];
    if (incomes.length === 0) {
      return { title, paragraphs: [say('payoutCommands.incomes.none', { count: WEEKS }), ...toCome], buttons };
    }
    const total = money(sum(incomes.map(({ amount }) => amount)));
    const hidden = incomes.length - ROWS;
    return {
      title,
      paragraphs: [say('payoutCommands.incomes.total', { total, count: WEEKS, timeZone }), ...toCome],
      facts: weekFacts(incomes, speech),
      table: incomeTable(incomes.slice(0, ROWS), speech),
      ...(hidden > 0 ? { footer: say('payoutCommands.incomes.hidden', { count: hidden }) } : {}),
      buttons,
    };
  },
};

function weekFacts(incomes: Income[], { say, money, week }: Speech): [string, string][] {
  const weeks = [...new Set(incomes.map((income) => income.week))];
  return weeks.map((id) => {
    const total = sum(incomes.filter((one) => one.week === id).map(({ amount }) => amount));
    return [week(id), say('payoutCommands.incomes.inAll', { total: money(total) })];
  });
}

function incomeTable(incomes: Income[], speech: Speech): NonNullable<Message['table']> {
  const { say, money, week } = speech;
  return {
    header: [
      say('payoutCommands.columns.week'),
      say('payoutCommands.columns.source'),
      say('payoutCommands.columns.amount'),
    ],
    rows: incomes.map((income) => [week(income.week), shorten(sourceOf(income, speech), 80), money(income.amount)]),
  };
}

function sourceOf({ kind, subject }: Income, { say }: Speech): string {
  if (kind === 'order') return say('payoutCommands.incomes.order', { order: subject });
  return kind === 'invoice' ? say('payoutCommands.incomes.invoice', { invoice: subject }) : `${kind} ${subject}`;
}
