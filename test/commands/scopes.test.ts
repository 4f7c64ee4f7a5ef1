import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { chatActor } from '../../src/accounts/account.ts';
import { withoutMarks } from '../../src/notices/messages/marks.ts';
import type { Message } from '../../src/notices/messages/message.ts';
import { ALL_BUT_ADMIN, type Scope } from '../../src/rights/scope.ts';
import { deepTest } from '../support/depth.ts';
import { noticesAndWaiting } from '../support/notices.ts';
import { createLateWorld, facts, type LateWorld } from './world.ts';

type Person = Awaited<ReturnType<LateWorld['person']>>;

let world: LateWorld;
let manager: Person;
let other: Person;
beforeAll(async () => {
  world = await createLateWorld();
  manager = await world.person('olga', 'manager', { name: 'Olga' });
  other = await world.person('boris', 'manager');
  await world.person('ava', 'model', { name: 'Ava' });
});
afterAll(() => world.close());
beforeEach(() => give(null));

/** As the owner does by the API. */
async function give(scopes: Scope[] | null, reason = 'her part of the office') {
  return world.core.rights.managers.decide('olga', scopes, { by: 'ops', reason, at: world.clock.now() });
}

const said = (message: Message) => withoutMarks([message.title ?? '', ...message.paragraphs].join('\n'));
const commandsIn = (message: Message) => message.buttons.flat().map(({ command }) => command?.split(' ')[0]);
const inHelp = (message: Message) => facts(message).map(([name]) => name.split(' ')[0]);

describe('a manager without the right', () => {
  it('is told which right it needs, and nothing is done', async () => {
    const invoice = await world.issue('ava', '2026-W11', 5_000);
    await give(['read', 'sanctions']);
    const refused = await manager.type(`/void ${invoice} a mistake of ours`);
    expect(said(refused)).toContain('/void needs the right invoices. Nothing has changed.');
    expect((await world.core.invoicing.invoices.get(invoice, world.clock.now()))?.status).toBe('open');
    expect(said(await manager.type('/settle 2026-04-01:ava REF-1'))).toContain('payouts.approve');
    expect(said(await manager.type(`/why ${invoice}`))).not.toContain('needs the right');
  });

  deepTest('does not see the command in the help, the menu, the keys, suggestions and buttons', async () => {
    await world.person('bea', 'model');
    await world.issue('bea', '2026-W12', 5_000);
    await world.moveTo('2026-04-01T06:00:00Z');
    expect(commandsIn(await manager.type('/model bea'))).toEqual(expect.arrayContaining(['/remind', '/invoice']));
    expect(inHelp(await manager.type('/help'))).toContain('/terminate');
    expect(await manager.suggested('void', '2026')).not.toEqual([]);
    await give(['read']);
    expect(commandsIn(await manager.type('/model bea'))).not.toContain('/remind');
    expect(commandsIn(await manager.type('/model bea'))).toContain('/invoice');
    const help = inHelp(await manager.type('/help'));
    expect(help).toEqual(expect.arrayContaining(['/overdue', '/model', '/help', '/unlink']));
    for (const name of ['/void', '/terminate', '/settle', '/stop', '/replay', '/contact'])
      expect(help).not.toContain(name);
    expect(await manager.suggested('void', '2026')).toEqual([]);
  });

  it('keeps what is theirs alone, even with no right at all', async () => {
    await give([]);
    expect(inHelp(await manager.type('/help'))).toEqual(['/reply', '/console', '/settings', '/help', '/unlink']);
    expect(said(await manager.type('/overdue'))).toContain('/overdue needs the right read.');
    expect(said(await manager.type('/settings'))).not.toContain('needs the right');
  });

  it('is refused at each press of a button from before, and of a question that was asked', async () => {
    const invoice = await world.issue('ava', '2026-W13', 5_000);
    const question = await manager.type(`/void ${invoice} not hers`);
    const pressed = () => manager.confirm(question);
    await give(['read']);
    expect(said(await pressed())).toContain('/void needs the right invoices');
    expect((await world.core.invoicing.invoices.get(invoice, world.clock.now()))?.status).toBe('open');
    await give(['invoices']);
    await pressed();
    expect((await world.core.invoicing.invoices.get(invoice, world.clock.now()))?.status).toBe('void');
  });

  it('has no button for it in what they are told, and the others have', async () => {
    const message = {
      paragraphs: [],
      buttons: [[{ label: 'Replay', command: '/replay evt-1' }], [{ label: 'x', url: 'https://x.example' }]],
    };
    await give(['read']);
    const to = async (accountId: string) =>
      (await world.core.usableFor(message, { accountId, role: 'manager' })).buttons;
    expect(await to('olga')).toEqual([[{ label: 'x', url: 'https://x.example' }]]);
    expect(await to('boris')).toEqual(message.buttons);
  });
});

