import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import { KeyLacks } from '../../src/inbox/inbox.ts';
import { PayeesLocked } from '../../src/payees/payees.ts';
import { dumpOf, foundIn } from '../erasure/dump.ts';
import { confirmingButton } from '../support/confirmation.ts';
import { deepTest } from '../support/depth.ts';
import { type TestEvent, tell } from '../support/events.ts';
import { noticesAndWaiting } from '../support/notices.ts';
import { createWorld, PAYEE_KEY, PLATFORM, throwIt } from '../support/world.ts';

const NOW = '2026-03-02T10:00:00Z';
const IN_72_HOURS = new Date('2026-03-05T10:00:00Z');
const IBAN = 'DE89370400440532013000';
const TRON = 'TJRyWwFs9wTFGZg3JbrVriFbNfCug5tDeC';
const NEXT_KEY = Buffer.alloc(32, 7).toString('base64');
const LATER = '2026-03-01T00:00:00Z';

const sepa = { method: 'sepa', name: 'Kim Meyer', iban: 'DE89 3704 0044 0532 0130 00', bic: 'COBADEFFXXX' };
const paypal = { method: 'paypal', email: 'kim.meyer@example.com' };
const usdt = { method: 'usdt-trc20', address: TRON };
const SECRETS = [IBAN, '3704 0044', 'COBADEFF', 'Kim Meyer', 'kim.meyer', TRON];

const world = await createWorld({ startsAt: NOW, environment: PLATFORM, onError: throwIt });
afterAll(world.close);

beforeEach(async () => {
  await world.reset(NOW);
  await world.restart(undefined, [PAYEE_KEY]);
  await world.send(tell.account('kim', 'affiliate'), tell.account('olga', 'manager'));
  await world.link('kim', 'telegram', '1');
  await world.link('olga', 'telegram', '2');
});

const shown = async () => (await world.core.payees.shownOf(['kim'])).get('kim');
const statusOf = async (id: string) => (await world.core.inbox.get(id))?.status;
const set = (payee: Parameters<typeof world.core.payees.set>[0]['payee'], more = {}) =>
  world.core.payees.set({ accountId: 'kim', payee, actor: 'ops', ...more }, world.clock.now());

/** What is told kim and the managers of payees, by kind. */
async function told(kind: string): Promise<Record<string, unknown>[]> {
  const found = await world
    .collection('notice_deliveries')
    .find({ 'content.kind': kind } as object)
    .toArray();
  return found as unknown as Record<string, unknown>[];
}

/** How often somebody is told of a hold as such. */
async function toldOfHolds(accountId: string): Promise<number> {
  const kind = accountId === 'kim' ? 'payout.held' : 'manager.payout_held';
  return (await noticesAndWaiting(world.core, accountId, kind)).length;
}

async function kindsOfBodies(filter: object): Promise<string[]> {
  const kinds: string[] = [];
  for await (const [, { kind }] of world.core.inbox.bodies.stream(filter)) kinds.push(kind);
  return kinds;
}

async function holds() {
  return world.core.paydays.holds.ofAccount('kim', world.clock.now());
}

async function verified(): Promise<string[]> {
  return world.core.verify();
}

