import { createCalendar } from '../../kernel/calendar.ts';
import { sum } from '../../kernel/money.ts';
import type { Income } from '../../ledger/incomes.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import { type Message, quoted, shorten, type Table } from '../../notices/messages/message.ts';
import { namesOf } from '../../orders/names.ts';
import { thingsOf } from '../../texts/things.ts';
import type { Command, Request } from '../core/command.ts';
import { orderName } from '../core/orderNames.ts';
import { payeeFacts } from './payeeFacts.ts';

const WEEKS = 8;
const ROWS = 15;
const ORDERS_LOOKED_AT = 200;

/** `/earnings` of a marketer: the balance, and what came in lately, by week and by what for (docs/chat.md). */
export const marketerEarningsCommand: Command = {
  name: 'earnings',
  arguments: '',
  roles: ['marketer'],
  description: 'commands.earnings.ofMarketer',
  async run(request): Promise<Message> {
    const { deps, account, speech, now } = request;
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
    // Who is paid by the platform itself needs no payee here.
    const facts = deps.policy.payouts.marketers ? await payeeFacts(request) : [];
    if (incomes.length === 0) {
      return { title, paragraphs: [say('payoutCommands.incomes.none', { count: WEEKS }), ...toCome], facts, buttons };
    }
    const total = money(sum(incomes.map(({ amount }) => amount)));
    const hidden = incomes.length - ROWS;
    return {
      title,
      paragraphs: [say('payoutCommands.incomes.total', { total, count: WEEKS, timeZone }), ...toCome],
      facts,
      table: await incomeTable(incomes.slice(0, ROWS), request),
      ...(hidden > 0 ? { footer: say('payoutCommands.incomes.hidden', { count: hidden }) } : {}),
      buttons,
    };
  },
};

/** A heading for each week, with what came in during it. */
async function incomeTable(incomes: Income[], request: Request): Promise<Table> {
  const { say, money, weekDays } = request.speech;
  const nameOf = await sourcesOf(incomes, request);
  const begins = incomes.flatMap(({ week }, from) => (week === incomes[from - 1]?.week ? [] : [{ from, week }]));
  return {
    header: [say('payoutCommands.columns.source'), say('payoutCommands.columns.amount')],
    rows: incomes.map((income) => [shorten(nameOf(income), 120), money(income.amount)]),
    numbers: [1],
    headings: begins.map(({ from, week }) => {
      const total = sum(incomes.filter((one) => one.week === week).map(({ amount }) => amount));
      return { from, text: say('payoutCommands.incomes.weekInAll', { days: weekDays(week), total: money(total) }) };
    }),
  };
}

/** What each income is for, in words: an order, the invoice of a model, or a correction by hand with its reason. */
async function sourcesOf(
  incomes: Income[],
  { deps, display, speech, now }: Request,
): Promise<(income: Income) => string> {
  const subjects = (of: Income['kind']) => incomes.flatMap(({ kind, subject }) => (kind === of ? [subject] : []));
  const [orders, invoices, adjustments] = await Promise.all([
    Promise.all(subjects('order').map((id) => deps.orders.get(id, now))),
    Promise.all(subjects('invoice').map((id) => deps.invoices.get(id, now))),
    Promise.all(subjects('adjustment').map((id) => deps.adjustments.get(id))),
  ]);
  const known = invoices.filter((invoice) => invoice !== null);
  const found = orders.filter((order) => order !== null);
  const [nameOf, models] = await Promise.all([
    namesOf(deps.accounts, found),
    deps.accounts.getMany(known.map(({ modelId }) => modelId)),
  ]);
  const things = thingsOf(display);
  const names = new Map([
    ...found.map((order) => [order.orderId, orderName(order, { to: 'marketer', nameOf, display })] as const),
    ...known.map(
      ({ invoiceId, modelId, week }) =>
        [invoiceId, things.invoiceOf(models.get(modelId)?.name ?? modelId, week)] as const,
    ),
    ...adjustments
      .filter((adjustment) => adjustment !== null)
      .map(({ adjustmentId, at, reason }) => {
        const words = { adjustment: things.adjustment(at), reason: quoted(reason, 80) };
        return [adjustmentId, speech.say('payoutCommands.incomes.adjustment', words)] as const;
      }),
  ]);
  return ({ subject }) => names.get(subject) ?? subject;
}
