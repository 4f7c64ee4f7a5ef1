import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountVersion } from '../../src/accounts/account.ts';
import { chatActor, latestVersions, linkOfActor } from '../../src/accounts/account.ts';
import { type Accounts, createAccounts } from '../../src/accounts/accounts.ts';
import { newLinkCode } from '../../src/accounts/linkCode.ts';
import { type AccountStore, createAccountStore } from '../../src/accounts/store.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { deepTest, timesOf } from '../support/depth.ts';
import { textsOver } from '../support/privacy.ts';

const NOW = new Date('2026-11-23T06:00:00Z');
const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

let database: TestDatabase;
let store: AccountStore;
let accounts: Accounts;

beforeAll(async () => {
  database = await testDatabase();
  store = createAccountStore(database.connection);
  accounts = createAccounts(store, {
    texts: textsOver(database.connection),
    onManagersChanged: async () => {},
    onRoleDecided: async () => {},
  });
  await database.buildIndexes();
});
afterAll(() => database.close());
beforeEach(async () => {
  for (const collection of Object.values(store)) await collection.deleteMany({});
});

function version(accountId: string, eventId: string, at: number, name: string): AccountVersion {
  return { eventId, timestamp: new Date(at), data: { accountId, role: 'model', name } };
}

describe('versions', () => {
  it('come out the same in whatever order, batches and repetitions they arrive', async () => {
    const versions = fc.uniqueArray(
      fc.record({
        account: fc.constantFrom('a', 'b'),
        event: fc.integer({ min: 0, max: 99 }),
        at: fc.integer({ min: 0, max: 3 }),
      }),
      { selector: (one) => one.event, minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(versions, fc.infiniteStream(fc.nat()), async (records, random) => {
        for (const collection of Object.values(store)) await collection.deleteMany({});
        const all = records.map((one) => version(one.account, `e${one.event}`, one.at, `${one.event}`));
        const shuffled = [...all, ...all]
          .map((one) => ({ one, key: random.next().value }))
          .sort((x, y) => x.key - y.key);
        const list = shuffled.map(({ one }) => one);
        const cut = random.next().value % list.length;
        await Promise.all([accounts.applyUpdates(list.slice(0, cut)), accounts.applyUpdates(list.slice(cut))]);
        for (const { data } of latestVersions(all)) {
          expect((await accounts.get(data.accountId))?.name).toBe(data.name);
        }
        expect(await store.versions.countDocuments()).toBe(all.length);
      }),
      { numRuns: timesOf(40) },
    );
  });

  it('replace all fields: what the latest does not say is not known', async () => {
    const full = { accountId: 'a', role: 'model', name: 'A', timeZone: 'Europe/Berlin', discountBps: 300 } as const;
    await accounts.applyUpdates([{ eventId: 'e1', timestamp: NOW, data: full }]);
    expect(await accounts.get('a')).toEqual(full);
    await accounts.applyUpdates([version('a', 'e2', later(1).getTime(), 'B')]);
    expect(await accounts.get('a')).toEqual({ accountId: 'a', role: 'model', name: 'B' });
    expect(await accounts.get('x')).toBeNull();
  });

  it('tells which accounts exist, and those of a role', async () => {
    await accounts.applyUpdates([
      version('a', 'e1', 1, 'A'),
      { eventId: 'e2', timestamp: NOW, data: { accountId: 'boss', role: 'manager', name: 'B' } },
    ]);
    expect(await accounts.existing(['a', 'x', 'a'])).toEqual(new Set(['a']));
    expect([...(await accounts.getMany(['a', 'boss', 'x'])).keys()].sort()).toEqual(['a', 'boss']);
    expect(await accounts.idsOfRole('manager')).toEqual(['boss']);
  });

  deepTest('takes in thousands at once', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => version(`m${index}`, `e${index}`, 1, 'M'));
    await accounts.applyUpdates(many);
    await accounts.applyUpdates(many);
    expect(await store.accounts.countDocuments()).toBe(2_000);
  });
});

