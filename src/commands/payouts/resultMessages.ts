import type { ResultView } from '../../bankResults/bankResults.ts';
import type { Difference } from '../../bankResults/matchResult.ts';
import { BYTE_ORDER_MARK, type Cell, csv } from '../../kernel/csv.ts';
import { decimalMoney } from '../../kernel/money.ts';
import { copyable } from '../../notices/messages/marks.ts';
import { type Message, shorten } from '../../notices/messages/message.ts';
import type { Speech } from '../../texts/speech.ts';
import type { Request } from '../core/command.ts';

/** With the sums of what it does, as many as an answer has lines; all of them are in the file that goes with it. */
const SHOWN = 5;
const REFERENCE_LENGTH = 32;

/** What is left after a file, and what in it changes nothing. */
export function resultSentences(result: ResultView, { say, money }: Speech): string[] {
  const { already, pending, others, open, differenceCount } = result;
  return [
    say('payoutCommands.results.open', { count: open.count, total: money(open.total) }),
    ...(already + pending + others === 0 ? [] : [say('payoutCommands.results.rest', { already, pending, others })]),
    ...(differenceCount === 0 ? [] : [say('payoutCommands.results.differences', { count: differenceCount })]),
  ];
}

/** What a file does, by sums, and the lines that differ. */
export function resultDetails(
  { cycle, settle, fail, return: returned, listed }: ResultView,
  { deps, speech }: Request,
): Pick<Message, 'facts' | 'table' | 'attachment'> {
  const { say, money } = speech;
  const sums = [
    { label: say('payoutCommands.results.settles'), sum: settle },
    { label: say('payoutCommands.results.fails'), sum: fail },
    { label: say('payoutCommands.results.returns'), sum: returned },
  ];
  return {
    facts: sums.map(({ label, sum: { count, total } }) => [
      label,
      say('payoutCommands.cycle.part', { count, total: money(total) }),
    ]),
    ...(listed.length === 0 ? {} : { table: differencesTable(listed, speech) }),
    ...(listed.length <= SHOWN
      ? {}
      : {
          attachment: {
            name: `differences-${cycle}.csv`,
            contentType: 'text/csv',
            content: `${BYTE_ORDER_MARK}${csv(COLUMNS, rowsOf(listed, deps.platform.currency))}`,
          },
        }),
  };
}

function differencesTable(listed: Difference[], speech: Speech): NonNullable<Message['table']> {
  const { say } = speech;
  return {
    header: [
      say('payoutCommands.results.columns.line'),
      say('payoutCommands.results.columns.reference'),
      say('payoutCommands.results.columns.what'),
    ],
    rows: listed
      .slice(0, SHOWN)
      .map((one) => [
        String(one.line),
        one.reference === null ? '—' : copyable(shorten(one.reference, REFERENCE_LENGTH)),
        wordsOf(one, speech),
      ]),
    numbers: [0],
  };
}

function wordsOf({ kind, expected, given }: Difference, { say, money }: Speech): string {
  if (kind === 'amount' && expected !== null && given !== null) {
    return say('payoutCommands.results.amountDiffers', { given: money(given), expected: money(expected) });
  }
  return say('payoutCommands.results.difference', { kind: KINDS[kind] });
}

const KINDS = {
  unknown: 'unknown',
  other_cycle: 'otherCycle',
  amount: 'amount',
  not_approved: 'notApproved',
  paid_already: 'paidAlready',
  failed_already: 'other',
} as const;

const COLUMNS = ['line', 'reference', 'difference', 'outcome', 'payoutId', 'expected', 'given'];

function rowsOf(listed: Difference[], currency: string): Cell[][] {
  const text = (value: string | null) => ({ text: value ?? '' });
  const amount = (value: number | null) => (value === null ? text('') : { number: decimalMoney(value, currency) });
  return listed.map(({ line, reference, kind, outcome, payoutId, expected, given }) => [
    ...[{ number: String(line) }, text(reference), text(kind), text(outcome), text(payoutId)],
    ...[amount(expected), amount(given)],
  ]);
}
