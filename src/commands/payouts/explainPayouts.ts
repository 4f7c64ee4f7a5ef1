import type { CommissionFacts } from '../../affiliates/commissions/commissionFacts.ts';
import type { PayoutView } from '../../affiliates/payouts/payout.ts';
import { formatDate, formatInstant } from '../../kernel/calendar.ts';
import { formatMoney, formatRate, type MinorUnits } from '../../kernel/money.ts';
import { countOf, type Message, quoted } from '../../notices/messages/message.ts';
import type { Request } from '../core/command.ts';
import { type Explainer, explanationMessage, type Line, lineIf } from '../core/explanation.ts';
import { payoutOf } from './ownPayouts.ts';
import { COMMISSIONS, commissionState, NEXT_PAYDAY, PAYOUTS, payoutState } from './payoutMessages.ts';
import { commissionsMeant, payoutsMeant } from './suggestions.ts';

export const commissionExplainer: Explainer = {
  thing: 'commission',
  roles: ['affiliate', 'manager'],
  // A manager could mean any of a million.
  suggest: async (request, typed) => (request.account.role === 'manager' ? [] : commissionsMeant(request, typed)),
  async explain(request, id): Promise<Message | null> {
    const { deps, account, display, now } = request;
    const facts = await deps.commissionFacts.of(id, now);
    if (facts === null || (account.role !== 'manager' && facts.commission.affiliateId !== account.accountId))
      return null;
    const { commission } = facts;
    const whose = account.role === 'manager' ? `, for affiliate ${commission.affiliateId}` : '';
    return explanationMessage(
      {
        title: `Why commission ${commission.commissionId} stands as it does`,
        paragraphs: [
          `${formatMoney(commission.amount, display.currency)}, ${commissionState(commission, display)}${whose}.`,
        ],
        lines: [...saleLines(facts, request), ...endLines(facts, request)],
        buttons: [
          ...(commission.payoutId === null
            ? []
            : [[{ label: 'Why this payout?', command: `/why ${commission.payoutId}` }]]),
          ...(account.role === 'manager' ? [] : [[COMMISSIONS, NEXT_PAYDAY]]),
        ],
      },
      display,
      now,
    );
  },
};

/** From the subscription to the end of the hold (rules 5). */
function saleLines(facts: CommissionFacts, request: Request): Line[] {
  const { startedAt, trialEndsAt, cancelledAt, charge, commission, refunds, requests, full } = facts;
  const money = moneyOf(request);
  const inTrial = cancelledAt !== null && cancelledAt < trialEndsAt;
  return [
    { at: startedAt, text: 'The subscription started, and with it the trial, in which nothing is shown', rule: '5.1' },
    ...lineIf(!inTrial && trialEndsAt, 'The trial ended', '5.1'),
    ...lineIf(inTrial && cancelledAt, 'The subscription was cancelled within the trial: no commission', '5.2'),
    ...lineIf(
      !inTrial && cancelledAt,
      'The subscription was cancelled after the trial, which changes nothing here',
      '5.2',
    ),
    ...lineIf(
      charge?.paidAt,
      `The subscriber paid ${money(charge?.amount ?? 0)}${termWords(facts, money)}; pending for the hold`,
      '5.3',
    ),
    ...refunds.map(({ refundedAt, arrivedAt, amount, inHold }) => ({
      at: refundedAt,
      text: `${money(amount)} was refunded${inHold ? ' within the hold' : ', after the hold'}${refundEffect(facts, amount, inHold)}${knownWords(arrivedAt, refundedAt, request)}`,
      rule: inHold && facts.corrections.length === 0 ? '5.4' : '5.6',
    })),
    ...requests.flatMap((request) => requestLines(request)),
    ...(commission.status === 'pending' && !commission.refundRequested && full !== null
      ? lineIf(
          commission.holdUntil,
          'The hold ends: a refund until then cancels or lowers it, later it is firm',
          '5.3, 5.5',
        )
      : []),
  ];
}

/** A refund that was asked for holds the approval until it is granted or declined (rules 5.5). */
function requestLines({ requestedAt, inHold, declined }: CommissionFacts['requests'][number]): Line[] {
  const effect = inHold ? 'the approval waits until that is decided' : 'the sale was firm by then';
  return [
    { at: requestedAt, text: `A refund was asked for: ${effect}`, rule: '5.5' },
    ...lineIf(declined?.declinedAt, 'The refund was declined', '5.5'),
  ];
}

function termWords({ terms, full }: CommissionFacts, money: (amount: MinorUnits) => string): string {
  if (full === null) return '';
  if (terms === null) return `, of which the commission is ${money(full)}`;
  if ('fixedAmount' in terms) return `, for which the program pays ${money(full)}, whatever the charge`;
  return `, of which the program pays ${formatRate(terms.rateBps)}: ${money(full)}, rounded once`;
}

/** When a refund arrived a day or more after its date. */
function knownWords(arrivedAt: Date, refundedAt: Date, { display }: Request): string {
  const isLate = arrivedAt.getTime() - refundedAt.getTime() >= DAY_MS;
  return isLate ? `. That became known on ${formatInstant(arrivedAt, display.timeZone)}` : '';
}

const DAY_MS = 86_400_000;

