import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { parseCommand } from '../../src/commands/core/command.ts';
import { COMMANDS } from '../../src/commands/registry.ts';
import { ROLES, type Role } from '../../src/events/catalogue.ts';
import type { Message } from '../../src/notices/messages/message.ts';
import { noticeMessage } from '../../src/notices/messages/notice.ts';
import { type BotWorld, createBotWorld } from '../bots/world.ts';

let world: BotWorld;
let user = 1_000;

beforeAll(async () => {
  world = await createBotWorld();
});
afterAll(() => world.close());

/** A person of a role who can type. */
async function person(role: Role, accountId = `${role}${user + 1}`, more: { timeZone?: string } = {}) {
  user += 1;
  const id = String(user);
  await world.linked(accountId, role, user, more);
  const type = (text: string) => world.run({ channel: 'telegram', userId: id, chatId: id }, text);
  return { accountId, id, type };
}

function text(message: Message): string {
  return [
    message.title ?? '',
    ...message.paragraphs,
    ...(message.table?.rows ?? []).map((row) => row.join(' · ')),
    ...(message.facts ?? []).map((fact) => fact.join(': ')),
  ].join('\n');
}

function buttons(message: Message) {
  return message.buttons.flat();
}

describe('who may do what', () => {
  const names = [...new Set(COMMANDS.map((command) => command.name))];
  const cases = ROLES.flatMap((role) => names.map((name) => ({ role, name })));

  it.each(cases)('$role: /$name', async ({ role, name }) => {
    const { type } = await person(role);
    const answer = text(await type(`/${name}`));
    const isTheirs = COMMANDS.some((command) => command.name === name && command.roles.includes(role));
    if (isTheirs) expect(answer).not.toContain("I don't know");
    else expect(answer).toBe(text(await type('/nonsense')).replace('/nonsense', `/${name}`));
  });

  it.each(ROLES)('%s: the help names their commands, and no others', async (role) => {
    const { type } = await person(role);
    const help = text(await type('/help'));
    for (const command of COMMANDS) {
      if (command.roles.includes(role)) expect(help).toContain(`/${command.name}`);
    }
    if (role !== 'manager') expect(help).not.toContain('/void');
    if (role !== 'model') expect(help).not.toMatch(/\/pay\b/);
  });

  it('lets nobody unlinked do anything', async () => {
    const invoiceId = await world.issue('somebody');
    await world.topUp('somebody', 10_000);
    for (const name of names) {
      const answer = await world.run({ channel: 'telegram', userId: '1', chatId: '1' }, `/${name} ${invoiceId} reason`);
      expect(text(answer)).toContain('/start CODE');
      expect(answer.buttons).toEqual([]);
    }
    expect((await world.invoices.get(invoiceId, world.clock.now()))?.status).toBe('open');
  });

  it('English labels begin with their command’s name', async () => {
    const model = await person('model');
    await world.issue(model.accountId);
    const answers = [await model.type('/invoices'), await model.type('/balance'), await model.type('/help')];
    for (const { label, command } of answers.flatMap(buttons)) {
      expect(`/${label.toLowerCase()}`.startsWith(/^\/\w+/.exec(command)?.[0] ?? '?')).toBe(true);
    }
  });
});

