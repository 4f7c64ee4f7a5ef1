import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { namedArguments, parseCommand } from '../../src/commands/core/command.ts';
import { COMMANDS } from '../../src/commands/registry.ts';
import { ROLES, type Role } from '../../src/events/catalogue.ts';
import { withoutMarks } from '../../src/notices/messages/marks.ts';
import type { Message } from '../../src/notices/messages/message.ts';
import { noticeMessage } from '../../src/notices/messages/notice.ts';
import { type BotWorld, createBotWorld } from '../bots/world.ts';
import { confirmingButton } from '../support/confirmation.ts';
import { sampleOf } from '../support/depth.ts';
import { noticesOf } from '../support/notices.ts';

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
  const chat = { channel: 'telegram' as const, userId: id, chatId: id };
  const type = (text: string) => world.run(chat, text);
  const press = (command: string) => world.run(chat, command, { isPress: true });
  const forward = (text: string) => world.run(chat, text, { isForwarded: true });
  /** Presses the button that acts, of a question that was asked before something that cannot be undone. */
  const confirm = (question: Message) => press(confirmingButton(question).command);
  return { accountId, id, chat, type, press, forward, confirm };
}

function text(message: Message): string {
  return [
    message.title ?? '',
    ...message.paragraphs,
    ...(message.table?.rows ?? []).map((row) => row.join(' · ')),
    ...(message.facts ?? []).map((fact) => fact.join(': ')),
  ]
    .map(withoutMarks)
    .join('\n');
}

function buttons(message: Message) {
  return message.buttons.flat();
}

describe('who may do what', () => {
  const names = [...new Set(COMMANDS.map((command) => command.name))];
  describe.each(ROLES)('%s', (role) => {
    let who: Awaited<ReturnType<typeof person>>;
    let unknown: string;
    beforeAll(async () => {
      who = await person(role);
      unknown = text(await who.type('/nonsense'));
    });

    it.each(sampleOf(names, 30))('/%s', async (name) => {
      const answer = text(await who.type(`/${name}`));
      const isTheirs = COMMANDS.some((command) => command.name === name && command.roles.includes(role));
      if (isTheirs) expect(answer).not.toContain("I don't know");
      else expect(answer).toBe(unknown.replace('/nonsense', `/${name}`));
    });
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
      expect(`/${label.toLowerCase().replaceAll(' ', '')}`.startsWith(/^\/\w+/.exec(command ?? '')?.[0] ?? '?')).toBe(
        true,
      );
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
    expect(text(await manager.confirm(await manager.type(`/void ${invoiceId} wrong rate of A`)))).toContain(
      'Taken back: ',
    );
    expect(text(await manager.type(`/void ${invoiceId} again`))).toContain('Void already');
    expect(text(await type(`/invoice ${invoiceId}`))).toContain('taken back: “wrong rate of A”');
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
    expect(text(await manager.type('/void nothing because'))).toContain('There is no invoice nothing');
    await world.topUp(accountId, 10_000);
    await world.invoices.pay(invoiceId, { actor: 'ops' }, world.clock.now());
    expect(text(await manager.type(`/void ${invoiceId} too late`))).toContain('Stays paid: ');
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
      .updateMany(
        { type: 'payment.refunded' },
        { $set: { status: 'quarantined', error: 'refunds exceed the payment' } },
      );
    const list = await manager.type('/quarantine');
    expect(text(list)).toContain('evt_1 · payment.refunded · “refunds exceed the payment”');
    expect(text(list)).not.toContain('evt_7');
    expect(text(await manager.type(buttons(list).at(-1)?.command ?? ''))).toContain('evt_7');
    expect(text(await manager.type(buttons(list)[0]?.command ?? ''))).toContain('is tried again now');
    expect(text(await manager.type('/replay evt_1'))).toContain('on its way');
    expect(text(await manager.type('/replay evt_x'))).toContain('There is no event evt_x');
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
    expect(trail.items.map((item) => item.actor)).toEqual([
      expect.stringMatching(`^${manager.accountId} via telegram:`),
    ]);
  });
});

