import { describe, expect, it } from 'vitest';

import { creditNotePdf } from '../../src/documents/creditNote.ts';
import { invoicePdf } from '../../src/documents/invoice.ts';
import { statementPdf } from '../../src/documents/statement.ts';
import { deepTest } from '../support/depth.ts';
import { pdfPages } from '../support/pdfText.ts';
import { invoiceOf, PLATFORM, statementOf } from './samples.ts';

describe('an invoice as a PDF', () => {
  deepTest('shows who owes what by when, each line, and how the total comes about', async () => {
    const [page = [], ...others] = pdfPages(await invoicePdf(invoiceOf(1), { model: 'Model One' }, PLATFORM));
    expect(others).toEqual([]);
    expect(page).toEqual([
      'Invoice 2026-W47:model-1',
      'RevShare, week 16–22 Nov 2026: $49,382,714.33',
      'Billed to|Model One (model-1)',
      'Issued|Mon 23 Nov 2026, 06:00 (UTC)',
      'Due|Thu 26 Nov 2026, 06:00 (UTC)',
      'State|open',
      'Campaign|Contractor|What|Count|Gross|Rate|Cost',
      'campaign-0|marketer-0|subscription|1|$123,456,789.00|40 %|$49,382,715.60',
      'Subtotal|$49,382,715.60',
      'Discount 3 %|-$1.27',
      'Total|$49,382,714.33',
      expect.stringContaining('rounded to the cent line by line'),
      'amounts in USD, all times in UTC.',
      'Invoice 2026-W47:model-1|Page 1 of 1',
    ]);
  });

  it('calls campaigns as the platform calls them', async () => {
    const names = { model: 'Model One', campaigns: new Map([['campaign-0', 'Summer \u202etour']]) };
    const [page = []] = pdfPages(await invoicePdf(invoiceOf(2), names, PLATFORM));
    expect(page).toContainEqual(expect.stringMatching(/^Summer tour\|marketer-0\|/));
    expect(page).toContainEqual(expect.stringMatching(/^campaign-1\|marketer-1\|/));
  });

  deepTest('repeats the header of its table on every page, and loses no line', async () => {
    const pages = pdfPages(await invoicePdf(invoiceOf(100), { model: 'Model' }, PLATFORM));
    expect(pages.length).toBeGreaterThan(2);
    for (const [index, page] of pages.entries()) {
      expect(page).toContain('Campaign|Contractor|What|Count|Gross|Rate|Cost');
      expect(page.at(-1)).toBe(`Invoice 2026-W47:model-1|Page ${index + 1} of ${pages.length}`);
    }
    const lines = pages.flat().filter((line) => /\|marketer-\d\|/.test(line));
    expect(lines).toHaveLength(100);
  });

  it.each([
    ['Żaneta 李', 'Żaneta 李 (model-1)'],
    ['Ольга Ωmega', 'Ольга Ωmega (model-1)'],
    ['김민수 あきら สม', '김민수 あきら สม (model-1)'],
    ['Smile 😀', 'Smile \ufffd (model-1)'],
    ['two\nlines \u202eturned', 'two lines turned (model-1)'],
  ])('has the name %j', async (name, shown) => {
    const [page = []] = pdfPages(await invoicePdf(invoiceOf(1), { model: name }, PLATFORM));
    const row = page.find((line) => line.startsWith('Billed to|')) ?? '';
    expect(row.slice('Billed to|'.length).replaceAll('|', '')).toBe(shown);
  });

  it.each([
    ['overdue', {}, 'overdue: past due and not paid'],
    ['completed', { completedAt: new Date('2026-11-23T06:00:00Z') }, 'paid on Mon 23 Nov 2026, 06:00 (UTC)'],
    ['void', { voidReason: 'wrong rate' }, 'void, nothing to pay: wrong rate'],
    ['credited', { total: -100 }, 'nothing to pay: what is below zero is credit for the next invoice'],
  ] as const)('says that it is %s', async (status, more, said) => {
    const [page] = pdfPages(await invoicePdf(invoiceOf(1, { status, ...more }), { model: 'Model' }, PLATFORM));
    expect(page).toContain(`State|${said}`);
  });

  it.each([
    ['en', /\|1\|-\$123,456,789\.00\|.*\|-\$49,382,715\.60$/],
    ['ru', /\|1\|-123\s456\s789,00\s\$\|.*\|-49\s382\s715,60\s\$$/],
  ] as const)('does not break amounts, however long: columns of words give way (%s)', async (locale, whole) => {
    const about = { number: 'CN-1', issuedAt: new Date('2026-11-25T10:00:00Z'), invoiceNumber: 'INV-1' };
    const file = await creditNotePdf(invoiceOf(3), { model: 'Model' }, { ...PLATFORM, locale }, about);
    expect(pdfPages(file).flat()).toContainEqual(expect.stringMatching(whole));
  });

  deepTest('is the same file for the same data', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(() => invoicePdf(invoiceOf(40), { model: 'Żaneta 李' }, PLATFORM)),
    );
    expect(Buffer.from(first ?? []).equals(Buffer.from(second ?? []))).toBe(true);
  });
});

