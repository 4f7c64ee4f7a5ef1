import type { PaymentKind } from '../events/catalogue.ts';
import type { Calendar, WeekId } from '../kernel/calendar.ts';
import { type BasisPoints, type MinorUnits, shareOf, sum } from '../kernel/money.ts';
import type { EntryDraft, Posting } from '../ledger/entry.ts';
import type { Policy } from '../policy.ts';
import { afterParts, heldAccount, heldFor, restOf, type WithParts } from './part.ts';

export type TransactionType = PaymentKind | 'refund';

/** One campaign, contractor, rate and type of a week (rules 1.3). Money in minor units; refunds are negative. */
export type Line = {
  campaignId: string;
  contractorId: string;
  type: TransactionType;
  count: number;
  gross: MinorUnits;
  rateBps: BasisPoints;
  cost: MinorUnits;
  /** How many of its transactions occurred before the invoice's week began. */
  late: number;
};

/** What an invoice consists of, once issued never edited. */
export type IssuedInvoice = {
  invoiceId: string;
  modelId: string;
  week: WeekId;
  issuedAt: Date;
  dueAt: Date;
  lines: Line[];
  subtotal: MinorUnits;
  discountBps: BasisPoints;
  discount: MinorUnits;
  /** Credit brought forward that this invoice takes. */
  credit: MinorUnits;
  total: MinorUnits;
};

/** The states of rules 1.7. That an open invoice is overdue follows from its `dueAt` and the clock alone. */
export type InvoiceState =
  | { status: 'open' }
  | { status: 'completed'; completedAt: Date; outside?: PaidOutside }
  | { status: 'credited' }
  | { status: 'void'; voidedAt: Date; voidReason: string }
  | { status: 'written_off'; writtenOffAt: Date; writeOffReason: string; contractorsPaid: boolean };

/** Paid by another way than the balance: `paidAt` is when the money came, which can be long before somebody noted it. */
export type PaidOutside = { reference: string; paidAt: Date };

export type Invoice = IssuedInvoice & InvoiceState & WithParts;

export type InvoiceView = IssuedInvoice &
  WithParts & {
    status: 'open' | 'overdue' | 'completed' | 'credited' | 'void' | 'written_off';
    completedAt: Date | null;
    voidReason?: string;
    writtenOffAt?: Date;
    writeOffReason?: string;
    contractorsPaid?: boolean;
  } & Partial<PaidOutside>;

/** What the transactions of a line add up to, before any money is computed. */
export type LineSum = Omit<Line, 'cost'>;

export function invoiceIdOf(week: WeekId, modelId: string): string {
  return `${week}:${modelId}`;
}

/** The week of an invoice, which its id begins with. */
export function weekOfInvoice(invoiceId: string): WeekId {
  return invoiceId.slice(0, '2026-W47'.length);
}

/**
 * The invoice of a model for a week (rules 1.3-1.5, 1.10). `volume` is what the model completed in the three months
 * before `issuedAt`, `availableCredit` what is held for it; both in minor units. Never refuses: zero and below is a
 * credited invoice.
 */
export function issueInvoice(
  facts: {
    modelId: string;
    week: WeekId;
    issuedAt: Date;
    sums: LineSum[];
    ownDiscountBps?: BasisPoints;
    volume: MinorUnits;
    availableCredit: MinorUnits;
  },
  policy: Policy['invoicing'],
  calendar: Calendar,
): IssuedInvoice & { status: 'open' | 'credited' } {
  const lines = facts.sums.map((line) => ({ ...line, cost: shareOf(line.gross, line.rateBps) })).sort(compareLines);
  const subtotal = sum(lines.map((line) => line.cost));
  const rate = facts.ownDiscountBps ?? discountForVolume(facts.volume, policy.levels);
  const discount = subtotal > 0 ? shareOf(subtotal, rate) : 0;
  const beforeCredit = subtotal - discount;
  const credit = Math.min(facts.availableCredit, Math.max(0, beforeCredit));
  const total = beforeCredit - credit;
  return {
    invoiceId: invoiceIdOf(facts.week, facts.modelId),
    modelId: facts.modelId,
    week: facts.week,
    issuedAt: facts.issuedAt,
    dueAt: calendar.addDays(facts.issuedAt, policy.dueDays),
    lines,
    subtotal,
    discountBps: discount === 0 ? 0 : rate,
    discount,
    credit,
    total,
    status: total > 0 ? 'open' : 'credited',
  };
}

/** With `dueDays` 0: it goes overdue at its issue, after the debit was tried (rules 1.10). */
export function isDueAtIssue({ issuedAt, dueAt }: Pick<IssuedInvoice, 'issuedAt' | 'dueAt'>): boolean {
  return dueAt <= issuedAt;
}

/** The discount of the highest level that the volume reaches (rules 1.4). */
export function discountForVolume(volume: MinorUnits, levels: Policy['invoicing']['levels']): BasisPoints {
  const reached = levels.filter((level) => volume >= level.volume).sort((a, b) => b.volume - a.volume);
  return reached[0]?.bps ?? 0;
}