describe('words without a slash', () => {
  it.each([
    ['model', 'balance', 'Your balance'],
    ['model', 'What is my balance?', 'Your balance'],
    ['model', 'Invoices, please', 'You have no invoices yet'],
    ['model', 'invoice', 'You have no invoices yet'],
    ['model', 'pay', 'All your invoices are paid'],
    ['model', 'pay 2026-W47', 'There is no invoice 2026-W47'],
    ['model', 'unlink', 'Do you mean this?'],
    ['model', 'my orders', 'You have no CPL orders yet'],
    ['model', 'Show my orders, please', 'You have no CPL orders yet'],
    ['affiliate', 'Next payday?', 'Next payday: '],
    ['model', 'help', 'What you can do here'],
    ['marketer', 'order', 'Your orders'],
    ['manager', 'Health?', 'Events: '],
    ['model', 'Баланс', 'Your balance'],
    ['model', 'мої рахунки, будь ласка', 'You have no invoices yet'],
    ['model', 'оплатить 2026-W47', 'There is no invoice 2026-W47'],
    ['model', '¿Cuál es mi saldo?', 'Your balance'],
    ['model', 'comissões', 'only understand commands'],
    ['affiliate', 'Proximo pagamento', 'Next payday: '],
    ['marketer', 'Покажи мои заказы', 'Your orders'],
    ['model', 'desvincular', 'Do you mean this?'],
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
    ['manager', '/dismiss evt_1 a test'],
    ['manager', '/contact m1 hello'],
    ['marketer', '/reject o1 no'],
    ['model', '/unlink'],
    ['affiliate', '/settings quiet off'],
  ] as const)('of a %s, %s, asks once more, by a button that does it', async (role, typed) => {
    const { forward } = await person(role);
    const asked = await forward(typed);
    expect(asked.title).toBe('Do you mean this?');
    expect(buttons(asked).map(({ command }) => command)).toEqual([typed]);
    // Somebody else may have written it, so it is set apart from our own words.
    expect(text(asked)).toContain(`“${typed}”`);
  });

  it('of a code links nothing, and shows no button that has it', async () => {
    const { forward } = await person('affiliate');
    const asked = await forward('/start ABCDEFGHJK');
    expect(text(asked)).toContain('You forwarded this; somebody else may have written it. Nothing has happened.');
    expect([buttons(asked), text(asked).includes('ABCDEFGHJK')]).toEqual([[], false]);
  });

  it('of /grace shows the reason that the model would be told', async () => {
    const [model, manager] = [await person('model'), await person('manager')];
    const asked = await manager.forward(`/grace ${model.accountId} 3d is a friend`);
    expect(text(asked)).toContain('The model is told the reason: “is a friend”.');
  });

  it('that changes nothing is answered', async () => {
    const { forward } = await person('model');
    expect(text(await forward('/balance'))).toContain('Your balance');
  });
});

