import type { EntryDraft } from '../../src/ledger/entry.ts';
import { createLedger } from '../../src/ledger/journal.ts';
import type { TestDatabase } from '../support/database.ts';
import { textsOver } from '../support/privacy.ts';

export const NOW = new Date('2026-03-09T06:00:00Z');

/** A ledger of a process of its own over a database. */
export function ledgerOver(
  database: TestDatabase,
  checkpoints: { checkpointLagMs?: number; entriesPerCheckpoint?: number } = {},
) {
  const { connection } = database;
  return createLedger({ connection, texts: textsOver(connection), clock: { now: () => NOW }, ...checkpoints });
}

export function topUp(id: string, amount: number, account = 'model:M'): EntryDraft {
  return {
    entryId: `topup:${id}`,
    book: account,
    postings: [
      { account, amount },
      { account: 'world:topups', amount: -amount },
    ],
    effectiveAt: NOW,
  };
}

export function debit(id: string, amount: number, account = 'model:M', outcome?: string): EntryDraft {
  return {
    entryId: `debit:${id}`,
    book: account,
    postings: [
      { account, amount: -amount },
      { account: 'marketer:c', amount },
    ],
    effectiveAt: NOW,
    ...(outcome === undefined ? {} : { outcome }),
  };
}