describe('an event', () => {
  it('is stored so that the database alone tells nobody, and shown masked', async () => {
    await world.send(tell.payee('1', 'kim', sepa));
    await world.send(tell.payee('2', 'kim', { ...paypal, at: LATER }));
    await set({ method: 'usdt-trc20', address: TRON });
    expect(await shown()).toMatchObject({ method: 'usdt-trc20', masked: 'TJRy … tDeC', version: 3, by: 'ops' });
    const event = await world.core.inbox.get('payee-1');
    expect(event?.data).toEqual({ accountId: 'kim', method: 'sepa', iban: 'DE89 … 3000', bic: '…', name: '…' });
    // Whoever has the whole database has the secrets of accounts and days, too: only the key of the environment is missing.
    expect(foundIn(await dumpOf(world.connection), SECRETS)).toEqual([]);
    expect(await verified()).toEqual([]);
    await world.restart(undefined, []);
    expect(await kindsOfBodies({ type: 'payee.updated' })).toEqual(['locked', 'locked']);
    await expect(world.core.payees.of(['kim'])).rejects.toThrow(PayeesLocked);
  });

  it('is the same when it comes again, and another when it says otherwise', async () => {
    const event = tell.payee('1', 'kim', sepa);
    expect(await world.receive(event, event)).toEqual(expect.arrayContaining(['accepted', 'duplicate']));
    await world.drain();
    expect(await world.receive(event)).toEqual(['duplicate']);
    expect(await world.receive({ ...event, data: { ...event.data, name: 'Kim Mayer' } })).toEqual(['conflict']);
    await world.core.inbox.replay('payee-1');
    await world.drain();
    expect(await shown()).toMatchObject({ version: 1 });
  });

  deepTest('waits for its account, and holds by its timestamp, of equal ones the greater id', async () => {
    await world.send(tell.payee('9', 'lee', usdt));
    expect(await statusOf('payee-9')).toBe('waiting');
    await world.send(tell.account('lee', 'marketer'));
    expect(await statusOf('payee-9')).toBe('applied');
    await world.send(tell.payee('b', 'kim', { ...paypal, at: LATER }));
    await world.send(tell.payee('c', 'kim', sepa), tell.payee('a', 'kim', { ...sepa, at: LATER }));
    expect(await shown()).toMatchObject({ method: 'paypal', version: 1 });
    await world.send(tell.payee('d', 'kim', { ...sepa, at: LATER }));
    expect(await shown()).toMatchObject({ method: 'sepa', version: 2 });
    expect(await verified()).toEqual([]);
  });

  it('that is dated ahead is quarantined, and one that is misspelt is ignored, its body as safe', async () => {
    await world.send(tell.payee('1', 'kim', { ...sepa, at: '2026-04-01T00:00:00Z' }));
    expect(await statusOf('payee-1')).toBe('quarantined');
    const misspelt: TestEvent = { ...tell.payee('2', 'kim', { ...sepa, iBan: IBAN }), type: 'payee.update' };
    const body = JSON.stringify(misspelt);
    await world.core.inbox.receive({ ...misspelt, timestamp: new Date(NOW), body, known: false });
    expect((await world.core.inbox.get('payee-2'))?.data).toMatchObject({ iban: 'DE89 … 3000', iBan: '…' });
    await world.restart(undefined, []);
    expect(await kindsOfBodies({ _id: 'payee-2' })).toEqual(['locked']);
  });
});

