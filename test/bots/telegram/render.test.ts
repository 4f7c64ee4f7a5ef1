import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { render, TEXT_LIMIT } from '../../../bots/telegram/render.ts';
import type { Message } from '../../../src/notices/messages/message.ts';
import { noticeMessage } from '../../../src/notices/messages/notice.ts';
import { deepTest, timesOf } from '../../support/depth.ts';
import { plainText } from '../../support/telegramHtml.ts';

const nasty = fc.oneof(
  fc.string({ maxLength: 300, unit: 'binary' }),
  fc.constantFrom(
    '<b>',
    '</pre>',
    '&amp;',
    '<a href="x">',
    '&lt;',
    '😀'.repeat(900),
    '<'.repeat(5_000),
    '&'.repeat(1_600),
    '',
  ),
);
const button = fc.record({ label: nasty, command: fc.oneof(nasty, fc.constant(`/pay 2026-W47:${'x'.repeat(64)}`)) });
const message: fc.Arbitrary<Message> = fc
  .record({
    title: nasty,
    paragraphs: fc.array(nasty, { maxLength: 8 }),
    facts: fc.array(fc.tuple(nasty, nasty), { maxLength: 40 }),
    rows: fc.array(fc.array(nasty, { maxLength: 6 }), { maxLength: 40 }),
    footer: nasty,
    buttons: fc.array(fc.array(button, { maxLength: 5 }), { maxLength: 40 }),
  })
  .map(({ rows, ...rest }) => ({ ...rest, table: { header: [], rows } }));

describe('rendering', () => {
  it('opens a page by a button', () => {
    const { keyboard } = render({ paragraphs: ['x'], buttons: [[{ label: 'Top up', url: 'https://pay.example/a' }]] });
    expect(keyboard).toEqual([[{ text: 'Top up', url: 'https://pay.example/a' }]]);
  });

  deepTest('never exceeds a limit and is always valid HTML', () => {
    fc.assert(
      fc.property(message, (one) => {
        const { text, keyboard, callbacks } = render(one);
        const plain = plainText(text);
        expect(plain).not.toHaveProperty('error');
        expect('text' in plain && plain.text.length).toBeLessThanOrEqual(TEXT_LIMIT);
        expect(keyboard.flat().length).toBeLessThanOrEqual(100);
        for (const button of keyboard.flat())
          if ('callback_data' in button) expect(Buffer.byteLength(button.callback_data)).toBeLessThanOrEqual(64);
        for (const { command } of callbacks) expect(Buffer.byteLength(command)).toBeGreaterThan(64);
      }),
      { numRuns: timesOf(500) },
    );
  });

  it('shows names as they are written', () => {
    const { text } = render({ title: 'Anna <3 & "Co"', paragraphs: ['a < b > c &amp;'], buttons: [] });
    expect(plainText(text)).toEqual({ text: 'Anna <3 & "Co"\n\na < b > c &amp;' });
  });

  it('keeps what comes first when not all fits', () => {
    const rows = Array.from({ length: 500 }, (_, index) => [`row ${index}`, 'x'.repeat(40)]);
    const { text } = render({ title: 'Long', paragraphs: ['What matters.'], table: { header: [], rows }, buttons: [] });
    expect(text.startsWith('<b>Long</b>\n\nWhat matters.')).toBe(true);
    expect(text.endsWith('…')).toBe(true);
    expect(text.length).toBeGreaterThan(2_000);
  });

  it('counts as Telegram does: after parsing, in UTF-16 units', () => {
    const line = '&<>😀'.repeat(250);
    const { text } = render({ title: 'T', paragraphs: Array(3).fill(line), footer: 'the end', buttons: [] });
    const plain = plainText(text);
    // 3,770 units for people, three times as many as sent: nothing has to be left out.
    expect(plain).toEqual({ text: ['T', line, line, line, 'the end'].join('\n\n') });
    expect(text.length).toBeGreaterThan(TEXT_LIMIT);
    const { text: full } = render({ paragraphs: Array(4).fill(line), buttons: [] });
    expect(plainText(full)).toEqual({ text: [line, line, line, '…'].join('\n\n') });
  });

  it('makes no link of what somebody else wrote', () => {
    const { text } = render({
      title: 'New order from “@durov”',
      paragraphs: ['“evil.example” and “Elena X”'],
      buttons: [],
    });
    expect(text).toBe(
      '<b>New order from “</b><code>@durov</code><b>”</b>\n\n“<code>evil.example</code>” and “Elena X”',
    );
  });

  it('makes no link of an id that looks like an address', () => {
    const { text } = render({
      title: 'Invoice 2026-W10:ava.me',
      paragraphs: ['Due by Thu 12 Mar 2026, 06:00 (UTC). $1,000.50 of evil.com/x. Campaign A.b'],
      facts: [['ava.me & co', 'a..b']],
      buttons: [],
    });
    expect(text).toBe(
      '<b>Invoice </b><code>2026-W10:ava.me</code>\n\nDue by Thu 12 Mar 2026, 06:00 (UTC). $1,000.50 of <code>evil.com/x</code>. Campaign A.b\n\n<code>ava.me</code> &amp; co: a..b',
    );
  });

  it('fits every notice with the longest names, ids and reasons', () => {
    const invoiceId = `2026-W47:${'&'.repeat(64)}`;
    const base = { invoiceId, week: '2026-W47', total: 9_000_000_000_000, balance: -9_000_000_000_000 };
    const dueAt = new Date('2026-11-26T06:00:00Z');
    const display = { timeZone: 'America/Argentina/ComodRivadavia', currency: 'USD' };
    const messages = [
      noticeMessage(
        { kind: 'invoice.voided', data: { ...base, reason: '<&>'.repeat(4_000), creditReturned: 1 } },
        display,
      ),
      noticeMessage({ kind: 'invoice.insufficient', data: { ...base, dueAt, missing: 1 } }, display),
      noticeMessage(
        {
          kind: 'manager.quarantined',
          data: { eventId: 'e'.repeat(128), type: 't'.repeat(100), error: '<'.repeat(9_000) },
        },
        display,
      ),
    ];
    for (const one of messages) {
      const { text, keyboard } = render(one);
      const plain = plainText(text);
      expect('text' in plain && plain.text.length).toBeLessThanOrEqual(TEXT_LIMIT);
      expect(keyboard.flat().length).toBeGreaterThan(0);
    }
  });
});
