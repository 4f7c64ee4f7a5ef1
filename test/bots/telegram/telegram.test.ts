import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deepTest } from '../../support/depth.ts';
import { eventually } from '../../support/eventually.ts';
import { type StandInMessage, startTelegram, type TelegramStandIn } from '../../support/telegram.ts';
import { type BotWorld, createBotWorld } from '../world.ts';

let world: BotWorld;
let telegram: TelegramStandIn;
let bot: ReturnType<BotWorld['bot']>;
let chat = 100;

beforeAll(async () => {
  world = await createBotWorld();
  telegram = await startTelegram({ perChatMs: 50 });
  bot = world.bot(telegram, { limits: { perSecond: 30, perChatMs: 50 } });
  await eventually(() => bot.state() === 'on');
});
afterAll(async () => {
  await world.close();
  await telegram.close();
});
beforeEach(() => {
  chat += 1;
});
afterEach(() => {
  expect(telegram.violations).toEqual([]);
});

/** What every PNG begins with. */
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** What the bot said last, after `count` messages to this chat. */
async function answer(count: number) {
  await eventually(() => telegram.fromBot(chat).length >= count);
  const message = telegram.fromBot(chat).at(-1);
  if (message === undefined) throw new Error('no message');
  return message;
}

/** The ids of the invoices that a message has buttons for, in its order; its words name them by their weeks. */
function shown({ buttons }: StandInMessage): string[] {
  return buttons.flat().flatMap(({ data }) => /^\/invoice (.+)$/.exec(data)?.[1] ?? []);
}

describe('linking', () => {
  deepTest('tells a stranger how to link, whatever they say first, and nothing else', async () => {
    const invoiceId = await world.issue(`stranger${chat}`);
    const answers = new Set<string>();
    for (const text of ['hello', '/invoices', `/invoice ${invoiceId}`, '/void x y', '/help', '/start']) {
      chat += 1;
      telegram.say(chat, text);
      answers.add((await answer(1)).text);
    }
    expect([...answers].map((text) => text.includes('/start CODE'))).toEqual([true]);
  });

  deepTest(
    'answers a stranger once an hour, tries their codes all the same, and leaves no trace of the rest',
    async () => {
      await world.account(`m${chat}`, 'model');
      const updates = world.connection.collection('telegram_updates');
      const before = await updates.countDocuments();
      for (let said = 0; said < 30; said += 1) telegram.say(chat, `hello ${said}`);
      telegram.say(chat, '/start WRONGCODE2');
      await answer(2);
      const titles = telegram.fromBot(chat).map(({ text }) => text.split('\n')[0]);
      expect(titles.sort()).toEqual(['This chat is not linked to an account yet', 'This code is not valid']);
      telegram.say(chat, `/start ${await world.linkCode(`m${chat}`)}`);
      expect((await answer(3)).text).toContain(`Welcome, m${chat}`);
      expect((await updates.countDocuments()) - before).toBe(3);
    },
  );

  deepTest('tells a linked chat once that it sends too much, and leaves out what comes then', async () => {
    await world.linked(`m${chat}`, 'model', chat);
    for (let said = 0; said < 60; said += 1) telegram.say(chat, '/help');
    await eventually(() => telegram.pendingUpdates() === 0);
    await bot.drain();
    const said = telegram.fromBot(chat).map(({ text }) => text.split('\n')[0]);
    expect(said.filter((title) => title === 'Too fast')).toHaveLength(1);
    expect(said.at(-1)).toBe('Too fast');
    expect(said.length).toBeGreaterThan(30);
    expect(said.length).toBeLessThan(45);
  });

  deepTest('links by a code once, shows the commands of the role, and unlinks', async () => {
    await world.account(`m${chat}`, 'model', { name: 'Anna <3 & Co' });
    const link = await world.accounts.createLinkCode(`m${chat}`, world.clock.now());
    telegram.say(chat, `/start ${link?.code}`);
    const welcome = await answer(1);
    expect(welcome.text).toContain('Welcome, “Anna <3 & Co”');
    expect(welcome.text).toContain('/pay ID');
    expect(welcome.text).not.toContain('/void');
    telegram.say(chat, '/unlink');
    expect((await answer(2)).text).toContain('no longer linked');
    telegram.say(chat, `/start ${link?.code}`);
    expect((await answer(3)).text).toContain('not valid');
  });
});

