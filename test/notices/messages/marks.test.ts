import { describe, expect, it } from 'vitest';

import { render as renderDiscord } from '../../../bots/discord/render.ts';
import { render as renderTelegram } from '../../../bots/telegram/render.ts';
import { copyable, piecesOf, ruleLink, withoutMarks } from '../../../src/notices/messages/marks.ts';
import type { Message } from '../../../src/notices/messages/message.ts';

const page = 'https://pay.example/rules';

describe('ids and rules within a text', () => {
  const text = `Invoice ${copyable('2026-W10:ava_<1>')} was late ${ruleLink('three times', '4.5')}.`;
  const message: Message = { state: 'overdue', title: 'Overdue', paragraphs: [text], rulesPage: page, buttons: [] };

  it('are code and a link in Telegram', () => {
    expect(renderTelegram(message).text).toBe(
      `⚠️ <b>Overdue</b>\n\nInvoice <code>2026-W10:ava_&lt;1&gt;</code> was late <a href="${page}#4.5">three times</a>.`,
    );
  });

  it('are code and a link in Discord', () => {
    expect(renderDiscord(message).body.content).toBe(
      `⚠️ **Overdue**\n\nInvoice \`2026-W10:ava_<1>\` was late [three times](<${page}#4.5>).`,
    );
  });

  it('are words where there is no page of the rules', () => {
    const { rulesPage: _, ...plain } = message;
    expect(renderTelegram(plain).text).toContain('was late three times.');
    expect(renderDiscord(plain).body.content).toContain('was late three times.');
  });

  it('are words where nothing can be marked, and in a table of columns', () => {
    expect(withoutMarks(text)).toBe('Invoice 2026-W10:ava_<1> was late three times.');
    const table = { header: ['Invoice'], rows: [[copyable('i-1')], [copyable('i-10')]] };
    expect(renderDiscord({ paragraphs: [], table, buttons: [] }).body.embeds?.[0]?.description).toBe(
      '```\nInvoice\ni-1\ni-10\n```',
    );
  });

  it('cannot be made by what people write, nor broken by it', () => {
    const name = '\ue000x\ue003\ue001y\ue0024\ue003\ue000';
    expect(piecesOf(copyable(name))).toEqual([{ text: 'xy', code: true }]);
    expect(renderTelegram({ paragraphs: ['a \ue003b\ue000'], buttons: [] }).text).toBe('a b');
    for (const render of [renderTelegram, renderDiscord]) {
      const shown = JSON.stringify(render({ title: name, paragraphs: [name.repeat(400)], buttons: [] }));
      expect(shown).not.toMatch(/[\ue000-\ue003]/);
    }
  });
});