describe('what cannot be undone', () => {
  async function unpaid(balance = 10_000) {
    const model = await person('model', undefined, { timeZone: 'UTC' });
    const invoiceId = await world.issue(model.accountId);
    if (balance > 0) await world.topUp(model.accountId, balance);
    const status = async () => (await world.invoices.get(invoiceId, world.clock.now()))?.status;
    return { model, invoiceId, status };
  }

  it.each(['typed', 'forwarded'] as const)('a /void that is %s asks once more, and then voids once', async (how) => {
    const { model, invoiceId, status } = await unpaid(0);
    const manager = await person('manager');
    const send = how === 'typed' ? manager.type : manager.forward;
    const asked = await send(`/void ${invoiceId} wrong rate of A`);
    expect(asked.title).toBe(`Void the invoice: $41.08 — ${model.accountId}, week 16–22 Nov?`);
    expect(text(asked)).toContain(`${model.accountId} owes $41.08 for the week 16–22 Nov 2026`);
    expect(text(asked)).toMatch(/The model is told the reason: “\u2068?wrong rate of A\u2069?”\./);
    expect(text(asked)).toContain('Nothing has happened yet.');
    expect(text(asked).includes('You forwarded this')).toBe(how === 'forwarded');
    expect(buttons(asked).map(({ label }) => label)).toEqual([
      `Void: $41.08 — ${model.accountId}, week 16–22 Nov`,
      'Invoice 16–22 Nov',
      'Write off instead: $41.08',
    ]);
    expect(text(asked)).toContain('the amount will be invoiced again');
    expect(await status()).toBe('open');
    const answers = await Promise.all([manager.confirm(asked), manager.confirm(asked)]);
    expect(answers.filter(({ title }) => title?.startsWith('Taken back: '))).toHaveLength(1);
    expect(text(await manager.confirm(asked))).toContain('Void already');
    const trail = await world.audit.list({ subject: `invoice:${invoiceId}`, limit: 10 });
    expect(trail.items.map(({ action, reason }) => [action, reason])).toEqual([['invoice.void', 'wrong rate of A']]);
  });

  it('a /void offers a write-off instead, and that whether its contractors are paid', async () => {
    const { model, invoiceId } = await unpaid(0);
    const manager = await person('manager');
    const voiding = await manager.type(`/void ${invoiceId} gone bust`);
    const asked = await manager.press(buttons(voiding).at(-1)?.command ?? '');
    expect(asked.title).toBe(`Write off the invoice: $41.08 — ${model.accountId}, week 16–22 Nov?`);
    expect(text(asked)).toMatch(/Its contractors get nothing for it, unless you pay them their \$4\d\.\d\d/);
    expect(text(asked)).toMatch(/never invoiced again. The model is told the reason: “\u2068?gone bust\u2069?”\./);
    const labels = buttons(asked).map(({ label }) => label);
    expect(labels[0]).toBe(`Write off: $41.08 — ${model.accountId}, week 16–22 Nov`);
    expect(labels[1]).toMatch(/^Write off, and pay contractors \$/);
    const paying = buttons(asked)[1]?.command ?? '';
    const answers = await Promise.all([manager.press(paying), manager.press(paying)]);
    expect(answers.map(({ title }) => title?.split(':')[0]).sort()).toEqual(['Written off', 'Written off already']);
    expect(await world.invoices.get(invoiceId, world.clock.now())).toMatchObject({
      ...{ status: 'written_off', writeOffReason: 'gone bust', contractorsPaid: true },
    });
    const again = await manager.confirm(asked);
    expect(again.title).toMatch(/^Written off already/);
  });

  it('a /paidoutside asks once more, completes once, and shows its reference', async () => {
    const { invoiceId } = await unpaid(0);
    const manager = await person('manager');
    const asked = await manager.type(`/paidoutside ${invoiceId} SEPA 47-11`);
    expect(asked.title).toMatch(/^Paid outside: \$41\.08/);
    const answers = await Promise.all([manager.confirm(asked), manager.confirm(asked)]);
    expect(answers.map(({ title }) => title?.split(':')[0]).sort()).toEqual(['Paid', 'Paid already']);
    expect(text(await manager.type(`/invoice ${invoiceId}`))).toMatch(/Reference: “\u2068?SEPA 47-11\u2069?”/);
    expect(text(await manager.type(`/why ${invoiceId}`))).toContain('SEPA 47-11');
    expect((await manager.type(`/void ${invoiceId} a mistake`)).title).toMatch(/^Stays paid/);
  });

  it('a payment by a press asks once more, and names what is debited and what is left', async () => {
    const { model, invoiceId, status } = await unpaid();
    const asked = await model.press(`/pay ${invoiceId}`);
    expect(asked.title).toBe('Pay $41.08 from your balance?');
    expect(text(asked)).toContain('the invoice of the week 16–22 Nov 2026');
    expect(text(asked)).toContain('Your balance is $100.00; $58.92 is left.');
    expect(buttons(asked).map(({ label }) => label)).toEqual(['Pay $41.08 now', 'Invoice 16–22 Nov']);
    expect(await status()).toBe('open');
    const answers = await Promise.all(Array.from({ length: 4 }, () => model.confirm(asked)));
    expect(answers.filter((answer) => text(answer).includes('was debited from your balance'))).toHaveLength(1);
    expect(await world.ledger.balance(`model:${model.accountId}`)).toBe(5_892);
    expect(text(await model.press(`/pay ${invoiceId}`))).toContain('Paid already: ');
  });

  it.each([
    ['typed as a command', 'type', (id: string) => `/pay ${id}`, 'completed'],
    ['written without its slash', 'type', (id: string) => `pay ${id}`, 'open'],
    ['forwarded', 'forward', (id: string) => `/pay ${id}`, 'open'],
  ] as const)('a payment that is %s', async (_, how, typed, status) => {
    const { model, invoiceId, status: statusNow } = await unpaid();
    const answer = await model[how](typed(invoiceId));
    expect(await statusNow()).toBe(status);
    if (status === 'completed') return;
    await model.confirm(answer);
    expect(await statusNow()).toBe('completed');
  });

  it('is not asked where nothing can be done', async () => {
    const { model, invoiceId } = await unpaid(1_000);
    expect(text(await model.press(`/pay ${invoiceId}`))).toContain('$31.08 is missing');
    expect(text(await model.press('/pay 2026-W01'))).toContain('There is no invoice 2026-W01');
    const manager = await person('manager');
    expect(text(await manager.forward('/void nothing because'))).toContain('There is no invoice nothing');
    expect(text(await manager.forward('/terminate nobody because'))).toContain('There is no model nobody');
    expect(text(await manager.forward('/keep nobody because'))).toContain('There is no model nobody');
    expect(text(await manager.forward('/grace nobody 3d because'))).toContain('There is no model nobody');
    expect(text(await manager.forward('/stop nothing because'))).toContain('There is no order nothing');
    const marketer = await person('marketer');
    expect(text(await marketer.press('/accept nothing'))).toContain('There is no order nothing');
  });

  it('looks at the state again: what was done meanwhile stays as it is', async () => {
    const { model, invoiceId, status } = await unpaid();
    const manager = await person('manager');
    const asked = await manager.type(`/void ${invoiceId} wrong rate`);
    await model.type(`/pay ${invoiceId}`);
    expect(text(await manager.confirm(asked))).toContain('Stays paid: ');
    expect(await status()).toBe('completed');
  });

  it('is for who was asked alone', async () => {
    const { model, invoiceId, status } = await unpaid();
    const asked = await model.press(`/pay ${invoiceId}`);
    const other = await person('model');
    expect(text(await other.confirm(asked))).toContain('no such question of yours');
    // A token is good for the command that asked.
    const { command } = confirmingButton(asked);
    const manager = await person('manager');
    expect(text(await manager.press(command.replace('/pay', '/void')))).toContain('no such question of yours');
    expect(await status()).toBe('open');
  });

  it('says when it is too late, and asks again by a button', async () => {
    const { model, invoiceId, status } = await unpaid();
    const asked = await model.press(`/pay ${invoiceId}`);
    const before = world.clock.now();
    world.clock.pin(new Date(before.getTime() + 10 * 60_000));
    const late = await model.confirm(asked);
    world.clock.pin(before);
    expect(late.title).toBe('That was too late');
    expect(text(late)).toContain('week 16–22 Nov: the question could be answered');
    expect(await status()).toBe('open');
    const again = await model.press(buttons(late)[0]?.command ?? '');
    expect(again.title).toBe('Pay $41.08 from your balance?');
  });

  it('of every act is asked by a button that is named after its command', () => {
    const asking = COMMANDS.filter(({ asksOnceMore }) => asksOnceMore !== undefined).map(({ name }) => name);
    expect(asking.sort()).toEqual([
      ...['accept', 'adjust', 'approve', 'dispute', 'exclude', 'export', 'grace', 'hold', 'include', 'keep'],
      ...['paidoutside', 'pay', 'refuse', 'release', 'results', 'returned', 'settle', 'stop', 'terminate', 'void'],
      'writeoff',
    ]);
    const always = COMMANDS.filter(({ asksOnceMore }) => asksOnceMore?.always === true).map(({ name }) => name);
    expect(always.sort()).toEqual([
      ...['adjust', 'approve', 'dispute', 'exclude', 'export', 'hold', 'include', 'paidoutside', 'refuse'],
      ...['release', 'results', 'returned', 'stop', 'terminate', 'void', 'writeoff'],
    ]);
    const above = COMMANDS.filter(({ asksOnceMore }) => asksOnceMore?.amount !== undefined).map(({ name }) => name);
    expect(above.sort()).toEqual(['accept', 'pay', 'settle']);
  });

  it('of more than payouts.askAbove is asked also when it is typed', async () => {
    const model = await person('model');
    const line = { campaignId: 'A', contractorId: 'c', type: 'tip', count: 1, rateBps: 10_000, late: 0 } as const;
    const issue = (week: string, gross: number) =>
      world.issue(model.accountId, week, { sums: [{ ...line, gross }], ownDiscountBps: 0 });
    const [much, less] = [await issue('2026-W45', 100_001), await issue('2026-W46', 100_000)];
    await world.topUp(model.accountId, 200_001);
    const asked = await model.type(`/pay ${much}`);
    expect(asked.title).toBe('Pay $1,000.01 from your balance?');
    expect((await world.invoices.get(much, world.clock.now()))?.status).not.toBe('completed');
    expect((await model.confirm(asked)).title).toMatch(/^Paid: /);
    expect((await model.type(`/pay ${less}`)).title).toMatch(/^Paid: /);
  });
});

