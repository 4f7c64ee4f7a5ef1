import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';
import { SEALED_INDEX } from '../seals/source.ts';
import type { NumberedKind } from './number.ts';
import type { AccountMonth, MonthSums } from './trialBalance.ts';

/**
 * The number of a document, written once. `_id` is the kind and the id of what the document is of, as `invoice:2026-W47:ava`: so a
 * document has one number, and a number names its document from the moment it is given.
 */
export type StoredNumber = {
  _id: string;
  kind: NumberedKind;
  /** What the numbers of its kind began with then. */
  series: string;
  /** Of the document's date in the platform's zone. */
  year: number;
  number: number;
  /** The document's date. */
  issuedAt: Date;
  /** Real time when it was written. */
  insertedAt: Date;
};

/** A month that was closed, written once; `_id` is the month, `2026-11`. */
export type StoredTrialBalance = MonthSums & {
  _id: string;
  /** Names its pages. */
  key: string;
  /** The service's clock when it was closed. */
  closedAt: Date;
  /** Real time when it was written. */
  insertedAt: Date;
};

/** Accounts of a closed month in the order of their names, so many a page. */
export type TrialBalancePage = { _id: string; key: string; page: number; accounts: AccountMonth[] };

const OPTIONS = { versionKey: false } as const;
const id = { type: String, required: true } as const;

const numberSchema = new Schema<StoredNumber>(
  { _id: id, kind: String, series: String, year: Number, number: Number, issuedAt: Date, insertedAt: Date },
  { ...OPTIONS, collection: 'document_numbers' },
);
// Two processes that give the same number next meet here.
numberSchema.index({ series: 1, year: 1, number: 1 }, { unique: true });
// In the order in which they were written, to be sealed.
numberSchema.index(...SEALED_INDEX);

const balanceSchema = new Schema<StoredTrialBalance>(
  {
    ...{ _id: id, key: String, closedAt: Date, entries: Number, accounts: Number, hash: String, insertedAt: Date },
    classes: [
      new Schema(
        { class: String, accounts: Number, opening: Number, debits: Number, credits: Number, closing: Number },
        { _id: false },
      ),
    ],
  },
  { ...OPTIONS, collection: 'trial_balances' },
);
balanceSchema.index(...SEALED_INDEX);

const pageSchema = new Schema<TrialBalancePage>(
  {
    ...{ _id: id, key: String, page: Number },
    accounts: [
      new Schema(
        { account: String, opening: Number, debits: Number, credits: Number, closing: Number },
        { _id: false },
      ),
    ],
  },
  { ...OPTIONS, collection: 'trial_balance_pages' },
);
pageSchema.index({ key: 1, page: 1 });

export type BooksStore = ReturnType<typeof createBooksStore>;

export function createBooksStore(connection: Connection) {
  return {
    numbers: driverCollection(connection.model<StoredNumber>('DocumentNumber', numberSchema)),
    balances: driverCollection(connection.model<StoredTrialBalance>('TrialBalance', balanceSchema)),
    pages: driverCollection(connection.model<TrialBalancePage>('TrialBalancePage', pageSchema)),
  };
}

/** The accounts of a closed month in the order of their names, page by page. */
export async function* accountsOf(
  { pages }: Pick<BooksStore, 'pages'>,
  { key }: Pick<StoredTrialBalance, 'key'>,
): AsyncGenerator<AccountMonth, undefined> {
  for await (const { accounts } of pages.find({ key }).sort({ page: 1 })) yield* accounts;
}

/** The same as a list. */
export async function rowsOf(
  store: Pick<BooksStore, 'pages'>,
  month: Pick<StoredTrialBalance, 'key'>,
): Promise<AccountMonth[]> {
  const rows: AccountMonth[] = [];
  for await (const row of accountsOf(store, month)) rows.push(row);
  return rows;
}
