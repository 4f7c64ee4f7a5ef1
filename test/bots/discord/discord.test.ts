import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { COMMANDS } from '../../../src/commands/registry.ts';
import { sayIn } from '../../../src/texts/speech.ts';
import { deepTest } from '../../support/depth.ts';
import { type DiscordStandIn, startDiscord } from '../../support/discord.ts';
import { eventually } from '../../support/eventually.ts';
import { createDiscordWorld, type DiscordWorld } from './world.ts';

let world: DiscordWorld;
let discord: DiscordStandIn;
let bot: ReturnType<DiscordWorld['bot']>;
let user = 5_000;

beforeAll(async () => {
  world = await createDiscordWorld();
  discord = await startDiscord();
  bot = world.bot(discord);
  await eventually(async () => (await bot.health()).gateway);
});
afterAll(async () => {
  await world.close();
  await discord.close();
});
beforeEach(() => {
  user += 1;
});
afterEach(() => {
  expect(discord.violations).toEqual([]);
  expect(world.logged.join('\n')).not.toContain(discord.token);
});

async function answer(interaction: string) {
  await eventually(() => discord.answerTo(interaction) !== undefined);
  const message = discord.answerTo(interaction);
  if (message === undefined) throw new Error('no answer');
  expect(message.ephemeral).toBe(true);
  return message;
}

const slash = (name: string, given: Record<string, string> = {}) => answer(discord.slash(user, name, given));
const press = (messageId: string, label: string) => answer(discord.press(user, messageId, label));

describe('commands as Discord shows them', () => {
  it('has every command of every role once, with what it needs, and /link', () => {
    const names = discord.commands().map(({ name }) => name);
    expect([...names].sort()).toEqual([...new Set([...COMMANDS.map(({ name }) => name), 'link'])].sort());
    expect(discord.commandsOf()).toBe('guild');
    expect(discord.commands().find(({ name }) => name === 'void')?.options).toMatchObject([
      { name: 'id', required: true, autocomplete: true },
      { name: 'reason', required: true },
    ]);
    expect(discord.commands().find(({ name }) => name === 'pay')?.options).toMatchObject([
      { name: 'id', required: false, autocomplete: true },
    ]);
    const contact = discord.commands().find(({ name }) => name === 'contact');
    expect(contact?.description_localizations).toEqual({
      ru: sayIn('ru')('commands.contact.description'),
      uk: sayIn('uk')('commands.contact.description'),
      'es-ES': sayIn('es')('commands.contact.description'),
      'es-419': sayIn('es')('commands.contact.description'),
      'pt-BR': sayIn('pt-BR')('commands.contact.description'),
    });
    // Where to go on in a list is for buttons.
    expect(discord.commands().find(({ name }) => name === 'invoices')?.options).toEqual([]);
  });
});

describe('linking', () => {
  it('tells a stranger how to link, whatever they try first, and suggests nothing', async () => {
    const invoiceId = await world.issue(`stranger${user}`);
    const tried: [string, Record<string, string>?][] = [
      ['invoices'],
      ['invoice', { id: invoiceId }],
      ['void', { id: invoiceId, reason: 'x' }],
      ['help'],
    ];
    for (const [name, given] of tried) {
      user += 1;
      expect((await slash(name, given)).text).toContain('/link CODE');
    }
    expect(await discord.autocomplete(user, 'void', 'id', '')).toEqual([]);
    discord.mayLeave(user);
    const again = discord.slash(user, 'invoices');
    const wrong = await slash('link', { code: 'WRONGCODE2' });
    expect(wrong.text).toContain('This code is not valid');
    expect(discord.answerTo(again)).toBeUndefined();
    expect((await world.core.invoicing.invoices.get(invoiceId, world.clock.now()))?.status).toBe('open');
  });

  it('links by a code once, in the guild or directly, shows the commands of the role, and unlinks', async () => {
    await world.account(`m${user}`, 'model', { name: 'Anna *<@1>* `x`' });
    const code = await world.linkCode(`m${user}`);
    const welcome = await answer(discord.slash(user, 'link', { code }, { direct: true }));
    expect(welcome.text).toContain('Welcome, “Anna *<@1>* `x`”');
    expect(welcome.text).toContain('/pay');
    expect(welcome.text).not.toContain('/void');
    expect((await slash('unlink')).text).toContain('no longer linked');
    expect((await slash('link', { code })).text).toContain('not valid');
  });
});