describe('models', () => {
  it('read an invoice by its week or id, with lines and sums', async () => {
    const { accountId, type } = await person('model', `anna${user}`, { timeZone: 'Europe/Berlin' });
    const invoiceId = await world.issue(accountId);
    const byWeek = text(await type('/invoice 2026-w47'));
    expect(byWeek).toBe(text(await type(`/invoice ${invoiceId}`)));
    expect(byWeek).toContain('$41.08 for the week 16–22 Nov 2026: due by Thu 26 Nov 2026, 07:00 (Europe/Berlin).');
    expect(byWeek).toContain('A · m1 · 10 subscriptions · $99.90 · 40 % · $39.96');
    expect(byWeek).toContain('A · m1 · 1 refund · -$9.99 · 40 % · -$4.00');
    expect(byWeek).toContain('Subtotal: $42.35\nDiscount 3 %: -$1.27\nTotal: $41.08');
  });

  it('pay once, whatever they press and however often, even at once', async () => {
    const { accountId, type } = await person('model');
    const invoiceId = await world.issue(accountId);
    await world.topUp(accountId, 10_000);
    expect(text(await type('/balance'))).toContain('covers it: press Pay');
    const answers = await Promise.all(Array.from({ length: 8 }, () => type(`/pay ${invoiceId}`)));
    expect(answers.filter((answer) => text(answer).includes('was debited from your balance'))).toHaveLength(1);
    expect(answers.filter((answer) => text(answer).includes('nothing was debited again'))).toHaveLength(7);
    expect(await world.ledger.balance(`model:${accountId}`)).toBe(5_892);
    expect(text(await type('/balance'))).toContain('All your invoices are paid');
    expect(text(await type('/pay'))).toContain('All your invoices are paid');
  });

  it('see what is overdue, what is missing, and what a void one means', async () => {
    const { accountId, type } = await person('model');
    const manager = await person('manager');
    const invoiceId = await world.issue(accountId, '2026-W46');
    expect(text(await type('/invoices'))).toContain('overdue since Thu 19 Nov 2026, 06:00 (UTC)');
    expect(text(await type('/balance'))).toContain('so $41.08 is missing');
    expect(text(await manager.type(`/void ${invoiceId} wrong rate of A`))).toContain('is void');
    expect(text(await manager.type(`/void ${invoiceId} again`))).toContain('void already');
    expect(text(await type(`/invoice ${invoiceId}`))).toContain('taken back (wrong rate of A)');
    expect(text(await type(`/pay ${invoiceId}`))).toContain('Nothing was debited');
  });

  it('are told when there is nothing', async () => {
    const { type } = await person('model');
    expect(text(await type('/invoices'))).toContain('no invoices yet');
    expect(text(await type('/invoices 2020-W01:x'))).toContain('no older invoices');
    expect(text(await type('hello'))).toContain('only understand commands');
  });
});

describe('managers', () => {
  it('read any invoice, and are told what else is needed', async () => {
    const { accountId } = await person('model');
    const manager = await person('manager');
    const invoiceId = await world.issue(accountId);
    expect(text(await manager.type(`/invoice ${invoiceId}`))).toContain(`/void ${invoiceId} REASON`);
    expect(text(await manager.type(`/void ${invoiceId}`))).toContain('That needs more: /void ID REASON');
    expect(text(await manager.type('/invoice'))).toContain('That needs more');
    expect(text(await manager.type('/void nothing because'))).toContain('There is no invoice nothing');
    await world.topUp(accountId, 10_000);
    await world.invoices.pay(invoiceId, { actor: 'ops' }, world.clock.now());
    expect(text(await manager.type(`/void ${invoiceId} too late`))).toContain('stays completed');
  });

  it('see what is quarantined and replay it', async () => {
    const manager = await person('manager');
    expect(text(await manager.type('/quarantine'))).toContain('Nothing to do');
    for (let number = 1; number <= 7; number += 1) {
      await world.inbox.receive({
        id: `evt_${number}`,
        type: 'payment.refunded',
        timestamp: world.clock.now(),
        body: JSON.stringify({ data: {} }),
        known: true,
      });
    }
    await world.connection
      .collection<{ _id: string }>('events')
      .updateMany({}, { $set: { status: 'quarantined', error: 'refunds exceed the payment' } });
    const list = await manager.type('/quarantine');
    expect(text(list)).toContain('evt_1 · payment.refunded · “refunds exceed the payment”');
    expect(text(list)).not.toContain('evt_7');
    expect(text(await manager.type(buttons(list).at(-1)?.command ?? ''))).toContain('evt_7');
    expect(text(await manager.type(buttons(list)[0]?.command ?? ''))).toContain('is tried again now');
    expect(text(await manager.type('/replay evt_1'))).toContain('on its way');
    expect(text(await manager.type('/replay evt_x'))).toContain('There is no event evt_x');
    expect(text(await manager.type('/dismiss evt_2'))).toContain('REASON');
    expect(text(await manager.type('/dismiss evt_2 a test of the platform'))).toContain('evt_2 is dismissed');
    expect(text(await manager.type('/dismiss evt_2 again'))).toContain('dismissed already');
    expect(text(await manager.type('/dismiss evt_1 no'))).toContain('stays received');
    expect(text(await manager.type('/quarantine'))).not.toContain('evt_2 ·');
    expect(text(await manager.type('/replay evt_2'))).toContain('is tried again now');
    const dismissals = await world.audit.list({ subject: 'event:evt_2', limit: 10 });
    expect(dismissals.items.map(({ action, reason }) => [action, reason])).toEqual([
      ['event.replay', null],
      ['event.dismiss', 'a test of the platform'],
    ]);
    const trail = await world.audit.list({ subject: 'event:evt_1', limit: 10 });
    expect(trail.items.map((item) => item.actor)).toEqual([`${manager.accountId} via telegram:${manager.id}`]);
  });
});

