import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deepTest } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import { eventually } from '../../support/eventually.ts';
import { browserOf, consoleService, signedIn } from './fixture.ts';

/** What somebody in the console hears of, and until when. */

const service = await consoleService({ liveTimes: { heartbeatMs: 60_000, lifeMs: 120_000 } }, { processes: 2 });
const { world } = service;
const app = service.consoleApp();
beforeAll(async () => {
  await world.reset(new Date('2026-11-22T23:00:00Z'));
  for (const [name, role] of [
    ['ava', 'model'],
    ['kim', 'model'],
    ['boss', 'manager'],
    ['mo', 'manager'],
  ] as const) {
    await world.account(name, role);
  }
  for (const [name, user] of [
    ['ava', 7],
    ['boss', 9],
    ['mo', 11],
  ] as const) {
    await world.link(name, 'telegram', user);
  }
});
afterAll(async () => {
  await service.live.stop();
  await world.processes[1]?.live.stop();
  await service.database.close();
});

type Browser = Pick<ReturnType<typeof browserOf>, 'get'>;

/** What a browser hears from now on. */
async function listening(browser: Browser) {
  const response = await browser.get('/v1/live');
  expect(response.status).toBe(200);
  let text = '';
  let hasEnded = false;
  const read = async () => {
    for await (const part of response.body ?? []) text += Buffer.from(part).toString();
    hasEnded = true;
  };
  const reading = read();
  return { text: () => text, hasEnded: () => hasEnded, reading };
}

describe('GET /v1/live in the console', () => {
  it('tells a model of her invoice, and nothing of another’s', async () => {
    const ava = await listening(await signedIn(service, app, 'ava', '7'));
    const boss = await listening(await signedIn(service, app, 'boss', '9'));
    await world.send(
      tell.account('ct', 'marketer'),
      ...['ava', 'kim'].flatMap((model) => [
        tell.campaign(`c-${model}`, model, 'ct', 2_000),
        tell.payment(`p-${model}`, 5_000, '2026-11-19T10:00:00Z', { campaignId: `c-${model}` }),
      ]),
    );
    await world.travelTo('2026-11-23T06:00:00Z');
    for (const model of ['ava', 'kim']) await eventually(() => boss.text().includes(`invoice:2026-W47:${model}`));
    await eventually(() => ava.text().includes('invoice:2026-W47:ava'));
    expect(ava.text()).not.toMatch(/kim|account:ct/);
    expect(ava.hasEnded()).toBe(false);
  });

  deepTest('ends with the role, the session or the chat that somebody came by', async () => {
    const mo = await signedIn(service, app, 'mo', '11');
    const asManager = await listening(mo);
    await world.send(tell.account('mo', 'model'));
    const began = performance.now();
    await eventually(asManager.hasEnded);
    expect(performance.now() - began).toBeLessThan(5_000);
    // Who is there now hears what a model does, until that is over, too.
    expect((await mo.get('/v1/overdue')).status).toBe(403);

    const ava = await signedIn(service, app, 'ava', '7');
    const other = await signedIn(service, app, 'ava', '7');
    const [ending, staying] = [await listening(ava), await listening(other)];
    await ava.send('DELETE', '/console/session');
    await eventually(ending.hasEnded);
    expect(staying.hasEnded()).toBe(false);
    await service.accounts.endLinks('ava', { channel: 'telegram' }, async () => undefined);
    // The unlinking bears a record where the service does it; here anything else that changes shows it.
    await world.send(tell.account('kim', 'model', { name: 'Kim' }));
    await eventually(staying.hasEnded);
    expect((await other.get('/v1/me')).status).toBe(401);
  });

  deepTest('ends with a scope that is taken away, and tells a manager who stays nothing less', async () => {
    const boss = await signedIn(service, app, 'boss', '9');
    const stream = await listening(boss);
    const decision = { by: 'ops', reason: 'for now', at: world.clock.now() };
    await world.core.rights.managers.decide('boss', ['read'], decision);
    await eventually(stream.hasEnded);
    // Whoever comes back listens with what is left.
    const again = await listening(boss);
    await world.send(tell.account('kim', 'model', { name: 'Kim Lee' }));
    await eventually(() => again.text().includes('account:kim'));
    expect(again.hasEnded()).toBe(false);
  });
});

