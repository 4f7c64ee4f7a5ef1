import type { Accounts } from '../accounts/accounts.ts';
import type { Payouts } from '../affiliates/payouts/payouts.ts';
import type { Audit } from '../audit/audit.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { Notices } from '../notices/notices.ts';
import type { Outgoing } from '../outgoing/outgoing.ts';
import type { Texts } from '../privacy/texts.ts';
import { createAnnounceHolds } from './announceHolds.ts';
import { createHolds } from './holds.ts';
import { sealedHolds } from './sealed.ts';
import type { PaydayStore } from './store.ts';
import { createHoldVerification } from './verifyHolds.ts';

export type Paydays = ReturnType<typeof createPaydays>;

/** What people do with a payday after its payouts are drawn up, put together (docs/paydays.md). */
export function createPaydays(deps: {
  store: PaydayStore;
  payouts: Pick<Payouts, 'get' | 'list'>;
  accounts: Pick<Accounts, 'get' | 'idsOfRole'>;
  notices: Pick<Notices, 'enqueue'>;
  outgoing: Pick<Outgoing, 'emit'>;
  audit: Pick<Audit, 'record'>;
  texts: Texts;
  calendar: Calendar;
}) {
  const holds = createHolds({ ...deps, announce: createAnnounceHolds(deps) });
  const holdVerification = createHoldVerification(deps);
  return {
    holds,
    unfinished: [holds.unfinished],
    repair: holds.repair,
    verification: { facts: holdVerification.facts, acts: holdVerification.acts },
    sealed: [sealedHolds(deps.store)],
  };
}
