import type { LinkedAccount } from '../accounts/account.ts';
import { sum } from '../kernel/money.ts';
import { commandButton } from '../notices/messages/buttons.ts';
import { detailsButton, payButton } from '../notices/messages/invoices.ts';
import type { Message } from '../notices/messages/message.ts';
import { owedSentences } from '../notices/messages/orderWords.ts';
import { reasonSentence } from '../standing/reason.ts';
import { speechOf } from '../texts/speech.ts';
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
  const display = displayContextOf(account, deps.platform, now);
  const [standing, unpaid, balance, owed] = await Promise.all([
    deps.standings.standing(accountId, now),
    deps.invoices.unpaid(accountId, now),
    deps.ledger.balance(`model:${accountId}`),
    deps.orders.owedBy([accountId]),
  ]);
  const { say, money, instant } = speechOf(display);
  const [oldest] = unpaid;
  const toPay =
    oldest === undefined
      ? say('welcome.allPaid')
      : say('welcome.toPay', {
          ...{ total: money(sum(unpaid.map(({ total }) => total))), count: unpaid.length },
          ...{ due: instant(oldest.dueAt), balance: money(balance) },
        });
  const campaigns = standing.campaigns === 'stopped' ? 'other' : standing.campaigns;
  const orders = standing.cplOrders === 'allowed' ? 'allowed' : 'other';
  return {
    paragraphs: [
      ...standing.reasons.map((reason) => reasonSentence(reason, speechOf(display))),
      `${say('welcome.standing', { campaigns, orders })} ${say('welcome.trust', { score: String(standing.trustScore) })}`,
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
  const { say, instant } = speechOf(displayContextOf(account, deps.platform, now));
  if (first === undefined) return { paragraphs: [say('welcome.noOrder')], buttons: [] };
  return {
    paragraphs: [say('welcome.orders', { count: items.length, by: instant(first.respondBy) })],
    buttons: [[commandButton(say, 'orders')]],
  };
}