describe('linking', () => {
  async function codeFor(accountId: string): Promise<string> {
    await accounts.applyUpdates([version(accountId, `e-${accountId}`, 1, accountId)]);
    return (await accounts.createLinkCode(accountId, NOW))?.code ?? '';
  }

  it('needs an account, and a code of which only the hash is stored', async () => {
    expect(await accounts.createLinkCode('nobody', NOW)).toBeNull();
    const code = await codeFor('a');
    expect(code).toMatch(/^[A-HJKMNP-Z2-9]{10}$/);
    expect(JSON.stringify(await store.codes.find().toArray())).not.toContain(code);
    expect(newLinkCode()).not.toBe(newLinkCode());
  });

  it('works once, for fifteen minutes, however it is typed', async () => {
    const code = await codeFor('a');
    const typed = ` ${code.slice(0, 5).toLowerCase()}-${code.slice(5)} `;
    expect(await accounts.link(typed, { channel: 'telegram', userId: '1', chatId: '1' }, later(14))).toMatchObject({
      ...{ kind: 'linked', movedFrom: null, isNew: true },
    });
    expect(await accounts.byLink('telegram', '1')).toMatchObject({ accountId: 'a' });
    expect(await accounts.link(code, { channel: 'telegram', userId: '2', chatId: '2' }, later(14))).toEqual({
      kind: 'invalid-code',
    });
    await accounts.unlink('telegram', '1');
    expect(await accounts.link(code, { channel: 'telegram', userId: '1', chatId: '1' }, later(14))).toEqual({
      kind: 'invalid-code',
    });
    const late = await codeFor('a');
    expect(await accounts.link(late, { channel: 'telegram', userId: '1', chatId: '1' }, later(15))).toEqual({
      kind: 'invalid-code',
    });
  });

  it('gives one code to one of many who try at once', async () => {
    const code = await codeFor('a');
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, user) =>
        accounts.link(code, { channel: 'telegram', userId: `${user}`, chatId: `${user}` }, NOW),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.kind === 'linked')).toHaveLength(1);
    expect(await accounts.linksOf(['a'])).toHaveLength(1);
  });

  deepTest(
    'moves a chat user only when they were asked, and as they were asked; two people may hear for one account',
    async () => {
      const user = { channel: 'telegram', userId: '1', chatId: '1' } as const;
      const recorded: unknown[] = [];
      const record = async (linked: unknown) => void recorded.push(linked);
      const withdraw = async () => void recorded.pop();
      const witness = { record, withdraw, tell: async () => undefined };
      await accounts.link(await codeFor('a'), { channel: 'telegram', userId: '1', chatId: '1' }, NOW);
      const code = await codeFor('b');
      const asked = await accounts.link(code, { channel: 'telegram', userId: '1', chatId: '1' }, NOW, witness);
      expect(asked).toMatchObject({ kind: 'would-move', from: { accountId: 'a' }, to: { accountId: 'b' } });
      expect(await accounts.byLink('telegram', '1')).toMatchObject({ accountId: 'a' });
      const { codeHash = '' } = asked as { codeHash?: string };
      const move = { codeHash, from: 'a', to: 'b' };
      expect(await accounts.moveLink({ ...move, from: 'c' }, user, NOW, witness)).toMatchObject({ kind: 'overtaken' });
      expect(await accounts.moveLink({ ...move, to: 'c' }, user, NOW, witness)).toMatchObject({ kind: 'invalid-code' });
      expect(recorded).toEqual([]);
      expect(await accounts.moveLink(move, user, NOW, witness)).toMatchObject({ kind: 'linked', movedFrom: 'a' });
      expect(await accounts.moveLink(move, user, NOW, witness)).toMatchObject({ kind: 'linked-before' });
      expect(recorded).toHaveLength(1);
      await accounts.link(await codeFor('b'), { channel: 'telegram', userId: '2', chatId: '2' }, NOW);
      await accounts.link(await codeFor('b'), { channel: 'discord', userId: '1', chatId: '1' }, NOW);
      expect(await accounts.linksOf(['a'])).toEqual([]);
      expect(await accounts.linksOf(['a', 'b'])).toHaveLength(3);
      expect(await accounts.unlink('telegram', '1')).toBe(true);
      expect(await accounts.unlink('telegram', '1')).toBe(false);
    },
  );

  it('bounds guessing per user, also at the same moment; a right code then does not help', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, () =>
        accounts.link('WRONGCODE2', { channel: 'telegram', userId: '1', chatId: '1' }, NOW),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.kind === 'invalid-code')).toHaveLength(10);
    const code = await codeFor('a');
    expect(await accounts.link(code, { channel: 'telegram', userId: '1', chatId: '1' }, NOW)).toEqual({
      kind: 'too-many-attempts',
      waitMinutes: 15,
    });
    expect(await accounts.link(code, { channel: 'telegram', userId: '2', chatId: '2' }, NOW)).toMatchObject({
      kind: 'linked',
    });
  });

  it('remembers who cannot be reached, since when, until they are heard of', async () => {
    await accounts.link(await codeFor('a'), { channel: 'telegram', userId: '1', chatId: '1' }, NOW);
    await accounts.markUnreachable('telegram', '1', 'blocked', NOW);
    await accounts.markUnreachable('telegram', '1', 'again', later(1));
    expect((await accounts.linksOf(['a']))[0]?.unreachable).toEqual({ reason: 'blocked', since: NOW });
    await accounts.markReachable('telegram', '1');
    expect((await accounts.linksOf(['a']))[0]?.unreachable).toBeUndefined();
  });

  it('names who acts from a chat so that the chat can be told apart', () => {
    expect(linkOfActor(chatActor('m1', { channel: 'telegram', ref: 'k3Jx9_aQ' }))).toBe('telegram:k3Jx9_aQ');
    expect(linkOfActor('finance')).toBeNull();
    expect(linkOfActor('top-up')).toBeNull();
  });
});