describe('a decision about a manager', () => {
  it('holds at once, is in the audit trail, and all managers are told', async () => {
    expect(await give(['payouts.prepare', 'read'], 'prepares only')).toEqual({
      ...{ kind: 'decided', scopes: ['read', 'payouts.prepare'], decided: true },
    });
    expect((await give(['read', 'payouts.prepare'])).kind).toBe('unchanged');
    const [latest] = await world.trail('account:olga');
    expect(latest).toMatchObject({ action: 'scopes.decided', actor: 'ops', reason: 'prepares only' });
    for (const accountId of ['olga', 'boris']) {
      const told = await noticesAndWaiting(world.core, accountId, 'manager.scopes');
      expect(JSON.stringify(told)).toContain('payouts.prepare');
    }
    expect((await give(null)).kind).toBe('decided');
    expect((await world.core.rights.managers.heldBy('olga')).scopes).toEqual(ALL_BUT_ADMIN);
  });

  it('holds for the role of a manager alone, and again when it is given back', async () => {
    await give(['read']);
    expect(await world.core.scopesOf({ accountId: 'olga', role: 'model' })).toEqual([]);
    expect(await world.core.scopesOf({ accountId: 'olga', role: 'manager' })).toEqual(['read']);
    expect(said(await other.type('/void x y'))).not.toContain('needs the right');
  });

  it('of nobody is none', async () => {
    const at = world.clock.now();
    const outcome = await world.core.rights.managers.decide('nobody', ['read'], { by: 'ops', reason: 'x', at });
    expect(outcome).toEqual({ kind: 'not-found' });
  });

  it('takes the right to have a request approved from who asked', async () => {
    const [link] = (await world.core.accounts.linksOf(['olga'])).filter(({ channel }) => channel === 'telegram');
    const actor = chatActor('olga', link ?? { channel: 'telegram', ref: '' });
    const may = () => world.core.rights.mayDo(actor, 'payouts.approve');
    expect(await may()).toBe(true);
    await give(['payouts.prepare']);
    expect(await may()).toBe(false);
    await world.become('olga', 'model');
    await give(null);
    expect(await may()).toBe(false);
    await world.become('olga', 'manager');
    expect(await may()).toBe(true);
  });
});

describe('a key that asked for an approval', () => {
  it('may no longer once it is revoked, expired or has other scopes; one of the environment may', async () => {
    const { keys, mayDo } = world.core.rights;
    await keys.create({ name: 'asker', scopes: ['payouts.approve'], expiresAt: null }, 'ops');
    await keys.create({ name: 'preparer', scopes: ['payouts.prepare'], expiresAt: null }, 'ops');
    const may = (name: string) => mayDo(name, 'payouts.approve');
    expect([await may('asker'), await may('preparer'), await may('ops')]).toEqual([true, false, true]);
    await keys.revoke('asker', 'ops');
    expect(await may('asker')).toBe(false);
  });
});
