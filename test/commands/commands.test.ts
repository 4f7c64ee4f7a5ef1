import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { parseCommand } from '../../src/commands/core/command.ts';
import { COMMANDS } from '../../src/commands/registry.ts';
import { ROLES, type Role } from '../../src/events/catalogue.ts';
import type { Message } from '../../src/notices/messages/message.ts';
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
    expect(text(list)).toContain('evt_1 · payment.refunded · refunds exceed the payment');
    expect(text(list)).not.toContain('evt_7');
    expect(text(await manager.type(buttons(list).at(-1)?.command ?? ''))).toContain('evt_7');
    expect(text(await manager.type(buttons(list)[0]?.command ?? ''))).toContain('is tried again now');
    expect(text(await manager.type('/replay evt_1'))).toContain('on its way');
    expect(text(await manager.type('/replay evt_x'))).toContain('There is no event evt_x');
    const trail = await world.audit.list({ subject: 'event:evt_1', limit: 10 });
    expect(trail.items.map((item) => item.actor)).toEqual([`${manager.accountId} via telegram:${manager.id}`]);
  });
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
