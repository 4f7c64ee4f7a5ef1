import type { InvoiceView, Line } from '../../invoicing/invoice.ts';
import { oneLine } from '../../kernel/text.ts';
import type { Request } from '../core/command.ts';

/**
 * An invoice by its id, or of one's own by its week. Managers may see any; to everybody else another's invoice is null,
 * like one that does not exist.
 */
export async function findInvoice({ deps, account, now }: Request, id: string): Promise<InvoiceView | null> {
  const isWeek = /^\d{4}-W\d{2}$/i.test(id);
  const invoice = await deps.invoices.get(isWeek ? `${id.toUpperCase()}:${account.accountId}` : id, now);
  return account.role === 'manager' || invoice?.modelId === account.accountId ? invoice : null;
}

/** What the campaigns and contractors of an invoice are called: a campaign where the platform has named it. */
export async function namesOfLines({ deps }: Request, { lines, issuedAt }: InvoiceView): Promise<LineNames> {
  const named = lines.slice(0, NAMED);
  const [campaigns, contractors] = await Promise.all([
    deps.campaignNames([...new Set(named.map(({ campaignId }) => campaignId))], issuedAt),
    deps.accounts.getMany(named.map(({ contractorId }) => contractorId)),
  ]);
  return {
    campaignOf: ({ campaignId }) => oneLine(campaigns.get(campaignId) ?? campaignId),
    contractorOf: ({ contractorId }) => contractors.get(contractorId)?.name ?? contractorId,
  };
}

export type LineNames = { campaignOf: (line: Line) => string; contractorOf: (line: Line) => string };

/** More of its lines no answer shows. */
const NAMED = 40;