describe('what is no command', () => {
  const fromChat = () => ({
    message_id: 1,
    date: 0,
    from: { id: chat, is_bot: false, first_name: 'Anna' },
    chat: { id: chat, type: 'private', first_name: 'Anna' },
  });

  it('is answered where a person says it, and not where Telegram reports something', async () => {
    await world.linked(`m${chat}`, 'model', chat);
    for (const report of [
      { pinned_message: { message_id: 1, date: 0, chat: { id: chat, type: 'private' } } },
      { message_auto_delete_timer_changed: { message_auto_delete_time: 86_400 } },
      { gift: { gift: { id: 'g' } } },
      { write_access_allowed: {} },
      { something_of_next_year: {} },
    ]) {
      telegram.push({ message: { ...fromChat(), ...report } });
    }
    telegram.push({ message: { ...fromChat(), sticker: { file_id: 's' } } });
    telegram.say(chat, 'balance');
    expect((await answer(2)).text).toContain('Your balance');
    expect(telegram.fromBot(chat).map(({ text }) => text.split('\n')[0])).toEqual([
      expect.stringContaining('I only understand commands'),
      expect.stringContaining('Your balance'),
    ]);
  });

  it('nor is a command that was forwarded, before it is asked for once more', async () => {
    await world.linked(`m${chat}`, 'model', chat);
    const origin = { type: 'hidden_user', sender_user_name: 'Somebody', date: 0 };
    telegram.push({ message: { ...fromChat(), text: '/unlink', forward_origin: origin, forward_date: 0 } });
    const asked = await answer(1);
    expect(asked.text).toContain('Do you mean this?');
    telegram.press(chat, asked.messageId, 'Unlink');
    expect((await answer(2)).text).toContain('no longer linked');
  });
});

