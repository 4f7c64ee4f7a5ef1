import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { Payee } from '../../src/payees/payee.ts';
import { FORMATS } from '../../src/paymentFiles/formats.ts';
import type { FileTerms, PaymentLine } from '../../src/paymentFiles/paymentFile.ts';
import { writeFile } from '../../src/paymentFiles/writeFile.ts';
import { IBAN, inSepa, line, termsOf } from './lines.ts';

/** The parts of a file as text. */
async function written(format: FileTerms['format'], lines: PaymentLine[], currency = 'USD'): Promise<string[]> {
  const parts = await writeFile({ lines, terms: termsOf(format, { currency, debtor: null }) });
  return parts.map(({ content }) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(content));
}

const byPaypal = (email: string): Payee => ({ method: 'paypal', email });

describe('a file for PayPal', () => {
  it('has no header: recipient, amount, currency, customer, note and wallet', async () => {
    expect(await written('paypal', [line('ava', 100_50, byPaypal('ava@example.com'))])).toEqual([
      'ava@example.com,100.50,USD,2026-04-01:ava,Payout 2026-04-01,PAYPAL\r\n',
    ]);
  });

  it('has 5,000 rows at most; all together have every payout once', async () => {
    const lines = Array.from({ length: 12_001 }, (_, index) =>
      line(`a${index}`, 100, byPaypal(`a${index}@example.com`)),
    );
    const parts = await written('paypal', lines);
    const rows = parts.map((text) => parse(text) as string[][]);
    expect(rows.map(({ length }) => length)).toEqual([5_000, 5_000, 2_001]);
    expect(rows.flat().map((row) => row[3])).toEqual(lines.map(({ payoutId }) => payoutId));
  });

  it('says a customer in 30 characters without spaces, whatever the id of the payout', async () => {
    const [text = ''] = await written('paypal', [line('a_'.repeat(32), 100, byPaypal('a@example.com'))]);
    expect((parse(text) as string[][])[0]?.[3]).toMatch(/^\S{1,30}$/);
  });

  it.each([
    ['EUR', 100_50, '"100,50"'],
    ['JPY', 100, '100'],
    ['HUF', 100_00, '100'],
  ])('says %s as PayPal takes it', async (currency, amount, said) => {
    const [text = ''] = await written('paypal', [line('a', amount, byPaypal('a@example.com'))], currency);
    expect(text).toMatch(new RegExp(`^a@example\\.com,${said},${currency},`));
  });

  it('is refused in what PayPal does not pay, and leaves out what has fractions that it does not take', () => {
    const { refuses, unfit } = FORMATS.paypal;
    expect(refuses({ currency: 'KWD', debtor: null })).toBe('currency_not_payable');
    expect(refuses({ currency: 'USD', debtor: null })).toBeNull();
    expect(unfit(line('a', 100_50, byPaypal('a@example.com')), 'HUF')).toBe('amount_not_payable');
    expect(unfit(line('a', 100_50, byPaypal('a@example.com')), 'USD')).toBeNull();
  });

  it.each(['+1+2@example.com', '-a@example.com'])('leaves out %s: quoted, it would be another address', (email) => {
    expect(FORMATS.paypal.unfit(line('a', 100, byPaypal(email)), 'USD')).toBe('destination_not_writable');
  });
});

