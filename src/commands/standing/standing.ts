import { formatMoney, type MinorUnits } from '../../kernel/money.ts';
import type { Message } from '../../notices/messages/message.ts';
import { owedSentences } from '../../notices/messages/orderWords.ts';
import type { Forecast } from '../../standing/forecast.ts';
import type { Standing } from '../../standing/standing.ts';
import { reasonSentence } from '../../standing/standingWords.ts';
import type { Command, Request } from '../core/command.ts';
import { forecastButtons, forecastSentence, standingFacts, trustFacts } from './standingMessages.ts';

const CHANGES_SHOWN = 3;

/** `/standing` of a model: how it stands, what comes when nothing is paid, and the payment against it (docs/chat.md). */
export const standingCommand: Command = {
  name: 'standing',
  arguments: '',
  roles: ['model'],
  description: 'commands.standing.description',
  async run({ deps, account: { accountId }, display, now }): Promise<Message> {
    const [standing, ahead, changes, unpaid, balance, owed] = await Promise.all([
      deps.standings.standing(accountId, now),
      deps.standings.ahead(accountId, now),
      deps.standings.trust(accountId, now),
      deps.invoices.unpaid(accountId, now),
      deps.ledger.balance(`model:${accountId}`),
      deps.orders.owedBy([accountId]),
    ]);
    const forFans = owedSentences(owed.get(accountId) ?? 0, display);
    const threats = standing.terminated ? [] : ahead;
    return {
      title: titleOf(standing),
      paragraphs: [
        ...standing.reasons.map((reason) => reasonSentence(reason, display)),
        ...threats.map((one) => forecastSentence(one, display)),
        ...forFans,
        whatToDo(standing, threats, balance, display.currency, forFans.length > 0),
        ...advice(standing, deps.policy),
      ],
      facts: [...standingFacts(standing, display), ...trustFacts(changes, CHANGES_SHOWN, display)],
      buttons: [
        ...forecastButtons(threats, unpaid, display),
        [
          { label: 'Invoices', command: '/invoices' },
          { label: 'Balance', command: '/balance' },
        ],
      ],
    };
  },
};

function titleOf({ campaigns, cplOrders, terminated, overdue, reasons }: Standing): string {
  if (terminated) return 'Your partnership was ended';
  if (campaigns === 'paused' && cplOrders === 'blocked') return 'Your campaigns are paused and new orders are blocked';
  if (campaigns === 'paused') return 'Your campaigns are paused';
  if (cplOrders === 'blocked') return 'New CPL orders are blocked';
  if (overdue.count === 0) return 'You are in good standing';
  const isHeld = reasons.some(({ kind }) => kind === 'grace');
  return isHeld
    ? 'You are overdue, and a manager holds the sanctions'
    : 'You are overdue, and the sanctions wait for a warning';
}

function whatToDo(
  standing: Standing,
  ahead: Forecast[],
  balance: MinorUnits,
  currency: string,
  owesForFans: boolean,
): string {
  if (standing.terminated) {
    return 'Campaigns are stopped and no orders can be placed. Invoices that are open stay due. If you think this is a mistake, talk to the platform.';
  }
  const payment = Math.max(0, ...ahead.map((one) => one.payment));
  if (payment === 0) return owesForFans ? 'No invoice is in the way of anything.' : 'Nothing to do.';
  const has = formatMoney(balance, currency);
  if (balance >= payment) return `Your balance of ${has} covers that: press Pay.`;
  return `Your balance is ${has}, so ${formatMoney(payment - balance, currency)} is missing. Top up, and what it covers is debited by itself, oldest first.`;
}

/** What raises the score, where that matters, and how large the next order should be (rules 2.7). */
function advice(standing: Standing, { trust }: Request['deps']['policy']): string[] {
  if (standing.terminated) return [];
  const raise = `Each invoice that is paid before it is due adds ${trust.onTime} to your trust score.`;
  const order = standing.recommendedMaxQuantity;
  return [
    ...(standing.tier === 'trusted' || trust.onTime <= 0 ? [] : [raise]),
    ...(order === null
      ? []
      : [`You are new here: keep your next order to ${order} fans at most. That is advice and no limit.`]),
  ];
}