describe('words without a slash', () => {
  it.each([
    ['model', 'balance', 'Your balance'],
    ['model', 'What is my balance?', 'Your balance'],
    ['model', 'Invoices, please', 'You have no invoices yet'],
    ['model', 'invoice', 'You have no invoices yet'],
    ['model', 'pay', 'All your invoices are paid'],
    ['model', 'pay 2026-W47', 'Do you mean this?'],
    ['model', 'unlink', 'Do you mean this?'],
    ['model', 'help', 'What you can do here'],
    ['marketer', 'order', 'Your orders'],
    ['manager', 'Health?', 'Events: '],
    ['manager', 'why should I pay this at all', 'only understand commands'],
    ['model', 'void 2026-W47:m1', 'only understand commands'],
    ['model', 'pay nothing', 'only understand commands'],
    ['model', '', 'only understand commands'],
  ] as const)('%s: %s', async (role, typed, said) => {
    const { type } = await person(role);
    expect(text(await type(typed))).toContain(said);
  });
});

describe('a forwarded message', () => {
  it.each([
    ['manager', '/void 2026-W47:m1 wrong rate'],
    ['manager', '/terminate m1 paid late'],
    ['manager', '/stop o1 bots'],
    ['manager', '/keep m1 fine'],
    ['manager', '/settle 2026-12-01:a SEPA'],
    ['marketer', '/reject o1 no'],
    ['marketer', '/accept o1'],
    ['model', '/pay 2026-W47'],
    ['model', '/unlink'],
    ['affiliate', '/settings quiet off'],
    ['affiliate', '/start ABCDEFGHJK'],
  ] as const)('of a %s, %s, asks once more, by a button that does it', async (role, typed) => {
    const { id } = await person(role);
    const asked = await world.run({ channel: 'telegram', userId: id, chatId: id }, typed, { isForwarded: true });
    expect(asked.title).toBe('Do you mean this?');
    expect(buttons(asked).map(({ command }) => command)).toEqual([typed]);
  });

  it('that changes nothing is answered', async () => {
    const { id } = await person('model');
    const answer = await world.run({ channel: 'telegram', userId: id, chatId: id }, '/balance', { isForwarded: true });
    expect(text(answer)).toContain('Your balance');
  });

  it('voids nothing until its button is pressed', async () => {
    const { accountId } = await person('model');
    const { id, type } = await person('manager');
    const invoiceId = await world.issue(accountId);
    const asked = await world.run({ channel: 'telegram', userId: id, chatId: id }, `/void ${invoiceId} wrong rate`, {
      isForwarded: true,
    });
    expect((await world.invoices.get(invoiceId, world.clock.now()))?.status).toBe('open');
    expect(text(await type(buttons(asked)[0]?.command ?? ''))).toContain('is void');
  });
});