describe('a file for Wise', () => {
  const byWise = (more: Partial<Extract<Payee, { method: 'wise' }>>): Payee => ({
    ...{ method: 'wise' as const, name: 'Ava Müller' },
    ...more,
  });

  it('is one for each template of Wise, with its columns', async () => {
    const lines = [
      line('saved', 100, byWise({ recipientId: '148563324', email: 's@example.com' })),
      line('bank', 250, byWise({ iban: IBAN, currency: 'EUR' })),
      line('mail', 399, byWise({ email: 'm@example.com' })),
    ];
    const parts = await writeFile({ lines, terms: termsOf('wise', { currency: 'USD' }) });
    expect(parts.map(({ template, count, total }) => [template, count, total])).toEqual([
      ['bank-accounts', 1, 250],
      ['email', 1, 399],
      ['saved-recipients', 1, 100],
    ]);
    expect(await written('wise', lines)).toEqual([
      'name,recipientEmail,paymentReference,receiverType,amountCurrency,amount,sourceCurrency,targetCurrency,IBAN\r\n' +
        `Ava Müller,,2026-04-01:bank,PERSON,source,2.50,USD,EUR,${IBAN}\r\n`,
      'name,recipientEmail,paymentReference,receiverType,amountCurrency,amount,sourceCurrency,targetCurrency\r\n' +
        'Ava Müller,m@example.com,2026-04-01:mail,PERSON,target,3.99,USD,USD\r\n',
      'recipientId,name,recipientEmail,recipientDetail,sourceCurrency,targetCurrency,amountCurrency,amount,paymentReference,receiverType\r\n' +
        '148563324,Ava Müller,s@example.com,,USD,USD,target,1.00,2026-04-01:saved,PERSON\r\n',
    ]);
  });

  it('has 1,000 transfers at most', async () => {
    const lines = Array.from({ length: 1_001 }, (_, index) => line(`a${index}`, 1, byWise({ email: 'a@example.com' })));
    expect((await written('wise', lines)).map((text) => text.split('\r\n').length - 2)).toEqual([1_000, 1]);
  });

  it('begins no name with what a spreadsheet would run, and leaves out whom it cannot name', async () => {
    const [text = ''] = await written('wise', [line('a', 1, byWise({ name: '-Ava +1', email: 'a@example.com' }))]);
    expect((parse(text) as string[][])[1]?.[0]).toBe('Ava +1');
    expect(FORMATS.wise.unfit(line('a', 1, byWise({ recipientId: '-1' })), 'USD')).toBe('destination_not_writable');
  });
});

describe('a file of USDT', () => {
  const address = 'TJRyWwFs9wTFGZg3JbrVriFbNfCug5tDeC';

  it('has an address and an amount of six decimals first, and takes a dollar for one USDT', async () => {
    expect(await written('usdt-trc20', [line('ava', 1_234_05, { method: 'usdt-trc20', address })])).toEqual([
      `address,amount,token,reference\r\n${address},1234.050000,USDT,2026-04-01:ava\r\n`,
    ]);
  });

  it('is refused in any other currency', () => {
    expect(FORMATS['usdt-trc20'].refuses({ currency: 'EUR', debtor: null })).toBe('currency_not_payable');
    expect(FORMATS['usdt-trc20'].refuses({ currency: 'USD', debtor: null })).toBeNull();
  });
});

describe('a generic file', () => {
  it('has everything of every payee, in one table that spreadsheets read and run nothing of', async () => {
    const lines = [
      line('a', 100, inSepa('Ava', { bic: 'COBADEFFXXX' })),
      line('b', 250, { method: 'wise', name: 'Bea', recipientId: '77', currency: 'EUR' }),
      line('c', 399, byPaypal('c@example.com')),
      line('d', 1, { method: 'other', details: '=HYPERLINK("http://evil")' }),
    ];
    const [text = ''] = await written('generic', lines);
    expect(text.startsWith('\ufeffpayoutId,reference,cycle,')).toBe(true);
    const rows = parse(text, { bom: true, columns: true }) as Record<string, string>[];
    expect(rows.map(({ payoutId, amount, currency, method }) => [payoutId, amount, currency, method])).toEqual([
      ['2026-04-01:a', '1.00', 'USD', 'sepa'],
      ['2026-04-01:b', '2.50', 'USD', 'wise'],
      ['2026-04-01:c', '3.99', 'USD', 'paypal'],
      ['2026-04-01:d', '0.01', 'USD', 'other'],
    ]);
    expect(rows[0]).toMatchObject({ name: 'Ava', iban: IBAN, bic: 'COBADEFFXXX', email: '', receives: '' });
    expect(rows[1]).toMatchObject({ recipientId: '77', receives: 'EUR' });
    expect(rows[3]?.details).toBe(`'=HYPERLINK("http://evil")`);
  });
});
