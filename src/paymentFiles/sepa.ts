import { XMLBuilder } from 'fast-xml-parser';

import { payoutReference } from '../affiliates/payouts/payoutReference.ts';
import { chunksOf } from '../kernel/group.ts';
import { decimalMoney, type MinorUnits, sum } from '../kernel/money.ts';
import { LONGEST_NAME, sepaText } from './latin.ts';
import { type Debtor, type FileTerms, type FormatRules, noteOf, type PaymentLine } from './paymentFile.ts';

/**
 * SEPA credit transfers as a pain.001.001.09 (ISO 20022), by the rules of the EPC's implementation guidelines: euros alone,
 * costs shared (SLEV), names in the Latin set, and the reference of the payout as EndToEndId, which every result bears.
 */
export const sepa: FormatRules = {
  extension: 'xml',
  contentType: 'application/xml',
  refuses: ({ currency, debtor }) => {
    if (currency !== 'EUR') return 'currency_not_payable';
    return debtor === null ? 'issuer_unknown' : null;
  },
  unfit: ({ amount }) => (amount > LARGEST ? 'amount_not_payable' : null),
  parts: (lines) => chunksOf(lines, MOST_LINES).map((some) => ({ lines: some })),
  write: ({ lines }, terms) => document(lines, terms),
};

/** 999,999,999.99, in cents: the largest amount of a SEPA credit transfer. */
const LARGEST: MinorUnits = 99_999_999_999;
/** No rule bounds a message; banks take tens of thousands of payments in one. */
const MOST_LINES = 50_000;
const LONGEST_NOTE = 140;

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09';
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true, indentBy: ' ' });

function document(lines: PaymentLine[], terms: FileTerms & { part: number }): string {
  const { debtor, cycle, number, part, madeAt, executeOn } = terms;
  if (debtor === null) throw new RangeError('a SEPA file was to be written without an account that is paid from');
  // Unique for each message of this debtor, and the same whenever the message is made again.
  const messageId = `${cycle.replaceAll('-', '')}-SEPA-${number}-${part}`;
  const totals = { NbOfTxs: String(lines.length), CtrlSum: euros(sum(lines.map(({ amount }) => amount))) };
  const name = sepaText(debtor.name, LONGEST_NAME);
  return builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    Document: {
      '@xmlns': NAMESPACE,
      CstmrCdtTrfInitn: {
        GrpHdr: { MsgId: messageId, CreDtTm: inSeconds(madeAt), ...totals, InitgPty: { Nm: name } },
        PmtInf: {
          ...{ PmtInfId: messageId, PmtMtd: 'TRF', ...totals },
          PmtTpInf: { SvcLvl: { Cd: 'SEPA' } },
          ReqdExctnDt: { Dt: executeOn },
          Dbtr: { Nm: name },
          DbtrAcct: { Id: { IBAN: debtor.iban } },
          DbtrAgt: debtorAgent(debtor),
          ChrgBr: 'SLEV',
          CdtTrfTxInf: lines.map((line) => transfer(line, terms)),
        },
      },
    },
  });
}

function transfer({ payoutId, amount, payee }: PaymentLine, terms: FileTerms) {
  if (payee.method !== 'sepa') throw new RangeError('a SEPA file was to pay somebody by another method');
  const { name, iban, bic } = payee;
  return {
    PmtId: { EndToEndId: payoutReference(payoutId) },
    Amt: { InstdAmt: { '@Ccy': 'EUR', '#text': euros(amount) } },
    ...(bic === undefined ? {} : { CdtrAgt: { FinInstnId: { BICFI: bic } } }),
    Cdtr: { Nm: sepaText(name, LONGEST_NAME) },
    CdtrAcct: { Id: { IBAN: iban } },
    RmtInf: { Ustrd: sepaText(`${noteOf(terms)} ${payoutReference(payoutId)}`, LONGEST_NOTE) },
  };
}

/** A bank knows its own account by the IBAN; the element must be there all the same. */
function debtorAgent({ bic }: Debtor) {
  return { FinInstnId: bic === undefined ? { Othr: { Id: 'NOTPROVIDED' } } : { BICFI: bic } };
}

function euros(amount: MinorUnits): string {
  return decimalMoney(amount, 'EUR');
}

/** Some banks take no fractions of seconds. */
function inSeconds(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}