describe('/contact', () => {
  async function told(accountId: string) {
    const found = await world.core.noticeStore
      .find({ accountId, 'content.kind': 'contact.message' })
      .sort({ order: 1 })
      .toArray();
    return found.map(({ content }) => noticeMessage(content, { timeZone: 'UTC', currency: 'USD' }));
  }

  it('reaches the person, whose reply reaches that manager, and back; all of it is in the audit trail', async () => {
    const boss = await person('manager');
    await person('manager');
    const model = await person('model');
    const say = `/contact ${model.accountId} Can we talk about W47?`;
    expect(text(await boss.type(say))).toContain(`Sent to ${model.accountId}`);
    await boss.type(say);
    const [message, ...others] = await told(model.accountId);
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      title: `Message from ${boss.accountId}`,
      paragraphs: ['“Can we talk about W47?”'],
    });

    const reply = message?.buttons[0]?.[0];
    expect(reply?.label).toBe('Reply');
    expect(text(await model.type(reply?.command ?? ''))).toContain('Write your answer now');
    expect(text(await model.type('pay on Friday'))).toContain(`Sent to ${boss.accountId}`);
    expect(text(await model.type('pay on Friday'))).toContain('only understand commands');
    const [answer] = await told(boss.accountId);
    expect(answer).toMatchObject({ title: `${model.accountId} replied`, paragraphs: ['“pay on Friday”'] });
    await boss.type(`${answer?.buttons[0]?.[0]?.command} Thank you`);
    expect((await told(model.accountId)).at(-1)?.paragraphs).toEqual(['“Thank you”']);

    const { items } = await world.audit.list({ subject: `account:${model.accountId}`, limit: 10 });
    expect(items.map(({ actor, action, reason }) => [actor.split(' ')[0], action, reason])).toEqual([
      [boss.accountId, 'contact.reply', 'Thank you'],
      [model.accountId, 'contact.reply', 'pay on Friday'],
      [boss.accountId, 'contact.message', 'Can we talk about W47?'],
    ]);
  });

  it('says when nobody can be reached, and shows nobody the messages of others', async () => {
    const boss = await person('manager');
    const other = await person('model');
    await world.account('unlinked', 'model');
    expect(text(await boss.type('/contact unlinked hello'))).toContain('Nothing was sent');
    expect(text(await boss.type('/contact nobody hello'))).toContain('There is no account nobody');
    expect(text(await boss.type(`/contact ${boss.accountId} hello`))).toContain('is your own account');
    await boss.type(`/contact ${other.accountId} a secret`);
    const [message] = await told(other.accountId);
    const stranger = await person('model');
    const command = message?.buttons[0]?.[0]?.command ?? '';
    expect(text(await stranger.type(`${command} x`))).toContain('There is no message msg-');
  });

  it('is answered in Discord by the command', async () => {
    const boss = await person('manager');
    const { accountId } = await person('model');
    await world.link(accountId, 'discord', `d-${accountId}`);
    await boss.type(`/contact ${accountId} hello`);
    const [message] = await told(accountId);
    const chat = { channel: 'discord' as const, userId: `d-${accountId}`, chatId: '1' };
    const command = message?.buttons[0]?.[0]?.command ?? '';
    expect(text(await world.run(chat, command))).toContain(`Send: ${command} TEXT`);
    expect(text(await world.run(chat, { name: 'reply', words: [command.slice(7), 'hi'] }))).toContain('Sent to');
  });
});

describe('a second chat', () => {
  it('is told to the first, wherever they want messages, and can be ended from there', async () => {
    const { accountId, id, type } = await person('model');
    await world.link(accountId, 'discord', 555);
    await type('/settings channel discord');
    const thief = { channel: 'telegram' as const, userId: '666', chatId: '666' };
    await world.run(thief, `/start ${await world.linkCode(accountId)}`);
    const found = await world.core.noticeStore.find({ accountId, 'content.kind': 'account.chat_linked' }).toArray();
    expect(found.map(({ userId }) => userId).sort()).toEqual([id, '555'].sort());
    const [told] = found.map(({ content }) => noticeMessage(content, { timeZone: 'UTC', currency: 'USD' }));
    if (told === undefined) throw new Error('nobody was told');
    expect(text(told)).toContain('the Telegram chat of user 666 gets your messages, too');

    const settings = await type('/settings');
    expect(text(settings)).toMatch(new RegExp(`Linked: Telegram chat of user ${id}, this one, since`));
    expect(buttons(settings).map(({ command }) => command)).toContain('/settings end telegram:666');
    expect(text(await type(buttons(told)[0]?.command ?? ''))).toContain('no longer linked');
    expect(text(await world.run(thief, '/balance'))).toContain('/start CODE');
    expect(text(await type('/settings end telegram:666'))).toContain('telegram:666 is no chat of yours');
    expect((await world.audit.list({ subject: `account:${accountId}`, limit: 1 })).items).toMatchObject([
      { action: 'chat.unlinked', before: { channel: 'telegram', userId: '666' } },
    ]);
  });

  it('of somebody else cannot be ended', async () => {
    const other = await person('model');
    const { type } = await person('model');
    expect(text(await type(`/settings end telegram:${other.id}`))).toContain('is no chat of yours');
    expect(text(await other.type('/balance'))).toContain('Your balance');
  });
});

it('a code is taken with the space that it is shown with', async () => {
  await world.account('spaced', 'model');
  const code = await world.linkCode('spaced');
  const chat = { channel: 'telegram' as const, userId: '990', chatId: '990' };
  expect(text(await world.run(chat, `/start ${code.slice(0, 5)} ${code.slice(5)}`))).toContain('Welcome, spaced');
});

describe('typing', () => {
  it.each([
    ['/pay 2026-W47:m1', { name: 'pay', words: ['2026-W47:m1'] }],
    ['  /Pay@settle_bot   a  b ', { name: 'pay', words: ['a', 'b'] }],
    ['/help', { name: 'help', words: [] }],
    ['pay', null],
    ['', null],
    ['/', null],
    ['/päy x', null],
  ])('%j', (typed, command) => {
    expect(parseCommand(typed)).toEqual(command);
  });
});