describe('an argument that is missing', () => {
  /** Each command of each role, cut off before each argument that it needs. */
  const cases = COMMANDS.flatMap((command) =>
    command.roles.flatMap((role) => {
      const names = namedArguments(command.arguments);
      return names.flatMap(({ name, isOptional }, index) =>
        isOptional || command.asksItselfFor === name ? [] : [{ role, command, name, index }],
      );
    }),
  );
  const said: Record<string, string> = {
    ID: 'Which ',
    MODEL: 'Which model?',
    ACCOUNT: 'Which account?',
    DATE: 'Which payday?',
    AMOUNT: 'What amount?',
    UNTIL: 'Until when?',
    REASON: 'For what reason?',
    REFERENCE: 'With what reference of the transfer?',
    TEXT: 'What do you want to say?',
  };
  const typedFor: Record<string, string> = { UNTIL: '2d', AMOUNT: '-5.50' };

  it.each(sampleOf(cases, 20).map((one) => [`${one.role}: /${one.command.name} without ${one.name}`, one] as const))(
    '%s, in both channels',
    async (_, { role, command, name, index }) => {
      const { accountId, type } = await person(role);
      await world.link(accountId, 'discord', `d${accountId}`);
      const names = namedArguments(command.arguments);
      const given = names.slice(0, index).map((one) => typedFor[one.name] ?? 'given-1');
      const answer = await type([`/${command.name}`, ...given].join(' '));
      expect(text(answer)).toContain(said[name] ?? 'no question');
      const example = /For example: (\S.*)$/.exec(text(answer))?.[1] ?? '';
      expect(example.startsWith([`/${command.name}`, ...given].join(' '))).toBe(true);
      // What is shown as an example is itself complete.
      expect(example.split(' ').length).toBeGreaterThanOrEqual(1 + names.filter((one) => !one.isOptional).length);
      expect(example).not.toMatch(/REASON|REFERENCE|TEXT|undefined/);
      const chat = { channel: 'discord' as const, userId: `d${accountId}`, chatId: '1' };
      expect(text(await world.run(chat, { name: command.name, words: given }))).toBe(text(answer));
    },
  );
});