describe('the statement of a payout', () => {
  deepTest('names the rule of its cutoff, what came from earlier cycles, and corrections', async () => {
    const pages = pdfPages(await statementPdf(statementOf(300), { name: 'Żaneta 李' }, PLATFORM));
    const all = pages.flat();
    const text = all.join(' ');
    expect(text).toContain(
      'The payday Wed 1 Apr 2026 takes what was approved from Mon 9 Mar 2026, 00:00 (UTC) until just before Tue 24 Mar 2026, 00:00 (UTC), what earlier paydays have carried over, and every correction that was known.',
    );
    expect(all).toContain('Approved in this cycle: 270');
    expect(all).toContain('Carried over, or told late: approved before this cycle: 30');
    expect(all).toContain('Corrections of sales that an earlier payout has paid: 1');
    expect(text).toContain('sub-old~first~reversal~1 corrects');
    expect(all).toContain('Adjustments, and payouts that came back: 2');
    expect(all).toContain('Total: $1,353.01');
    expect(all.filter((line) => /\|\d+ \w+ 2026, \d\d:\d\d\|/.test(line))).toHaveLength(303);
  });

  deepTest('has both parts, and the total is of both (rules 6.5)', async () => {
    const parts = { commissions: 300, earnings: 70_000 };
    const both = statementOf(1, { parts, amount: 70_300 });
    const all = pdfPages(await statementPdf(both, { name: 'Aff' }, PLATFORM)).flat();
    expect(all).toContain('Approved in this cycle: 1');
    expect(all).toContain('Earned with orders and campaigns: $700.00');
    expect(all).toContain('Total: $703.00');
    expect(all).toContain('Approved in this cycle|$3.00');
    expect(all).toContain('Earned with orders and campaigns|$700.00');
  });

  it('of a marketer is of the balance', async () => {
    const parts = { commissions: 0, earnings: 12_345 };
    const marketer = statementOf(0, { parts, accountId: 'm1', payoutId: '2026-04-01:m1', amount: 12_345 });
    const [page = []] = pdfPages(await statementPdf(marketer, { name: '' }, PLATFORM));
    expect(page).toContain('Balance at Wed 1 Apr 2026, 00:00 (UTC)|$123.45');
    expect(page.join(' ')).toContain('as it stood at Wed 1 Apr 2026, 00:00 (UTC)');
  });

  deepTest('has the amounts and times of its reader, in the platform’s zone', async () => {
    const pages = pdfPages(await statementPdf(statementOf(1), { name: 'Aff' }, { ...PLATFORM, locale: 'ru' }));
    expect(pages.flat()).toContain('sub-0~first|default|05.03.2026, 00:00|09.03.2026, 00:00|3,00 $');
  });

  deepTest('that was paid and came back says both, when, and where the money is', async () => {
    const at = new Date('2026-04-09T10:00:00Z');
    const paid = { status: 'paid' as const, endedAt: new Date('2026-04-03T10:00:00Z'), reference: 'tx-1' };
    const came = statementOf(1, { ...paid, returned: { at, reference: 'R-17', reason: null } });
    const [page = []] = pdfPages(await statementPdf(came, { name: 'Aff' }, PLATFORM));
    expect(page).toContain('Statement: $3.00, came back');
    expect(page.join(' ')).toContain(
      'paid on Fri 3 Apr 2026, 10:00 (UTC), came back on Thu 9 Apr 2026, 10:00 (UTC). The amount is back on the balance',
    );
  });

  it('that failed says where the money is', async () => {
    const failed = statementOf(1, {
      status: 'failed',
      endedAt: new Date('2026-04-03T10:00:00Z'),
      reason: 'account closed',
    });
    const [page = []] = pdfPages(await statementPdf(failed, { name: 'Aff' }, PLATFORM));
    expect(page.join(' ')).toContain(
      'failed on Fri 3 Apr 2026, 10:00 (UTC): account closed. The amount is back on the balance',
    );
  });
});
