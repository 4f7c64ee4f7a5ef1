import type { Connection } from 'mongoose';

import type { Leases } from '../database/lease.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Ledger } from '../ledger/journal.ts';
import { DEFAULT_SERIES, type Issuer } from './issuer.ts';
import { createLedgerExport } from './ledgerExport.ts';
import { createMonths } from './months.ts';
import { createNumbers } from './numbers.ts';
import { sealedMonths, sealedNumbers } from './sealed.ts';
import { createBooksStore } from './store.ts';
import { type NumberedSource, verifyNumbers } from './verify.ts';
import { verifyMonths } from './verifyMonths.ts';

export type Books = ReturnType<typeof createBooks>;

/** What an accountant takes, put together: numbers of documents, and the ledger by months (docs/books.md). */
export function createBooks(deps: {
  connection: Connection;
  ledger: Ledger;
  leases: Leases;
  calendar: Calendar;
  clock: Clock;
  currency: string;
  issuer: Issuer | undefined;
}) {
  const store = createBooksStore(deps.connection);
  return {
    issuer: deps.issuer,
    numbers: createNumbers({
      store,
      series: deps.issuer?.series ?? DEFAULT_SERIES,
      timeZone: deps.calendar.zone,
    }),
    months: createMonths({ ...deps, store }),
    ledgerExport: createLedgerExport(deps),
    verify: async (sources: NumberedSource[]) => [
      ...(await verifyNumbers(store, sources, deps.calendar.zone)),
      ...(await verifyMonths(store, deps.ledger, deps.calendar)),
    ],
    sealed: [sealedNumbers(store), sealedMonths(store)],
  };
}
