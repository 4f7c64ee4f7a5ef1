import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import { createConsole } from '../../src/console/console.ts';
import type { Ended } from '../../src/console/endings.ts';
import { LINK_SECONDS, LINKS_A_MINUTE } from '../../src/console/links.ts';
import { type OpenOutcome, SESSION_HOURS, SESSIONS_OF_AN_ACCOUNT } from '../../src/console/sessions.ts';
import { createConsoleStore } from '../../src/console/store.ts';
import { createWorld, throwIt } from '../support/world.ts';

/** Who gets into the console, by a link and what it opens, and how long they stay: two processes over one database. */

const world = await createWorld({ processes: 2, onError: throwIt });
afterAll(world.close);

const person = { channel: 'telegram' as const, userId: '7' };
const from = { network: '203.0.113.7', userAgent: 'Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0' };
const START = '2026-03-16T10:00:00Z';

beforeEach(async () => {
  await world.reset(START);
  await world.collection('console_links').deleteMany({});
  await world.account('ava', 'model');
  await world.account('kim', 'model');
  await world.link('ava', 'telegram', 7);
});

const here = () => world.core.console;
function there() {
  const second = world.processes[1]?.console;
  if (second === undefined) throw new Error('a second process was asked for');
  return second;
}

const later = (seconds: number) => world.pin(new Date(world.clock.now().getTime() + seconds * 1_000));

async function newLink(): Promise<string> {
  const link = await here().links.create(person, { accountId: 'ava' }, world.clock.now());
  if (link.kind !== 'created') throw new Error(link.kind);
  return link.token;
}

function opened(outcome: OpenOutcome) {
  if (outcome.kind !== 'opened') throw new Error(outcome.kind);
  return outcome;
}

const signIn = async () => opened(await here().sessions.redeem(await newLink(), from));

async function trail(): Promise<string[]> {
  const { items } = await world.core.audit.list({ subject: 'account:ava', limit: 50 });
  return items
    .filter(({ action }) => action.startsWith('console.'))
    .map(({ action, actor, after }) => `${action} ${(after as { cause?: string }).cause ?? ''} ${actor.split(':')[0]}`)
    .reverse();
}