describe('GET /v1/live with a key', () => {
  deepTest('ends when the key is revoked, also where nothing else happens; another key’s goes on', async () => {
    const keys = await Promise.all(
      ['reports', 'archive'].map(async (name) => {
        const made = await world.core.rights.keys.create({ name, scopes: ['read'], expiresAt: null }, 'ops');
        if (made.kind !== 'done') throw new Error(made.kind);
        return listening(browserOf(app, { authorization: `Bearer ${made.key}` }));
      }),
    );
    const [reports, archive] = keys;
    await world.core.rights.keys.revoke('reports', 'ops');
    // The sign of life that would find it out comes a minute later here.
    await eventually(() => reports?.hasEnded() === true);
    expect(archive?.hasEnded()).toBe(false);
  });
});

describe('GET /v1/live, where another process ends what opened it', () => {
  it('ends with a key that is revoked there and with a session that is ended there, at its next look', async () => {
    const second = world.processes[1];
    if (second === undefined) throw new Error('a second process was asked for');
    const there = service.consoleApp({ ...second, ...second.invoicing, ...second.standing, metrics: new Registry() });
    const made = await world.core.rights.keys.create({ name: 'two', scopes: ['read'], expiresAt: null }, 'ops');
    if (made.kind !== 'done') throw new Error(made.kind);
    await world.link('kim', 'telegram', 13);
    const kim = await signedIn(service, app, 'kim', '13');
    const stays = await signedIn(service, app, 'kim', '13');
    const { sessionId } = (await (await kim.get('/console/session')).json()) as { sessionId: string };
    const byKey = await listening(browserOf(there, { authorization: `Bearer ${made.key}` }));
    const bySession = await listening(fromThere(there, kim.cookie));
    const other = await listening(fromThere(there, stays.cookie));
    await world.core.rights.keys.revoke('two', 'ops');
    await within(2_500, byKey.hasEnded);
    expect(bySession.hasEnded()).toBe(false);
    expect(await world.core.console.sessions.end('kim', sessionId)).toBe(true);
    await within(2_500, bySession.hasEnded);
    expect(other.hasEnded()).toBe(false);
  });
});

describe('GET /v1/live, when the time of what opened it is over', () => {
  it('ends with the instant, long before a sign of life would find it out', async () => {
    const now = world.clock.now().getTime();
    const expiresAt = new Date(now + 3_600_000);
    const made = await world.core.rights.keys.create({ name: 'hour', scopes: ['read'], expiresAt }, 'ops');
    if (made.kind !== 'done') throw new Error(made.kind);
    const boss = await listening(await signedIn(service, app, 'boss', '9'));
    const key = await listening(browserOf(app, { authorization: `Bearer ${made.key}` }));
    const replaced = await world.core.rights.keys.create({ name: 'old', scopes: ['read'], expiresAt: null }, 'ops');
    if (replaced.kind !== 'done') throw new Error(replaced.kind);
    await world.core.rights.keys.rotate('old', 0.5, 'ops');
    const rotated = await listening(browserOf(app, { authorization: `Bearer ${replaced.key}` }));
    world.pin(new Date(now + 1_800_000 - 1));
    await world.send(tell.account('kim', 'model', { name: 'Kim of the hour' }));
    for (const stream of [boss, key, rotated]) await eventually(() => stream.text().includes('account:kim'));
    expect([boss.hasEnded(), key.hasEnded(), rotated.hasEnded()]).toEqual([false, false, false]);
    world.pin(new Date(now + 1_800_000));
    await within(1_000, rotated.hasEnded);
    expect([boss.hasEnded(), key.hasEnded()]).toEqual([false, false]);
    world.pin(expiresAt);
    await within(1_000, key.hasEnded);
    expect(boss.hasEnded()).toBe(false);
    world.pin(new Date(now + 8 * 3_600_000));
    await within(1_000, boss.hasEnded);
  });
});

async function within(ms: number, isSo: () => boolean): Promise<void> {
  const began = performance.now();
  await eventually(isSo);
  expect(performance.now() - began).toBeLessThan(ms);
}

function fromThere(there: typeof app, cookie: string | undefined) {
  const browser = browserOf(there);
  browser.cookie = cookie;
  return browser;
}
