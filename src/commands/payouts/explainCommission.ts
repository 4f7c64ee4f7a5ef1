import type { CommissionFacts } from '../../affiliates/commissions/commissionFacts.ts';
import type { PayoutView } from '../../affiliates/payouts/payout.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import { type Message, quoted } from '../../notices/messages/message.ts';
import { type Speech, speechOf } from '../../texts/speech.ts';
import { paydayOf, thingsOf } from '../../texts/things.ts';
import type { Request } from '../core/command.ts';
import { type Explainer, explanationMessage, type Line, lineIf } from '../core/explanation.ts';
import { modelName } from '../core/modelNames.ts';
import { commissionState, payoutState } from './payoutMessages.ts';
import { commissionsMeant } from './suggestions.ts';

export const commissionExplainer: Explainer = {
  thing: 'commission',
  roles: ['affiliate', 'manager'],
  // A manager could mean any of a million.
  suggest: async (request, typed) => (request.account.role === 'manager' ? [] : commissionsMeant(request, typed)),
  async explain(request, id): Promise<Message | null> {
    const { deps, account, display, speech, now } = request;
    const { say, money } = speech;
    const facts = await deps.commissionFacts.of(id, now);
    const isManager = account.role === 'manager';
    if (facts === null || (!isManager && facts.commission.affiliateId !== account.accountId)) return null;
    const { commission } = facts;
    const things = thingsOf(display);
    const what = { amount: money(commission.amount), state: commissionState(commission, speech) };
    return explanationMessage(
      {
        title: say('explain.title', { amount: what.amount, thing: things.commission(commission) }),
        id: commission.commissionId,
        paragraphs: [
          isManager
            ? say('explainPayouts.commission.whose', {
                ...what,
                affiliate: modelName(await deps.accounts.get(commission.affiliateId), commission.affiliateId),
              })
            : say('explainPayouts.commission.what', what),
        ],
        lines: [...saleLines(facts, speech), ...endLines(facts, request)],
        buttons: [
          ...(commission.payoutId === null
            ? []
            : [[{ label: say('payoutCommands.buttons.whyPayout'), command: `/why ${commission.payoutId}` }]]),
          ...(isManager ? [] : [[commandButton(say, 'commissions'), commandButton(say, 'nextpayday')]]),
        ],
      },
      display,
      now,
    );
  },
};

/** From the subscription to the end of the hold (rules 5). */
function saleLines(facts: CommissionFacts, speech: Speech): Line[] {
  const { say } = speech;
  const { startedAt, trialEndsAt, cancelledAt, charge, commission, refunds, requests, full } = facts;
  const inTrial = cancelledAt !== null && cancelledAt < trialEndsAt;
  return [
    { at: startedAt, text: say('explainPayouts.sale.started'), rules: ['5.1'] },
    ...lineIf(!inTrial && trialEndsAt, say('explainPayouts.sale.trialEnded'), ['5.1']),
    ...lineIf(inTrial && cancelledAt, say('explainPayouts.sale.cancelledInTrial'), ['5.2']),
    ...lineIf(!inTrial && cancelledAt, say('explainPayouts.sale.cancelledLater'), ['5.2']),
    ...lineIf(charge?.paidAt, paidSentence(facts, speech), ['5.3']),
    ...refunds.map((refund) => ({
      at: refund.refundedAt,
      text: refundSentences(facts, refund, speech),
      rules: refund.inHold && facts.corrections.length === 0 ? (['5.4'] as const) : (['5.6'] as const),
    })),
    ...requests.flatMap((request) => requestLines(request, speech)),
    ...(commission.status === 'pending' && !commission.refundRequested && full !== null
      ? lineIf(commission.holdUntil, say('explainPayouts.sale.holdEnds'), ['5.3', '5.5'])
      : []),
  ];
}

/** What the subscriber paid, and what the program gives of it. */
function paidSentence({ charge: paid, terms, full }: CommissionFacts, { say, money, rate }: Speech): string {
  const charge = money(paid?.amount ?? 0);
  if (full === null) return say('explainPayouts.sale.paid', { charge });
  const commission = money(full);
  if (terms === null) return say('explainPayouts.sale.paidFor', { charge, commission });
  return 'fixedAmount' in terms
    ? say('explainPayouts.sale.paidFixed', { charge, commission })
    : say('explainPayouts.sale.paidShare', { charge, commission, rate: rate(terms.rateBps) });
}

type Refund = CommissionFacts['refunds'][number];