describe('a link', () => {
  it('opens a session of the account that the chat speaks for, which the trail says', async () => {
    const { token, session, account, actor } = await signIn();
    expect(session).toMatchObject({ accountId: 'ava', way: 'link', agent: 'Firefox, Windows', network: '203.0.113.7' });
    expect(session.expiresAt.toISOString()).toBe('2026-03-16T18:00:00.000Z');
    expect(actor).toMatch(/^ava via telegram:/);
    expect(account.role).toBe('model');
    expect((await there().sessions.of(token))?.session.sessionId).toBe(session.sessionId);
    expect(await trail()).toEqual(['console.opened  ava via telegram']);
  });

  it('stores neither its token nor the session’s', async () => {
    const link = await newLink();
    const { token } = opened(await here().sessions.redeem(link, from));
    const stored = await Promise.all(
      ['console_links', 'console_sessions', 'audit_records'].map((name) => world.collection(name).find({}).toArray()),
    );
    expect(JSON.stringify(stored)).not.toContain(link);
    expect(JSON.stringify(stored)).not.toContain(token);
  });

  it('ends with its minute, by the service’s clock and by the real one', async () => {
    const link = await newLink();
    later(LINK_SECONDS);
    expect(await here().sessions.redeem(link, from)).toEqual({ kind: 'invalid' });
    const held = await newLink();
    const aMinuteAgo = new Date(Date.now() - LINK_SECONDS * 1_000);
    await world.collection('console_links').updateMany({ isLive: true }, { $set: { storedAt: aMinuteAgo } });
    expect(await here().sessions.redeem(held, from)).toEqual({ kind: 'invalid' });
    expect(await trail()).toEqual([]);
  });

  it('ends the unused one before it', async () => {
    const first = await newLink();
    const second = await newLink();
    expect(await here().sessions.redeem(first, from)).toEqual({ kind: 'invalid' });
    expect((await here().sessions.redeem(second, from)).kind).toBe('opened');
  });

  it('is made five times a minute for a chat user at most, also at once and by two processes', async () => {
    const made = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        (index % 2 === 0 ? here() : there()).links.create(person, { accountId: 'ava' }, world.clock.now()),
      ),
    );
    const created = made.filter(({ kind }) => kind === 'created');
    expect(created.length).toBeLessThanOrEqual(LINKS_A_MINUTE);
    expect(await world.collection('console_links').countDocuments({ isLive: true })).toBeLessThanOrEqual(1);
    for (let index = created.length; index < LINKS_A_MINUTE; index += 1) await newLink();
    const refused = await here().links.create(person, { accountId: 'ava' }, world.clock.now());
    expect(refused).toMatchObject({ kind: 'too-many' });
    const other = await here().links.create({ ...person, userId: '8' }, { accountId: 'kim' }, world.clock.now());
    expect(other.kind).toBe('created');
  });

  it('is made again though the clock was set back: what was made later than now holds nobody up', async () => {
    for (let index = 0; index < LINKS_A_MINUTE; index += 1) await newLink();
    const anHourOn = new Date(Date.now() + 3_600_000);
    await world.collection('console_links').updateMany({}, { $set: { storedAt: anHourOn } });
    expect((await here().sessions.redeem(await newLink(), from)).kind).toBe('opened');
  });

  it('opens nothing once the chat speaks for nobody, or for another', async () => {
    const unlinked = await newLink();
    await world.core.accounts.unlink('telegram', '7');
    expect(await here().sessions.redeem(unlinked, from)).toEqual({ kind: 'not-linked' });
    await world.link('ava', 'telegram', 7);
    const moved = await newLink();
    await world.link('kim', 'telegram', 7);
    expect(await here().sessions.redeem(moved, from)).toEqual({ kind: 'not-linked' });
  });
});

describe('a link that is used twice', () => {
  it('ends what its first use has opened, and is told once', async () => {
    const told: Ended[] = [];
    const watched = createConsole({
      store: createConsoleStore(world.connection),
      ...{ accounts: world.core.accounts, audit: world.core.audit, clock: world.clock },
      onStolen: async (ended) => void told.push(ended),
    });
    const link = await newLink();
    const { token } = opened(await watched.sessions.redeem(link, from));
    later(3_600);
    const thief = { network: '198.51.100.9', userAgent: 'curl/8' };
    expect(await watched.sessions.redeem(link, thief)).toEqual({ kind: 'invalid' });
    expect(await watched.sessions.redeem(link, thief)).toEqual({ kind: 'invalid' });
    expect(await watched.sessions.of(token)).toBeNull();
    expect(told.map(({ cause, session }) => [cause, session.accountId])).toEqual([['link-used-again', 'ava']]);
    expect(await trail()).toEqual(['console.opened  ava via telegram', 'console.ended link-used-again service']);
  });

  it('leaves nobody in when it is used twice at once', async () => {
    for (let round = 0; round < 4; round += 1) {
      const link = await newLink();
      const outcomes = await Promise.all([here(), there()].map(({ sessions }) => sessions.redeem(link, from)));
      const tokens = outcomes.flatMap((outcome) => (outcome.kind === 'opened' ? [outcome.token] : []));
      expect(tokens.length).toBeLessThanOrEqual(1);
      for (const token of tokens) expect(await there().sessions.of(token)).toBeNull();
      expect(await here().sessions.list('ava')).toEqual([]);
    }
    expect((await trail()).filter((line) => line.startsWith('console.ended'))).toHaveLength(4);
  });
});

