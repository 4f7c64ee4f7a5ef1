import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeMarkdown } from '../../../bots/discord/markdown.ts';
import { render } from '../../../bots/discord/render.ts';
import type { Message } from '../../../src/notices/messages/message.ts';
import { noticeMessage } from '../../../src/notices/messages/notice.ts';
import { deepTest, timesOf } from '../../support/depth.ts';
import { checkedMessage, plainText, recordOf } from '../../support/discordMessages.ts';

const nasty = fc.oneof(
  fc.string({ maxLength: 300, unit: 'binary' }),
  fc.constantFrom(
    '@everyone',
    '<@123456789012345678>',
    '```',
    '[click](https://evil.example)',
    '||x||',
    '# big',
    '😀'.repeat(900),
    '*'.repeat(5_000),
    '\\'.repeat(1_600),
    '',
    ' ',
    '\n\n',
  ),
);
const button = fc.record({ label: nasty, command: fc.oneof(nasty, fc.constant(`/pay 2026-W47:${'x'.repeat(128)}`)) });
const message: fc.Arbitrary<Message> = fc
  .record({
    title: nasty,
    paragraphs: fc.array(nasty, { maxLength: 8 }),
    facts: fc.array(fc.tuple(nasty, nasty), { maxLength: 40 }),
    header: fc.array(nasty, { maxLength: 6 }),
    rows: fc.array(fc.array(nasty, { maxLength: 6 }), { maxLength: 40 }),
    footer: nasty,
    buttons: fc.array(fc.array(button, { maxLength: 8 }), { maxLength: 40 }),
  })
  .map(({ header, rows, ...rest }) => ({ ...rest, table: { header, rows } }));

function shown(one: Message) {
  const { body } = render(one);
  const checked = checkedMessage(recordOf(JSON.parse(JSON.stringify(body))), []);
  if ('error' in checked) throw new Error(checked.error);
  return checked;
}

