import { hash } from 'node:crypto';

/** What PayPal takes as a customer's id; banks take 35 (SEPA's EndToEndId). */
const LONGEST = 30;
/** Characters of ids that every one of them takes: of ours the underscore is not among SEPA's. */
const TAKEN_BY_ALL = new RegExp(`^[A-Za-z0-9.:-]{1,${LONGEST}}$`);
/** A hundred bits: nobody finds two payouts with one reference. */
const DIGITS = 20;

/**
 * What a payment of this payout bears, and what comes back with its result: the payout's id where it fits, and else its day
 * and a hash, `20260401-4F7K2M9QWXYZ3ABCD5EF`. The same for ever, in every format: whoever reads a result finds the payout
 * among those of its batch by it.
 */
export function payoutReference(payoutId: string): string {
  return TAKEN_BY_ALL.test(payoutId) ? payoutId : `${payoutId.slice(0, 10).replaceAll('-', '')}-${digitsOf(payoutId)}`;
}

/** In capitals and digits, as banks may change small letters; none that is taken for another. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function digitsOf(payoutId: string): string {
  const bytes = hash('sha256', payoutId, 'buffer').subarray(0, DIGITS);
  return Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