/** A refund and its effect, and when it arrived, if that was a day or more after its date. */
function refundSentences(facts: CommissionFacts, refund: Refund, speech: Speech): string {
  const { say, instant } = speech;
  const said = refundSentence(facts, refund, speech);
  const isLate = refund.arrivedAt.getTime() - refund.refundedAt.getTime() >= DAY_MS;
  return isLate ? say('explainPayouts.refund.knownLater', { refund: said, at: instant(refund.arrivedAt) }) : said;
}

function refundSentence(
  { charge, commission, corrections }: CommissionFacts,
  refund: Refund,
  { say, money }: Speech,
): string {
  const amount = money(refund.amount);
  const { inHold } = refund;
  if (corrections.length > 0 || commission.reverses !== undefined) {
    return say(inHold ? 'explainPayouts.refund.correctedInHold' : 'explainPayouts.refund.correctedLater', { amount });
  }
  if (!inHold) return say('explainPayouts.refund.later', { amount });
  return say(refund.amount === charge?.amount ? 'explainPayouts.refund.whole' : 'explainPayouts.refund.part', {
    amount,
  });
}

const DAY_MS = 86_400_000;

/** A refund that was asked for holds the approval until it is granted or declined (rules 5.5). */
function requestLines({ requestedAt, inHold, declined }: CommissionFacts['requests'][number], { say }: Speech): Line[] {
  return [
    {
      at: requestedAt,
      text: say(inHold ? 'explainPayouts.refund.askedInHold' : 'explainPayouts.refund.askedLater'),
      rules: ['5.5'],
    },
    ...lineIf(declined?.declinedAt, say('explainPayouts.refund.declined'), ['5.5']),
  ];
}

/** From the approval to the money (rules 5.5, 5.6, 6). */
function endLines(facts: CommissionFacts, request: Request): Line[] {
  const { commission, corrections, payout } = facts;
  const { approvedAt, payday, reverses, amount } = commission;
  const { say, money } = request.speech;
  const approval =
    reverses === undefined
      ? say('explainPayouts.end.approved')
      : say('explainPayouts.end.corrects', { amount: money(amount) });
  return [
    ...lineIf(approvedAt, approval, reverses === undefined ? ['5.5'] : ['5.6']),
    ...(payday === null || payout !== null
      ? []
      : lineIf(request.deps.affiliates.payoutCalendar.paydayOf(payday), paydaySentence(facts, payday, request), [
          '6.1',
          '6.2',
        ])),
    ...(payout === null ? [] : payoutLines(facts, payout, request)),
    ...corrections.map((one) => ({
      at: one.holdUntil,
      text: correctedSentence(one, request),
      rules: ['5.6'] as const,
    })),
  ];
}

function payoutLines(facts: CommissionFacts, payout: PayoutView, request: Request): Line[] {
  const { speech } = request;
  const { say } = speech;
  const { payday, isOfIt } = approvalsOf(facts, payout.cycle, request);
  const state = payoutState(payout, speech);
  return [
    {
      at: payout.drawnAt,
      text: say(isOfIt ? 'explainPayouts.end.payout' : 'explainPayouts.end.laterPayout', payday),
      rules: ['6.1', '6.3'],
    },
    ...lineIf(
      payout.endedAt,
      payout.reference === null
        ? say('explainPayouts.end.payoutEnded', { state })
        : say('explainPayouts.end.payoutPaid', { state, reference: quoted(payout.reference, 200) }),
      ['6.4'],
    ),
  ];
}

function paydaySentence(facts: CommissionFacts, cycle: string, request: Request): string {
  const { payday, isOfIt } = approvalsOf(facts, cycle, request);
  return request.speech.say(isOfIt ? 'explainPayouts.end.payday' : 'explainPayouts.end.laterPayday', payday);
}

/** Which approvals a payday takes, and whether this one was due for it. */
function approvalsOf({ commission: { approvedAt, holdUntil } }: CommissionFacts, cycle: string, request: Request) {
  const { deps, display } = request;
  const { payoutCalendar } = deps.affiliates;
  const { start, end } = payoutCalendar.periodOf(cycle);
  const { instant, date } = speechOf({ ...display, timeZone: deps.platform.timeZone });
  return {
    payday: { payday: date(cycle), from: instant(start), until: instant(end) },
    isOfIt: payoutCalendar.cycleOf(approvedAt ?? holdUntil) === cycle,
  };
}

function correctedSentence(
  { amount, payoutId }: CommissionFacts['corrections'][number],
  { speech: { say, money, date } }: Request,
) {
  return payoutId === null
    ? say('explainPayouts.end.correctedNext', { amount: money(amount) })
    : say('explainPayouts.end.correctedIn', { amount: money(amount), payday: date(paydayOf(payoutId)) });
}