describe('an argument that is wrong', () => {
  it.each([
    ['manager', '/grace m1 soon please', 'soon is no date; write 2026-04-01 or 3d'],
    ['manager', '/grace m1 2026-02-30 why not', '2026-02-30 is no date; write 2026-04-01 or 3d'],
    ['manager', '/cycle soon', 'soon is no date; write 2026-04-01'],
    ['manager', '/cycle 2026-04-02', '2026-04-02 is no payday: paydays are the 1st and the 16th; write 2026-04-01'],
    ['manager', '/cycle 2026-02-30', '2026-02-30 is no date; write 2026-04-01'],
    ['manager', '/overdue soon', 'soon is no number of days; write 3'],
    ['manager', '/overdue 3 much', 'much is no amount; write 500.00'],
    ['model', '/settings quiet late', 'late is no pair of times; write 22:00 08:00, off or default'],
    ['model', '/pay 2026-W47 2026-W48', '2026-W48 is one word too many; write /pay 2026-W47'],
    ['marketer', '/accept o1 o2', 'o2 is one word too many; write /accept o1'],
    ['manager', '/remind 2026-W47:m1 now', 'now is one word too many; write /remind 2026-W47:m1'],
    ['manager', '/replay evt_1 evt_2', 'evt_2 is one word too many; write /replay evt_1'],
    ['affiliate', '/unlink please', 'please is one word too many; write /unlink'],
  ] as const)('%s: %s', async (role, typed, said) => {
    const { type, accountId } = await person(role);
    const answer = text(await type(typed));
    expect(answer).toContain(said);
    expect(answer).toContain('Nothing was changed.');
    expect(await world.accounts.linksOf([accountId])).toHaveLength(1);
  });

  it('shows what was typed right, and the rest of an example', async () => {
    const { type } = await person('manager');
    expect((await type('/grace m1 soon')).paragraphs[1]).toBe('For example: /grace m1 3d payment is on its way');
    expect((await type('/overdue soon')).paragraphs[1]).toBe('For example: /overdue 3 500.00');
    expect((await type('/grace m1 2026-12-01 18:00')).paragraphs[1]).toBe(
      'For example: /grace m1 2026-12-01 18:00 payment is on its way',
    );
  });
});

