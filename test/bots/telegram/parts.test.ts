import { describe, expect, it } from 'vitest';

import { CAPTION_LIMIT, partsOf } from '../../../bots/telegram/parts.ts';
import type { Attachment, Message } from '../../../src/notices/messages/message.ts';
import { plainText } from '../../support/telegramHtml.ts';

/** The beginning of a picture of this size; nobody looks at more of it. */
function png(width: number, height: number, bytes = 24): Uint8Array {
  const content = Buffer.alloc(bytes);
  content.write('\x89PNG\r\n\x1a\n', 'latin1');
  content.writeUInt32BE(width, 16);
  content.writeUInt32BE(height, 20);
  return content;
}

function picture(content: Uint8Array, more: Partial<Attachment> = {}): Attachment {
  return { name: 'chart.png', contentType: 'image/png', content, ...more };
}

const BUTTONS = [[{ label: 'Balance', command: '/balance' }]];

/** The calls that a message makes: what they are, what a person reads, and how many buttons there are. */
function calls(message: Omit<Message, 'buttons'>): [string, string, number][] {
  return partsOf({ ...message, buttons: BUTTONS }).parts.map(({ kind, text, keyboard }) => {
    const plain = plainText(text);
    return [kind, 'text' in plain ? plain.text : plain.error, keyboard.flat().length];
  });
}

describe('the calls that a message makes', () => {
  it('are one, with the words as the caption, where they fit it', () => {
    const attachment = picture(png(960, 640));
    expect(calls({ title: 'Earned', paragraphs: ['$1.00'], attachment })).toEqual([['photo', 'Earned\n\n$1.00', 1]]);
    const exact = 'x'.repeat(CAPTION_LIMIT);
    expect(calls({ paragraphs: [exact], attachment })).toEqual([['photo', exact, 1]]);
    const csv = { name: 'a.csv', contentType: 'text/csv', content: 'a' };
    expect(calls({ title: 'Overdue', paragraphs: [], attachment: csv })).toEqual([['document', 'Overdue', 1]]);
    expect(calls({ paragraphs: [], attachment })).toEqual([['photo', '', 1]]);
  });

  it('are two where they do not: the file with the title, then the message with its buttons', () => {
    const long = 'y'.repeat(CAPTION_LIMIT + 1);
    const attachment = picture(png(960, 640), { alt: 'A bar for each week.' });
    expect(calls({ state: 'info', title: 'Earned', paragraphs: [long], attachment })).toEqual([
      ['photo', 'ℹ️ Earned\n\nA bar for each week.', 0],
      ['text', `ℹ️ Earned\n\n${long}`, 1],
    ]);
  });

  it('counts a caption as Telegram does, after parsing', () => {
    const [first, ...others] = calls({ paragraphs: ['&<>'.repeat(341)], attachment: picture(png(9, 9)) });
    expect([first?.[0], first?.[1].length, others]).toEqual(['photo', 1_023, []]);
  });

  it('has the words for who cannot see a picture, once', () => {
    const attachment = picture(png(960, 640), { alt: 'Week 10: $5.00.' });
    expect(calls({ title: 'Cost', paragraphs: [], attachment })).toEqual([['photo', 'Cost\n\nWeek 10: $5.00.', 1]]);
    expect(calls({ title: 'Cost', paragraphs: ['So far. Week 10: $5.00.'], attachment })).toEqual([
      ['photo', 'Cost\n\nSo far. Week 10: $5.00.', 1],
    ]);
  });

  it.each([
    ['of 10,000 in all', png(5_000, 5_000), 'photo'],
    ['of more', png(5_001, 5_000), 'document'],
    ['twenty times as wide as high', png(2_000, 100), 'photo'],
    ['wider', png(2_001, 100), 'document'],
    ['twenty times as high as wide, and more', png(100, 2_001), 'document'],
    ['of more than ten megabytes', png(900, 900, 10 * 1_024 * 1_024 + 1), 'document'],
    ['that is none', Buffer.from('<svg>'), 'document'],
    ['without a width', png(0, 100), 'document'],
  ])('send a picture %s as Telegram takes it', (_, content, kind) => {
    expect(calls({ title: 'T', paragraphs: [], attachment: picture(content) })[0]?.[0]).toBe(kind);
  });

  it('send other kinds of pictures as files that people open', () => {
    const attachment = picture(png(9, 9), { contentType: 'image/svg+xml' });
    expect(calls({ title: 'T', paragraphs: [], attachment })[0]?.[0]).toBe('document');
  });
});