describe('rendering', () => {
  it('opens a page by a button', () => {
    const { body } = render({ paragraphs: ['x'], buttons: [[{ label: 'Top up', url: 'https://pay.example/a' }]] });
    expect(body.components?.[0]).toMatchObject({
      components: [{ type: 2, style: 5, label: 'Top up', url: 'https://pay.example/a' }],
    });
  });

  it('leaves out what opens within Telegram', () => {
    const link = { label: 'Open', url: 'https://console.example' };
    const app = { label: 'Open here', app: 'https://console.example/console/telegram' };
    const { body } = render({ paragraphs: ['x'], buttons: [[app], [link, app]] });
    expect(body.components).toMatchObject([
      { components: [{ style: 5, label: 'Open', url: 'https://console.example' }] },
    ]);
  });

  deepTest('never exceeds a limit of Discord and mentions nobody', () => {
    fc.assert(
      fc.property(message, (one) => {
        shown(one);
        expect(render(one).body.allowed_mentions).toEqual({ parse: [] });
        for (const { command } of render(one).callbacks) expect(command.length).toBeGreaterThan(100);
      }),
      { numRuns: timesOf(500) },
    );
  });

  it('shows every text as it is written', () => {
    fc.assert(
      fc.property(
        fc.oneof(nasty, fc.constantFrom('1. one', '- a\n+ b\n> c', ':smile:', 'a:b:c', 'evt_1_2')),
        (text) => {
          expect(plainText(escapeMarkdown(text))).toBe(text.trim());
        },
      ),
      { numRuns: timesOf(1_000) },
    );
  });

  it('leaves nothing that Discord would take for markup', () => {
    const text = escapeMarkdown(
      '*a* _b_ ~~c~~ `d` ||e|| <@1> <#2> @everyone [f](https://g.example)\n# h\n- i\n> j\n1. k :l:',
    );
    const bare = text.replace(/\\[\s\S]/g, '');
    expect(bare).not.toMatch(/[*_~`|<>@[\]()]|^\s*[-+#]+\s|^\d+\.|:\w+:|:\/\//m);
  });

  it('puts what people read into the content, and what they look up below', () => {
    const { body } = render({
      state: 'open',
      title: 'Title',
      paragraphs: ['First.', 'Second.'],
      table: { header: ['Invoice', 'Total'], rows: [['2026-W47:m1', '$41.08']] },
      facts: [['Subtotal', '$42.35']],
      footer: 'More on the platform.',
      buttons: [[{ label: 'Pay $41.08', command: '/pay 2026-W47:m1' }]],
    });
    expect(body.content).toBe('⏳ **Title**\n\nFirst.\n\nSecond.');
    expect(body.embeds).toEqual([
      {
        color: 0xf1c40f,
        description: '```\nInvoice      Total\n2026-W47:m1  $41.08\n```',
        fields: [{ name: 'Subtotal', value: '$42.35', inline: true }],
        footer: { text: 'More on the platform.' },
      },
    ]);
    expect(body.components).toHaveLength(1);
  });

  it.each([
    ['more than 25 of them', Array.from({ length: 26 }, (_, n): [string, string] => [`Fact ${n}`, 'x'])],
    ['a label that is too long', [['x'.repeat(257), 'x']]],
    ['a value that is too long', [['Fact', 'x'.repeat(1_025)]]],
    ['one without a value', [['Fact', ' ']]],
    ['a list of commands', [['/pay ID', 'pays an invoice']]],
    ['more than 6,000 characters', Array.from({ length: 8 }, (_, n): [string, string] => [`F${n}`, 'x'.repeat(900)])],
  ] as [string, [string, string][]][])('writes facts as lines where they do not fit fields: %s', (_, facts) => {
    const [embed] = shown({ paragraphs: ['x'], facts, buttons: [] }).embeds;
    expect(embed?.fields).toBeUndefined();
    expect(embed?.description).toContain('**');
  });

  it('shows by its colour what a button does', () => {
    const { buttons } = shown({
      paragraphs: ['x'],
      buttons: [
        [
          { label: 'Pay', command: '/pay 1', weight: 'main' },
          { label: 'Invoices', command: '/invoices', weight: 'main' },
          { label: 'End', command: '/terminate m1', weight: 'danger' },
          { label: 'Help', command: '/help' },
          { label: 'Top up', url: 'https://pay.example' },
        ],
      ],
    });
    expect(buttons.flat().map(({ style }) => style)).toEqual([3, 1, 4, 2, 5]);
  });

  it('says the words of a picture to who cannot see it', () => {
    const attachment = { name: 'a.png', contentType: 'image/png', content: 'x', alt: 'Week 10: $5.00.' };
    expect(render({ paragraphs: ['x'], attachment, buttons: [] }).body.attachments).toEqual([
      { id: 0, filename: 'a.png', description: 'Week 10: $5.00.' },
    ]);
  });

  it('keeps all buttons of a long list, in their order', () => {
    const rows = Array.from({ length: 6 }, (_, index) => [
      { label: `Pay ${index}`, command: `/pay ${index}` },
      { label: `Invoice ${index}`, command: `/invoice ${index}` },
    ]);
    const labels = shown({ paragraphs: ['x'], buttons: rows }).buttons;
    expect(labels.flat().map(({ label }) => label)).toEqual(rows.flat().map(({ label }) => label));
    expect(labels.length).toBeLessThanOrEqual(5);
  });

  it('has one button for one command', () => {
    const same = { label: 'Help', command: '/help' };
    expect(shown({ paragraphs: ['x'], buttons: [[same, same], [same]] }).buttons).toHaveLength(1);
  });

  it('keeps what comes first when not all fits', () => {
    const rows = Array.from({ length: 500 }, (_, index) => [`row ${index}`, 'x'.repeat(70)]);
    const { text } = shown({ title: 'Long', paragraphs: ['What matters.'], table: { header: [], rows }, buttons: [] });
    expect(text.startsWith('Long\n\nWhat matters.')).toBe(true);
    expect(text.endsWith('…')).toBe(true);
    expect(text.length).toBeGreaterThan(2_000);
  });

  it('hands over a file', () => {
    const attachment = { name: 'overdue.csv', contentType: 'text/csv', content: 'a,b\n' };
    expect(render({ paragraphs: ['x'], attachment, buttons: [] }).files).toEqual([
      { name: 'overdue.csv', contentType: 'text/csv', data: 'a,b\n' },
    ]);
  });

  it('fits every notice with the longest names, ids and reasons', () => {
    const invoiceId = `2026-W47:${'_'.repeat(64)}`;
    const base = { invoiceId, week: '2026-W47', total: 9_000_000_000_000, balance: -9_000_000_000_000 };
    const display = { timeZone: 'America/Argentina/ComodRivadavia', currency: 'USD' };
    const data = { ...base, reason: '*_`'.repeat(4_000), creditReturned: 1 };
    const { text, buttons } = shown(noticeMessage({ kind: 'invoice.voided', data }, display));
    expect(text).toContain('on your next invoice.');
    expect(buttons.flat()).toHaveLength(1);
  });
});
