import type { LinkedAccount } from '../accounts/account.ts';
import { formatInstant } from '../kernel/calendar.ts';
import { formatMoney, sum } from '../kernel/money.ts';
import { detailsButton, payButton } from '../notices/messages/invoices.ts';
import { countOf, type Message } from '../notices/messages/message.ts';
import { owedSentences } from '../notices/messages/orderWords.ts';
import { reasonSentence } from '../standing/standingWords.ts';
import { type CommandDependencies, displayContextOf } from './core/command.ts';
import { invoiceTable } from './core/invoiceWords.ts';

const SHOWN = 5;

/** How somebody stands who has just linked a chat, and what is to do: what was not read before is not lost (rules 2.9). */
export async function welcome(
  deps: CommandDependencies,
  account: LinkedAccount,
  now: Date,
): Promise<Pick<Message, 'paragraphs' | 'table' | 'buttons'>> {
  switch (account.role) {
    case 'model':
      return modelStands(deps, account, now);
    case 'marketer':
      return ordersWait(deps, account, now);
    case 'affiliate':
    case 'manager':
      return { paragraphs: [], buttons: [] };
  }
}

async function modelStands(deps: CommandDependencies, account: LinkedAccount, now: Date) {
  const { accountId } = account;
  const display = displayContextOf(account, deps.platform);
  const [standing, unpaid, balance, owed] = await Promise.all([
    deps.standings.standing(accountId, now),
    deps.invoices.unpaid(accountId, now),
    deps.ledger.balance(`model:${accountId}`),
    deps.orders.owedBy([accountId]),
  ]);
  const money = (amount: number) => formatMoney(amount, display.currency);
  const [oldest] = unpaid;
  const toPay =
    oldest === undefined
      ? 'No invoice of yours is unpaid.'
      : `To pay: ${money(sum(unpaid.map(({ total }) => total)))}, ${countOf(unpaid.length, 'invoice')}, the oldest due by ${formatInstant(oldest.dueAt, display.timeZone)}. Your balance is ${money(balance)}. Pay with a button, or top up and it is debited by itself.`;
  return {
    paragraphs: [
      ...standing.reasons.map((reason) => reasonSentence(reason, display)),
      `Your campaigns are ${standing.campaigns}, and new CPL orders are ${standing.cplOrders}. Your trust score is ${standing.trustScore} of 100.`,
      toPay,
      ...owedSentences(owed.get(accountId) ?? 0, display),
    ],
    ...(unpaid.length === 0 ? {} : { table: invoiceTable(unpaid.slice(0, SHOWN), display) }),
    buttons: unpaid.slice(0, SHOWN).map((invoice) => [payButton(invoice, display), detailsButton(invoice, display)]),
  };
}

async function ordersWait(deps: CommandDependencies, account: LinkedAccount, now: Date) {
  const { items } = await deps.orders.list({ marketerId: account.accountId, status: 'placed', limit: 100 }, now);
  const [first] = [...items].sort((a, b) => a.respondBy.getTime() - b.respondBy.getTime());
  if (first === undefined) return { paragraphs: ['No order waits for your answer.'], buttons: [] };
  const { timeZone } = displayContextOf(account, deps.platform);
  const wait = items.length === 1 ? 'waits' : 'wait';
  return {
    paragraphs: [
      `${countOf(items.length, 'order')} ${wait} for your answer, the first until ${formatInstant(first.respondBy, timeZone)}.`,
    ],
    buttons: [[{ label: 'Orders', command: '/orders' }]],
  };
}