describe('a session', () => {
  it('has another token after an hour; the old one works a minute more, and ends it after that', async () => {
    const { token, session } = await signIn();
    later(3_599);
    expect((await here().sessions.of(token))?.nextToken).toBeUndefined();
    later(1);
    const both = await Promise.all([here(), there()].map(({ sessions }) => sessions.of(token)));
    const next = both.flatMap((current) => current?.nextToken ?? []);
    expect(both.every((current) => current?.session.sessionId === session.sessionId)).toBe(true);
    expect(next).toHaveLength(1);
    later(59);
    expect((await here().sessions.of(token))?.nextToken).toBeUndefined();
    expect((await there().sessions.of(next[0] ?? ''))?.session.sessionId).toBe(session.sessionId);
    later(1);
    expect(await here().sessions.of(token)).toBeNull();
    expect(await here().sessions.of(next[0] ?? '')).toBeNull();
    expect(await trail()).toEqual(['console.opened  ava via telegram', 'console.ended old-token service']);
  });

  it('is ended by a token that was rotated twice', async () => {
    const { token } = await signIn();
    let current = token;
    for (let hour = 0; hour < 2; hour += 1) {
      later(3_600);
      current = (await here().sessions.of(current))?.nextToken ?? '';
    }
    expect(await here().sessions.of(current)).not.toBeNull();
    expect(await here().sessions.of(token)).toBeNull();
    expect(await here().sessions.of(current)).toBeNull();
  });

  it('ends after eight hours, by either clock, whether or not anybody uses it', async () => {
    const { token } = await signIn();
    const rotated = async (used: string) => (await here().sessions.of(used))?.nextToken ?? used;
    let current = token;
    for (let hour = 1; hour < SESSION_HOURS; hour += 1) {
      later(3_600);
      current = await rotated(current);
    }
    later(3_599);
    expect(await here().sessions.of(current)).not.toBeNull();
    later(1);
    expect(await here().sessions.of(current)).toBeNull();
    const second = await signIn();
    const long = new Date(Date.now() - SESSION_HOURS * 3_600_000);
    await world.collection('console_sessions').updateMany({}, { $set: { storedAt: long } });
    expect(await here().sessions.of(second.token)).toBeNull();
    const third = await signIn();
    later(SESSION_HOURS * 3_600);
    await world.core.followUps.look();
    await world.core.followUps.look();
    expect(await world.collection('console_sessions').countDocuments()).toBe(0);
    expect(await here().sessions.of(third.token)).toBeNull();
    expect((await trail()).filter((line) => line === 'console.ended expired service')).toHaveLength(3);
  });

  it('ends with its chat link, also when the chat is linked anew, and when it comes to speak for another', async () => {
    for (const change of [
      async () => world.core.accounts.unlink('telegram', '7'),
      async () => world.link('ava', 'telegram', 7),
      async () => world.link('kim', 'telegram', 7),
    ]) {
      await world.link('ava', 'telegram', 7);
      await world.collection('console_links').deleteMany({});
      const { token } = await signIn();
      later(60);
      await change();
      expect(await there().sessions.of(token)).toBeNull();
      expect(await here().sessions.list('ava')).toEqual([]);
    }
    expect((await trail()).filter((line) => line === 'console.ended chat-unlinked service')).toHaveLength(3);
  });

  it('reads the role anew at each call', async () => {
    const { token } = await signIn();
    await world.account('ava', 'manager');
    expect((await there().sessions.of(token))?.account.role).toBe('manager');
  });

  it('is listed and ended by its account alone, by itself and all together', async () => {
    const [first, second, third] = [await signIn(), await signIn(), await signIn()];
    expect((await here().sessions.list('ava')).map(({ sessionId }) => sessionId)).toHaveLength(3);
    expect(await here().sessions.list('kim')).toEqual([]);
    expect(await here().sessions.end('kim', first.session.sessionId)).toBe(false);
    expect(await here().sessions.end('ava', first.session.sessionId, 'ava via telegram:x')).toBe(true);
    expect(await here().sessions.end('ava', first.session.sessionId)).toBe(false);
    expect(await there().sessions.of(first.token)).toBeNull();
    expect(await here().sessions.signOut(second)).toBe(true);
    expect(await there().sessions.of(second.token)).toBeNull();
    expect(await there().sessions.of(third.token)).not.toBeNull();
    expect(await here().sessions.endAll('ava')).toBe(1);
    expect(await there().sessions.of(third.token)).toBeNull();
    expect((await trail()).slice(3)).toEqual([
      'console.ended ended ava via telegram',
      'console.ended signed-out ava via telegram',
      'console.ended ended ava',
    ]);
  });

  it('is one of ten: one more ends the oldest', async () => {
    const open = async () => opened(await here().sessions.openFor(person, from));
    const oldest = await open();
    for (let index = 1; index < SESSIONS_OF_AN_ACCOUNT; index += 1) {
      later(1);
      await open();
    }
    expect(await here().sessions.of(oldest.token)).not.toBeNull();
    later(1);
    await open();
    expect(await here().sessions.of(oldest.token)).toBeNull();
    expect(await here().sessions.list('ava')).toHaveLength(SESSIONS_OF_AN_ACCOUNT);
  });

  it('is none the longer, and rotates none the less, for a clock that is set back and on again', async () => {
    const { token } = await signIn();
    later(-3_600);
    expect((await there().sessions.of(token))?.nextToken).toBeUndefined();
    later(2 * 3_600);
    const next = (await there().sessions.of(token))?.nextToken ?? '';
    expect(next).not.toBe('');
    later(SESSION_HOURS * 3_600 - 3_601);
    expect(await here().sessions.of(next)).not.toBeNull();
    later(1);
    expect(await here().sessions.of(next)).toBeNull();
  });

  it('ends with the erasure of its person, as the trail says; nothing of it is left, nor of a link', async () => {
    const { token } = await signIn();
    const link = await newLink();
    await world.core.erasures.request('ava', 'ops');
    await world.travelTo(world.clock.now());
    expect(await world.core.erasures.get('ava')).toMatchObject({ status: 'erased' });
    expect(await trail()).toEqual(['console.opened  ava via telegram', 'console.ended erased service']);
    expect(await there().sessions.of(token)).toBeNull();
    expect(await there().sessions.redeem(link, from)).toEqual({ kind: 'invalid' });
    for (const name of ['console_links', 'console_sessions']) {
      expect([name, await world.collection(name).countDocuments()]).toEqual([name, 0]);
    }
  });

  it('ends at once where an erasure waits for something: it opens nothing from the request on', async () => {
    const { token } = await signIn();
    await world.core.erasures.request('ava', 'ops');
    await world.core.erasures.run().catch(() => undefined);
    expect(await there().sessions.of(token)).toBeNull();
    expect((await trail()).at(-1)).toBe('console.ended erased service');
  });

  it('outlives a restart, and an ending that was cut off is finished', async () => {
    const { token, session } = await signIn();
    await world.restart();
    expect((await here().sessions.of(token))?.session.sessionId).toBe(session.sessionId);
    const ended = { cause: 'ended', by: 'ava', at: world.clock.now() };
    await world.collection('console_sessions').updateOne({ _id: session.sessionId }, { $set: { ended } });
    expect(await here().sessions.of(token)).toBeNull();
    await world.core.followUps.look();
    await world.core.followUps.look();
    expect(await trail()).toEqual(['console.opened  ava via telegram', 'console.ended ended ava']);
    expect(await world.collection('console_sessions').countDocuments()).toBe(0);
  });

  it('is nobody’s for what is no token', async () => {
    for (const token of ['', 'x', 'A'.repeat(43), '../../etc', 'ä'.repeat(43)]) {
      expect(await here().sessions.of(token)).toBeNull();
      expect(await here().sessions.redeem(token, from)).toEqual({ kind: 'invalid' });
    }
  });
});
