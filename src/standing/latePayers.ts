import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit/audit.ts';
import type { Invoicing } from '../invoicing/invoicing.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Notices } from '../notices/notices.ts';
import type { Outgoing } from '../outgoing/outgoing.ts';
import type { Policy } from '../policy.ts';
import type { Texts } from '../privacy/texts.ts';
import type { DisplayContext } from '../texts/speech.ts';
import { createAnnouncements, type OffersOf } from './announcements.ts';
import { createDunning } from './dunning.ts';
import { createManualReminders } from './manualReminders.ts';
import { createOverdue } from './overdue.ts';
import { createSanctions } from './sanctions.ts';
import { sealedDecisions } from './sealed.ts';
import { loadStandingFacts, type OrdersOf, type PromisesOf } from './standingFacts.ts';
import { createStandings } from './standings.ts';
import type { StandingStore } from './store.ts';
import { verifyStandings } from './verify.ts';
import { createDecisionVerification } from './verifyDecisions.ts';
import { createWarnings } from './warnings.ts';

export type LatePayers = ReturnType<typeof createLatePayers>;

/** The standing slice, put together: how models stand, and what happens to those who pay late (rules 2 and 3). */
export function createLatePayers(given: {
  store: StandingStore;
  unpaidInvoices: Invoicing['unpaidInvoices'];
  overdueInvoices: Invoicing['overdueInvoices'];
  ledger: Pick<Ledger, 'balances'>;
  accounts: Pick<Accounts, 'getMany' | 'namesOf' | 'idsOfRole' | 'linksOf'>;
  notices: Pick<Notices, 'enqueue' | 'drop' | 'waitingAbout' | 'warnedAt'>;
  outgoing: Pick<Outgoing, 'emit' | 'enabled'>;
  audit: Pick<Audit, 'record'>;
  texts: Texts;
  /** Announces the issue of these invoices, where that is still pending. */
  finishIssue: (invoiceIds: string[], now: Date) => Promise<void>;
  /** Tells the platform what a model's invoices came to by an instant, where that is still pending. */
  announceInvoicesFirst: (modelId: string, now: Date) => Promise<void>;
  /** Completed orders count in standing, too (rules 2.3, 2.4, 2.7). */
  ordersOf: OrdersOf;
  /** What models have promised holds sanctions back, and counts for trust (rules 2.11). */
  promisesOf: PromisesOf;
  /** The models among these of whose promises something is still to be done. */
  withPendingPromises: (modelIds: string[]) => Promise<string[]>;
  offersOf: OffersOf;
  /** A manager has ended the partnership with a model: its orders end with it (rules 2.5). Done again after a crash. */
  onTerminated: (modelId: string, now: Date) => Promise<void>;
  calendar: Calendar;
  /** How programs are told of it: in the platform's zone and currency. */
  platform: DisplayContext;
  policy: Pick<Policy, 'sanctions' | 'trust'>;
}) {
  const warnings = createWarnings({ ...given, policy: given.policy.sanctions });
  const deps = { ...given, warningsOf: warnings.warningsOf };
  const announcements = createAnnouncements(deps);
  const sanctions = createSanctions({ ...deps, announce: announcements.announceChanges });
  const standings = createStandings({ ...deps, sanctions });
  const { announceSteps } = announcements;

  /** Finishes what a crash left between a decision and what follows from it. */
  async function repair(): Promise<void> {
    await standings.repair();
    await sanctions.repair();
  }

  return {
    standings,
    /** Everything that bears on the standing of some models. */
    factsOf: (modelIds: string[]) => loadStandingFacts(deps, modelIds),
    refreshStanding: sanctions.refresh,
    followPolicy: sanctions.followPolicy,
    dunning: createDunning({ ...deps, policy: deps.policy.sanctions, sanctions, announceSteps }),
    overdue: createOverdue({ ...deps, standings }),
    manualReminders: createManualReminders(deps),
    noteUnreached: warnings.noteUnreached,
    onWarned: warnings.onWarned(sanctions),
    repair,
    unfinished: [standings.unfinished, sanctions.unfinished],
    verify: () => verifyStandings(deps),
    sealed: sealedDecisions(given.store),
    decisions: createDecisionVerification(deps.store, deps.texts),
  };
}