/** An invoice as it stands at `now`: an open one is overdue from its `dueAt` on (rules 1.10). */
export function invoiceView(invoice: Invoice, now: Date): InvoiceView {
  const { status } = invoice;
  return {
    invoiceId: invoice.invoiceId,
    modelId: invoice.modelId,
    week: invoice.week,
    status: status === 'open' && now >= invoice.dueAt ? 'overdue' : status,
    issuedAt: invoice.issuedAt,
    dueAt: invoice.dueAt,
    completedAt: status === 'completed' ? invoice.completedAt : null,
    lines: invoice.lines,
    subtotal: invoice.subtotal,
    discountBps: invoice.discountBps,
    discount: invoice.discount,
    credit: invoice.credit,
    total: invoice.total,
    ...(invoice.parts === undefined ? {} : { parts: invoice.parts }),
    ...(status === 'void' ? { voidReason: invoice.voidReason } : {}),
    ...(status === 'completed' ? invoice.outside : {}),
    ...(status === 'written_off' ? writeOffOf(invoice) : {}),
  };
}

function writeOffOf({ writtenOffAt, writeOffReason, contractorsPaid }: Extract<Invoice, { status: 'written_off' }>) {
  return { writtenOffAt, writeOffReason, contractorsPaid };
}

/** The question that every end of an invoice answers, be it paid, void or written off: the ledger takes one answer only. */
export function outcomeOf(invoiceId: string): string {
  return `invoice:${invoiceId}`;
}

export function modelAccount(modelId: string): string {
  return `model:${modelId}`;
}

export function creditAccount(modelId: string): string {
  return `credit:${modelId}`;
}

/** At issue, the credit that an invoice takes waits in `platform:invoiced` for its end (rules 1.5). */
export function creditEntry(invoice: IssuedInvoice): EntryDraft {
  return {
    entryId: `invoice:${invoice.invoiceId}:credit`,
    book: creditAccount(invoice.modelId),
    postings: [
      { account: creditAccount(invoice.modelId), amount: -invoice.credit },
      { account: INVOICED, amount: invoice.credit },
    ],
    effectiveAt: invoice.issuedAt,
  };
}

/**
 * Completion: the model pays the total, contractors get their lines, the discount is the platform's (rules 1.9). What is held for
 * the invoice is part of the total; an entry is named after the parts that it takes, so that two attempts of which one knows
 * of a part are two answers to one question.
 */
export function completionEntry(
  invoice: IssuedInvoice & WithParts,
  completedAt: Date,
  actor: string,
  reason?: string,
): EntryDraft {
  return {
    entryId: `invoice:${invoice.invoiceId}:completed${afterParts(invoice)}`,
    book: modelAccount(invoice.modelId),
    outcome: outcomeOf(invoice.invoiceId),
    postings: [
      { account: modelAccount(invoice.modelId), amount: -restOf(invoice) },
      { account: heldAccount(invoice.invoiceId), amount: -heldFor(invoice) },
      ...earnings(invoice),
    ],
    effectiveAt: completedAt,
    actor,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** A credited invoice: the same, and what is below zero becomes the model's credit (rules 1.5, 1.9). */
export function creditedEntry(invoice: IssuedInvoice): EntryDraft {
  return {
    entryId: `invoice:${invoice.invoiceId}:credited`,
    book: creditAccount(invoice.modelId),
    outcome: outcomeOf(invoice.invoiceId),
    postings: [{ account: creditAccount(invoice.modelId), amount: -invoice.total }, ...earnings(invoice)],
    effectiveAt: invoice.issuedAt,
  };
}

/** A void gives the credit back; it stands in the book of the completion, so that only one of them can be written. */
export function voidEntry(
  invoice: IssuedInvoice,
  voidedAt: Date,
  { actor, reason }: { actor: string; reason: string },
): EntryDraft {
  return {
    entryId: `invoice:${invoice.invoiceId}:voided`,
    book: modelAccount(invoice.modelId),
    outcome: outcomeOf(invoice.invoiceId),
    postings: [
      { account: INVOICED, amount: -invoice.credit },
      { account: creditAccount(invoice.modelId), amount: invoice.credit },
    ],
    effectiveAt: voidedAt,
    actor,
    reason,
  };
}

/** What contractors get of an invoice, and the platform bears of it, when somebody pays its total (rules 1.9). */
export function earnings(invoice: IssuedInvoice): Posting[] {
  return [
    { account: INVOICED, amount: -invoice.credit },
    ...invoice.lines.map((line) => ({ account: `marketer:${line.contractorId}`, amount: line.cost })),
    { account: 'platform:discounts', amount: -invoice.discount },
  ];
}

export const INVOICED = 'platform:invoiced';

function compareLines(a: LineSum, b: LineSum): number {
  const keyOf = (line: LineSum) => [line.campaignId, line.contractorId, line.rateBps, line.type].join('\n');
  return keyOf(a) < keyOf(b) ? -1 : 1;
}
