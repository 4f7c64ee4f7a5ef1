import type { Payee } from '../../src/payees/payee.ts';
import type { FileTerms, PaymentLine } from '../../src/paymentFiles/paymentFile.ts';

export const IBAN = 'DE89370400440532013000';
export const DEBTOR = { name: 'Märkte & Söhne GmbH', iban: 'FR1420041010050500013M02606', bic: 'PSSTFRPPPAR' };

/** A payout of the cycle of 1 April 2026. */
export function line(accountId: string, amount: number, payee: Payee): PaymentLine {
  return { payoutId: `2026-04-01:${accountId}`, accountId, amount, payee };
}

export function termsOf(format: FileTerms['format'], more: Partial<FileTerms> = {}): FileTerms {
  return {
    ...{ cycle: '2026-04-01', format, number: 1, currency: 'EUR', executeOn: '2026-04-02', debtor: DEBTOR },
    madeAt: new Date('2026-04-01T09:30:15.123Z'),
    ...more,
  };
}

export const inSepa = (name: string, more: { iban?: string; bic?: string } = {}): Payee => ({
  ...{ method: 'sepa' as const, name, iban: IBAN },
  ...more,
});
