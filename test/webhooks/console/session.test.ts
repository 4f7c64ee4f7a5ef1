import { Registry } from 'prom-client';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import { listen } from '../../../webhooks/server.ts';
import { bearer, NOW } from '../service.ts';
import { browserOf, CONSOLE_URL, consoleService, linkFor, OURS, signedIn } from './fixture.ts';

/** The calls by which somebody gets into the console and out, and what a session is good for. */

const service = await consoleService({ telegramUser: async (initData) => (initData === 'true-7' ? '7' : null) });
const { world } = service;
afterAll(service.database.close);
let app: ReturnType<typeof service.consoleApp>;

beforeEach(async () => {
  // Whoever was slowed for a flood of wrong tokens is so in the test that sends it alone.
  app = service.consoleApp();
  await world.reset(NOW);
  for (const name of ['console_links', 'console_sessions', 'api_answers']) await world.collection(name).deleteMany({});
  await world.account('ava', 'model');
  await world.account('kim', 'model');
  await world.account('boss', 'manager');
  await world.link('ava', 'telegram', 7);
  await world.link('boss', 'telegram', 9);
});

const later = (seconds: number) => world.pin(new Date(world.clock.now().getTime() + seconds * 1_000));
const HEADER = { 'settlebot-console': '1' };
/** Of another site, another port, a page without an origin, and what only looks like ours. */
const FOREIGN_ORIGINS = [
  ...['https://evil.example', `${CONSOLE_URL}:8443`, 'http://console.example.com', 'null', ''],
  ...[`${CONSOLE_URL}.evil.example`, `${CONSOLE_URL}/`, `${CONSOLE_URL}, https://evil.example`],
];

const reasonOf = async (response: Response) => [
  response.status,
  ((await response.json()) as { reason: string }).reason,
];

describe('POST /console/session', () => {
  it('opens a session by a link, in a cookie that scripts and other sites do not get', async () => {
    const browser = browserOf(app);
    const response = await browser.post('/console/session', { token: await linkFor(service, 'ava', '7') });
    expect(response.status).toBe(200);
    const [set = ''] = response.headers.getSetCookie();
    expect(set).toMatch(
      /^__Host-settlebot=[A-Za-z0-9_-]{43}; Max-Age=28800; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject({
      ...{ account: { accountId: 'ava', role: 'model', name: 'ava' }, scopes: [], language: 'en', currency: 'USD' },
      ...{ expiresAt: '2026-11-23T14:00:00.000Z', now: NOW.toISOString(), timeZone: 'UTC' },
    });
    expect((await browser.get('/console/session')).status).toBe(200);
  });

  it('says the scopes of a manager', async () => {
    const browser = await signedIn(service, app, 'boss', '9');
    const body = (await (await browser.get('/console/session')).json()) as { scopes: string[] };
    expect(body.scopes).toContain('read');
    expect(body.scopes).not.toContain('admin');
  });

  it('takes a link once: used again it puts out whoever came first', async () => {
    const token = await linkFor(service, 'ava', '7');
    const [first, thief] = [browserOf(app), browserOf(app)];
    expect((await first.post('/console/session', { token })).status).toBe(200);
    expect(await reasonOf(await thief.post('/console/session', { token }))).toEqual([401, 'unauthorized']);
    const after = await first.get('/console/session');
    expect(after.status).toBe(401);
    expect(after.headers.getSetCookie()[0]).toMatch(/^__Host-settlebot=; Max-Age=0; Path=\/; Secure/);
    expect((await first.get('/v1/me')).status).toBe(401);
  });

  it('refuses a link after its minute, and what is no link, by the same words', async () => {
    const token = await linkFor(service, 'ava', '7');
    later(60);
    const late = await browserOf(app).post('/console/session', { token });
    const none = await browserOf(app).post('/console/session', { token: 'A'.repeat(43) });
    expect([late.status, none.status]).toEqual([401, 401]);
    expect(await late.text()).toBe(await none.text());
  });

  it('takes nothing that another site sends, and uses up no link for it', async () => {
    const token = await linkFor(service, 'ava', '7');
    const json = { 'content-type': 'application/json' };
    for (const headers of [
      { ...json },
      { ...json, 'settlebot-console': '0' },
      { ...OURS, 'sec-fetch-site': 'cross-site' },
      { ...OURS, 'sec-fetch-site': 'same-site' },
      { ...OURS, 'sec-fetch-site': 'none' },
    ]) {
      const response = await app.request('/console/session', {
        method: 'POST',
        headers,
        body: JSON.stringify({ token }),
      });
      expect(await reasonOf(response)).toEqual([403, 'other_site']);
    }
    for (const origin of FOREIGN_ORIGINS) {
      const headers = { ...json, 'settlebot-console': '1', origin };
      for (const path of ['/console/session', '/console/session/telegram']) {
        const response = await app.request(path, { method: 'POST', headers, body: JSON.stringify({ token }) });
        expect([origin, ...(await reasonOf(response))]).toEqual([origin, 403, 'other_site']);
      }
    }
    const text = { ...OURS, 'content-type': 'text/plain' };
    expect((await app.request('/console/session', { method: 'POST', headers: text, body: '{}' })).status).toBe(415);
    expect((await browserOf(app).post('/console/session', { token })).status).toBe(200);
  });

  it('says nothing of what was sent', async () => {
    const secret = 'S'.repeat(300);
    const response = await browserOf(app).post('/console/session', { token: secret });
    expect(response.status).toBe(422);
    expect(await response.text()).not.toContain('SSS');
  });
});

describe('POST /console/session/telegram', () => {
  it('answers the token to the page, which sends it itself; nothing is in a cookie', async () => {
    const browser = browserOf(app);
    const response = await browser.post('/console/session/telegram', { initData: 'true-7' });
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()).toEqual([]);
    const { token, account } = (await response.json()) as { token: string; account: { accountId: string } };
    expect(account.accountId).toBe('ava');
    expect((await browser.get('/v1/me', { 'settlebot-session': token })).status).toBe(200);
    later(3_600);
    const rotated = await browser.get('/v1/me', { 'settlebot-session': token });
    expect(rotated.headers.get('settlebot-session')).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(rotated.headers.getSetCookie()).toEqual([]);
  });

  it('takes nobody’s word but Telegram’s', async () => {
    const forged = await browserOf(app).post('/console/session/telegram', { initData: 'user=7' });
    expect(await reasonOf(forged)).toEqual([401, 'unauthorized']);
    const without = service.consoleApp({ telegramUser: undefined, metrics: new Registry() });
    const response = await browserOf(without).post('/console/session/telegram', { initData: 'true-7' });
    expect(response.status).toBe(401);
  });
});

