import type { Billing } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { PayoutView } from '../affiliates/payouts/payout.ts';
import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import type { PayoutCycles } from '../affiliates/payouts/payoutCycles.ts';
import type { Payouts } from '../affiliates/payouts/payouts.ts';
import type { Statements } from '../affiliates/payouts/statements.ts';
import type { Books } from '../books/books.ts';
import type { InvoiceView } from '../invoicing/invoice.ts';
import type { Invoices } from '../invoicing/invoices.ts';
import type { Attachment } from '../notices/messages/message.ts';
import { type Locale, localeOf } from '../texts/languages.ts';
import type { DisplayContext } from '../texts/speech.ts';
import type { Panel } from './chart.ts';
import type { CycleReport } from './cycleReport.ts';
import { createDrawingThreads } from './drawingThreads.ts';
import type { InvoiceNames } from './invoice.ts';
import { fileName } from './words.ts';

export type Documents = ReturnType<typeof createDocuments>;

/** Who a document is for, by how they read. */
type Reader = Pick<DisplayContext, 'locale'>;

/** A chart, `name` as a file. */
export type ChartWanted = { name: string; title: string; panels: Panel[]; alt: string };

/** Payouts in the report of a cycle. More would make a file that nobody reads; the table for spreadsheets has them all. */
const REPORTED_PAYOUTS = 10_000;

/**
 * Documents by the ids of what they are of, as files; null where there is no such thing. Threads draw them, which start
 * with the first one. All throw `DrawingBusy` when too many are asked for at once.
 */
