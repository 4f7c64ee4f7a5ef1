import type { MinorUnits } from '../kernel/money.ts';

/**
 * What became of a payment: `paid`, it has left for good; `failed`, it has not; `returned`, it had arrived and came back;
 * `pending`, nobody knows yet.
 */
export type Outcome = 'paid' | 'failed' | 'returned' | 'pending';

/** One payment as a bank reports it. `line`: where in the file, from 1, so that a person finds it. */
export type ResultLine = {
  line: number;
  /** What the payment bore: a payout's id, or what stands for it (payoutReference). */
  reference: string;
  outcome: Outcome;
  /** Null where the file says none: then there is nothing to compare. */
  amount: MinorUnits | null;
  /** The bank's own reference of the payment. */
  bankReference: string | null;
  /** Why, as the bank has it: a code, words, or both. */
  reason: string | null;
};

/** The files that are known. */
export const RESULT_FORMATS = ['pain.002', 'camt.054', 'paypal', 'wise', 'generic'] as const;
export type ResultFormat = (typeof RESULT_FORMATS)[number];

/** Something in a file that cannot be read: `line` null where it is the whole. Says what, and repeats no account. */
export type FileFault = { line: number | null; message: string };

/**
 * What a file says. `all`: of every payment of the message that it names; a bank that took or refused it whole lists none. What
 * a notification says of other payments than ours is not among the lines; `others` counts them.
 */
export type ResultFile = {
  format: ResultFormat;
  lines: ResultLine[];
  all: { messageId: string; outcome: Outcome; reason: string | null } | null;
  others: number;
};

/** A file cannot be read: nothing of it is taken. */
export class UnreadableResult extends Error {
  override name = 'UnreadableResult';
  readonly faults: FileFault[];

  constructor(faults: FileFault[]) {
    super(faults.map(({ line, message }) => (line === null ? message : `line ${line}: ${message}`)).join('; '));
    this.faults = faults;
  }
}
