import type { Accounts } from '../accounts/accounts.ts';
import type { PayoutBatches } from '../affiliates/payouts/payoutBatches.ts';
import type { PayoutCycles } from '../affiliates/payouts/payoutCycles.ts';
import type { Payouts } from '../affiliates/payouts/payouts.ts';
import type { Approvals } from '../approvals/approvals.ts';
import type { Audit, AuditTrail } from '../audit/audit.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Notices } from '../notices/notices.ts';
import type { Outgoing } from '../outgoing/outgoing.ts';
import type { Texts } from '../privacy/texts.ts';
import { createAnnounceHolds } from './announceHolds.ts';
import type { TouchedBy } from './batch.ts';
import { createBatchActs } from './batchActs.ts';
import { createBatches } from './batches.ts';
import { createCheckBatch } from './checkBatch.ts';
import { createHolds } from './holds.ts';
import { sealedHolds } from './sealed.ts';
import type { PaydayStore } from './store.ts';
import { createBatchVerification } from './verifyBatches.ts';
import { createHoldVerification } from './verifyHolds.ts';

export type Paydays = ReturnType<typeof createPaydays>;

/** What people do with a payday after its payouts are drawn up, put together (docs/paydays.md). */
export function createPaydays(deps: {
  store: PaydayStore;
  payouts: Pick<Payouts, 'get' | 'list'>;
  payoutBatches: PayoutBatches;
  cycles: Pick<PayoutCycles, 'isClosed'>;
  accounts: Pick<Accounts, 'get' | 'idsOfRole'>;
  approvals: Approvals;
  notices: Pick<Notices, 'enqueue'>;
  outgoing: Pick<Outgoing, 'emit'>;
  audit: Pick<Audit, 'record'>;
  ledger: Pick<Ledger, 'entriesById'>;
  texts: Texts;
  calendar: Calendar;
  clock: Clock;
  /** Which of these accounts nobody knows how to pay. */
  withoutPayee: (accountIds: string[]) => Promise<Set<string>>;
  touchedBy: TouchedBy;
}) {
  const holds = createHolds({ ...deps, announce: createAnnounceHolds(deps) });
  const holdChecks = createHoldVerification(deps);
  const batchChecks = createBatchVerification(deps);
  const batches = createBatches({ ...deps, holds });
  const batchActs = createBatchActs({ ...deps, batches, holds, checkBatch: createCheckBatch(deps) });
  return {
    holds,
    batches,
    batchActs,
    unfinished: [holds.unfinished, batchActs.unfinished],
    verification: {
      facts: async (trail: AuditTrail) => [...(await holdChecks.facts(trail)), ...(await batchChecks.facts(trail))],
      acts: { ...holdChecks.acts, ...batchChecks.acts },
    },
    sealed: [sealedHolds(deps.store)],
  };
}
