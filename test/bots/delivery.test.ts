import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deepTest, sampleOf } from '../support/depth.ts';
import { eventually } from '../support/eventually.ts';
import { startTelegram, type TelegramStandIn } from '../support/telegram.ts';
import { type BotWorld, createBotWorld, keyTold, MONDAY, noticeTo } from './world.ts';

/** Notices against a Telegram that enforces its real limits: 30 a second in all, one a second to a chat. */

let world: BotWorld;
let telegram: TelegramStandIn;

beforeEach(async () => {
  world = await createBotWorld();
  telegram = await startTelegram();
});
afterEach(async () => {
  await world.close();
  await telegram.close();
});

/** Bare links, without the detour over codes: a test of hundreds of people should not wait for that. */
async function people(count: number, from = 1): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `p${from + index}`);
  await world.connection.collection<{ _id: string }>('chat_links').insertMany(
    ids.map((accountId, index) => {
      const id = String(from + index);
      return { _id: `telegram:${id}`, accountId, channel: 'telegram', userId: id, chatId: id, linkedAt: MONDAY };
    }),
  );
  return ids;
}

function urgent(accountId: string, key: string) {
  return { ...noticeTo(accountId, key), urgent: true };
}

function titles(chat: number): string[] {
  return telegram.fromBot(chat).map(keyTold);
}

/** The numbers of the messages that somebody got; Telegram counts them as they come, whoever they are for. */
function sentTo(accountId: string): number[] {
  return telegram.fromBot(accountId.slice(1)).map(({ messageId }) => messageId);
}

async function started(changes: Parameters<BotWorld['bot']>[1] = {}) {
  const bot = world.bot(telegram, changes);
  await eventually(async () => (await bot.health()).leaderState === 'active');
  return bot;
}

describe('within the limits', () => {
  deepTest('sends 300 notices without one refusal', async () => {
    const ids = await people(300);
    await world.notices.enqueue(
      ids.map((id) => noticeTo(id, `n:${id}`)),
      MONDAY,
    );
    const bot = await started();
    await bot.drain();
    const sent = telegram.sent();
    expect(sent).toHaveLength(300);
    expect(telegram.violations).toEqual([]);
    expect(telegram.throttled()).toBe(0);
  });

  deepTest('keeps each person’s order and a second between their messages, and fits answers in between', async () => {
    const ids = await people(20);
    const rounds = ['a', 'b', 'c'].flatMap((round) => ids.map((id) => noticeTo(id, `${round}:${id}`)));
    await world.notices.enqueue(rounds, MONDAY);
    const bot = await started();
    for (const chat of [1, 2, 21]) telegram.say(chat, '/help');
    await bot.drain();
    for (const [index, id] of ids.entries()) {
      expect(titles(index + 1).filter((title) => title.endsWith(`:${id}`))).toEqual([`a:${id}`, `b:${id}`, `c:${id}`]);
    }
    expect(telegram.fromBot(21)).toHaveLength(1);
    expect(telegram.sent()).toHaveLength(63);
    expect(telegram.violations).toEqual([]);
  });

  it('tells once, however often it is told', async () => {
    const [id = ''] = await people(1);
    const bot = await started();
    for (let round = 0; round < 3; round += 1) await world.notices.enqueue([noticeTo(id, 'once')], MONDAY);
    await bot.drain();
    await world.notices.enqueue([noticeTo(id, 'once')], MONDAY);
    await bot.drain();
    expect(telegram.sent()).toHaveLength(1);
  });
});

