import type { HttpBindings } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Accounts as AllAccounts } from '../src/accounts/accounts.ts';
import type { Adjustments as AllAdjustments } from '../src/adjustments/adjustments.ts';
import type { Affiliates as AllAffiliates } from '../src/affiliates/affiliates.ts';
import type { Audit } from '../src/audit/audit.ts';
import type { BankResults } from '../src/bankResults/bankResults.ts';
import type { Books as AllBooks } from '../src/books/books.ts';
import type { RunCommand } from '../src/commands/commands.ts';
import type { Console } from '../src/console/console.ts';
import type { CurrentSession } from '../src/console/sessions.ts';
import type { Today } from '../src/digests/today.ts';
import type { Documents as AllDocuments } from '../src/documents/documents.ts';
import type { Erasures } from '../src/erasure/erasures.ts';
import type { EventSimulations } from '../src/eventSimulation.ts';
import type { Health } from '../src/health/health.ts';
import type { Inbox as WholeInbox } from '../src/inbox/inbox.ts';
import type { Invoices as WholeInvoices } from '../src/invoicing/invoices.ts';
import type { Checks } from '../src/kernel/checks.ts';
import type { Clock } from '../src/kernel/clock.ts';
import type { Ledger } from '../src/ledger/journal.ts';
import type { Live } from '../src/live/live.ts';
import type { createTold } from '../src/notices/told.ts';
import type { Orders as WholeOrders } from '../src/orders/orders.ts';
import type { Outgoing } from '../src/outgoing/outgoing.ts';
import type { BatchActs } from '../src/paydays/batchActs.ts';
import type { Batches } from '../src/paydays/batches.ts';
import type { Holds } from '../src/paydays/holds.ts';
import type { Payees } from '../src/payees/payees.ts';
import type { PaymentFiles } from '../src/paymentFiles/paymentFiles.ts';
import type { Promises } from '../src/promises/promises.ts';
import type { Receipts } from '../src/receipts/receipts.ts';
import type { Rights } from '../src/rights/rights.ts';
import type { Scope } from '../src/rights/scope.ts';
import type { SeriesSlice } from '../src/series/series.ts';
import type { Shadow } from '../src/shadow/shadow.ts';
import type { Simulation } from '../src/simulation/simulation.ts';
import type { ManualReminders } from '../src/standing/manualReminders.ts';
import type { Overdue as WholeOverdue } from '../src/standing/overdue.ts';
import type { Standings as WholeStandings } from '../src/standing/standings.ts';
import type { DisplayContext } from '../src/texts/speech.ts';
import type { Answers } from './middleware/keptAnswers.ts';

/** What the HTTP side needs of the slices. */

export type Inbox = Pick<WholeInbox, 'receive' | 'get' | 'list' | 'replay' | 'dismiss' | 'lacking' | 'heldBack'>;
type Accounts = Pick<
  AllAccounts,
  | 'get'
  | 'getMany'
  | 'namesOf'
  | 'search'
  | 'meantAmong'
  | 'linksOf'
  | 'listUnreachable'
  | 'listUnreached'
  | 'createLinkCode'
  | 'endLinks'
  | 'decideRole'
  | 'roleDecisionOf'
>;
type Documents = Pick<AllDocuments, 'invoice' | 'creditNote' | 'statement' | 'cycle'>;
type Invoices = Pick<WholeInvoices, 'get' | 'list' | 'pay' | 'payOutside' | 'void' | 'writeOff'>;
type Standings = Pick<WholeStandings, 'standing' | 'trust' | 'ahead' | 'grace' | 'terminate' | 'keep'>;
type Overdue = Pick<WholeOverdue, 'list' | 'pages' | 'summary'>;
type Orders = Pick<
  WholeOrders,
  | ('get' | 'list' | 'otherSides' | 'fans' | 'clientsOf' | 'accept' | 'reject' | 'stop')
  | ('marketerQueue' | 'queueCounts' | 'capacity' | 'fansByWeek')
>;
type Affiliates = {
  commissions: Pick<AllAffiliates['commissions'], 'get' | 'list'>;
  payouts: Pick<AllAffiliates['payouts'], 'get' | 'list' | 'itemsOf' | 'ofCycle'>;
  payoutActs: AllAffiliates['payoutActs'];
  returns: Pick<AllAffiliates['returns'], 'returnPayout' | 'preview'>;
  cycles: Pick<AllAffiliates['cycles'], 'get' | 'list' | 'changes'>;
};
type Books = Pick<AllBooks, 'numbers' | 'months' | 'ledgerExport'>;
type Adjustments = Pick<AllAdjustments, 'make' | 'preview' | 'get' | 'list'>;
type LedgerReader = Pick<Ledger, 'balance' | 'balances' | 'entries'>;
type OutgoingWebhooks = Pick<Outgoing, 'get' | 'list' | 'replay'>;
type AuditTrail = Pick<Audit, 'record' | 'list'>;