function refundEffect(
  { charge, commission, corrections }: CommissionFacts,
  amount: MinorUnits,
  inHold: boolean,
): string {
  if (corrections.length > 0 || commission.reverses !== undefined) return ', which a commission of its own corrects';
  if (!inHold) return ': by then the sale was firm, unless the program takes late refunds back';
  return amount === charge?.amount ? ': no commission' : ': the commission is that of what is left';
}

/** From the approval to the money (rules 5.5, 5.6, 6). */
function endLines({ commission, corrections, payout }: CommissionFacts, request: Request): Line[] {
  const { approvedAt, payday, reverses, amount } = commission;
  const { payoutCalendar } = request.deps.affiliates;
  const money = moneyOf(request);
  const approval =
    reverses === undefined
      ? 'The hold was over, and no refund of all of it was known: approved'
      : `It became known that ${reverses}, which a payout has taken, was worth something else: this corrects it by ${money(amount)}`;
  return [
    ...lineIf(approvedAt, approval, reverses === undefined ? '5.5' : '5.6'),
    ...(payday === null || payout !== null
      ? []
      : lineIf(
          payoutCalendar.paydayOf(payday),
          `Payday, as expected: ${paydayWords(approvedAt ?? commission.holdUntil, payday, request)}`,
          '6.1, 6.2',
        )),
    ...(payout === null
      ? []
      : [
          {
            at: payout.drawnAt,
            text: `It went into payout ${payout.payoutId}: ${paydayWords(approvedAt ?? commission.holdUntil, payout.cycle, request)}`,
            rule: '6.1–6.3',
          },
          ...lineIf(
            payout.endedAt,
            `That payout: ${payoutState(payout, request.display)}${referenceWords(payout)}`,
            '6.4',
          ),
        ]),
    ...corrections.map((one) => ({
      at: one.holdUntil,
      text: `A later fact changed it: ${one.commissionId} of ${money(one.amount)} goes ${one.payoutId === null ? 'onto the next payout' : `into payout ${one.payoutId}`}`,
      rule: '5.6',
    })),
  ];
}

/** Which approvals a payday takes, and whether this one was due for it. */
function paydayWords(approvedAt: Date, cycle: string, { deps }: Request): string {
  const { payoutCalendar } = deps.affiliates;
  const { start, end } = payoutCalendar.periodOf(cycle);
  const [from, until] = [start, end].map((at) => formatInstant(at, deps.platform.timeZone));
  const takes = `${formatDate(cycle)} takes what is approved from ${from} until just before ${until}`;
  return payoutCalendar.cycleOf(approvedAt) === cycle
    ? takes
    : `${takes}, and what was carried over or told late, as this`;
}

export const payoutExplainer: Explainer = {
  thing: 'payout',
  roles: ['affiliate', 'marketer', 'model', 'manager'],
  suggest: (request, typed) => payoutsMeant(request, typed, false),
  async explain(request, id): Promise<Message | null> {
    const { account, display, now } = request;
    const payout = await payoutOf(request, id);
    if (payout === null) return null;
    const whose = account.role === 'manager' ? `, for ${payout.accountId}` : '';
    return explanationMessage(
      {
        title: `Why payout ${payout.payoutId} stands as it does`,
        paragraphs: [`${formatMoney(payout.amount, display.currency)}: ${payoutState(payout, display)}${whose}.`],
        lines: payoutLines(payout, request),
        buttons: [
          [
            { label: 'Statement', command: `/statement ${payout.payoutId}` },
            ...(account.role === 'manager'
              ? [{ label: `Cycle ${payout.cycle}`, command: `/cycle ${payout.cycle}` }]
              : [PAYOUTS]),
          ],
        ],
      },
      display,
      now,
    );
  },
};

function payoutLines(payout: PayoutView, request: Request): Line[] {
  const { cycle, drawnAt, processingAt, endedAt, status, count, parts } = payout;
  const { start, end } = request.deps.affiliates.payoutCalendar.periodOf(cycle);
  const money = moneyOf(request);
  const ended =
    status === 'failed'
      ? `It failed${payout.reason === null ? '' : `: ${quoted(payout.reason, 300)}`}. The amount is back on the balance, and goes into a later payout`
      : `It was paid${referenceWords(payout)}`;
  return [
    ...(count === 0
      ? []
      : [
          { at: start, text: `Approvals from here on are for the payday ${formatDate(cycle)}`, rule: '6.1' },
          { at: end, text: 'Its cutoff: what is approved from here on goes to the next payday', rule: '6.1' },
          {
            at: drawnAt,
            text: `It was generated: ${countOf(count, 'commission')}, ${money(parts.commissions)}, with what was carried over and the corrections that were known; what it is made of stands since`,
            rule: '6.2, 6.3',
          },
        ]),
    ...lineIf(
      parts.earnings > 0 && drawnAt,
      `It pays what was earned with orders and campaigns, as it stood at that instant: ${money(parts.earnings)}`,
      '6.3, 6.5',
    ),
    ...lineIf(processingAt, 'The transfer was started', '6.4'),
    ...lineIf(endedAt, ended, '6.4'),
  ];
}

function referenceWords({ reference }: PayoutView): string {
  return reference === null ? '' : `, reference ${quoted(reference, 200)}`;
}

function moneyOf({ display }: Request): (amount: MinorUnits) => string {
  return (amount) => formatMoney(amount, display.currency);
}
