import { describe, expect, it } from 'vitest';

import { readResult } from '../../src/bankResults/readResult.ts';
import { UnreadableResult } from '../../src/bankResults/result.ts';
import { resultAmount } from '../../src/bankResults/resultAmount.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const read = (text: string, currency = 'EUR') => readResult(bytesOf(text), currency);

function faultsOf(text: string, currency = 'EUR') {
  try {
    read(text, currency);
  } catch (error) {
    if (error instanceof UnreadableResult) return error.faults;
    throw error;
  }
  throw new Error('it was read');
}

function pain002(transactions: string, { group = '', payment = '' } = {}): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
  <GrpHdr><MsgId>B1</MsgId><CreDtTm>2026-04-02T08:00:00</CreDtTm></GrpHdr>
  <OrgnlGrpInfAndSts><OrgnlMsgId>20260401-SEPA-1-1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>${group}</OrgnlGrpInfAndSts>
  <OrgnlPmtInfAndSts><OrgnlPmtInfId>20260401-SEPA-1-1</OrgnlPmtInfId>${payment}${transactions}</OrgnlPmtInfAndSts>
</CstmrPmtStsRpt></Document>`;
}

const transaction = (id: string, status: string, more = '') =>
  `<TxInfAndSts><StsId>S-${id}</StsId><OrgnlEndToEndId>${id}</OrgnlEndToEndId>${status === '' ? '' : `<TxSts>${status}</TxSts>`}${more}</TxInfAndSts>`;
const amount = (value: string, currency = 'EUR') =>
  `<OrgnlTxRef><Amt><InstdAmt Ccy="${currency}">${value}</InstdAmt></Amt></OrgnlTxRef>`;

describe('a payment status report (pain.002)', () => {
  it('says of each payment what became of it, and why', () => {
    const refused = '<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Account closed &amp; gone</AddtlInf></StsRsnInf>';
    const file = read(
      pain002(
        [
          transaction('2026-04-01:ava', 'ACSC', amount('120.00')),
          transaction('2026-04-01:ben', 'RJCT', refused + amount('1.05')),
          transaction('2026-04-01:cy', 'ACSP'),
        ].join(''),
      ),
    );
    expect(file).toEqual({
      format: 'pain.002',
      all: null,
      others: 0,
      lines: [
        expect.objectContaining({ reference: '2026-04-01:ava', outcome: 'paid', amount: 12_000, reason: null }),
        expect.objectContaining({ outcome: 'failed', amount: 105, reason: 'AC04 Account closed & gone' }),
        expect.objectContaining({ outcome: 'pending', amount: null, bankReference: 'S-2026-04-01:cy' }),
      ],
    });
  });

  it('gives a payment the status of what it stands in', () => {
    const file = read(pain002(transaction('2026-04-01:ava', ''), { payment: '<PmtInfSts>RJCT</PmtInfSts>' }));
    expect(file.lines).toEqual([expect.objectContaining({ outcome: 'failed' })]);
  });

  it.each([
    ['<GrpSts>ACSC</GrpSts>', '', 'paid'],
    ['', '<PmtInfSts>RJCT</PmtInfSts><StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf>', 'failed'],
  ])('says of a whole message what became of it: %s%s', (group, payment, outcome) => {
    expect(read(pain002('', { group, payment })).all).toMatchObject({ messageId: '20260401-SEPA-1-1', outcome });
  });

  it.each([
    ['a status that nobody knows', pain002(transaction('a', 'YOLO')), /a status that ISO 20022 does not have/],
    ['a payment without a status', pain002(transaction('a', '')), /without a status/],
    ['an amount of another currency', pain002(transaction('a', 'ACSC', amount('1.00', 'USD'))), /not in EUR/],
    ['an amount with too many decimals', pain002(transaction('a', 'ACSC', amount('1.001'))), /an amount that is none/],
    ['nothing at all', pain002(''), /lists no payments/],
    ['a DTD', `<!DOCTYPE a [<!ENTITY b "c">]>${pain002('')}`, /DTD/],
    ['half a message', pain002(transaction('a', 'ACSC')).slice(0, -40), /no XML/],
    ['another message', '<Document><FIToFIPmtStsRpt/></Document>', /neither a pain.002 nor a camt.054/],
    [
      'one payment in two states',
      pain002(transaction('a', 'ACSC') + transaction('a', 'RJCT')),
      /otherwise of a payment/,
    ],
  ])('is refused with %s', (_, text, message) => {
    expect(faultsOf(text).map((fault) => fault.message)).toEqual([expect.stringMatching(message)]);
  });

  it('takes the same payment twice alike for one', () => {
    expect(read(pain002(transaction('a', 'ACSC') + transaction('a', 'ACSC'))).lines).toHaveLength(1);
  });
});

describe('a notification of debits and credits (camt.054)', () => {
  const detail = (id: string, more = '') => `<TxDtls><Refs><EndToEndId>${id}</EndToEndId></Refs>${more}</TxDtls>`;
  const entry = (sign: string, details: string, { status = '<Cd>BOOK</Cd>', value = '225.05', more = '' } = {}) =>
    `<Ntry><Amt Ccy="EUR">${value}</Amt><CdtDbtInd>${sign}</CdtDbtInd>${more}<Sts>${status}</Sts><AcctSvcrRef>R-9</AcctSvcrRef>
     <NtryDtls>${details}</NtryDtls></Ntry>`;
  const camt = (...entries: string[]) =>
    `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><GrpHdr/><Ntfctn>${entries.join('')}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`;

  it('says which payments left and which came back, and counts the others', () => {
    const amounts = (value: string) => `<AmtDtls><TxAmt><Amt Ccy="EUR">${value}</Amt></TxAmt></AmtDtls>`;
    const returned = '<RtrInf><Rsn><Cd>AC01</Cd></Rsn></RtrInf>';
    const file = read(
      camt(
        entry('DBIT', detail('2026-04-01:ava', amounts('120.00')) + detail('2026-04-01:ben', amounts('105.05'))),
        entry('CRDT', detail('2026-04-01:cy', returned), { value: '7.00' }),
        entry('CRDT', detail('a sale of somebody')),
        entry('DBIT', detail('NOTPROVIDED'), { status: 'BOOK' }),
        entry('DBIT', detail('2026-04-01:dee'), { status: 'PDNG', value: '3.00' }),
      ),
    );
    expect(file.others).toBe(2);
    expect(
      file.lines.map(({ reference, outcome, amount: value, reason }) => [reference, outcome, value, reason]),
    ).toEqual([
      ['2026-04-01:ava', 'paid', 12_000, null],
      ['2026-04-01:ben', 'paid', 10_505, null],
      ['2026-04-01:cy', 'returned', 700, 'AC01'],
      ['2026-04-01:dee', 'pending', 300, null],
    ]);
  });

  it('does not take the sum of several payments for the amount of one', () => {
    const file = read(camt(entry('DBIT', detail('2026-04-01:ava') + detail('2026-04-01:ben'))));
    expect(file.lines.map((line) => line.amount)).toEqual([null, null]);
  });
});

describe('a table', () => {
  it('is read of PayPal', () => {
    const text = [
      'Payout Item ID,Transaction ID,Recipient,Unique ID,Amount,Currency,Transaction Status,Error Message',
      'I1,T1,ava@example.com,2026-04-01:ava,"1,120.00",USD,Success,',
      'I2,,ben@example.com,2026-04-01:ben,5.50,USD,FAILED,RECEIVER_UNREGISTERED',
      'I3,T3,cy@example.com,2026-04-01:cy,5.50,USD,Unclaimed,',
      'I4,T4,dee@example.com,2026-04-01:dee,5.50,USD,Returned,expired',
    ].join('\r\n');
    const { format, lines } = read(text, 'USD');
    expect(format).toBe('paypal');
    expect(
      lines.map(({ reference, outcome, amount: value, bankReference, reason }) => [
        reference,
        outcome,
        value,
        bankReference,
        reason,
      ]),
    ).toEqual([
      ['2026-04-01:ava', 'paid', 112_000, 'T1', null],
      ['2026-04-01:ben', 'failed', 550, 'I2', 'RECEIVER_UNREGISTERED'],
      ['2026-04-01:cy', 'pending', 550, 'T3', null],
      ['2026-04-01:dee', 'returned', 550, 'T4', 'expired'],
    ]);
  });

  it('is read of Wise, without what came in and without amounts that were converted', () => {
    const text = `ID,Status,Direction,"Created on","Source amount (after fees)","Source currency","Target name","Target amount (after fees)","Target currency",Reference,Batch
