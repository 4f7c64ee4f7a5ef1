import type { MinorUnits } from '../../kernel/money.ts';
import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import { commandButton } from './buttons.ts';
import { type Message, quotedEnd } from './message.ts';

/**
 * That somebody's balance was corrected by hand (rules 6.8), as data. `of`: which of their balances; `balance`: what it has now;
 * `payday`: the one that pays it, or takes it back, null for a model.
 */
export type AdjustmentContent = {
  kind: 'adjustment.made';
  data: {
    adjustmentId: string;
    of: 'model' | 'marketer' | 'affiliate';
    amount: MinorUnits;
    reason: string;
    balance: MinorUnits;
    payday: string | null;
  };
};

/** In the words of the person whose balance it is. */
export function adjustmentMessage({ data }: AdjustmentContent, display: DisplayContext): Message {
  const { say, money, date } = speechOf(display);
  const { adjustmentId, of, amount, reason, balance, payday } = data;
  const isMore = amount > 0;
  const size = money(Math.abs(amount));
  const when =
    payday === null
      ? isMore
        ? [say('adjustments.debts')]
        : []
      : [say(isMore ? 'adjustments.payday' : 'adjustments.paydayTaken', { payday: date(payday) })];
  return {
    state: 'info',
    title: say(isMore ? 'adjustments.added' : 'adjustments.taken', { amount: size }),
    paragraphs: [
      say('adjustments.because', { reason: quotedEnd(reason) }),
      [say('adjustments.balance', { balance: money(balance) }), ...when].join(' '),
    ],
    buttons: [
      [{ label: say('common.buttons.why'), command: `/why ${adjustmentId}` }, commandButton(say, SEE_BALANCE[of])],
    ],
  };
}

/** Where each sees what they have. */
export const SEE_BALANCE = { model: 'balance', marketer: 'earnings', affiliate: 'commissions' } as const;