describe('marketers', () => {
  deepTest(
    'hear of an order, accept it once by its button, see it run, and are suggested what they can answer',
    async () => {
      const [modelId, marketerId] = [`m${user}`, `c${user}`];
      await world.account(modelId, 'model', { name: 'Anna' });
      await world.linked(marketerId, 'marketer', user, 'Marco');
      await world.placed(`one${user}`, modelId, marketerId);
      await world.placed(`two${user}`, modelId, marketerId);
      await bot.drain();
      const told = discord.sent().filter((message) => message.user === String(user));
      // The words are the same for both; which of them is which stands in the buttons.
      expect(told.map(({ text, buttons }) => [text.split('\n')[0], buttons.flat()[0]?.customId])).toEqual([
        ['⏳ New order: $10.00 — 10 fans from Anna', `/accept one${user}`],
        ['⏳ New order: $10.00 — 10 fans from Anna', `/accept two${user}`],
      ]);
      const [first] = told;
      if (first === undefined) throw new Error('nothing was told');
      const asked = await press(first.messageId, 'Accept');
      expect(asked.text).toContain('Accept the order: $10.00 — 10 fans from Anna?');
      expect((await slash('orders')).text).toContain('2 to answer');
      const answers = await Promise.all([press(asked.messageId, 'Accept'), press(asked.messageId, 'Accept')]);
      expect(answers.filter(({ text }) => text.includes('It starts at once.'))).toHaveLength(1);
      expect(answers.filter(({ text }) => text.includes('Accepted already: $10.00 — 10 fans from Anna'))).toHaveLength(
        1,
      );
      const suggested = (await discord.autocomplete(user, 'reject', 'id', '')) ?? [];
      expect(suggested.map(({ value }) => value)).toEqual([`two${user}`]);
      expect((await slash('reject', { id: `two${user}` })).text).toContain('Nothing has happened yet');
      const rejected = await slash('reject', { id: `two${user}`, reason: 'no time' });
      expect(rejected.text).toContain('is told and can choose another marketer');
      expect((await slash('orders')).text).toContain('░░░░░░░░░░ 0 % · 0 of 10 fans');
      expect(discord.commands().find(({ name }) => name === 'reject')?.options).toMatchObject([
        { name: 'id', required: true, autocomplete: true },
        { name: 'reason', required: false },
      ]);
      await bot.drain();
      const running = 'Order accepted and running: $10.00 — 10 fans from Anna';
      expect(discord.sent().filter(({ user: to, text }) => to === String(user) && text.includes(running))).toHaveLength(
        1,
      );
    },
  );
});