TRANSFER-1,COMPLETED,OUT,2026-04-02,120.00,EUR,Ava,120.00,EUR,2026-04-01:ava,B1
TRANSFER-2,COMPLETED,OUT,2026-04-02,50.00,EUR,Ben,54.10,USD,2026-04-01:ben,B1
TRANSFER-3,CANCELLED,OUT,2026-04-02,7.00,EUR,Cy,7.00,EUR,2026-04-01:cy,B1
TRANSFER-4,COMPLETED,IN,2026-04-02,7.00,EUR,Us,7.00,EUR,thanks,`;
    const { format, lines, others } = read(text);
    expect([format, others]).toEqual(['wise', 1]);
    expect(lines.map(({ reference, outcome, amount: value }) => [reference, outcome, value])).toEqual([
      ['2026-04-01:ava', 'paid', 12_000],
      ['2026-04-01:ben', 'paid', null],
      ['2026-04-01:cy', 'failed', 700],
    ]);
  });

  it.each([',', ';', '\t'])('of our own form is read, separated by %j', (sign) => {
    const rows = [
      ['payoutId', 'status', 'amount', 'currency', 'bankReference'],
      ['2026-04-01:ava', 'paid', '12.50', 'EUR', 'X1'],
      ['2026-04-01:ben', 'Failed', '', '', ''],
    ];
    const { lines } = read(`\ufeff${rows.map((row) => row.join(sign)).join('\n')}\n\n`);
    expect(lines).toMatchObject([
      { line: 2, amount: 1_250, bankReference: 'X1' },
      { line: 3, outcome: 'failed', amount: null },
    ]);
  });

  it('is read as a spreadsheet saves it: UTF-16, and with the sign that keeps text from being run', () => {
    const text = "payoutId,status\r\n'-2026,paid\r\n";
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    expect(readResult(utf16, 'EUR').lines).toMatchObject([{ reference: '-2026' }]);
  });

  it('names every row at fault, and repeats no account', () => {
    const text =
      'payoutId,status,amount,currency\n,paid,1,EUR\na,,1,EUR\nb,perhaps,1,EUR\nc,paid,1.001,EUR\nd,paid,1,USD\ne,paid,1,EUR';
    expect(faultsOf(text)).toEqual([
      { line: 2, message: 'no payout is named' },
      { line: 3, message: 'no status is given' },
      { line: 4, message: 'the status “perhaps” is not known' },
      { line: 5, message: 'the amount is none' },
      { line: 6, message: 'the amount is not in EUR' },
    ]);
  });

  it.each([
    ['an empty file', '', /is empty/],
    ['columns of nothing that is known', 'name,iban\nAva,DE1', /of no known result/],
    ['rows of another length', 'payoutId,status\na,paid,more', /is no table/],
  ])('is refused where it is %s', (_, text, message) => {
    expect(faultsOf(text)[0]?.message).toMatch(message);
  });
});

describe('an amount', () => {
  it.each([
    ['1234.50', 'USD', 123_450],
    ['1,234.50', 'USD', 123_450],
    ['1.234,50', 'EUR', 123_450],
    ['1 234,50', 'EUR', 123_450],
    ['-12.5', 'USD', 1_250],
    ['12', 'JPY', 12],
    ['1,234', 'USD', 123_400],
    ['1.234', 'KWD', 1_234],
    ['1.001', 'USD', null],
    ['12,3456', 'USD', null],
    ['1e3', 'USD', null],
    ['', 'USD', null],
    ['999999999999', 'USD', null],
  ])('%s %s is %s', (text, currency, expected) => {
    expect(resultAmount(text, currency)).toBe(expected);
  });
});
