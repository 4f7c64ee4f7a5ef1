import { formatInstant } from '../kernel/calendar.ts';
import { formatMoney, type MinorUnits } from '../kernel/money.ts';
import { countOf } from '../notices/messages/message.ts';
import type { DisplayContext } from '../texts/speech.ts';
import { type Preview, type PreviewOutcome, type PreviewPart, previewDifference, previewTotals } from './preview.ts';

/** A preview in sentences: how much it would be, compared with the last time. */
export function previewSentences(preview: Preview, { currency }: DisplayContext): string[] {
  const { made } = previewTotals(preview);
  const thing = preview.run === 'monday' ? 'invoice' : 'payout';
  const difference = previewDifference(preview);
  const money = (amount: MinorUnits) => formatMoney(amount, currency);
  return [
    made.count === 0
      ? `There would be no ${thing}.`
      : `There would be ${countOf(made.count, thing)}, ${money(made.total)} in all.`,
    ...(difference === null || preview.last === null
      ? []
      : [
          `Against ${preview.last.period}, which had ${countOf(preview.last.count, thing)} of ${money(preview.last.total)}: ${differenceWords(difference, thing, money)}.`,
        ]),
  ];
}

/** The totals of each outcome. */
export function previewFacts(preview: Preview, money: (amount: MinorUnits) => string): [string, string][] {
  return [...previewTotals(preview).byOutcome]
    .sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .map(([outcome, { count, total }]) => [LABELS[outcome], `${count}, ${money(total)}`]);
}

/** A preview for a terminal. */
export function previewText(preview: Preview, display: DisplayContext): string {
  const money = (amount: MinorUnits) => formatMoney(amount, display.currency);
  const what = preview.run === 'monday' ? 'Invoices of week' : 'Payouts of';
  return [
    `${what} ${preview.period}, at ${formatInstant(preview.at, display.timeZone)}`,
    ...previewSentences(preview, display),
    ...previewFacts(preview, money).map(([label, value]) => `  ${label}: ${value}`),
    'Nothing was written.',
  ].join('\n');
}

const ORDER: PreviewOutcome[] = ['payout', 'carried', 'debited', 'open', 'credited'];
const LABELS: Record<PreviewOutcome, string> = {
  payout: 'Paid out',
  carried: 'Carried over',
  debited: 'Debited at once',
  open: 'Left open, the balance is too small',
  credited: 'Nothing to pay',
};

function differenceWords({ count, total }: PreviewPart, thing: string, money: (amount: MinorUnits) => string): string {
  const number = count === 0 ? 'as many' : `${countOf(Math.abs(count), thing)} ${count > 0 ? 'more' : 'fewer'}`;
  const amount = total === 0 ? 'the same amount' : `${money(Math.abs(total))} ${total > 0 ? 'more' : 'less'}`;
  return `${number}, and ${amount}`;
}
