import type { Issuer } from '../books/issuer.ts';
import { hashOf } from '../kernel/ids.ts';
import { canonicalJson } from '../kernel/json.ts';
import type { Debtor } from './paymentFile.ts';

/** The account that payouts are paid from, as ISSUER_FILE says; null where it names no bank. */
export function debtorOf(issuer: Issuer | undefined): Debtor | null {
  if (issuer?.bank === undefined) return null;
  const { iban, bic } = issuer.bank;
  return { name: issuer.name, iban, ...(bic === undefined ? {} : { bic }) };
}

/** Tells whether a file would name another account than it did. */
export function debtorHash(debtor: Debtor): string {
  return hashOf(canonicalJson(debtor));
}
