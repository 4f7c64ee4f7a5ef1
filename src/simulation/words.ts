import { type DisplayContext, speechOf } from '../texts/speech.ts';
import { type Preview, type PreviewOutcome, previewDifference, previewTotals } from './preview.ts';

/** A preview in sentences: how much it would be, compared with the last time. */
export function previewSentences(preview: Preview, display: DisplayContext): string[] {
  const { say, money } = speechOf(display);
  const { run } = preview;
  const { count, total } = previewTotals(preview).made;
  return [
    count === 0 ? say(`previews.${run}.none`) : say(`previews.${run}.made`, { count, total: money(total) }),
    ...comparison(preview, display),
  ];
}

/** How much it would differ from the run before it, if there was one. */
function comparison(preview: Preview, display: DisplayContext): string[] {
  const { say, money } = speechOf(display);
  const { run, last } = preview;
  const by = previewDifference(preview);
  if (last === null || by === null) return [];
  return [
    say(`previews.${run}.against`, {
      ...{ period: last.period, count: last.count, total: money(last.total) },
      ...{ number: by.count === 0 ? 'other' : by.count > 0 ? 'more' : 'fewer', difference: Math.abs(by.count) },
      ...{ money: by.total === 0 ? 'other' : by.total > 0 ? 'more' : 'less', amount: money(Math.abs(by.total)) },
    }),
  ];
}

/** The totals of each outcome. */
export function previewFacts(preview: Preview, display: DisplayContext): [string, string][] {
  const { say, money } = speechOf(display);
  return [...previewTotals(preview).byOutcome]
    .sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .map(([outcome, { count, total }]) => [
      say(`previews.outcomes.${outcome}`),
      say('previews.part', { count, total: money(total) }),
    ]);
}

/** A preview for a terminal. */
export function previewText(preview: Preview, platform: DisplayContext): string {
  const what = preview.run === 'monday' ? 'Invoices of week' : 'Payouts of';
  return [
    `${what} ${preview.period}, at ${speechOf(platform).instant(preview.at)}`,
    ...previewSentences(preview, platform),
    ...previewFacts(preview, platform).map(([label, value]) => `  ${label}: ${value}`),
    'Nothing was written.',
  ].join('\n');
}

const ORDER: PreviewOutcome[] = ['payout', 'carried', 'debited', 'open', 'credited'];
