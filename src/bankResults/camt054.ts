import { moneyOf, reasonIn } from './pain002.ts';
import type { Outcome, ResultFile, ResultLine } from './result.ts';
import { type Element, element, elements, messageOf, textAt } from './xml.ts';

/** What a payment bears that was given no reference. */
const NONE = 'NOTPROVIDED';

/**
 * A debit and credit notification, camt.054, of any version: booked debits are payments that left, booked credits with a
 * reason of return are payments that came back. What bears no reference is not ours, and counted. Null when it is no
 * such notification; throws UnreadableResult.
 */
export function readCamt054(text: string, currency: string): ResultFile | null {
  const message = messageOf(text, 'BkToCstmrDbtCdtNtfctn');
  if (message === null) return null;
  const lines: ResultLine[] = [];
  let others = 0;
  for (const entry of elements(message.Ntfctn).flatMap(({ Ntry }) => elements(Ntry))) {
    const details = elements(entry.NtryDtls).flatMap(({ TxDtls }) => elements(TxDtls));
    if (details.length === 0) others += 1;
    for (const one of details) {
      const reference = textAt(one, 'Refs', 'EndToEndId');
      const outcome = outcomeOf(entry, one);
      if (reference === null || reference === NONE || outcome === null) {
        others += 1;
        continue;
      }
      const line = lines.length + 1;
      lines.push({
        ...{ line, reference, outcome },
        amount: amountOf(entry, one, details.length, line, currency),
        bankReference: textAt(one, 'Refs', 'AcctSvcrRef') ?? textAt(entry, 'AcctSvcrRef'),
        reason: outcome === 'returned' ? reasonIn(element(one.RtrInf)) : null,
      });
    }
  }
  return { format: 'camt.054', lines, all: null, others };
}

/** Null for money that came in otherwise. */
function outcomeOf(entry: Element, one: Element): Outcome | null {
  const isDebit = (textAt(one, 'CdtDbtInd') ?? textAt(entry, 'CdtDbtInd')) === 'DBIT';
  const isReversal = textAt(entry, 'RvslInd') === 'true';
  if (!isBooked(entry)) return isDebit && !isReversal ? 'pending' : null;
  if (isDebit) return isReversal ? null : 'paid';
  return isReversal || element(one.RtrInf) !== null ? 'returned' : null;
}

/** A code before version 8, and one in an element of its own since. */
function isBooked(entry: Element): boolean {
  return (textAt(entry, 'Sts', 'Cd') ?? textAt(entry, 'Sts')) === 'BOOK';
}

/** Of one payment of several the entry's amount is the sum, and says nothing. */
function amountOf(entry: Element, one: Element, several: number, line: number, currency: string): number | null {
  const own =
    element(element(element(one.AmtDtls)?.InstdAmt)?.Amt) ??
    element(one.Amt) ??
    element(element(element(one.AmtDtls)?.TxAmt)?.Amt);
  if (own !== null) return moneyOf(own, line, currency);
  const whole = element(entry.Amt);
  return several === 1 && whole !== null ? moneyOf(whole, line, currency) : null;
}
