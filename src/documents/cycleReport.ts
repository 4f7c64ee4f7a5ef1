import type { PayoutView } from '../affiliates/payouts/payout.ts';
import type { CycleView } from '../affiliates/payouts/payoutCycles.ts';
import { formatInstant } from '../kernel/calendar.ts';
import { formatMoney, type MinorUnits } from '../kernel/money.ts';
import { countOf } from '../notices/messages/message.ts';
import type { DisplayContext } from '../texts/speech.ts';
import { createPaper } from './paper.ts';
import { accountName } from './words.ts';

/** A payout cycle with its payouts, as many as a file holds; the sums of `cycle` are of all of them. */
export type CycleReport = { cycle: CycleView; payouts: { payout: PayoutView; name: string }[] };

/** A payout cycle as a PDF (rules 6): its sums by state, then each payout. Times are the platform's. */
export function cyclePdf({ cycle, payouts }: CycleReport, platform: DisplayContext): Promise<Uint8Array> {
  const money = (amount: MinorUnits) => formatMoney(amount, platform.currency);
  const at = (instant: Date) => formatInstant(instant, platform.timeZone);
  const title = `Payouts of ${cycle.cycle}`;
  const paper = createPaper({ title, subject: `Payout cycle ${cycle.cycle}`, date: cycle.payday });
  paper.title(title, `${countOf(cycle.payouts, 'payout')}: ${money(cycle.total)}`);
  paper.facts([
    ['Payday', at(cycle.payday)],
    ['Approvals', `from ${at(cycle.approvals.start)} until just before ${at(cycle.approvals.end)}`],
    ['State', cycle.status],
    ...Object.entries(cycle.byStatus)
      .filter(([, { count }]) => count > 0)
      .map(([status, { count, total }]): [string, string] => [
        STATUS_WORDS[status] ?? status,
        `${count}: ${money(total)}`,
      ]),
  ]);
  paper.table({
    columns: [
      { header: 'Payout', width: 24 },
      { header: 'To', width: 24 },
      { header: 'State', width: 10 },
      { header: 'Commissions', width: 14, align: 'right' },
      { header: 'Earnings', width: 14, align: 'right' },
      { header: 'Amount', width: 14, align: 'right' },
    ],
    rows: payouts.map(({ payout, name }) => [
      payout.payoutId,
      accountName(name, payout.accountId),
      STATUS_WORDS[payout.status] ?? payout.status,
      money(payout.parts.commissions),
      money(payout.parts.earnings),
      money(payout.amount),
    ]),
    sums: [['Total', money(cycle.total)]],
  });
  const more = cycle.payouts - payouts.length;
  if (more > 0) paper.small(`${countOf(more, 'more payout')} are not shown here; the sums are of all of them.`);
  paper.small(`All amounts in ${platform.currency}, all times in ${platform.timeZone}.`);
  return paper.end();
}

const STATUS_WORDS: Record<string, string | undefined> = {
  due: 'to be paid',
  processing: 'on its way',
  paid: 'paid',
  failed: 'failed',
};