export type TestClockControl = {
  now(): Date;
  moveTo(
    at: Date,
  ): Promise<{ kind: 'moved'; now: Date; ran: { job: string; at: Date }[] } | { kind: 'earlier'; now: Date }>;
  settle(): Promise<void>;
};

export type Readiness = { ready: boolean; checks: Checks & { stopping?: true }; clockOffsetSeconds?: number };

/** How something stands that runs because time passes. */
export type JobState = {
  job: string;
  last: { dueAt: Date; ranAt: Date; ms: number; count: number | null } | null;
  nextAt: Date | null;
  isLate: boolean;
};

/** Who came in: by a key, or by a session, with what they may do; `endsAt` is when that ends by itself, if it does. */
export type Entered = { scopes: readonly Scope[]; endsAt: Date | null; session?: CurrentSession };

/**
 * `actor` is the name of the API key a request came with, or the person whose session it is. Node's own request is missing in tests
 * without a socket.
 */
export type ApiEnv = {
  Bindings: Partial<HttpBindings>;
  Variables: {
    actor: string;
    /** What the key, or the manager, may do. */
    scopes: readonly Scope[];
    endsAt: Date | null;
    /** Whose session of the console it is; none where a key was sent. */
    session?: CurrentSession;
    /** Who it is and what they may do by now, for what goes on after its answer has begun; null once they may not come in. */
    enterAgain: () => Promise<Entered | null>;
    /** That session is over with this answer. */
    hasSignedOut?: boolean;
    /** What is answered is shown once, and never stored. */
    answerIsSecret?: boolean;
    /** The body of a route that takes files. */
    file?: Buffer;
  };
};

export type ApiApp = OpenAPIHono<ApiEnv>;

export type ApiDeps = {
  apiKeys: { name: string; key: string }[];
  /** The names of those that are the owner's. */
  ownerKeys: string[];
  /** How times and amounts read where they are for nobody in particular. */
  platform: DisplayContext;
  clock: Clock;
  inbox: Pick<Inbox, 'get' | 'list' | 'replay' | 'dismiss' | 'lacking' | 'heldBack'>;
  eventSimulations: EventSimulations;
  outgoing: OutgoingWebhooks;
  accounts: Accounts;
  invoices: Invoices;
  documents: Documents;
  simulation: Simulation;
  shadow: { isOn: boolean; weeks: Pick<Shadow['weeks'], 'list' | 'running'> };
  standings: Standings;
  promises: Pick<Promises, 'make' | 'refuse' | 'latestOf'>;
  overdue: Overdue;
  today: Today;
  series: Pick<SeriesSlice, 'get'>;
  told: ReturnType<typeof createTold>;
  manualReminders: ManualReminders;
  orders: Orders;
  affiliates: Affiliates;
  adjustments: Adjustments;
  paydays: {
    holds: Pick<Holds, 'place' | 'release' | 'ofPayouts'>;
    batches: Pick<Batches, 'get' | 'summaries'>;
    batchActs: Pick<BatchActs, 'check' | 'approve' | 'exclude' | 'include'>;
  };
  bankResults: Pick<BankResults, 'take' | 'ofCycle'>;
  paymentFiles: Pick<PaymentFiles, 'make' | 'ofCycle' | 'partsOf' | 'content'>;
  payees: Pick<Payees, 'set' | 'standing'>;
  ledger: LedgerReader;
  books: Books;
  audit: AuditTrail;
  erasures: Pick<Erasures, 'request' | 'get'>;
  rights: {
    keys: Pick<
      Rights['keys'],
      'find' | 'findAnew' | 'noteUse' | 'create' | 'rotate' | 'expire' | 'revoke' | 'get' | 'list'
    >;
    managers: Pick<Rights['managers'], 'heldBy' | 'decide'>;
  };
  receipts: Receipts;
  answers: Answers;
  console: { sessions: Omit<Console['sessions'], 'endAll'> };
  /** Where the console is, when there is one: without, no session lets anybody through. */
  consoleUrl?: string | undefined;
  scopesOf: Rights['managers']['scopesOf'];
  runCommand: RunCommand;
  health: Health;
  live: Pick<Live, 'listen' | 'now'>;
  /** How often a listener hears that it is still connected, and how long it may be, where that is not as always. */
  liveTimes?: { heartbeatMs: number; lifeMs: number };
  readiness(): Promise<Readiness>;
  jobStates(): Promise<JobState[]>;
  /** The bot's user name, once Telegram has answered it. */
  telegramBotUsername?: () => string | undefined;
};