describe('invoices', () => {
  deepTest('shows, refuses for too little balance, pays once, and says how it stands', async () => {
    const modelId = `m${chat}`;
    await world.linked(modelId, 'model', chat, { name: 'Anna' });
    const invoiceId = await world.issue(modelId);
    await world.topUp(modelId, 1_000);

    telegram.say(chat, '/invoices');
    const list = await answer(1);
    expect(list.text).toContain('16–22 Nov · $41.08 · due by Thu 26 Nov 2026, 06:00 (UTC)');
    expect(shown(list)).toEqual([invoiceId]);
    telegram.press(chat, list.messageId, 'Pay');
    const refusal = await answer(2);
    expect(refusal.text).toContain('$31.08 is missing');
    expect(refusal.text).toContain('Thu 26 Nov 2026, 06:00 (UTC)');

    await world.topUp(modelId, 5_000);
    telegram.press(chat, list.messageId, 'Pay');
    const asked = await answer(3);
    expect(asked.text).toContain('Pay $41.08 from your balance?');
    expect(asked.buttons.flat().map(({ label }) => label)).toEqual(['Pay $41.08 now', 'Invoice 16–22 Nov']);
    expect((await world.invoices.get(invoiceId, world.clock.now()))?.status).toBe('open');
    telegram.press(chat, asked.messageId, 'Pay');
    expect((await answer(4)).text).toContain('Paid: $41.08 — week 16–22 Nov');
    telegram.press(chat, asked.messageId, 'Pay');
    telegram.press(chat, list.messageId, 'Pay');
    const last = await answer(6);
    expect(last.text).toContain('Paid already: $41.08 — week 16–22 Nov');
    expect(last.text).toContain('nothing was debited again');
    expect(await world.ledger.balance(`model:${modelId}`)).toBe(1_892);
    expect(telegram.unansweredPresses()).toBe(0);
    // The chat that paid has its answer; no notice on top.
    await bot.drain();
    expect(telegram.fromBot(chat)).toHaveLength(6);
  });

  it('pages through older ones with buttons', async () => {
    const modelId = `m${chat}`;
    await world.linked(modelId, 'model', chat);
    for (const week of [40, 41, 42, 43, 44, 45, 46]) await world.issue(modelId, `2026-W${week}`);
    telegram.say(chat, '/invoices');
    const first = await answer(1);
    expect(first.text).toContain('9–15 Nov · $41.08');
    expect(shown(first)).toEqual([46, 45, 44, 43, 42].map((week) => `2026-W${week}:${modelId}`));
    telegram.press(chat, first.messageId, 'Invoices: older');
    const older = await answer(2);
    expect(older.text).toContain('5–11 Oct · $41.08');
    expect(shown(older)).toEqual([41, 40].map((week) => `2026-W${week}:${modelId}`));
  });

  it("answers for somebody else's invoice exactly as for one that does not exist", async () => {
    await world.linked(`m${chat}`, 'model', chat);
    const other = await world.issue(`other${chat}`);
    let count = 0;
    for (const command of ['/invoice', '/pay']) {
      telegram.say(chat, `${command} ${other}`);
      const theirs = await answer(count + 1);
      telegram.say(chat, `${command} 2026-W47:nobody`);
      const nobodys = await answer(count + 2);
      expect(theirs.text.replace(other, 'X')).toBe(nobodys.text.replace('2026-W47:nobody', 'X'));
      expect(theirs.buttons).toEqual(nobodys.buttons);
      count += 2;
    }
    expect((await world.invoices.get(other, world.clock.now()))?.status).toBe('open');
  });

  it('keeps a command that does not fit a button and runs it when pressed', async () => {
    const modelId = `m${chat}${'x'.repeat(60)}`.slice(0, 64);
    await world.linked(modelId, 'model', chat);
    const invoiceId = await world.issue(modelId);
    await world.topUp(modelId, 5_000);
    telegram.say(chat, '/invoice 2026-W47');
    const details = await answer(1);
    expect(details.buttons.flat()[0]?.data).toMatch(/^#/);
    telegram.press(chat, details.messageId, 'Pay');
    const asked = await answer(2);
    expect(asked.text).toContain('It is for the invoice of the week 16–22 Nov 2026');
    telegram.press(chat, asked.messageId, 'Pay');
    expect((await answer(3)).text).toContain('Paid: $41.08 — week 16–22 Nov');
    expect((await world.invoices.get(invoiceId, world.clock.now()))?.status).toBe('completed');
  });
});

describe('what cannot be undone', () => {
  deepTest('is asked once more, also when it is typed, and the question outlives the bot', async () => {
    const invoiceId = await world.issue(`m${chat}`);
    await world.linked(`g${chat}`, 'manager', chat);
    const status = async () => (await world.invoices.get(invoiceId, world.clock.now()))?.status;
    telegram.say(chat, `/void ${invoiceId} wrong rate`);
    const asked = await answer(1);
    expect(asked.text).toContain(`Void the invoice: $41.08 — m${chat}, week 16–22 Nov?`);
    const button = asked.buttons.flat()[0];
    expect(button?.label).toBe(`Void: $41.08 — m${chat}, week 16–22 Nov`);

    await bot.stop();
    bot = world.bot(telegram, { limits: { perSecond: 30, perChatMs: 50 } });
    await eventually(() => bot.state() === 'on');
    expect(await status()).toBe('open');
    // Somebody else who gets hold of what the button carries.
    const other = chat + 50_000;
    await world.linked(`g${other}`, 'manager', other);
    telegram.pressData(other, 1, button?.data ?? '');
    await eventually(() => telegram.fromBot(other).length > 0);
    expect(telegram.fromBot(other)[0]?.text).toContain('no such question of yours');
    expect(await status()).toBe('open');

    telegram.press(chat, asked.messageId, 'Void');
    expect((await answer(2)).text).toContain(`Taken back: $41.08 — m${chat}, week 16–22 Nov`);
    telegram.press(chat, asked.messageId, 'Void');
    expect((await answer(3)).text).toContain(`Void already: $41.08 — m${chat}, week 16–22 Nov`);
    expect(await status()).toBe('void');
  });
});

describe('what is wrong with a command', () => {
  it('is said: which argument is missing, and which is not what it should be', async () => {
    await world.linked(`g${chat}`, 'manager', chat);
    telegram.say(chat, '/void');
    expect((await answer(1)).text).toContain('Which invoice?\n\nFor example: /void 2026-W10:ava wrong campaign rate');
    telegram.say(chat, '/void 2026-W47:m1');
    expect((await answer(2)).text).toContain('For what reason?\n\nFor example: /void 2026-W47:m1 wrong campaign rate');
    telegram.say(chat, '/grace m1 soon please');
    expect((await answer(3)).text).toContain('soon is no date; write 2026-04-01 or 3d');
  });
});

describe('what Telegram may send', () => {
  it('handles a repeated update once', async () => {
    const modelId = `m${chat}`;
    await world.linked(modelId, 'model', chat);
    const id = telegram.say(chat, '/balance');
    await answer(1);
    telegram.repeat({
      update_id: id,
      message: { message_id: 1, date: 0, from: { id: chat }, chat: { id: chat, type: 'private' }, text: '/balance' },
    });
    telegram.say(chat, '/help');
    await eventually(() => telegram.fromBot(chat).some((message) => message.text.startsWith('What you can do')));
    expect(telegram.fromBot(chat)).toHaveLength(2);
  });

  it('is silent in groups, and answers presses and texts that make no sense', async () => {
    await world.linked(`m${chat}`, 'model', chat);
    telegram.say(-chat, '/invoices');
    telegram.pressData(chat, 1, '#unknown');
    telegram.pressData(chat, 1, '/nonsense <b>');
    telegram.push({
      message: { message_id: 1, date: 0, from: { id: chat }, chat: { id: chat, type: 'private' }, photo: [] },
    });
    telegram.push({ inline_query: { id: '1' } });
    telegram.push({ message: {} });
    await answer(3);
    await bot.drain();
    expect(telegram.fromBot(-chat)).toEqual([]);
    expect(telegram.fromBot(chat)).toHaveLength(3);
  });

  it('remembers who blocked the bot and who came back', async () => {
    await world.linked(`m${chat}`, 'model', chat);
    const membership = (status: string) =>
      telegram.push({
        my_chat_member: {
          date: 0,
          from: { id: chat },
          chat: { id: chat, type: 'private' },
          old_chat_member: { status: 'member' },
          new_chat_member: { status },
        },
      });
    const isUnreachable = async () => (await world.accounts.linksOf([`m${chat}`]))[0]?.unreachable !== undefined;
    membership('kicked');
    await eventually(isUnreachable);
    membership('member');
    await eventually(async () => !(await isUnreachable()));
  });
});

describe('an answer with a file', () => {
  deepTest('is the picture of what was earned, to the byte, with the words and buttons below it', async () => {
    await world.linked(`m${chat}`, 'affiliate', chat);
    telegram.say(chat, '/earnings');
    const { files: [file] = [], isPhoto, text, buttons } = await answer(1);
    expect(isPhoto).toBe(true);
    expect(file?.name).toBe('earnings.png');
    expect(file?.bytes.subarray(0, 8)).toEqual(PNG);
    expect(file?.bytes.subarray(-8, -4).toString('latin1')).toBe('IEND');
    expect(text).toContain('Earned in the last 12 weeks: $0.00');
    expect(buttons.flat().length).toBeGreaterThan(0);
  });

  const attachment = {
    name: 'overdue.csv',
    contentType: 'text/csv',
    content: 'invoiceId,total\r\n2026-W10:ä,1.00\r\n',
  };

  deepTest('is a document with its words, and comes again when the first try was lost', async () => {
    const message = { title: 'Overdue: $1.00', paragraphs: ['1 invoice.'], attachment, buttons: [] };
    await world.linked(`boss${chat}`, 'manager', chat);
    await bot.stop();
    bot = world.bot(telegram, { limits: { perSecond: 30, perChatMs: 50 }, run: async () => message });
    telegram.fail({ kind: 'status', status: 502, method: 'sendDocument' });
    telegram.say(chat, '/overdue');
    const { files, isPhoto, text } = await answer(1);
    expect(files?.map(({ name, text: said }) => ({ name, text: said }))).toEqual([
      { name: attachment.name, text: attachment.content },
    ]);
    expect(isPhoto).toBeUndefined();
    expect(text).toBe('Overdue: $1.00\n\n1 invoice.');
  });

  it('comes before a text that is too long for a caption, and neither comes twice', async () => {
    const message = { title: 'Overdue: $1.00', paragraphs: ['x'.repeat(1_200)], attachment, buttons: [] };
    await world.linked(`boss${chat}`, 'manager', chat);
    await bot.stop();
    bot = world.bot(telegram, { limits: { perSecond: 30, perChatMs: 50 }, run: async () => message });
    telegram.fail({ kind: 'status', status: 502, method: 'sendMessage' });
    telegram.say(chat, '/overdue');
    await answer(2);
    await bot.drain();
    expect(telegram.fromBot(chat).map(({ text, files = [] }) => [text.length, files.length])).toEqual([
      ['Overdue: $1.00'.length, 1],
      [1_216, 0],
    ]);
  });
});
