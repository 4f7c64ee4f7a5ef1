import type { MinorUnits } from '../../kernel/money.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import type { Message, State } from '../../notices/messages/message.ts';
import { owedSentences } from '../../notices/messages/orderWords.ts';
import type { Forecast } from '../../standing/forecast.ts';
import type { StandingReason } from '../../standing/reason.ts';
import type { Standing } from '../../standing/standing.ts';
import type { Speech } from '../../texts/speech.ts';
import type { Command, Request } from '../core/command.ts';
import { forecastButtons, forecastSentence, standingFacts, trustFacts, whySentence } from './standingMessages.ts';

const CHANGES_SHOWN = 3;

/** `/standing` of a model: how it stands, what comes when nothing is paid, and the payment against it (docs/chat.md). */
export const standingCommand: Command = {
  name: 'standing',
  arguments: '',
  roles: ['model'],
  description: 'commands.standing.description',
  async run({ deps, account: { accountId }, display, speech, now }): Promise<Message> {
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
      state: signOf(standing),
      title: titleOf(standing, speech),
      paragraphs: [
        ...standing.reasons.map((reason) => whySentence(reason, display)),
        ...threats.map((one) => forecastSentence(one, display)),
        ...forFans,
        whatToDo(standing, threats, { balance, owesForFans: forFans.length > 0 }, speech),
        ...advice(standing, deps.policy, speech),
      ],
      facts: [...standingFacts(standing, speech), ...trustFacts(changes, CHANGES_SHOWN, display)],
      buttons: [
        ...forecastButtons(threats, unpaid, speech),
        [commandButton(speech.say, 'invoices'), commandButton(speech.say, 'balance')],
      ],
    };
  },
};

function signOf({ campaigns, cplOrders, overdue }: Standing): State {
  if (campaigns !== 'running' || cplOrders === 'blocked') return 'stopped';
  return overdue.count > 0 ? 'overdue' : 'info';
}

function titleOf({ campaigns, cplOrders, terminated, overdue, reasons }: Standing, { say }: Speech): string {
  if (terminated) return say('standingCommands.standing.ended');
  if (campaigns === 'paused' && cplOrders === 'blocked') return say('standingCommands.standing.pausedAndBlocked');
  if (campaigns === 'paused') return say('standingCommands.standing.paused');
  if (cplOrders === 'blocked') return say('standingCommands.standing.blocked');
  if (overdue.count === 0) return say('standingCommands.standing.good');
  const isBecauseOf = (kind: StandingReason['kind']) => reasons.some((reason) => reason.kind === kind);
  if (isBecauseOf('grace')) return say('standingCommands.standing.held');
  return say(isBecauseOf('promised') ? 'standingCommands.standing.promised' : 'standingCommands.standing.waiting');
}

function whatToDo(
  standing: Standing,
  ahead: Forecast[],
  { balance, owesForFans }: { balance: MinorUnits; owesForFans: boolean },
  { say, money }: Speech,
): string {
  if (standing.terminated) return say('standingCommands.standing.afterTheEnd');
  const payment = Math.max(0, ...ahead.map((one) => one.payment));
  if (payment === 0) {
    return say(owesForFans ? 'standingCommands.standing.noInvoiceInTheWay' : 'standingCommands.standing.nothingToDo');
  }
  const has = money(balance);
  return balance >= payment
    ? say('standingCommands.standing.covered', { balance: has })
    : say('standingCommands.standing.missing', { balance: has, missing: money(payment - balance) });
}

/** What raises the score, where that matters, and how large the next order should be (rules 2.7). */
function advice(standing: Standing, { trust }: Request['deps']['policy'], { say }: Speech): string[] {
  if (standing.terminated) return [];
  const order = standing.recommendedMaxQuantity;
  return [
    ...(standing.tier === 'trusted' || trust.onTime <= 0
      ? []
      : [say('standingCommands.standing.raise', { points: trust.onTime })]),
    ...(order === null ? [] : [say('standingCommands.standing.keepOrdersSmall', { count: order })]),
  ];
}
