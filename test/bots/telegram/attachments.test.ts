import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { DeliveryDocument } from '../../../src/notices/store.ts';
import { deepTest, sampleOf } from '../../support/depth.ts';
import { eventually } from '../../support/eventually.ts';
import { startTelegram, type TelegramStandIn } from '../../support/telegram.ts';
import { type BotWorld, createBotWorld, MONDAY } from '../world.ts';

/** Notices with a picture: one delivery, also where it takes two messages. */

let world: BotWorld;
let telegram: TelegramStandIn;

beforeEach(async () => {
  world = await createBotWorld();
  telegram = await startTelegram({ perChatMs: 50 });
  await world.linked('ava', 'model', 1);
});
afterEach(async () => {
  await world.close();
  await telegram.close();
});

const PICTURE = { name: 'chart.png', contentType: 'image/png', content: pngOf(640, 320), alt: 'Week 10: $5.00.' };
const LONG = 'A letter goes on. '.repeat(100);
const DELIVERY = 'letter>telegram:1';

function pngOf(width: number, height: number): Uint8Array {
  const content = Buffer.alloc(24);
  content.write('\x89PNG\r\n\x1a\n', 'latin1');
  content.writeUInt32BE(width, 16);
  content.writeUInt32BE(height, 20);
  return content;
}

async function enqueue({ text = LONG, urgent = true } = {}): Promise<void> {
  const data = { contactId: 'c1', fromId: 'boss', from: 'Olga', text, isReply: false };
  const letter = { key: 'letter', accountId: 'ava', kind: 'contact.message' as const, data, urgent, at: MONDAY };
  await world.notices.enqueue([letter], MONDAY);
}

function startBot() {
  const limits = { perSecond: 30, perChatMs: 50 };
  return world.bot(telegram, { limits, attachmentOf: async () => PICTURE });
}

async function stateOf(): Promise<Pick<DeliveryDocument, 'state' | 'parts'> | null> {
  return world.noticeStore.findOne({ _id: DELIVERY }, { projection: { _id: 0, state: 1, parts: 1 } });
}

/** What stands in the chat: pictures, and texts that have the title of the letter. */
function shown(): string[] {
  return telegram
    .fromBot(1)
    .map(({ isPhoto, text }) => (isPhoto === true ? 'photo' : (/Message/.exec(text)?.[0] ?? text)));
}

/** A process that ended at a certain point, as the next one finds it. */
async function leftBehind(as: Partial<DeliveryDocument>): Promise<void> {
  await world.noticeStore.updateOne({ _id: DELIVERY }, { $set: { parts: 1, messageId: '77', ...as } });
}

describe('a notice with a picture', () => {
  it('is one message where its words fit', async () => {
    await enqueue({ text: 'Short.' });
    await startBot().drain();
    expect(telegram.fromBot(1).map(({ isPhoto, text }) => [isPhoto, text.includes('Short.')])).toEqual([[true, true]]);
    expect(telegram.fromBot(1)[0]?.text).toContain('Week 10: $5.00.');
    expect(await stateOf()).toEqual({ state: 'sent' });
  });

  it('is the picture and then the words where they do not', async () => {
    await enqueue();
    await startBot().drain();
    expect(shown()).toEqual(['photo', 'Message']);
    expect(await stateOf()).toEqual({ state: 'sent', parts: 1 });
    expect(telegram.violations).toEqual([]);
  });

  it('goes without a picture that cannot be drawn', async () => {
    await enqueue({ text: 'Short.' });
    const attachmentOf = () => Promise.reject(new Error('no fonts'));
    await world.bot(telegram, { attachmentOf }).drain();
    expect(telegram.fromBot(1).map(({ isPhoto }) => isPhoto)).toEqual([undefined]);
    expect(world.logged.join('\n')).toContain('goes without its file: no fonts');
  });
});

describe('between the picture and the words', () => {
  it.each(
    sampleOf(
      [
        ['a 502', { kind: 'status', status: 502 }],
        ['a 429', { kind: 'retry-after', seconds: 1 }],
        ['a cut', { kind: 'cut' }],
      ] as const,
      1,
    ),
  )('%s brings the words once more, and not the picture', async (_, fault) => {
    await enqueue();
    telegram.fail({ ...fault, method: 'sendMessage', chat: '1' });
    const bot = startBot();
    await eventually(async () => (await bot.health()).deliveries.sent === 1, { withinMs: 10_000 });
    expect(shown()).toEqual(['photo', 'Message']);
  });

  it('a process that ends leaves the words to the next', async () => {
    await enqueue();
    await leftBehind({ state: 'due' });
    await startBot().drain();
    expect(shown()).toEqual(['Message']);
  });

  it('one that is killed while it sends the words does so as well, where they are urgent', async () => {
    await enqueue();
    await leftBehind({ state: 'sending', sender: 'a dead one' });
    await startBot().drain();
    expect(shown()).toEqual(['Message']);
  });

  it('what may have arrived and is not urgent stays unconfirmed', async () => {
    await enqueue({ urgent: false });
    await leftBehind({ state: 'sending', sender: 'a dead one' });
    await startBot().drain();
    expect(shown()).toEqual([]);
    expect(await stateOf()).toEqual({ state: 'unconfirmed', parts: 1 });
  });

  deepTest('a person who blocks the bot gets no more', async () => {
    await enqueue();
    telegram.fail({ kind: 'blocked', method: 'sendMessage', chat: '1' });
    await startBot().drain();
    expect(shown()).toEqual(['photo']);
    expect(await stateOf()).toMatchObject({ state: 'undeliverable' });
  });
});
