import type { MinorUnits } from '../kernel/money.ts';
import type { VatTerms } from './issuer.ts';

/** Who a document is made out to, or whose it is: what decides about VAT. */
export type TaxParty = { country?: string | undefined; taxId?: string | undefined };

/**
 * What a document says of VAT. `included`: an amount has it inside, and is `net` and `vat` together. `reverse-charge`: it has
 * none, and whoever gets the service owes it. `none`: nothing is said.
 */
export type Vat =
  | { kind: 'included'; rateBps: number; net: MinorUnits; vat: MinorUnits; note?: string }
  | { kind: 'reverse-charge'; note?: string }
  | { kind: 'none' };

/**
 * The VAT of an invoice over `amount`, which stays what it is: at the issuer's rate it is inside. A business of another
 * country, which has told its tax id, owes it itself.
 */
export function vatOfInvoice(
  amount: MinorUnits,
  { country, vat }: { country: string; vat?: VatTerms | undefined },
  customer: TaxParty,
): Vat {
  if (vat === undefined) return { kind: 'none' };
  const note = vat.note === undefined ? {} : { note: vat.note };
  if (vat.rateBps === undefined) return { kind: 'reverse-charge', ...note };
  if (isForeignBusiness(customer, country)) return { kind: 'reverse-charge' };
  return { kind: 'included', ...included(amount, vat.rateBps), ...note };
}

/**
 * The VAT of a statement, by which the issuer makes out an invoice to itself in the name of whoever is paid. Who has told no tax id
 * charges none; a business of the issuer's country charges its rate, one of another leaves it to the issuer.
 */
export function vatOfStatement(
  amount: MinorUnits,
  { country, vat }: { country: string; vat?: VatTerms | undefined },
  supplier: TaxParty,
): Vat {
  if (vat === undefined || supplier.taxId === undefined) return { kind: 'none' };
  if (isForeignBusiness(supplier, country)) return { kind: 'reverse-charge' };
  return vat.rateBps === undefined ? { kind: 'none' } : { kind: 'included', ...included(amount, vat.rateBps) };
}

function isForeignBusiness(party: TaxParty, country: string): boolean {
  return party.taxId !== undefined && party.country !== undefined && party.country !== country;
}

/** The tax in an amount, rounded once, half away from zero; net is what is left, so that both come to the amount. */
function included(amount: MinorUnits, rateBps: number): { rateBps: number; net: MinorUnits; vat: MinorUnits } {
  const whole = 10_000n + BigInt(rateBps);
  const product = BigInt(Math.abs(amount)) * BigInt(rateBps);
  const magnitude = Number((2n * product + whole) / (2n * whole));
  const vat = amount < 0 && magnitude !== 0 ? -magnitude : magnitude;
  return { rateBps, net: amount - vat, vat };
}