describe('models', () => {
  deepTest('shows, refuses for too little balance, pays once, and says how it stands', async () => {
    const modelId = `m${user}`;
    await world.linked(modelId, 'model', user, 'Anna');
    const invoiceId = await world.issue(modelId);
    await world.topUp(modelId, 1_000);

    const list = await slash('invoices');
    expect(list.text).toContain('16–22 Nov  $41.08');
    expect(list.buttons.flat().map(({ customId }) => customId)).toContain(`/pay ${invoiceId}`);
    const refusal = await press(list.messageId, 'Pay');
    expect(refusal.text).toContain('$31.08 is missing');

    await world.topUp(modelId, 5_000);
    // Twice at the same moment, and once more from the old list.
    const asked = await press(list.messageId, 'Pay');
    expect(asked.text).toContain('Pay $41.08 from your balance?');
    expect(await world.core.ledger.balance(`model:${modelId}`)).toBe(6_000);
    const [one, other] = await Promise.all([press(asked.messageId, 'Pay'), press(asked.messageId, 'Pay')]);
    expect([one.text, other.text].filter((text) => text.includes('was debited from your balance'))).toHaveLength(1);
    expect((await press(list.messageId, 'Pay')).text).toContain('nothing was debited again');
    expect((await slash('pay', { id: '2026-W47' })).text).toContain('nothing was debited again');
    expect((await slash('balance')).text).toContain('$18.92');
    expect(await world.core.ledger.balance(`model:${modelId}`)).toBe(1_892);
    // Who acted has the answer; no direct message on top.
    await bot.drain();
    expect(discord.sent().filter((message) => message.user === String(user))).toEqual([]);
  });

  it('pages through older ones with buttons', async () => {
    const modelId = `m${user}`;
    await world.linked(modelId, 'model', user);
    for (const week of [40, 41, 42, 43, 44, 45, 46]) await world.issue(modelId, `2026-W${week}`);
    const first = await slash('invoices');
    expect(first.text).toContain('9–15 Nov');
    expect(first.text).not.toContain('5–11 Oct');
    expect((await press(first.messageId, 'Invoices: older')).text).toContain('5–11 Oct');
  });

  it("answers for somebody else's invoice exactly as for one that does not exist, and does not suggest it", async () => {
    await world.linked(`m${user}`, 'model', user);
    const other = await world.issue(`other${user}`);
    for (const name of ['invoice', 'pay']) {
      const theirs = await slash(name, { id: other });
      const nobodys = await slash(name, { id: '2026-W47:nobody' });
      expect(theirs.text.replace(other, 'X')).toBe(nobodys.text.replace('2026-W47:nobody', 'X'));
      expect(theirs.buttons).toEqual(nobodys.buttons);
      expect(await discord.autocomplete(user, name, 'id', 'other')).toEqual([]);
    }
  });

  deepTest('suggests their own invoices, and to pay only what is unpaid', async () => {
    const modelId = `m${user}`;
    await world.linked(modelId, 'model', user);
    const paid = await world.issue(modelId, '2026-W46');
    const unpaid = await world.issue(modelId, '2026-W47');
    await world.topUp(modelId, 5_000);
    await slash('pay', { id: paid });
    expect((await discord.autocomplete(user, 'invoice', 'id', ''))?.map(({ value }) => value)).toEqual([unpaid, paid]);
    const toPay = await discord.autocomplete(user, 'pay', 'id', 'w4');
    expect(toPay?.map(({ value }) => value)).toEqual([unpaid]);
    expect(toPay?.[0]?.name).toContain('$41.08');
  });

  deepTest('is no manager, by command and by a forged button', async () => {
    await world.linked(`m${user}`, 'model', user);
    const invoiceId = await world.issue(`m${user}`);
    const refused = await slash('void', { id: invoiceId, reason: 'please' });
    expect(refused.text).toContain("I don't know /void");
    const forged = await answer(discord.pressId(user, refused, `/void ${invoiceId} please`));
    expect(forged.text).toContain("I don't know /void");
    expect(await discord.autocomplete(user, 'void', 'id', '')).toEqual([]);
    expect((await world.core.invoicing.invoices.get(invoiceId, world.clock.now()))?.status).toBe('open');
  });

  it('keeps a command that does not fit a button and runs it when pressed', async () => {
    const modelId = `m${user}${'x'.repeat(60)}`.slice(0, 64);
    await world.linked(modelId, 'manager', user);
    const eventId = `e${user}${'y'.repeat(120)}`.slice(0, 128);
    await world.quarantined(eventId);
    const list = await slash('quarantine');
    expect(list.buttons.flat()[0]?.customId).toMatch(/^#/);
    expect((await press(list.messageId, 'Replay')).text).toContain(`Event ${eventId} is tried again`);
  });
});

describe('managers', () => {
  deepTest('sees, voids once with a reason, and the model is told directly', async () => {
    await world.linked(`g${user}`, 'manager', user, 'Max');
    await world.linked(`m${user}`, 'model', user + 50_000, 'Anna');
    const invoiceId = await world.issue(`m${user}`);
    expect((await discord.autocomplete(user, 'void', 'id', `m${user}`))?.map(({ value }) => value)).toEqual([
      invoiceId,
    ]);
    expect((await slash('invoice', { id: invoiceId })).text).toContain('It is Anna');
    const asked = await slash('void', { id: invoiceId, reason: 'wrong *rate*, see @everyone' });
    expect(asked.text).toContain('Void the invoice: $41.08 — Anna, week 16–22 Nov?');
    expect((await world.core.invoicing.invoices.get(invoiceId, world.clock.now()))?.status).toBe('open');
    // The question outlives the process that asked it.
    await bot.stop();
    bot = world.bot(discord);
    await eventually(async () => (await bot.health()).gateway);
    const answers = await Promise.all([press(asked.messageId, 'Void'), press(asked.messageId, 'Void')]);
    expect(answers.filter(({ text }) => text.includes('Void already: $41.08 — Anna, week 16–22 Nov'))).toHaveLength(1);
    const { customId = '' } = asked.buttons.flat()[0] ?? {};
    await world.linked(`h${user}`, 'manager', user + 60_000);
    const others = await answer(discord.pressId(user + 60_000, asked, customId));
    expect(others.text).toContain('no such question of yours');
    expect((await slash('void', { id: invoiceId, reason: 'again' })).text).toContain('Void already');
    await bot.drain();
    const told = discord.sent().filter((message) => message.user === String(user + 50_000));
    expect(told).toHaveLength(1);
    expect(told[0]?.text).toContain('Reason: “wrong *rate*, see @everyone”.');
    const audit = await world.core.audit.list({ subject: `invoice:${invoiceId}`, limit: 10 });
    expect(audit.items).toMatchObject([
      {
        actor: expect.stringMatching(`^g${user} via discord:`),
        reason: 'wrong *rate*, see @everyone',
        after: { status: 'void' },
      },
    ]);
  });

  it('are told what is wrong with an argument, or missing', async () => {
    await world.linked(`g${user}`, 'manager', user);
    const late = await slash('grace', { model: 'm1', until: 'soon', reason: 'please' });
    expect(late.text).toContain('soon is no date; write 2026-04-01 or 3d');
    expect((await slash('overdue', { amount: 'much' })).text).toContain('much is no amount; write 500.00');
    const mute = await slash('void', { id: '2026-W47:m1', reason: ' ' });
    expect(mute.text).toContain('For what reason?');
    expect(mute.text).toContain('/void 2026-W47:m1 wrong campaign rate');
  });

  it('loses a role at once', async () => {
    await world.linked(`g${user}`, 'manager', user);
    const invoiceId = await world.issue(`m${user}`);
    await slash('invoice', { id: invoiceId });
    await world.account(`g${user}`, 'affiliate');
    expect((await slash('void', { id: invoiceId, reason: 'x' })).text).toContain("I don't know /void");
    expect((await world.core.invoicing.invoices.get(invoiceId, world.clock.now()))?.status).toBe('open');
  });

  deepTest('lists and replays events in quarantine, suggests them, and treats unknown ids alike', async () => {
    await world.linked(`g${user}`, 'manager', user);
    await world.quarantined(`evt_${user}`);
    expect((await discord.autocomplete(user, 'replay', 'id', String(user)))?.map(({ value }) => value)).toEqual([
      `evt_${user}`,
    ]);
    const list = await slash('quarantine');
    expect(list.text).toContain(`evt_${user}`);
    expect((await press(list.messageId, `Replay evt_${user}`)).text).toContain('is tried again');
    expect((await press(list.messageId, `Replay evt_${user}`)).text).toContain('Nothing was changed');
    expect((await slash('replay', { id: 'nothing' })).text).toContain('There is no event nothing');
    expect((await slash('invoice', { id: 'a b c' })).text).toContain('There is no invoice a b c');
  });
});

describe('what Discord may send', () => {
  deepTest('answers presses and texts that make no sense, and texts that are too long', async () => {
    await world.linked(`g${user}`, 'manager', user);
    const message = await slash('help');
    for (const id of ['#unknown', '/nonsense <b>', 'no command', '/', '/invoice']) {
      const reply = await answer(discord.pressId(user, message, id));
      expect(reply.text.length).toBeGreaterThan(0);
    }
    const long = await slash('invoice', { id: `${'*_`@everyone '.repeat(500)}` });
    expect(long.text).toContain('There is no invoice');
    const invoiceId = await world.issue(`m${user}`);
    await press((await slash('void', { id: invoiceId, reason: '`|<@1> '.repeat(900) })).messageId, 'Void');
    expect((await slash('invoice', { id: invoiceId })).text).toContain('Taken back because');
  });

  it.each(['marketer', 'affiliate'] as const)('serves a %s with what there is for them', async (role) => {
    await world.linked(`p${user}`, role, user);
    const help = await slash('help');
    expect(help.text).toContain('/unlink');
    expect(help.text).not.toMatch(/\/pay\b/);
    expect((await slash('pay')).text).toContain("I don't know /pay");
  });
});

describe('when Discord is in the way', () => {
  deepTest('waits out being told to wait, for the acknowledgement and the answer', async () => {
    await world.linked(`m${user}`, 'model', user);
    // One call in twenty is told to wait.
    const before = discord.throttled();
    for (let round = 0; round < 25; round += 1) await slash('balance');
    expect(discord.throttled()).toBeGreaterThan(before);
  });

  deepTest('acknowledges again when the first try brought no answer, and answers once', async () => {
    await world.linked(`m${user}`, 'model', user);
    discord.fail({ kind: 'cut', after: true, path: /callback$/ });
    expect((await slash('balance')).text).toContain('Your balance');
    discord.fail({ kind: 'hang', path: /callback$/ });
    expect((await slash('balance')).text).toContain('Your balance');
    discord.fail({ kind: 'status', status: 500, path: /callback$/ });
    expect((await slash('balance')).text).toContain('Your balance');
  });

  deepTest('does not run what it could not acknowledge', async () => {
    await world.linked(`m${user}`, 'model', user);
    const invoiceId = await world.issue(`m${user}`);
    await world.topUp(`m${user}`, 9_000);
    discord.fail({ kind: 'status', status: 404, code: 10_062, path: /callback$/ });
    const interaction = discord.slash(user, 'pay', { id: invoiceId });
    await eventually(() => discord.unacknowledged.includes(interaction));
    expect((await world.core.invoicing.invoices.get(invoiceId, world.clock.now()))?.status).toBe('open');
    discord.violations.splice(0);
  });

  deepTest('puts the answer there when Discord is back', async () => {
    await world.linked(`m${user}`, 'model', user);
    discord.fail({ kind: 'status', status: 503, method: 'PATCH', times: 3 });
    expect((await slash('balance')).text).toContain('Your balance');
  });

  deepTest('says so when something breaks on our side', async () => {
    const broken = world.bot(discord, { run: () => Promise.reject(new Error('boom')) });
    await bot.stop();
    await eventually(async () => (await broken.health()).gateway, { withinMs: 20_000 });
    expect((await slash('help')).text).toContain('Something went wrong on our side');
    expect(world.logged.some((line) => line.includes('boom'))).toBe(true);
  });
});