export function createDocuments(deps: {
  invoices: Pick<Invoices, 'get'>;
  /** What campaigns were called at an instant, by id; of those that had a name. */
  campaignNames: (campaignIds: string[], at: Date) => Promise<Map<string, string>>;
  statements: Pick<Statements, 'get'>;
  payouts: Pick<Payouts, 'ofCycle'>;
  cycles: Pick<PayoutCycles, 'get'>;
  accounts: Pick<Accounts, 'get' | 'getMany' | 'settings'>;
  /** Gives an invoice and its credit note their numbers, where they were only just issued. */
  finishIssue: (invoiceIds: string[], now: Date) => Promise<void>;
  books: Pick<Books, 'issuer' | 'numbers'>;
  platform: DisplayContext;
}) {
  const { platform, books } = deps;
  const { issuer } = books;
  const { inTurn, close } = createDrawingThreads();

  /** An invoice as it stands at `now`, in the language that its model reads. */
  function invoice(id: string, now: Date): Promise<{ invoice: InvoiceView; file: Attachment } | null> {
    return inTurn(async (draw) => {
      const found = await deps.invoices.get(id, now);
      if (found === null) return null;
      const [numbers, about] = await Promise.all([numbersOf(found, now), partsOf(found)]);
      const [number, creditNote] = [numbers.invoice?.number, numbers.creditNote?.number];
      const content = await draw({ kind: 'invoice', invoice: found, ...about, issuer, number, creditNote });
      return { invoice: found, file: pdf(fileName('invoice', found.invoiceId, 'pdf'), content) };
    });
  }

  /** The credit note of a void invoice; null also for an invoice that has none, because it is not void or has no number. */
  function creditNote(id: string, now: Date): Promise<Attachment | null> {
    return inTurn(async (draw) => {
      const found = await deps.invoices.get(id, now);
      if (found === null) return null;
      const { invoice: given, creditNote: note } = await numbersOf(found, now);
      if (given === undefined || note === undefined) return null;
      const about = { ...(await partsOf(found)), note: { ...note, invoiceNumber: given.number } };
      const content = await draw({ kind: 'credit-note', invoice: found, ...about, issuer });
      return pdf(fileName('credit-note', found.invoiceId, 'pdf'), content);
    });
  }

  async function partsOf(invoice: InvoiceView): Promise<{ names: InvoiceNames; display: DisplayContext }> {
    const ids = [...new Set(invoice.lines.map(({ campaignId }) => campaignId))];
    const [{ name, billing, locale }, campaigns] = await Promise.all([
      personOf(invoice.modelId),
      deps.campaignNames(ids, invoice.issuedAt),
    ]);
    return { names: { model: name, billing, campaigns }, display: displayFor({ locale }) };
  }

  /** One that has been issued, or taken back, just now is given its number first. */
  async function numbersOf(invoice: InvoiceView, now: Date) {
    const first = await numbersOnce(invoice);
    const isWhole = first.invoice !== undefined && (invoice.status !== 'void' || first.creditNote !== undefined);
    if (isWhole) return first;
    await deps.finishIssue([invoice.invoiceId], now);
    return numbersOnce(invoice);
  }

  async function numbersOnce({ invoiceId }: InvoiceView) {
    const [given, notes] = await Promise.all([
      books.numbers.of('invoice', [invoiceId]),
      books.numbers.of('credit-note', [invoiceId]),
    ]);
    return { invoice: given.get(invoiceId), creditNote: notes.get(invoiceId) };
  }

  /** The statement of a payout, for whoever reads so: where nobody says, for the person whose it is. */
  function statement(id: string, reader: Reader = {}): Promise<{ payout: PayoutView; file: Attachment } | null> {
    return inTurn(async (draw) => {
      const found = await deps.statements.get(id);
      if (found === null) return null;
      const { payout } = found;
      const [{ locale, ...person }, numbers] = await Promise.all([
        personOf(payout.accountId),
        books.numbers.of('statement', [id]),
      ]);
      const display = displayFor({ locale, ...reader });
      const number = numbers.get(id)?.number;
      const content = await draw({ kind: 'statement', statement: found, person, display, issuer, number });
      return { payout, file: pdf(fileName('payout', payout.payoutId, 'pdf'), content) };
    });
  }

  /** The payouts of a cycle, also of one that is to come. */
  function cycle(date: CycleDate): Promise<Attachment> {
    return inTurn(async (draw) => {
      const content = await draw({ kind: 'cycle', report: await reportOf(date), platform });
      return pdf(`payouts-${date}.pdf`, content);
    });
  }

  async function reportOf(date: CycleDate): Promise<CycleReport> {
    const payouts: CycleReport['payouts'] = [];
    for await (const page of deps.payouts.ofCycle(date)) {
      const known = await deps.accounts.getMany(page.map(({ accountId }) => accountId));
      payouts.push(...page.map((payout) => ({ payout, name: known.get(payout.accountId)?.name ?? '' })));
      if (payouts.length >= REPORTED_PAYOUTS) break;
    }
    return { cycle: await deps.cycles.get(date), payouts: payouts.slice(0, REPORTED_PAYOUTS) };
  }

  /** Something by periods, as a picture with numbers as its reader writes them; `alt` says it in words. */
  function chart({ name, title, panels, alt }: ChartWanted, reader: Reader): Promise<Attachment> {
    return inTurn(async (draw) => {
      const content = await draw({ kind: 'chart', title, panels, display: displayFor(reader) });
      return { name, contentType: 'image/png', content, alt };
    });
  }

  /** The platform's zone, so that everybody who reads a language gets the same file. */
  function displayFor({ locale }: Reader): DisplayContext {
    return locale === undefined ? platform : { ...platform, locale };
  }

  async function personOf(accountId: string): Promise<{ name: string; billing?: Billing; locale: Locale }> {
    const [account, { language }] = await Promise.all([
      deps.accounts.get(accountId),
      deps.accounts.settings(accountId),
    ]);
    return {
      name: account?.name ?? '',
      ...(account?.billing === undefined ? {} : { billing: account.billing }),
      locale: localeOf({ chosen: language, account: account?.locale }),
    };
  }

  return { invoice, creditNote, statement, cycle, chart, close };
}

function pdf(name: string, content: Uint8Array): Attachment {
  return { name, contentType: 'application/pdf', content };
}
