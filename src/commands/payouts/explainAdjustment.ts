import { balanceOf } from '../../adjustments/adjustment.ts';
import { SEE_BALANCE } from '../../notices/messages/adjustments.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import { type Message, quotedEnd } from '../../notices/messages/message.ts';
import { thingsOf } from '../../texts/things.ts';
import { type Explainer, explanationMessage, lineIf } from '../core/explanation.ts';

/** Why a balance was corrected by hand, when, and when that is paid (rules 6.8). */
export const adjustmentExplainer: Explainer = {
  thing: 'other',
  roles: ['model', 'marketer', 'affiliate', 'manager'],
  // Each is named where it is shown.
  suggest: async () => [],
  async explain({ deps, account, display, speech, now }, id): Promise<Message | null> {
    const { say, money, date } = speech;
    const adjustment = await deps.adjustments.get(id);
    const isManager = account.role === 'manager';
    if (adjustment === null || (!isManager && adjustment.accountId !== account.accountId)) return null;
    const { at, payday, madeBy: actor } = adjustment;
    const amount = money(adjustment.amount);
    const reason = quotedEnd(adjustment.reason, 300);
    return explanationMessage(
      {
        state: 'info',
        title: say('explain.title', { amount, thing: thingsOf(display).adjustment(at) }),
        id: adjustment.adjustmentId,
        paragraphs: [
          isManager
            ? say('explainPayouts.adjustment.whose', { balance: adjustment.account, amount })
            : say('explainPayouts.adjustment.what', { amount }),
        ],
        lines: [
          {
            at,
            text: isManager
              ? say('explainPayouts.adjustment.madeBy', { actor, reason })
              : say('explainPayouts.adjustment.made', { reason }),
            rules: ['6.8'],
          },
          ...(payday === null
            ? []
            : lineIf(
                deps.affiliates.payoutCalendar.paydayOf(payday),
                say('explainPayouts.adjustment.payday', { payday: date(payday) }),
                ['6.1'],
              )),
        ],
        buttons: isManager ? [] : [[commandButton(say, SEE_BALANCE[balanceOf(adjustment.account).kind])]],
      },
      display,
      now,
    );
  },
};
