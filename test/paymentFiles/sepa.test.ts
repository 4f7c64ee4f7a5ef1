import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';

import { sepaText } from '../../src/paymentFiles/latin.ts';
import type { PaymentLine } from '../../src/paymentFiles/paymentFile.ts';
import { InvalidPain, validatePain } from '../../src/paymentFiles/schema.ts';
import { sepa } from '../../src/paymentFiles/sepa.ts';
import { hashOfParts, writeFile } from '../../src/paymentFiles/writeFile.ts';
import { DEBTOR, inSepa, line, termsOf } from './lines.ts';

async function written(lines: PaymentLine[], more = {}) {
  const parts = await writeFile({ lines, terms: termsOf('sepa', more) });
  return parts.map(({ content }) => new TextDecoder().decode(content));
}

const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, parseAttributeValue: false });

describe('a SEPA file', () => {
  const lines = [
    line('ava', 123_45, inSepa('Ava Müller', { bic: 'COBADEFFXXX' })),
    line('bob_1', 5, inSepa("Bob O'Neil & Łukasz")),
  ];

  it('is a pain.001.001.09 that says of each payout whom, what and by which reference', async () => {
    const [xml = ''] = await written(lines);
    const { CstmrCdtTrfInitn: message, ...root } = parser.parse(xml).Document;
    expect(root['@_xmlns']).toBe('urn:iso:std:iso:20022:tech:xsd:pain.001.001.09');
    expect(message.GrpHdr).toEqual({
      MsgId: '20260401-SEPA-1-1',
      CreDtTm: '2026-04-01T09:30:15Z',
      NbOfTxs: '2',
      CtrlSum: '123.50',
      InitgPty: { Nm: 'Markte + Sohne GmbH' },
    });
    const { CdtTrfTxInf: transfers, ...payment } = message.PmtInf;
    expect(payment).toEqual({
      PmtInfId: '20260401-SEPA-1-1',
      PmtMtd: 'TRF',
      NbOfTxs: '2',
      CtrlSum: '123.50',
      PmtTpInf: { SvcLvl: { Cd: 'SEPA' } },
      ReqdExctnDt: { Dt: '2026-04-02' },
      Dbtr: { Nm: 'Markte + Sohne GmbH' },
      DbtrAcct: { Id: { IBAN: DEBTOR.iban } },
      DbtrAgt: { FinInstnId: { BICFI: DEBTOR.bic } },
      ChrgBr: 'SLEV',
    });
    expect(transfers[0]).toEqual({
      PmtId: { EndToEndId: '2026-04-01:ava' },
      Amt: { InstdAmt: { '#text': '123.45', '@_Ccy': 'EUR' } },
      CdtrAgt: { FinInstnId: { BICFI: 'COBADEFFXXX' } },
      Cdtr: { Nm: 'Ava Muller' },
      CdtrAcct: { Id: { IBAN: 'DE89370400440532013000' } },
      RmtInf: { Ustrd: 'Payout 2026-04-01 2026-04-01:ava' },
    });
    expect(transfers[1]).not.toHaveProperty('CdtrAgt');
    expect(transfers[1].Cdtr.Nm).toBe("Bob O'Neil + Lukasz");
    expect(transfers[1].PmtId.EndToEndId).toMatch(/^20260401-\w{20}$/);
  });

  it('says that the bank is not named where only the IBAN is known', async () => {
    const [xml = ''] = await written(lines, { debtor: { name: 'M', iban: DEBTOR.iban } });
    expect(parser.parse(xml).Document.CstmrCdtTrfInitn.PmtInf.DbtrAgt).toEqual({
      FinInstnId: { Othr: { Id: 'NOTPROVIDED' } },
    });
  });

  it('has the same bytes whenever it is made again, and another name for another file', async () => {
    const [one, again] = await Promise.all([1, 2].map(() => writeFile({ lines, terms: termsOf('sepa') })));
    expect(again).toEqual(one);
    expect(hashOfParts(one ?? [])).toBe(one?.[0]?.hash);
    expect(one?.[0]).toMatchObject({ name: 'payouts-2026-04-01-sepa-1-1.xml', count: 2, total: 123_50 });
  });

  it('is not written where the schema of ISO 20022 does not take it, and nobody reads an account in why', async () => {
    const bad = [line('ava', 100, inSepa('Ava', { iban: 'DE-secret-number' }))];
    const failure = await written(bad).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidPain);
    expect(String(failure)).not.toContain('secret');
    expect(String(failure)).toMatch(/line \d+ /);
  });

  it.each([
    ['no payment', (xml: string) => xml.replace(/<CdtTrfTxInf>[\s\S]*<\/CdtTrfTxInf>/, '')],
    ['a message without an id', (xml: string) => xml.replace(/<MsgId>.*<\/MsgId>/, '')],
    ['an amount of three decimals too many', (xml: string) => xml.replace('>123.45<', '>123.456789<')],
    ['a reference of 36 characters', (xml: string) => xml.replace('>2026-04-01:ava<', `>${'x'.repeat(36)}<`)],
  ])('of %s would be refused', async (_, spoil) => {
    const [xml = ''] = await written(lines);
    expect(() => validatePain(xml)).not.toThrow();
    expect(() => validatePain(spoil(xml))).toThrow(InvalidPain);
  });

  it('is in euros alone, and needs an account that is paid from', () => {
    expect(sepa.refuses({ currency: 'USD', debtor: DEBTOR })).toBe('currency_not_payable');
    expect(sepa.refuses({ currency: 'EUR', debtor: null })).toBe('issuer_unknown');
    expect(sepa.refuses({ currency: 'EUR', debtor: DEBTOR })).toBeNull();
  });

  it('takes no amount that a transfer cannot have', () => {
    expect(sepa.unfit(line('a', 99_999_999_999, inSepa('A')), 'EUR')).toBeNull();
    expect(sepa.unfit(line('a', 100_000_000_000, inSepa('A')), 'EUR')).toBe('amount_not_payable');
  });
});

describe('a name as banks take it', () => {
  it.each([
    ['Jürgen Müller', 'Jurgen Muller'],
    ['Œuvre & Cie', 'Oeuvre + Cie'],
    ['Nguyễn Thị Minh', 'Nguyen Thi Minh'],
    ['Иван Щербаков', 'Ivan Shcherbakov'],
    ['Ελένη', 'Eleni'],
    ['O’Brien_Smith', "O'Brien-Smith"],
    ['=SUM(A1)', 'SUM(A1)'],
    ['-Bob', 'Bob'],
    ['Bob // Sons/', 'Bob / Sons'],
    ['two\nlines', 'two lines'],
    ['Bob <b>&amp;', 'Bob b +amp'],
  ])('%j is %j', (name, taken) => {
    expect(sepaText(name, 70)).toBe(taken);
  });

  it('is cut where it is too long, also by what its letters become', () => {
    expect(sepaText('ß'.repeat(70), 70)).toBe('s'.repeat(70));
  });
});