describe('when Telegram refuses', () => {
  deepTest('sends nothing to a chat inside its retry_after, and goes on with the others', async () => {
    const ids = await people(10);
    telegram.fail({ kind: 'retry-after', chat: '3', seconds: 2 });
    await world.notices.enqueue(
      ids.map((id) => noticeTo(id, `n:${id}`)),
      MONDAY,
    );
    const bot = await started();
    await bot.drain();
    expect(Math.min(...sentTo('p3'))).toBeGreaterThan(Math.max(...ids.filter((id) => id !== 'p3').flatMap(sentTo)));
    expect(titles(3)).toEqual(['n:p3']);
    expect(telegram.violations).toEqual([]);
  });

  deepTest('falls silent as a whole when a second chat is silenced', async () => {
    const ids = await people(40);
    telegram.fail({ kind: 'retry-after', chat: '1', seconds: 2 });
    telegram.fail({ kind: 'retry-after', chat: '2', seconds: 2 });
    await world.notices.enqueue(
      ids.map((id) => noticeTo(id, `n:${id}`)),
      MONDAY,
    );
    const bot = await started();
    await bot.drain();
    expect(telegram.sent()).toHaveLength(40);
    const silenced = telegram.calls.filter((call) => call.method === 'sendMessage' && call.payload.chat_id === '2')[0];
    const after = telegram.sent().filter((message) => message.at > (silenced?.at ?? 0) + 300);
    expect(after.every((message) => message.at >= (silenced?.at ?? 0) + 2_000)).toBe(true);
  });

  it.each(
    sampleOf(
      [
        ['blocked', 'Forbidden: bot was blocked by the user'],
        ['chat-not-found', 'Bad Request: chat not found'],
      ] as const,
      1,
    ),
  )('records who is unreachable (%s) and stops writing to them until they write again', async (kind, reason) => {
    const [gone = '', other = ''] = await people(2);
    await world.account(gone, 'model', { name: 'Anna' });
    telegram.fail({ kind, chat: '1' });
    const bot = await started();
    await world.notices.enqueue([noticeTo(gone, 'a'), noticeTo(gone, 'b'), noticeTo(other, 'c')], MONDAY);
    await bot.drain();
    expect(titles(2)).toEqual(['c']);
    expect((await world.accounts.linksOf([gone]))[0]?.unreachable).toEqual({ reason, since: MONDAY });
    await world.notices.enqueue([noticeTo(gone, 'd')], MONDAY);
    await bot.drain();
    expect(telegram.fromBot(1)).toEqual([]);
    expect((await bot.health()).deliveries).toMatchObject({ due: 0, undeliverable: 2, sent: 1 });

    telegram.say(1, '/start');
    await eventually(() => telegram.fromBot(1).length === 1);
    await world.notices.enqueue([noticeTo(gone, 'e')], MONDAY);
    await bot.drain();
    expect(titles(1).at(-1)).toBe('e');
  });

  deepTest('tries again after errors, in order, and others go on meanwhile', async () => {
    const [first = '', second = '', third = '', fourth = ''] = await people(4);
    telegram.fail({ kind: 'status', status: 502, chat: '1', times: 2 });
    telegram.fail({ kind: 'not-json', status: 404, chat: '2' });
    telegram.fail({ kind: 'cut', chat: '3' });
    await world.notices.enqueue(
      [...[urgent(first, 'a'), urgent(first, 'b'), urgent(second, 'c'), urgent(third, 'd')], noticeTo(fourth, 'e')],
      MONDAY,
    );
    const bot = await started();
    await eventually(async () => (await bot.health()).deliveries.sent === 5, { withinMs: 15_000 });
    expect(sentTo('p4')[0]).toBeLessThan(sentTo('p1')[0] ?? 0);
    expect(titles(1)).toEqual(['a', 'b']);
    expect([titles(2), titles(3)]).toEqual([['c'], ['d']]);
    expect(telegram.violations).toEqual([]);
    expect(world.logged.join('\n')).not.toContain(telegram.token);
  });

  it.each(
    sampleOf(
      [
        ['no answer', { kind: 'hang', after: true }],
        ['a 502', { kind: 'status', status: 502 }],
        ['a cut', { kind: 'cut' }],
      ] as const,
      1,
    ),
  )('after %s an urgent message is sent again, and no other', async (_, fault) => {
    const [first = '', second = ''] = await people(2);
    telegram.fail({ ...fault, chat: '1' });
    telegram.fail({ ...fault, chat: '2' });
    await world.notices.enqueue([urgent(first, 'a'), noticeTo(second, 'b'), noticeTo(second, 'c')], MONDAY);
    const bot = await started();
    await eventually(async () => (await bot.health()).deliveries.sent === 2, { withinMs: 30_000 });
    expect(titles(1).at(-1)).toBe('a');
    expect(titles(2).filter((title) => title === 'b').length).toBeLessThanOrEqual(1);
    expect((await bot.health()).deliveries).toMatchObject({ sent: 2, unconfirmed: 1, due: 0 });
  });

  deepTest('does not wait for ever for an answer', async () => {
    const [first = '', second = ''] = await people(2);
    telegram.fail({ kind: 'hang', chat: '1' });
    await world.notices.enqueue([urgent(first, 'a'), noticeTo(second, 'b')], MONDAY);
    const bot = await started();
    await eventually(async () => (await bot.health()).deliveries.sent === 2, { withinMs: 20_000 });
    expect(titles(1)).toEqual(['a']);
    expect(sentTo('p2')[0]).toBeLessThan(sentTo('p1')[0] ?? 0);
  });

  deepTest('gives up a message that Telegram will never take, and goes on', async () => {
    const [id = ''] = await people(1);
    telegram.fail({ kind: 'status', status: 400, chat: '1' });
    await world.notices.enqueue([noticeTo(id, 'a'), noticeTo(id, 'b')], MONDAY);
    const bot = await started();
    await bot.drain();
    expect(titles(1)).toEqual(['b']);
    expect((await bot.health()).deliveries).toMatchObject({ failed: 1, sent: 1 });
  });
});

