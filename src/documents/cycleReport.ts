import type { CycleView } from '../affiliates/payouts/cycleViews.ts';
import { carriedOf, type PayoutView } from '../affiliates/payouts/payout.ts';
import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import { type DisplayContext, type Speech, speechOf } from '../texts/speech.ts';
import { createPaper } from './paper.ts';
import { accountName, amountsAndTimes } from './words.ts';

/** A payout cycle with its payouts, as many as a file holds; the sums of `cycle` are of all of them. */
export type CycleReport = { cycle: CycleView; payouts: { payout: PayoutView; name: string }[] };

/** A payout cycle as a PDF (rules 6): its sums by state, then each payout. Times are the platform's. */
export function cyclePdf({ cycle, payouts }: CycleReport, platform: DisplayContext): Promise<Uint8Array> {
  const speech = speechOf(platform);
  const { say, money } = speech;
  const title = say('documents.cycle.title', { cycle: cycle.cycle });
  const subject = say('documents.cycle.subject', { cycle: cycle.cycle });
  const total = money(cycle.total);
  const paper = createPaper({ title, subject, date: cycle.payday, display: platform });
  paper.title(title, say('documents.cycle.lead', { count: cycle.payouts, total }));
  paper.facts(factsOf(cycle, platform));
  paper.table({
    columns: [
      { header: say('documents.cycle.columns.payout'), width: 21 },
      { header: say('documents.cycle.columns.to'), width: 21 },
      { header: say('documents.cycle.columns.state'), width: 16 },
      { header: say('documents.cycle.columns.commissions'), width: 14, align: 'right' },
      { header: say('documents.cycle.columns.earnings'), width: 14, align: 'right' },
      { header: say('documents.cycle.columns.amount'), width: 14, align: 'right' },
    ],
    rows: payouts.map(({ payout, name }) => [
      payout.payoutId,
      accountName(name, payout.accountId),
      stateOf(payout, cycle.cycle, speech),
      money(payout.parts.commissions),
      money(payout.parts.earnings),
      money(payout.amount),
    ]),
    sums: [[say('documents.total'), total]],
  });
  const more = cycle.payouts + cycle.carriedAway.count - payouts.length;
  if (more > 0) paper.small(say('documents.cycle.more', { count: more }));
  paper.small(amountsAndTimes(platform));
  return paper.end();
}

/** Where a payout stands, and whether it was carried: one that was carried away is in no sum here. */
function stateOf(payout: PayoutView, of: CycleDate, { say, monthDay }: Speech): string {
  const state = say(`documents.states.${payout.status}`);
  switch (carriedOf(payout, of)) {
    case 'in':
      return say('documents.cycle.carriedIn', { state, payday: monthDay(payout.cycle) });
    case 'away':
      return say('documents.cycle.carriedAway', { payday: monthDay(payout.carriedTo ?? payout.cycle) });
    case null:
      return state;
  }
}

function factsOf(
  { payday, approvals, status, byStatus, carriedIn, carriedAway }: CycleView,
  platform: DisplayContext,
): [string, string][] {
  const { say, money, instant } = speechOf(platform);
  const [from, until] = [instant(approvals.start), instant(approvals.end)];
  return [
    [say('documents.cycle.facts.payday'), instant(payday)],
    [say('documents.cycle.facts.approvals'), say('documents.cycle.approvals', { from, until })],
    [say('documents.cycle.facts.state'), say(`documents.cycle.states.${status}`)],
    ...STATES.filter((state) => byStatus[state].count > 0).map((state): [string, string] => {
      const { count, total } = byStatus[state];
      return [say(`documents.states.${state}`), say('documents.cycle.sum', { count, total: money(total) })];
    }),
    ...carriedFact(say('documents.cycle.facts.carriedIn'), carriedIn),
    ...carriedFact(say('documents.cycle.facts.carriedAway'), carriedAway),
  ];

  function carriedFact(label: string, { count, total }: CycleView['carriedIn']): [string, string][] {
    return count === 0 ? [] : [[label, say('documents.cycle.sum', { count, total: money(total) })]];
  }
}

const STATES = ['due', 'processing', 'paid', 'failed'] as const satisfies PayoutView['status'][];
