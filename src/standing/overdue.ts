import type { InvoiceView } from '../invoicing/invoice.ts';
import type { OverdueFilter, OverdueInvoices } from '../invoicing/overdueInvoices.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import type { Standing } from './standing.ts';
import type { Standings } from './standings.ts';

/** An invoice that is unpaid past its due instant, with how its model stands. `days` are whole calendar days. */
export type OverdueInvoice = InvoiceView & { days: number; standing: Standing };

export type Overdue = ReturnType<typeof createOverdue>;

const PAGE = 500;

/** What is unpaid past due, of all models, with how each of them stands. */
export function createOverdue(deps: { overdueInvoices: OverdueInvoices; standings: Pick<Standings, 'standings'> }) {
  /** The oldest due first; equally old ones by id. */
  async function list(request: PageRequest & OverdueFilter, now: Date): Promise<Page<OverdueInvoice>> {
    const page = await deps.overdueInvoices.list(request, now);
    const standings = await deps.standings.standings([...new Set(page.items.map(({ modelId }) => modelId))], now);
    const items = page.items.flatMap((invoice): OverdueInvoice[] => {
      const standing = standings.get(invoice.modelId);
      return standing === undefined ? [] : [{ ...invoice, standing }];
    });
    return { items, next: page.next };
  }

  /** All of them, page by page, so that no list has to be held whole. */
  async function* pages(filter: OverdueFilter, now: Date): AsyncGenerator<OverdueInvoice[]> {
    let after: string | undefined;
    do {
      const page: Page<OverdueInvoice> = await list(
        { limit: PAGE, ...filter, ...(after === undefined ? {} : { after }) },
        now,
      );
      yield page.items;
      after = page.next ?? undefined;
    } while (after !== undefined);
  }

  const { totals, summary, backlog, byAge, punctuality } = deps.overdueInvoices;
  return { list, pages, totals, summary, backlog, byAge, punctuality };
}
