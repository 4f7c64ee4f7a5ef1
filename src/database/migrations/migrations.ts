import { renameStoredFields } from './0001-rename-stored-fields.ts';
import { payoutsOfTwoParts } from './0002-payouts-of-two-parts.ts';
import { addSearchWordsOfAccounts } from './0003-search-words-of-accounts.ts';
import { nameEventsOfEntries } from './0004-events-of-entries.ts';
import { rolesAndCodes } from './0005-roles-and-codes.ts';
import { encryptPersonalData } from './0006-encrypt-personal-data.ts';
import { webhooksInSequence } from './0007-webhooks-in-sequence.ts';
import { amountsOfBooks } from './0008-amounts-of-books.ts';
import { moreSearchWords } from './0009-more-search-words.ts';
import { sumsOfOverdue } from './0010-sums-of-overdue.ts';
import type { Migration } from './migration.ts';

/** Every migration there ever was, in the order in which they run. New ones go to the end. */
export const MIGRATIONS: readonly Migration[] = [
  renameStoredFields,
  payoutsOfTwoParts,
  addSearchWordsOfAccounts,
  nameEventsOfEntries,
  rolesAndCodes,
  encryptPersonalData,
  webhooksInSequence,
  amountsOfBooks,
  moreSearchWords,
  sumsOfOverdue,
];
