import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Payee } from '../payees/payee.ts';

/** What a file can be made for: each but `generic` takes the payees of the method of its name. */
export const FILE_FORMATS = ['sepa', 'wise', 'paypal', 'usdt-trc20', 'generic'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

export function isFileFormat(text: string): text is FileFormat {
  return FILE_FORMATS.some((format) => format === text);
}

/** A payout that is to be paid, and where to. */
export type PaymentLine<P extends Payee = Payee> = {
  payoutId: string;
  accountId: string;
  amount: MinorUnits;
  payee: P;
};

/** The account that is paid from. */
export type Debtor = { name: string; iban: string; bic?: string | undefined };

/** What is said of all lines of a file alike. `number` counts the files of a cycle and format, from 1. */
export type FileTerms = {
  cycle: CycleDate;
  format: FileFormat;
  number: number;
  currency: string;
  madeAt: Date;
  /** The day on which it is to be paid, in the platform's zone. */
  executeOn: string;
  debtor: Debtor | null;
};

/** Why a format cannot be made here at all. */
export type FormatRefusal = 'currency_not_payable' | 'issuer_unknown';

/** Why a line cannot stand in a file of a format, so that it is left out and said. */
export type Unfit = 'amount_not_payable' | 'destination_not_writable';

/** What one file is cut into: some formats take so many lines at most, or not all payees in one. */
export type PartLines = { template?: string; lines: PaymentLine[] };

/** A format: pure, so that the same lines and terms give the same bytes for ever. */
export type FormatRules = {
  extension: 'xml' | 'csv';
  contentType: string;
  /** Why it cannot be made on these terms; null when it can. */
  refuses(terms: Pick<FileTerms, 'currency' | 'debtor'>): FormatRefusal | null;
  /** Why a line is left out; null when it is in. */
  unfit(line: PaymentLine, currency: string): Unfit | null;
  parts(lines: PaymentLine[]): PartLines[];
  /** The content of a part; `part` counts from 1. */
  write(part: PartLines, terms: FileTerms & { part: number }): string;
};

/** Whether a format takes payees of this method. */
export function takes(format: FileFormat, { method }: Payee): boolean {
  return format === 'generic' || format === method;
}

/** `payouts-2026-04-01-paypal-1-2.csv`: the second part of the first file. */
export function fileName({ cycle, format, number, part }: FileTerms & { part: number }, extension: string): string {
  return `payouts-${cycle}-${format}-${number}-${part}.${extension}`;
}

/** What a payee reads beside the amount. */
export function noteOf({ cycle }: Pick<FileTerms, 'cycle'>): string {
  return `Payout ${cycle}`;
}