describe('a change', () => {
  deepTest(
    'holds payouts for 72 hours and is told at once, at night too; the first one and the same again hold nothing',
    async () => {
      world.pin('2026-03-02T23:30:00Z');
      await world.send(tell.payee('1', 'kim', sepa));
      await world.send(tell.payee('1b', 'kim', { ...sepa, at: '2026-02-01T00:00:00Z' }));
      expect(await holds()).toBeNull();
      expect(await told('payee.changed')).toMatchObject([{ content: { data: { before: null, heldUntil: null } } }]);
      await world.send(tell.payee('2', 'kim', { ...paypal, at: LATER }));
      const until = new Date('2026-03-05T23:30:00Z');
      expect(await holds()).toMatchObject({ until });
      // The managers hear of the hold; its person has heard of it by the change.
      expect([await toldOfHolds('kim'), await toldOfHolds('olga')]).toEqual([0, 1]);
      const changes = await told('payee.changed');
      expect(changes).toHaveLength(2);
      expect(changes.at(-1)).toMatchObject({ state: 'due', content: { data: { heldUntil: until } } });
      world.pin(new Date(until.getTime() - 1));
      expect(await holds()).not.toBeNull();
      world.pin(until);
      expect(await holds()).toBeNull();
      expect(await verified()).toEqual([]);
    },
  );

  deepTest('is on record, masked, with who made it; who removed one and sets another has changed it', async () => {
    await set({ method: 'paypal', email: paypal.email });
    expect(await set(null, { reason: 'asked by mail' })).toMatchObject({ kind: 'done', standing: { shown: null } });
    expect(await holds()).toBeNull();
    expect(await world.core.payees.missingOf(['kim', 'olga'])).toEqual(new Set(['kim', 'olga']));
    world.pin('2026-03-03T00:00:00Z');
    await set({ method: 'paypal', email: paypal.email }, { actor: 'olga' });
    expect(await holds()).toMatchObject({ until: new Date('2026-03-06T00:00:00Z') });
    const since = new Date('2026-03-02T20:00:00Z');
    expect(await world.core.payees.changesBy(['kim', 'olga'], since)).toEqual([
      { actor: 'olga', accountId: 'kim', what: 'payee.changed', at: world.clock.now() },
    ]);
    const { items } = await world.core.audit.list({ subject: 'account:kim', limit: 50 });
    const records = items.filter(({ action }) => action.startsWith('payee.'));
    expect(records.map(({ action, actor, reason }) => [action, actor, reason])).toEqual([
      ['payee.changed', 'olga', null],
      ['payee.removed', 'ops', 'asked by mail'],
      ['payee.changed', 'ops', null],
    ]);
    expect(records[1]?.before).toEqual({ method: 'paypal', masked: 'k…@example.com' });
    expect(await verified()).toEqual([]);
  });

  deepTest('that is cut off is finished, once', async () => {
    await set({ method: 'paypal', email: paypal.email });
    await set({ method: 'usdt-trc20', address: TRON });
    const payees = world.collection('payees');
    const pending = { before: { method: 'paypal', masked: 'k…@example.com' }, isFirst: false };
    await payees.updateOne({ _id: 'kim' }, { $set: { pending } } as object);
    await world.collection('notice_deliveries').deleteMany({});
    expect(await world.core.followUps.pending()).toMatchObject([{ kind: 'payees', acts: [{ id: 'kim' }] }]);
    await set({ method: 'usdt-trc20', address: TRON });
    expect(await world.core.followUps.pending()).toEqual([]);
    expect(await told('payee.changed')).toHaveLength(1);
    expect(await holds()).toMatchObject({ until: IN_72_HOURS });
  });

  deepTest('can be disputed: payouts stay held until a manager releases them, and managers are told once', async () => {
    expect(await world.core.payees.deny('kim', 'kim', world.clock.now())).toEqual({ kind: 'not-found' });
    await set({ method: 'paypal', email: paypal.email });
    const chat = { channel: 'telegram' as const, userId: '1', chatId: '1' };
    const question = await world.core.runCommand(chat, '/dispute', { isPress: true });
    expect(await holds()).toBeNull();
    const { command } = confirmingButton(question);
    for (const _press of ['once', 'again']) {
      const answer = await world.core.runCommand(chat, command, { isPress: true });
      expect(answer).toMatchObject({ state: 'stopped', title: 'Your payouts are held' });
    }
    world.pin('2026-08-01T00:00:00Z');
    expect(await holds()).not.toBeNull();
    expect(await told('manager.payee_denied')).toHaveLength(1);
    // That says that the payouts are held.
    expect(await toldOfHolds('olga')).toBe(0);
    const by = { subject: { accountId: 'kim' }, reason: 'spoke with kim', actor: 'olga' };
    await world.core.paydays.holds.release(by, world.clock.now());
    expect(await holds()).toBeNull();
  });

  deepTest('is simulated without a trace', async () => {
    await set({ method: 'paypal', email: paypal.email });
    const before = await dumpOf(world.connection);
    const outcome = await set({ method: 'usdt-trc20', address: TRON }, { simulated: true });
    expect(outcome).toMatchObject({ kind: 'done', standing: { version: 2, heldUntil: IN_72_HOURS } });
    expect(await dumpOf(world.connection)).toEqual(before);
  });
});