describe('/contact', () => {
  async function told(accountId: string) {
    const found = await noticesOf(world.core, { accountId, 'content.kind': 'contact.message' });
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
    const contacts = items.filter(({ action }) => action.startsWith('contact.'));
    expect(contacts.map(({ actor, action, reason }) => [actor.split(' ')[0], action, reason])).toEqual([
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

  it('is taken twenty times an hour from one person to another, and each of these is read', async () => {
    const [boss, chief] = [await person('manager'), await person('manager')];
    const model = await person('model');
    await boss.type(`/contact ${model.accountId} hello`);
    await chief.type(`/contact ${model.accountId} hello`);
    const [command = '', other = ''] = (await told(model.accountId)).map(({ buttons: [row] }) => row?.[0]?.command);
    for (let sent = 1; sent <= 20; sent += 1) expect(text(await model.type(`${command} ${sent}`))).toContain('Sent to');
    expect(text(await model.type(`${command} 21`))).toContain('Not sent: too many messages');
    expect(text(await model.type(`${command} 20`))).toContain('Sent to');
    expect(text(await model.type(`${other} 1`))).toContain(`Sent to ${chief.accountId}`);
    expect((await told(boss.accountId)).map(({ paragraphs: [said] }) => said)).toHaveLength(20);
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
    const found = await noticesOf(world.core, { accountId, 'content.kind': 'account.chat_linked' });
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
