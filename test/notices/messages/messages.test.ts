import { describe, expect, it } from 'vitest';
import { formatWeek } from '../../../src/kernel/calendar.ts';

import { copyable } from '../../../src/notices/messages/marks.ts';
import { type Message, SIGNS, shorten } from '../../../src/notices/messages/message.ts';
import { noticeMessage } from '../../../src/notices/messages/notice.ts';

const READER = { timeZone: 'UTC', currency: 'USD', thisYear: 2026 };
const INVOICE = { invoiceId: '2026-W47:m1', week: '2026-W47', total: 4_108 };
const DUE = new Date('2026-11-26T06:00:00Z');
const PAID = new Date('2026-11-23T06:00:00Z');

/** A message as it would be read aloud, with its buttons. */
function aloud({ state = 'info', title, paragraphs, buttons }: Message): string[] {
  return [
    `${SIGNS[state]} ${title}`,
    ...paragraphs,
    ...buttons.map((row) => row.map((button) => `[${button.label}]`).join(' ')),
  ];
}

describe('what people are told', () => {
  it('issued: how much, by when, what is missing, what to do', () => {
    const data = { ...INVOICE, dueAt: DUE, balance: 1_000, discount: 127, credit: 0, late: 0 };
    expect(aloud(noticeMessage({ kind: 'invoice.issued', data }, READER))).toEqual([
      '⏳ New invoice: $41.08 — week 16–22 Nov',
      'Due by Thu 26 Nov 2026, 06:00 (UTC).',
      'Your discount of $1.27 is already taken off.',
      'Your balance is $10.00, so $31.08 is missing. Top up your balance and the invoice is debited by itself; nothing else to do.',
      '[Invoice 16–22 Nov]',
    ]);
  });

  it('issued: in the zone of whoever reads, with what came late and what credit did', () => {
    const data = { ...INVOICE, dueAt: DUE, balance: 0, discount: 0, credit: 500, late: 2 };
    const text = aloud(noticeMessage({ kind: 'invoice.issued', data }, { ...READER, timeZone: 'Europe/Berlin' })).join(
      '\n',
    );
    expect(text).toContain('Thu 26 Nov 2026, 07:00 (Europe/Berlin)');
    expect(text).toContain(
      'Your credit of $5.00 is already taken off. It includes 2 payments or refunds from before that week.',
    );
  });

  it('leads to the page where to top up what is missing, where the deployment has one', () => {
    const invoice = { ...INVOICE, invoiceId: '2026-W47:m/1 & co', dueAt: DUE, discount: 0, credit: 0, late: 0 };
    const pages = { topUp: 'https://pay.example/{locale}/{accountId}?sum={amount}&for={invoiceId}&again={amount}' };
    const buttonsAt = (balance: number) => {
      const content = { kind: 'invoice.issued' as const, data: { ...invoice, balance } };
      return noticeMessage(content, { ...READER, locale: 'es-MX', pages }).buttons.flat();
    };
    expect(buttonsAt(1_000)).toContainEqual({
      label: 'Recargar USD\u00a031.08',
      url: 'https://pay.example/es-MX/m%2F1%20%26%20co?sum=31.08&for=2026-W47%3Am%2F1%20%26%20co&again=31.08',
    });
    expect(buttonsAt(4_108).filter(({ url }) => url !== undefined)).toEqual([]);
  });

  it('receipt: paid at once, nothing to do', () => {
    const data = { ...INVOICE, paidAt: PAID, balance: 5_892, discount: 0, credit: 0, late: 0 };
    expect(aloud(noticeMessage({ kind: 'invoice.receipt', data }, READER))).toEqual([
      '✅ Paid: $41.08 — week 16–22 Nov',
      'Your new invoice was paid from your balance on Mon 23 Nov 2026, 06:00 (UTC).',
      'Your balance is now $58.92. Nothing to do.',
      '[Invoice 16–22 Nov]',
    ]);
  });

  it.each([
    ['top-up', 'Your top-up covered the invoice; the amount was debited by itself on Mon 23 Nov 2026, 06:00 (UTC).'],
    ['chat', 'The invoice was paid from your balance by a command in the chat on Mon 23 Nov 2026, 06:00 (UTC).'],
    ['platform', 'The platform debited the invoice from your balance on Mon 23 Nov 2026, 06:00 (UTC).'],
  ] as const)('paid: says by what (%s)', (by, sentence) => {
    const message = noticeMessage({ kind: 'invoice.paid', data: { ...INVOICE, paidAt: PAID, balance: 0, by } }, READER);
    expect(aloud(message)).toEqual([
      ...['✅ Paid: $41.08 — week 16–22 Nov', sentence, 'Your balance is now $0.00.', '[Invoice 16–22 Nov]'],
    ]);
  });

  it('credited: nothing to pay, and why', () => {
    const of = (total: number, credit: number, creditLeft: number) =>
      aloud(noticeMessage({ kind: 'invoice.credited', data: { ...INVOICE, total, credit, creditLeft } }, READER));
    expect(of(-400, 0, 400)).toEqual([
      '✅ Nothing to pay — week 16–22 Nov',
      'Your invoice comes to -$4.00. Refunds came to more than the new costs: $4.00 is held as your credit and taken off your next invoice.',
      '[Invoice 16–22 Nov]',
    ]);
    expect(of(0, 700, 0)[1]).toBe('Your invoice comes to $0.00. Your credit of $7.00 covered it whole.');
    expect(of(0, 0, 0)[1]).toBe('Your invoice comes to $0.00. Costs and refunds cancelled each other out.');
  });

  it('voided: why, and what it means', () => {
    const data = { ...INVOICE, reason: 'wrong rate', creditReturned: 500 };
    expect(aloud(noticeMessage({ kind: 'invoice.voided', data }, READER))).toEqual([
      'ℹ️ Invoice taken back: $41.08 — week 16–22 Nov',
      'Reason: “wrong rate”.',
      'You owe nothing for it. The $5.00 of credit it used is yours again. Its payments will be on your next invoice.',
      '[Invoice 16–22 Nov]',
    ]);
  });

  it('insufficient: how much is missing, and how it is paid after topping up', () => {
    const data = { ...INVOICE, dueAt: DUE, balance: 1_000, missing: 3_108 };
    expect(aloud(noticeMessage({ kind: 'invoice.insufficient', data }, READER))).toEqual([
      '⏳ Not paid yet: $41.08 — week 16–22 Nov',
      'Your balance of $10.00 does not cover it: $31.08 is missing.',
      'Due by Thu 26 Nov 2026, 06:00 (UTC).',
      'Top up your balance and the invoice is debited by itself; nothing else to do.',
      '[Invoice 16–22 Nov]',
    ]);
  });

  it('quarantined: what, why, and what managers do', () => {
    const data = { eventId: 'evt_9', type: 'payment.refunded', error: 'refunds exceed the payment' };
    expect(aloud(noticeMessage({ kind: 'manager.quarantined', data }, READER))).toEqual([
      `⚠️ Event in quarantine: ${copyable('evt_9')}`,
      'This payment.refunded event could not be applied and has no effect until it is: “refunds exceed the payment”.',
      'Other events go on. Put the cause right, then replay it; one that waits for another takes effect by itself when that arrives. To have it count for nothing: /dismiss ID REASON',
      '[Replay evt_9] [Quarantine]',
    ]);
  });
});

describe('words', () => {
  it.each([
    ['2026-W47', '16–22 Nov 2026'],
    ['2026-W53', '28 Dec 2026 – 3 Jan 2027'],
    ['2026-W05', '26 Jan – 1 Feb 2026'],
    ['2025-W01', '30 Dec 2024 – 5 Jan 2025'],
    ['2020-W53', '28 Dec 2020 – 3 Jan 2021'],
  ])('week %s is %s', (week, text) => {
    expect(formatWeek(week)).toBe(text);
  });

  it('never cuts a character in two', () => {
    expect(shorten('ab😀cd', 4)).toBe('ab…');
    expect(shorten('abcd', 4)).toBe('abcd');
  });
});
