import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Payee } from '../payees/payee.ts';
import type { FileFormat, Unfit } from './paymentFile.ts';

/** A payout in a file, by the version of its payee that the file was made with. Where it goes to is not in here. */
export type StoredLine = { payoutId: string; accountId: string; amount: MinorUnits; version: number };

/** Why a line of its batch is not in a file that it would be in. `payee_changed`: while the file was being made. */
export type LeftOut = { payoutId: string; accountId: string; amount: MinorUnits; why: Unfit | 'payee_changed' };

export type Part = { count: number; total: MinorUnits };

/** What of a batch was not in a file when it was made: together with it this is the whole batch. */
export type Rest = {
  /** Due, and of payees that are paid otherwise. */
  otherMethods: ({ method: Payee['method'] } & Part)[];
  withoutPayee: Part;
  held: Part;
  /** Of its own payees, and listed as left out. */
  leftOut: Part;
  /** In another file, or paid, or failed. */
  notDue: Part;
};

/** A part of a file, as it is stored: everything but its content. `hash` is the SHA-256 of its bytes in hexadecimal. */
export type FilePart = {
  part: number;
  name: string;
  contentType: string;
  /** Which of Wise's templates it is. */
  template?: string;
  count: number;
  total: MinorUnits;
  bytes: number;
  hash: string;
};

/** A file as others see it: everything but its content and the accounts in it. */
export type PaymentFileView = {
  /** Cycle, format and number: `2026-04-01:sepa:1`. */
  fileId: string;
  cycle: CycleDate;
  format: FileFormat;
  number: number;
  currency: string;
  /** The day on which it is to be paid. */
  executeOn: string;
  madeAt: Date;
  by: string;
  count: number;
  total: MinorUnits;
  hash: string;
  parts: FilePart[];
  leftOut: LeftOut[];
  rest: Rest;
};

export function fileView(
  file: Omit<PaymentFileView, 'fileId' | 'madeAt'> & { _id: string; at: Date },
): PaymentFileView {
  const { _id: fileId, cycle, format, number, currency, executeOn, at: madeAt, by } = file;
  const { count, total, hash, parts, leftOut, rest } = file;
  return {
    ...{ fileId, cycle, format, number, currency, executeOn, madeAt, by },
    ...{ count, total, hash, parts, leftOut, rest },
  };
}
