import type { Accounts } from '../accounts/accounts.ts';
import type { PayoutView } from '../affiliates/payouts/payout.ts';
import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import type { PayoutCycles } from '../affiliates/payouts/payoutCycles.ts';
import type { Payouts } from '../affiliates/payouts/payouts.ts';
import type { Statements } from '../affiliates/payouts/statements.ts';
import type { InvoiceView } from '../invoicing/invoice.ts';
import type { Invoices } from '../invoicing/invoices.ts';
import type { Attachment } from '../notices/messages/message.ts';
import { type Locale, localeOf } from '../texts/languages.ts';
import type { DisplayContext } from '../texts/speech.ts';
import type { Panel } from './chart.ts';
import type { CycleReport } from './cycleReport.ts';
import { createDrawingThreads } from './drawingThreads.ts';
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
  platform: DisplayContext;
}) {
  const { platform } = deps;
  const { inTurn, close } = createDrawingThreads();

  /** An invoice as it stands at `now`, in the language that its model reads. */
  function invoice(id: string, now: Date): Promise<{ invoice: InvoiceView; file: Attachment } | null> {
    return inTurn(async (draw) => {
      const found = await deps.invoices.get(id, now);
      if (found === null) return null;
      const ids = [...new Set(found.lines.map(({ campaignId }) => campaignId))];
      const [{ name, locale }, campaigns] = await Promise.all([
        personOf(found.modelId),
        deps.campaignNames(ids, found.issuedAt),
      ]);
      const names = { model: name, campaigns };
      const content = await draw({ kind: 'invoice', invoice: found, names, display: displayFor({ locale }) });
      return { invoice: found, file: pdf(fileName('invoice', found.invoiceId, 'pdf'), content) };
    });
  }

  /** The statement of a payout, for whoever reads so: where nobody says, for the person whose it is. */
  function statement(id: string, reader: Reader = {}): Promise<{ payout: PayoutView; file: Attachment } | null> {
    return inTurn(async (draw) => {
      const found = await deps.statements.get(id);
      if (found === null) return null;
      const { payout } = found;
      const { name, locale } = await personOf(payout.accountId);
      const display = displayFor({ locale, ...reader });
      const content = await draw({ kind: 'statement', statement: found, name, display });
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

  async function personOf(accountId: string): Promise<{ name: string; locale: Locale }> {
    const [account, { language }] = await Promise.all([
      deps.accounts.get(accountId),
      deps.accounts.settings(accountId),
    ]);
    return { name: account?.name ?? '', locale: localeOf({ chosen: language, account: account?.locale }) };
  }

  return { invoice, statement, cycle, chart, close };
}

function pdf(name: string, content: Uint8Array): Attachment {
  return { name, contentType: 'application/pdf', content };
}
