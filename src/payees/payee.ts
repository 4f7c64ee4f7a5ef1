import type { PayeeFields } from '../events/incoming/payees.ts';
import { maskedEmail, maskedNumber, maskedText } from '../kernel/accountNumbers.ts';
import { unreachable } from '../kernel/errors.ts';

/** Where an account's payouts are sent. Numbers are as they are compared: without spaces, in capitals where case says nothing. */
export type Payee =
  | { method: 'sepa'; name: string; iban: string; bic?: string; country?: string }
  | { method: 'wise'; name: string; email?: string; recipientId?: string; iban?: string; currency?: string }
  | { method: 'paypal'; email: string; name?: string }
  | { method: 'usdt-trc20'; address: string; name?: string }
  | { method: 'other'; details: string; name?: string };

/** What of a payee may be shown, stored in clear and sent: never enough to pay to, or to recognize a person by. */
export type MaskedPayee = { method: Payee['method']; masked: string };

/** The payee that valid fields say. Throws where fields are missing: they were checked where they came in. */
export function payeeOf(fields: PayeeFields): Payee {
  const { method, name, iban, bic, country, email, recipientId, currency, address, details } = fields;
  switch (method) {
    case 'sepa':
      return { method, name: given(name), iban: given(iban), ...named({ bic, country }) };
    case 'wise':
      return { method, name: given(name), ...named({ email, recipientId, iban, currency }) };
    case 'paypal':
      return { method, email: given(email), ...named({ name }) };
    case 'usdt-trc20':
      return { method, address: given(address), ...named({ name }) };
    case 'other':
      return { method, details: given(details), ...named({ name }) };
    default:
      return unreachable(method);
  }
}

/** As `DE89 … 3000`, `k…@example.com`, `TJRy … tDeC`: enough for whoever knows the number to recognize it. */
export function masked(payee: Payee): MaskedPayee {
  const { method } = payee;
  switch (method) {
    case 'sepa':
      return { method, masked: maskedNumber(payee.iban) };
    case 'wise':
      return { method, masked: wiseMasked(payee) };
    case 'paypal':
      return { method, masked: maskedEmail(payee.email) };
    case 'usdt-trc20':
      return { method, masked: maskedNumber(payee.address) };
    case 'other':
      return { method, masked: maskedText(payee.details) };
    default:
      return unreachable(method);
  }
}

function wiseMasked({ iban, email, recipientId }: Extract<Payee, { method: 'wise' }>): string {
  if (iban !== undefined) return maskedNumber(iban);
  if (email !== undefined) return maskedEmail(email);
  return maskedText(recipientId ?? '');
}

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('a field of a payee is missing that was checked');
  return value;
}

/** Those that are there. */
function named<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // Sound because only what is undefined was left out.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