describe('keys', () => {
  deepTest('are rotated by naming two; when everything is encrypted anew, the old one can go', async () => {
    const event = tell.payee('1', 'kim', sepa);
    await world.send(event);
    await world.restart(undefined, [NEXT_KEY, PAYEE_KEY]);
    await world.send(tell.account('lee', 'marketer'), tell.payee('2', 'lee', usdt));
    expect((await world.core.payees.of(['kim', 'lee'])).get('kim')?.payee).toMatchObject({ iban: IBAN });
    expect(await world.core.payees.rekey()).toEqual({ payees: 1, secrets: 1, unread: 0, lacking: [] });
    expect(await world.core.payees.rekey()).toEqual({ payees: 0, secrets: 0, unread: 0, lacking: [] });
    await world.restart(undefined, [NEXT_KEY]);
    expect((await world.core.payees.of(['kim', 'lee'])).size).toBe(2);
    expect(await world.receive(event)).toEqual(['duplicate']);
    expect(await world.receive({ ...event, data: { ...event.data, iban: 'NO9386011117947' } })).toEqual(['conflict']);
    expect(await verified()).toEqual([]);
    await world.restart(undefined, [PAYEE_KEY]);
    await expect(world.core.payees.of(['kim'])).rejects.toThrow(PayeesLocked);
  });

  it('that lack are named, and stop nothing else; what came meanwhile takes effect when they are there', async () => {
    const event = tell.payee('1', 'kim', sepa);
    await world.receive(event);
    await world.restart(undefined, [NEXT_KEY]);
    await world.send(tell.account('lee', 'marketer'), tell.payee('2', 'lee', usdt));
    expect([await statusOf('payee-1'), await statusOf('payee-2')]).toEqual(['waiting', 'applied']);
    const [key = ''] = await world.core.payees.lackingKeys();
    expect((await world.core.inbox.get('payee-1'))?.waitsFor).toEqual([`payeeKey:${key}`]);
    await expect(world.receive(event)).rejects.toThrow(KeyLacks);
    expect(await world.core.inbox.replay('payee-1')).toMatchObject({ kind: 'refused', reason: 'event_locked' });
    expect(await verified()).toEqual([`events/payee-1: its body needs a key that PAYEE_KEYS does not name`]);
    expect(await world.core.payees.rekey()).toMatchObject({ lacking: [key] });
    await world.restart(undefined, [NEXT_KEY, PAYEE_KEY]);
    await world.core.inboxWorker.repair();
    await world.drain();
    expect(await shown()).toMatchObject({ masked: 'DE89 … 3000' });
    await world.restart(undefined, [NEXT_KEY]);
    await expect(world.core.payees.of(['kim', 'lee'])).resolves.toHaveProperty('size', 2);
  });

  deepTest('there are none: payees are off, nothing of them is stored, everything else goes on', async () => {
    await world.restart(undefined, []);
    const events = world.receive(tell.payee('1', 'kim', sepa));
    await expect(events).rejects.toThrow(/PAYEE_KEYS is not set/);
    expect(await world.core.inbox.get('payee-1')).toBeNull();
    expect(await set({ method: 'paypal', email: paypal.email })).toMatchObject({
      kind: 'refused',
      reason: 'payees_off',
    });
    await world.send(tell.account('lee', 'marketer'));
    expect(await statusOf('account-lee')).toBe('applied');
    expect(await world.core.payees.rekey()).toBe('off');
    expect(await verified()).toEqual([]);
  });
});

deepTest('an erased account has no payee any more, and nobody can read what there was', async () => {
  await world.send(tell.payee('1', 'kim', sepa));
  expect(await world.core.erasures.request('kim', 'ops')).toMatchObject({ kind: 'requested' });
  await world.core.erasures.run();
  expect(await world.collection('payees').countDocuments()).toBe(0);
  expect(await world.core.inbox.get('payee-1')).toMatchObject({ data: null, erased: true });
  await world.send(tell.payee('2', 'kim', { ...paypal, at: LATER }));
  expect((await world.core.inbox.get('payee-2'))?.error).toBe('kim is erased, and stays so');
  expect(await verified()).toEqual([]);
});

deepTest('verify names what was spoilt, without a word of it', async () => {
  await world.send(tell.payee('1', 'kim', sepa));
  await world.send(tell.payee('2', 'kim', { ...paypal, at: LATER }));
  await world.send(tell.account('lee', 'marketer'), tell.payee('3', 'lee', usdt));
  const payees = world.collection('payees');
  const good = await payees.findOne({ _id: 'kim' });
  const spoil = async (change: object): Promise<string[]> => {
    await payees.updateOne({ _id: 'kim' }, change);
    const lines = await verified();
    await payees.replaceOne({ _id: 'kim' }, good as object);
    return lines;
  };
  const lee = (await payees.findOne({ _id: 'lee' })) as { encrypted?: unknown } | null;
  expect(await spoil({ $set: { encrypted: lee?.encrypted } })).toEqual(['payees/kim: it is not what was stored']);
  expect(await spoil({ $set: { shown: { method: 'sepa', masked: 'NO93 … 7947' } } })).toEqual([
    'payees/kim: what is shown is not what it says',
    'payees/kim: version 2 is not what is on record',
  ]);
  expect(await spoil({ $set: { versionId: 'payee-1', at: new Date('2026-01-01T00:00:00Z') } })).toEqual([
    'payees/kim: event payee-2 is a later version than the one that holds',
    'payees/kim is not what event payee-1 says',
  ]);
  expect(await spoil({ $set: { actor: 'nobody' } })).toEqual(['payees/kim: version 2 is not what is on record']);
  await payees.deleteOne({ _id: 'kim' });
  expect(await verified()).toEqual([
    'payees/kim is missing, though event payee-1 was applied',
    'payees/kim is missing, though event payee-2 was applied',
    'payees/kim: version 1 is on record, and it is not there',
    'payees/kim: version 2 is on record, and it is not there',
  ]);
});
