import { wordOf } from '../../events/verifyFacts.ts';
import type { Calendar } from '../../kernel/calendar.ts';
import { type BasisPoints, type MinorUnits, shareOf } from '../../kernel/money.ts';
import type { Policy } from '../../policy.ts';
import { VOLUME_MONTHS } from '../draftInvoices.ts';
import { discountForVolume, type Invoice } from '../invoice.ts';
import type { InvoicingStore } from '../store.ts';

/**
 * What invoices can have been issued by: each policy that was in force since an instant, null when nobody knows, and each
 * discount that a model's account ever had, undefined for none of its own.
 */
export type InvoiceTerms = {
  policies: Policy['invoicing'][];
  since: Date | null;
  discountsOf(modelIds: string[]): Promise<Map<string, (BasisPoints | undefined)[]>>;
};

type Deps = { store: Pick<InvoicingStore, 'invoices'>; calendar: Calendar; terms: InvoiceTerms };

/** A line for each invoice that was not issued, is not due, or is discounted as its week and the policy of then say. */
export async function termDifferences(invoices: Invoice[], deps: Deps): Promise<string[]> {
  const own = await deps.terms.discountsOf(invoices.map(({ modelId }) => modelId));
  const differences: string[] = [];
  for (const invoice of invoices) {
    differences.push(...dates(invoice, deps), ...(await discount(invoice, own.get(invoice.modelId) ?? [], deps)));
  }
  return differences;
}

function dates({ invoiceId, week, issuedAt, dueAt }: Invoice, { calendar, terms }: Deps): string[] {
  const name = `invoice ${invoiceId}`;
  const monday = calendar.dayOf(calendar.weekPeriod(week).end);
  if (calendar.dayOf(issuedAt) !== monday) return [`${name}: issuedAt is ${wordOf(issuedAt)}, not on ${monday}`];
  if (terms.since === null || issuedAt < terms.since) {
    return dueAt < issuedAt ? [`${name}: dueAt is ${wordOf(dueAt)}, before it was issued`] : [];
  }
  const [latest] = terms.policies;
  const dues = terms.policies.map(({ dueDays }) => calendar.addDays(issuedAt, dueDays).getTime());
  const issues = terms.policies.map(({ issueAt }) => calendar.issueInstant(week, wallTimeOf(issueAt)).getTime());
  return [
    ...(latest === undefined || dues.includes(dueAt.getTime())
      ? []
      : [`${name}: dueAt is ${wordOf(dueAt)}, not ${wordOf(calendar.addDays(issuedAt, latest.dueDays))}`]),
    ...(latest === undefined || issues.includes(issuedAt.getTime())
      ? []
      : [`${name}: issuedAt is ${wordOf(issuedAt)}, not ${wordOf(new Date(issues[0] ?? 0))}`]),
  ];
}

/** The discount is the model's own of some time or, where it had none, what its volume earned (rules 1.4). */
async function discount(
  invoice: Invoice,
  own: (BasisPoints | undefined)[],
  { store, calendar, terms }: Deps,
): Promise<string[]> {
  const { invoiceId, modelId, issuedAt, subtotal } = invoice;
  const isOlder = terms.since === null || issuedAt < terms.since;
  if (subtotal <= 0 || isOlder || own.length === 0) return [];
  const rates = new Set(own.filter((rate) => rate !== undefined));
  if (own.includes(undefined)) {
    const volume = await volumeBefore(store, modelId, calendar.addMonths(issuedAt, -VOLUME_MONTHS), issuedAt);
    for (const { levels } of terms.policies) rates.add(discountForVolume(volume, levels));
  }
  const possible = [...new Set([...rates].map((rate) => shareOf(subtotal, rate)))];
  if (possible.includes(invoice.discount)) return [];
  return [`invoice ${invoiceId}: discount is ${invoice.discount}, not ${possible.join(' or ')}`];
}

async function volumeBefore(store: Deps['store'], modelId: string, since: Date, until: Date): Promise<MinorUnits> {
  const [found] = await store.invoices
    .aggregate<{ volume: MinorUnits }>([
      { $match: { modelId, completedAt: { $gte: since, $lt: until } } },
      { $group: { _id: null, volume: { $sum: '$total' } } },
    ])
    .toArray();
  return found?.volume ?? 0;
}

function wallTimeOf(time: string): { hour: number; minute: number } {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return { hour, minute };
}