describe('a session', () => {
  it('is rotated by the answer after an hour; the old token ends it a minute later', async () => {
    const browser = await signedIn(service, app, 'ava', '7');
    const old = browser.cookie;
    later(3_600);
    expect((await browser.get('/v1/me')).headers.getSetCookie()[0]).toMatch(/Max-Age=25200/);
    expect(browser.cookie).not.toBe(old);
    later(59);
    const grace = browserOf(app);
    grace.cookie = old;
    expect((await grace.get('/v1/me')).status).toBe(200);
    later(1);
    expect((await browser.get('/v1/me')).status).toBe(200);
    expect((await grace.get('/v1/me')).status).toBe(401);
    expect((await browser.get('/v1/me')).status).toBe(401);
  });

  it('is over after eight hours, and when it is signed out', async () => {
    const browser = await signedIn(service, app, 'ava', '7');
    const { cookie } = browser;
    const out = await browser.send('DELETE', '/console/session');
    expect(out.status).toBe(204);
    expect(browser.cookie).toBeUndefined();
    browser.cookie = cookie;
    expect((await browser.get('/v1/me')).status).toBe(401);
    const second = await signedIn(service, app, 'ava', '7');
    later(8 * 3_600);
    expect((await second.get('/console/session')).status).toBe(401);
  });

  it('signs out for good also where the token was just to change', async () => {
    const browser = await signedIn(service, app, 'ava', '7');
    later(3_600);
    const out = await browser.send('DELETE', '/console/session');
    expect(out.headers.getSetCookie()).toHaveLength(1);
    expect(out.headers.getSetCookie()[0]).toMatch(/Max-Age=0/);
  });

  it('lists those of its account and ends one of them; another’s is as one that is not there', async () => {
    const [one, two] = [await signedIn(service, app, 'ava', '7'), await signedIn(service, app, 'ava', '7')];
    const others = await signedIn(service, app, 'boss', '9');
    const { items } = (await (await one.get('/console/sessions')).json()) as {
      items: { sessionId: string; isCurrent: boolean }[];
    };
    expect(items.map(({ isCurrent }) => isCurrent).sort()).toEqual([false, true]);
    const second = items.find(({ isCurrent }) => !isCurrent)?.sessionId ?? '';
    const foreign = await others.send('DELETE', `/console/sessions/${second}`);
    const unknown = await others.send('DELETE', '/console/sessions/none');
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    expect(await foreign.text()).toBe(await unknown.text());
    expect((await one.send('DELETE', `/console/sessions/${second}`)).status).toBe(204);
    expect((await two.get('/v1/me')).status).toBe(401);
    expect((await one.get('/v1/me')).status).toBe(200);
  });

  it('acts for its own pages alone', async () => {
    const browser = await signedIn(service, app, 'boss', '9');
    const forged: Record<string, string>[] = [
      { 'settlebot-console': '' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of forged) {
      const act = await browser.post('/v1/me/commands', { command: '/help' }, headers);
      expect(await reasonOf(act)).toEqual([403, 'other_site']);
    }
    const read = await browser.get('/v1/invoices', { 'sec-fetch-site': 'cross-site' });
    expect(await reasonOf(read)).toEqual([403, 'other_site']);
    expect((await browser.get('/v1/invoices', { 'settlebot-console': '' })).status).toBe(200);
  });

  it('acts for its own pages alone where the browser says an origin and no site, as a web view or an old Safari does', async () => {
    const browser = await signedIn(service, app, 'boss', '9');
    const old = (headers: Record<string, string>) => ({ cookie: browser.cookie ?? '', ...headers });
    const act = (headers: Record<string, string>) =>
      app.request('/v1/me/commands', {
        ...{ method: 'POST', body: JSON.stringify({ command: '/help' }) },
        headers: old({ 'settlebot-console': '1', 'content-type': 'application/json', ...headers }),
      });
    for (const origin of FOREIGN_ORIGINS) {
      expect([origin, ...(await reasonOf(await act({ origin })))]).toEqual([origin, 403, 'other_site']);
      for (const path of ['/v1/invoices', '/v1/live', '/console/session', '/console/sessions']) {
        const read = await app.request(path, { headers: old({ origin }) });
        expect([path, origin, ...(await reasonOf(read))]).toEqual([path, origin, 403, 'other_site']);
        expect(read.headers.get('access-control-allow-origin')).toBeNull();
      }
      const out = await app.request('/console/session', { method: 'DELETE', headers: old({ origin, ...HEADER }) });
      expect([origin, out.status]).toEqual([origin, 403]);
    }
    expect((await act({ origin: CONSOLE_URL })).status).toBe(200);
    expect((await act({})).status).toBe(200);
    expect((await app.request('/v1/invoices', { headers: old({}) })).status).toBe(200);
  });

  it('is that of the first cookie of its name; another name, and what is no token, however long, open nothing', async () => {
    const [boss, ava] = [await signedIn(service, app, 'boss', '9'), await signedIn(service, app, 'ava', '7')];
    const accountOf = async (cookie: string) => {
      const response = await app.request('/console/session', { headers: { ...OURS, cookie } });
      const { account } = (await response.json()) as { account?: { accountId: string } };
      return [response.status, account?.accountId];
    };
    expect(await accountOf(`${boss.cookie}; ${ava.cookie}`)).toEqual([200, 'boss']);
    expect(await accountOf(`${ava.cookie}; ${boss.cookie}`)).toEqual([200, 'ava']);
    expect(await accountOf(`theirs=1; ${ava.cookie}; other="x"`)).toEqual([200, 'ava']);
    const token = ava.cookie?.split('=')[1] ?? '';
    for (const cookie of [
      ...[
        `settlebot=${token}`,
        `__Host-settlebot2=${token}`,
        `__host-settlebot=${token}`,
        `\u00a0__Host-settlebot=${token}`,
      ],
      ...[
        `__Host-settlebot=${token}A`,
        `__Host-settlebot=${'A'.repeat(12_000)}`,
        '__Host-settlebot=',
        '=; ;__Host-settlebot',
      ],
    ]) {
      expect([cookie.slice(0, 60), ...(await accountOf(cookie))]).toEqual([cookie.slice(0, 60), 401, undefined]);
    }
  });

  it('is not together with a key, and no key opens one', async () => {
    const browser = await signedIn(service, app, 'boss', '9');
    expect((await browser.get('/v1/me', bearer())).status).toBe(400);
    expect((await app.request('/console/session', { headers: bearer() })).status).toBe(401);
    const asToken = await app.request('/console/session', { headers: { ...OURS, 'settlebot-session': 'key-of-ops' } });
    expect(asToken.status).toBe(401);
    const command = await app.request('/v1/me/commands', {
      method: 'POST',
      headers: { ...bearer(), 'content-type': 'application/json' },
      body: JSON.stringify({ command: '/help' }),
    });
    expect(await reasonOf(command)).toEqual([403, 'session_needed']);
  });

  it('loses what its role gave with the role, and ends with the chat link', async () => {
    const browser = await signedIn(service, app, 'boss', '9');
    expect((await browser.get('/v1/audit')).status).toBe(200);
    await world.account('boss', 'affiliate');
    expect(await reasonOf(await browser.get('/v1/audit'))).toEqual([403, 'not_yours']);
    expect((await browser.get('/v1/commissions?affiliateId=boss')).status).toBe(200);
    await world.core.accounts.unlink('telegram', '9');
    expect((await browser.get('/v1/me')).status).toBe(401);
  });

  it('has the scopes that the owner has left its manager, at each call', async () => {
    const browser = await signedIn(service, app, 'boss', '9');
    await world.core.rights.managers.decide('boss', ['read'], { by: 'ops', reason: 'for now', at: NOW });
    const refused = await browser.post('/v1/invoices/2026-W47:ava/void', { reason: 'x' });
    expect(await reasonOf(refused)).toEqual([403, 'scope_missing']);
    expect((await browser.get('/v1/invoices')).status).toBe(200);
  });

  it('answers what nobody keeps', async () => {
    const browser = await signedIn(service, app, 'boss', '9');
    for (const path of ['/v1/invoices', '/v1/invoices/none', '/console/sessions']) {
      expect((await browser.get(path)).headers.get('cache-control')).toBe('no-store');
    }
    expect((await app.request('/v1/invoices', { headers: bearer() })).headers.get('cache-control')).toBeNull();
  });

  it('goes on after a restart', async () => {
    const browser = await signedIn(service, app, 'ava', '7');
    await world.restart();
    const anew = browserOf(service.app({ ...world.core, consoleUrl: CONSOLE_URL }));
    anew.cookie = browser.cookie;
    expect((await anew.get('/v1/me')).status).toBe(200);
  });
});

describe('without CONSOLE_URL', () => {
  it('there is no console, and no session', async () => {
    const browser = await signedIn(service, app, 'boss', '9');
    const off = browserOf(service.app());
    off.cookie = browser.cookie;
    for (const path of ['/console', '/console/', '/console/telegram', '/console/session', '/console/overdue']) {
      expect([path, (await off.get(path)).status]).toEqual([path, 404]);
    }
    expect((await off.post('/console/session', { token: 'x' })).status).toBe(404);
    expect((await off.get('/v1/me')).status).toBe(401);
    expect((await off.get('/v1/me', bearer())).status).toBe(200);
  });
});

describe('a flood of wrong links and sessions from one address', () => {
  it('is slowed, then refused, and keeps nobody out who comes from there with a right one', async () => {
    const flooded = service.consoleApp({ metrics: new Registry() });
    const inside = await signedIn(service, flooded, 'boss', '9');
    const wrong = (index: number) => {
      const nobody = browserOf(flooded);
      const guess = `${String(index).padStart(4, '0')}${'A'.repeat(39)}`;
      if (index % 3 === 0) return nobody.post('/console/session', { token: guess });
      if (index % 3 === 1) return nobody.post('/console/session/telegram', { initData: `user=${index}` });
      return nobody.get('/v1/me', { 'settlebot-session': guess });
    };
    const flood = Array.from({ length: 120 }, (_, index) => wrong(index));
    await Promise.race(flood);
    expect((await inside.get('/v1/me')).status).toBe(200);
    const rightLink = await browserOf(flooded).post('/console/session', { token: await linkFor(service, 'ava', '7') });
    expect(rightLink.status).toBe(200);
    const telegram = await browserOf(flooded).post('/console/session/telegram', { initData: 'true-7' });
    expect(telegram.status).toBe(200);
    const answers = await Promise.all(flood);
    const statuses = answers.map(({ status }) => status);
    expect([...new Set(statuses)].sort()).toEqual([401, 429]);
    expect(statuses.filter((status) => status === 401)).toHaveLength(5 + 8);
    const refused = answers.find(({ status }) => status === 429);
    expect([refused?.headers.get('retry-after'), refused?.headers.getSetCookie()]).toEqual(['60', []]);
  });
});

describe('over a socket', () => {
  it('headers that are too long are refused before anything reads them, and the next request is answered', async () => {
    const server = await listen(service.consoleApp({ metrics: new Registry() }), { host: '127.0.0.1', port: 0 });
    try {
      const ask = (headers: Record<string, string>) =>
        fetch(`http://127.0.0.1:${server.port}/console/session`, { headers: { ...HEADER, ...headers } });
      for (const headers of [
        { cookie: `__Host-settlebot=${'A'.repeat(20_000)}` },
        { 'settlebot-session': 'A'.repeat(20_000) },
        { cookie: Array.from({ length: 900 }, (_, index) => `__Host-settlebot=${index}AAAAAAAA`).join('; ') },
      ]) {
        expect((await ask(headers)).status).toBe(431);
      }
      expect((await ask({ 'settlebot-session': 'A'.repeat(8_000) })).status).toBe(401);
    } finally {
      await server.close();
    }
  });
});
