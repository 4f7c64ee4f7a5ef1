import type { Outcome, ResultFile, ResultLine } from './result.ts';
import { UnreadableResult } from './result.ts';
import { resultAmount } from './resultAmount.ts';
import { type Element, element, elements, messageOf, textAt } from './xml.ts';

/** Statuses of ISO 20022: settled, refused, and everything that is still on its way. Unknown ones are not guessed at. */
const OUTCOMES: Record<string, Outcome> = {
  ...{ ACSC: 'paid', ACCC: 'paid', RJCT: 'failed', CANC: 'failed' },
  ...{ RCVD: 'pending', ACTC: 'pending', ACCP: 'pending', ACSP: 'pending', ACWC: 'pending', ACWP: 'pending' },
  ...{ PDNG: 'pending', PART: 'pending', PATC: 'pending', ACFC: 'pending', BLCK: 'pending' },
};

/**
 * A payment status report, pain.002, of any version: what became of each payment that it lists; where it lists none, of the
 * whole message. A payment without a status of its own has that of what it stands in. Null when it is no such report; throws
 * UnreadableResult.
 */
export function readPain002(text: string, currency: string): ResultFile | null {
  const report = messageOf(text, 'CstmrPmtStsRpt');
  if (report === null) return null;
  const group = element(report.OrgnlGrpInfAndSts);
  const groupStatus = textAt(group, 'GrpSts');
  const payments = elements(report.OrgnlPmtInfAndSts);
  const lines: ResultLine[] = [];
  for (const payment of payments) {
    const status = textAt(payment, 'PmtInfSts') ?? groupStatus;
    for (const one of elements(payment.TxInfAndSts)) {
      lines.push(lineOf(one, lines.length + 1, status, reasonOf(payment) ?? reasonOf(group), currency));
    }
  }
  if (lines.length > 0) return { format: 'pain.002', lines, all: null, others: 0 };
  const [first] = payments;
  const status = textAt(first ?? null, 'PmtInfSts') ?? groupStatus;
  const messageId = textAt(first ?? null, 'OrgnlPmtInfId') ?? textAt(group, 'OrgnlMsgId');
  if (status === null || messageId === null || payments.length > 1) {
    throw new UnreadableResult([
      { line: null, message: 'the report lists no payments and says not what became of all' },
    ]);
  }
  const all = { messageId, outcome: outcomeOf(status, null), reason: reasonOf(first ?? null) ?? reasonOf(group) };
  return { format: 'pain.002', lines: [], all, others: 0 };
}

function lineOf(
  one: Element,
  line: number,
  above: string | null,
  whyAbove: string | null,
  currency: string,
): ResultLine {
  const reference = textAt(one, 'OrgnlEndToEndId');
  const status = textAt(one, 'TxSts') ?? above;
  if (reference === null) throw new UnreadableResult([{ line, message: 'a payment without OrgnlEndToEndId' }]);
  if (status === null) throw new UnreadableResult([{ line, message: 'a payment without a status' }]);
  const outcome = outcomeOf(status, line);
  return {
    ...{ line, reference, outcome },
    amount: amountOf(element(element(one.OrgnlTxRef)?.Amt), line, currency),
    bankReference: textAt(one, 'AcctSvcrRef') ?? textAt(one, 'StsId'),
    reason: outcome === 'failed' ? (reasonOf(one) ?? whyAbove) : null,
  };
}

function amountOf(amount: Element | null, line: number, currency: string): number | null {
  const instructed = element(amount?.InstdAmt);
  if (instructed === null) return null;
  return moneyOf(instructed, line, currency);
}

/** An amount with its currency, which must be the platform's. */
export function moneyOf(amount: Element, line: number, currency: string): number {
  const read = resultAmount(textAt(amount, '#text') ?? '', currency);
  if (amount['@Ccy'] !== currency)
    throw new UnreadableResult([{ line, message: `an amount that is not in ${currency}` }]);
  if (read === null) throw new UnreadableResult([{ line, message: 'an amount that is none' }]);
  return read;
}

function outcomeOf(status: string, line: number | null): Outcome {
  const outcome = Object.hasOwn(OUTCOMES, status) ? OUTCOMES[status] : undefined;
  if (outcome === undefined) throw new UnreadableResult([{ line, message: 'a status that ISO 20022 does not have' }]);
  return outcome;
}

function reasonOf(of: Element | null): string | null {
  const [first] = elements(of?.StsRsnInf);
  return reasonIn(first ?? null);
}

/** `AC04 Closed account`: the code, and what the bank adds to it. */
export function reasonIn(said: Element | null): string | null {
  const parts = [textAt(said, 'Rsn', 'Cd') ?? textAt(said, 'Rsn', 'Prtry'), textAt(said, 'AddtlInf')];
  const words = parts.filter((part) => part !== null).join(' ');
  return words === '' ? null : words;
}