describe('when the process dies', () => {
  it('sends an urgent message again whose sending was cut off', async () => {
    const [id = ''] = await people(1);
    await world.notices.enqueue([urgent(id, 'a')], MONDAY);
    await world.noticeStore.updateOne({ _id: 'a>telegram:1' }, { $set: { state: 'sending', sender: 'a dead one' } });
    const bot = await started();
    await bot.drain();
    expect(titles(1)).toEqual(['a']);
    expect((await bot.health()).deliveries).toMatchObject({ unconfirmed: 0, sent: 1 });
  });

  it('does not send another one again whose sending was cut off, and says so', async () => {
    const [id = ''] = await people(1);
    await world.notices.enqueue([noticeTo(id, 'a'), noticeTo(id, 'b')], MONDAY);
    await world.noticeStore.updateOne({ _id: 'a>telegram:1' }, { $set: { state: 'sending', sender: 'a dead one' } });
    const bot = await started();
    await bot.drain();
    expect(titles(1)).toEqual(['b']);
    expect((await bot.health()).deliveries).toMatchObject({ unconfirmed: 1, sent: 1 });
  });

  deepTest('changes a card once more when the change was cut off', async () => {
    const [id = ''] = await people(1);
    await world.notices.enqueue([noticeTo(id, 'a')], MONDAY);
    const before = await started();
    await before.drain();
    await before.stop();
    const data = {
      invoiceId: 'i',
      week: '2026-W47',
      total: 4_108,
      dueAt: MONDAY,
      state: 'completed' as const,
      at: MONDAY,
    };
    await world.notices.enqueue(
      [{ key: 'c', accountId: id, kind: 'invoice.card', data, replaces: 'a', urgent: true, at: MONDAY }],
      MONDAY,
    );
    await world.noticeStore.updateOne({ _id: 'c>telegram:1' }, { $set: { state: 'sending', sender: 'a dead one' } });
    const bot = await started();
    await bot.drain();
    expect(telegram.fromBot(1)).toHaveLength(1);
    expect(telegram.fromBot(1)[0]?.text).toContain('Paid on');
    expect((await bot.health()).deliveries).toMatchObject({ unconfirmed: 0, sent: 2 });
  });

  deepTest('lets one of two processes send, and the other take over', async () => {
    const ids = await people(20);
    const one = await started();
    const other = world.bot(telegram);
    await eventually(() => other.state() === 'on');
    await world.notices.enqueue(
      ids.map((id) => noticeTo(id, `n:${id}`)),
      MONDAY,
    );
    await one.drain();
    expect((await other.health()).leaderState).toBe('standby');
    await one.stop();
    await eventually(async () => (await other.health()).leaderState === 'active');
    await world.notices.enqueue(
      ids.map((id) => noticeTo(id, `m:${id}`)),
      MONDAY,
    );
    telegram.say(1, '/help');
    await other.drain();
    await eventually(() => telegram.sent().length === 41);
    expect(new Set(telegram.sent().map((message) => `${message.chat} ${keyTold(message)}`)).size).toBe(41);
    // Each process keeps the limits alone; at the moment of the change the other's last second may overlap.
  });

  deepTest('waits for notBefore by the service’s clock, without holding up what is due', async () => {
    const [id = ''] = await people(1);
    await world.notices.enqueue([noticeTo(id, 'later'), noticeTo(id, 'now')], MONDAY);
    await world.noticeStore.updateOne(
      { _id: 'later>telegram:1' },
      { $set: { notBefore: new Date('2026-11-23T08:00:00Z') } },
    );
    const bot = await started();
    await bot.drain();
    expect(titles(1)).toEqual(['now']);
    world.clock.pin(new Date('2026-11-23T08:00:00Z'));
    await bot.drain();
    expect(titles(1)).toEqual(['now', 'later']);
  });
});

