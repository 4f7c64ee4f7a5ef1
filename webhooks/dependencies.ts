import type { Accounts as AllAccounts } from '../src/accounts/accounts.ts';
import type { Audit } from '../src/audit/audit.ts';
import type { Inbox as WholeInbox } from '../src/events/inbox.ts';
import type { Page, PageRequest } from '../src/kernel/page.ts';
import type { Ledger } from '../src/ledger/journal.ts';

/** What the HTTP side needs of the slices. */

export type Inbox = Pick<WholeInbox, 'receive' | 'get' | 'list' | 'replay'>;
export type Accounts = Pick<AllAccounts, 'get' | 'linksOf' | 'createLinkCode'>;
export type LedgerReader = Pick<Ledger, 'balance' | 'entries'>;
export type AuditTrail = Pick<Audit, 'record' | 'list'>;

/** An action that a state does not allow, as the slices answer it. */
export type Refused = { kind: 'refused'; state: string; reason: string };

export type InvoiceStatus = 'open' | 'overdue' | 'completed' | 'void' | 'credited';
export type InvoiceLine = {
  campaignId: string;
  contractorId: string;
  type: string;
  count: number;
  gross: number;
  rateBps: number;
  cost: number;
  late: number;
};
export type InvoiceView = {
  invoiceId: string;
  modelId: string;
  week: string;
  status: InvoiceStatus;
  issuedAt: Date;
  dueAt: Date;
  completedAt: Date | null;
  lines: InvoiceLine[];
  subtotal: number;
  discountBps: number;
  discount: number;
  credit: number;
  total: number;
  voidReason?: string;
};
export type Invoices = {
  get(id: string, now: Date): Promise<InvoiceView | null>;
  list(
    request: PageRequest & { modelId?: string; status?: InvoiceStatus; week?: string },
    now: Date,
  ): Promise<Page<InvoiceView>>;
  pay(
    id: string,
    by: { actor: string },
    now: Date,
  ): Promise<
    | { kind: 'paid' | 'already-paid'; invoice: InvoiceView; balance: number }
    | { kind: 'insufficient'; invoice: InvoiceView; balance: number; missing: number }
    | (Refused & { invoice: InvoiceView })
    | { kind: 'not-found' }
  >;
  void(
    id: string,
    by: { actor: string; reason: string },
    now: Date,
  ): Promise<
    | { kind: 'voided' | 'already-void'; invoice: InvoiceView }
    | (Refused & { invoice: InvoiceView })
    | { kind: 'not-found' }
  >;
};

export type TestClockControl = {
  now(): Date;
  moveTo(
    at: Date,
  ): Promise<{ kind: 'moved'; now: Date; ran: { job: string; at: Date }[] } | { kind: 'earlier'; now: Date }>;
  settle(): Promise<void>;
};

export type Readiness = { ready: boolean; checks: Record<string, unknown> };