describe('who is told is decided when it is sent', () => {
  /** A notice that the channel puts off for a moment, so that things can change before it goes out. */
  async function putOff(notice: ReturnType<typeof noticeTo>, chat: number) {
    await world.notices.enqueue([notice], MONDAY);
    await world.noticeStore.updateOne(
      { _id: `${notice.key}>telegram:${chat}` },
      { $set: { notBefore: new Date('2026-11-23T08:00:00Z') } },
    );
  }

  deepTest(
    'nothing goes to a chat that was unlinked, and nothing of one account to another that has the chat now',
    async () => {
      for (const chat of [1, 2]) await world.linked(`m${chat}`, 'model', chat);
      for (const chat of [1, 2]) await putOff(noticeTo(`m${chat}`, `n${chat}`), chat);
      await world.accounts.unlink('telegram', '1');
      await world.linked('other', 'model', 2);
      const bot = await started();
      world.clock.pin(new Date('2026-11-23T08:00:00Z'));
      await bot.drain();
      expect(telegram.sent()).toEqual([]);
      expect((await bot.health()).deliveries).toMatchObject({ moot: 2, due: 0 });
    },
  );

  deepTest('nor is a card changed in it', async () => {
    await world.linked('m1', 'model', 1);
    const bot = await started();
    await world.notices.enqueue([noticeTo('m1', 'a')], MONDAY);
    await bot.drain();
    const data = { invoiceId: 'i', week: '2026-W47', total: 1, dueAt: MONDAY, state: 'completed' as const, at: MONDAY };
    await world.linked('other', 'model', 1);
    await world.notices.enqueue(
      [{ key: 'c', accountId: 'm1', kind: 'invoice.card', data, replaces: 'a', urgent: true, at: MONDAY }],
      MONDAY,
    );
    await bot.drain();
    expect(titles(1)).toEqual(['a']);
  });

  deepTest('what a chat that is gone was to get goes to the chats that the person has now', async () => {
    await world.linked('m1', 'model', 1);
    await putOff(noticeTo('m1', 'a'), 1);
    await world.accounts.unlink('telegram', '1');
    await world.linked('m1', 'model', 7);
    const bot = await started();
    world.clock.pin(new Date('2026-11-23T08:00:00Z'));
    await bot.drain();
    expect([titles(1), titles(7)]).toEqual([[], ['a']]);
  });

  it('who is no manager any more gets nothing for managers', async () => {
    await world.linked('boss', 'manager', 1);
    const notice = {
      ...{ key: 'q', accountId: 'boss', urgent: false, at: MONDAY, kind: 'manager.quarantined' as const },
      data: { eventId: 'e', type: 't', error: 'x' },
    };
    await world.notices.enqueue([notice], MONDAY);
    await world.account('boss', 'marketer');
    const bot = await started();
    await bot.drain();
    expect(telegram.sent()).toEqual([]);
  });

  deepTest('each message has one zone, the person’s own, also beside many others', async () => {
    for (let chat = 1; chat <= 30; chat += 1) {
      await world.linked(`m${chat}`, 'model', chat, {
        timeZone: chat % 2 === 0 ? 'Europe/Berlin' : 'Asia/Tokyo',
      });
    }
    const bot = await started();
    for (let round = 0; round < 2; round += 1) {
      await world.notices.enqueue(
        Array.from({ length: 30 }, (_, index) => noticeTo(`m${index + 1}`, `r${round}:${index}`)),
        MONDAY,
      );
    }
    await bot.drain();
    for (let chat = 1; chat <= 30; chat += 1) {
      const zone = chat % 2 === 0 ? 'Europe/Berlin' : 'Asia/Tokyo';
      expect(telegram.fromBot(chat).filter(({ text }) => text.includes(`(${zone})`))).toHaveLength(2);
    }
  });

  deepTest('what a command sets off is read after its answer', async () => {
    for (const chat of [1, 2]) await world.linked(`m${chat}`, 'model', chat);
    const bot = await started({
      run: async () => {
        await world.notices.enqueue([noticeTo('m1', 'effect'), noticeTo('m2', 'later')], MONDAY);
        // What was stored after it is sent, so it would be.
        await eventually(() => telegram.fromBot(2).length === 1);
        return { title: 'Answer', paragraphs: [], buttons: [] };
      },
    });
    telegram.say(1, '/accept o1');
    await eventually(() => telegram.fromBot(1).length === 2);
    await bot.drain();
    expect(titles(1)).toEqual(['Answer', 'effect']);
  });
});
