import type { Frame, Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { tell } from '../support/events.ts';
import { initDataOf } from '../support/initData.ts';
import { describeMorePages, type Visit } from './browser.ts';
import { BEGIN, owe } from './debtors.ts';
import { startConsoleService, startPlace } from './visit.ts';

/**
 * The console as a Mini App: in the frame of a page that speaks as Telegram's web client does, and in a view as its native apps have it.
 * What Telegram says at the start is in the fragment of the address (https://core.telegram.org/bots/webapps).
 */

const WEB_CLIENT = 'https://web.telegram.org';
/** What Telegram frames is elsewhere; a page that is out in the world may not frame this machine, where the tests have theirs. */
const LOCAL = ['--disable-features=LocalNetworkAccessChecks'];
const MINUTE_MS = 60_000;
const NIGHT = { bg_color: '#17212b', secondary_bg_color: '#0e1621', text_color: 'javascript:alert(1)' };
const DAY = { bg_color: '#ffffff', secondary_bg_color: '#f0f0f0' };

type Told = { eventType: string; eventData?: Record<string, unknown> };

describeMorePages('the Mini App', () => {
  const users: Record<string, string> = {};
  const here = startPlace(
    async () => {
      const service = await startConsoleService({ TEST_CLOCK_START: BEGIN });
      await service.send(tell.account('boss', 'manager', { name: 'Boss' }));
      await owe(service, 2, '2026-03-20T09:00:00Z');
      for (const accountId of ['boss', 'm1']) {
        await service.linkFor(accountId);
        const { body } = await service.api('GET', `/v1/accounts/${accountId}/links`);
        users[accountId] = body.items.at(-1).userId;
      }
      return service;
    },
    { switches: LOCAL },
  );

  /** The same person has another at each opening: Telegram signs the second. */
  let openings = 0;
  function signed(accountId: string, { agoMs = 0, token = here.service.telegram.token } = {}): string {
    openings += 1;
    const changes = { query_id: `opening-${openings}` };
    return initDataOf(users[accountId] ?? '', { token, openedAt: new Date(Date.now() - agoMs), changes });
  }

  function addressOf(initData: string, theme: object = NIGHT, path = '/console/telegram'): string {
    const launch = { tgWebAppData: initData, tgWebAppVersion: '8.0', tgWebAppPlatform: 'weba' };
    const fragment = new URLSearchParams({ ...launch, tgWebAppThemeParams: JSON.stringify(theme) });
    return `${here.service.origin}${path}#${fragment}`;
  }

  /** A window with a page of another host that frames an address of ours. */
  async function framing(
    address: string,
    host = WEB_CLIENT,
  ): Promise<Visit & { frame: () => Frame | undefined; said: string[] }> {
    const visit = await here.visit();
    const said: string[] = [];
    visit.page.on('console', (message) => said.push(message.text()));
    await visit.context.route(`${host}/**`, (route) =>
      route.fulfill({ contentType: 'text/html', body: hostPage(address) }),
    );
    await visit.page.goto(`${host}/a/`);
    return { ...visit, said, frame: () => visit.page.frames().find((one) => one.parentFrame() !== null) };
  }

  async function framed(initData: string) {
    const visit = await framing(addressOf(initData));
    const frame = visit.page.frameLocator('iframe');
    return { ...visit, inside: frame };
  }

  async function ended(visit: Visit, more = /to another host: https:\/\/web\.telegram/) {
    visit.allow(more);
    visit.allow(/to another host: https:\/\/web\.telegram/);
    await visit.end();
  }

  test('lets in whom Telegram has signed, and keeps the session in memory alone', async () => {
    const visit = await here.visit();
    const tokens: string[] = [];
    visit.page.on('response', async (response) => {
      if (response.url().endsWith('/console/session/telegram')) tokens.push((await response.json()).token);
    });
    await visit.context.route(`${WEB_CLIENT}/**`, (route) =>
      route.fulfill({ contentType: 'text/html', body: hostPage(addressOf(signed('boss'))) }),
    );
    await visit.page.goto(`${WEB_CLIENT}/a/`);
    const inside = visit.page.frameLocator('iframe');
    await inside.getByRole('heading', { level: 1 }).waitFor();
    await eventTold(visit.page, ({ eventType }) => eventType === 'web_app_ready');
    await eventTold(visit.page, ({ eventType }) => eventType === 'web_app_expand');

    const [token = ''] = tokens;
    expect(token).toMatch(/^[\w-]{43}$/);
    const frame = visit.page.frames().find((one) => one.parentFrame() !== null);
    const kept = await frame?.evaluate(`(async () => JSON.stringify([
      location.href, document.cookie, document.documentElement.outerHTML, { ...localStorage }, { ...sessionStorage },
      history.state, await indexedDB.databases(), await caches.keys(), window.name,
    ]))()`);
    expect(kept).not.toContain(token);
    expect(await visit.context.cookies()).toEqual([]);
    expect(JSON.stringify(await told(visit.page))).not.toContain(token);
    await ended(visit);
  });

  test('wears the theme, follows it, and goes back by Telegram’s own button', async () => {
    const { inside, ...visit } = await framed(signed('boss'));
    const { page } = visit;
    await inside.getByRole('heading', { level: 1 }).waitFor();
    const frame = page.frames().find((one) => one.parentFrame() !== null);
    const look = () =>
      frame?.evaluate(`[document.documentElement.dataset.theme,
        ...['--page', '--ground'].map((name) => document.documentElement.style.getPropertyValue(name))]`);
    expect(await look()).toEqual(['dark', NIGHT.bg_color, NIGHT.secondary_bg_color]);
    expect(await frame?.evaluate('document.documentElement.outerHTML')).not.toContain('javascript:');
    await say(page, { eventType: 'theme_changed', eventData: { theme_params: DAY } });
    await expect.poll(look).toEqual(['light', DAY.bg_color, DAY.secondary_bg_color]);

    await eventTold(page, backIs(false));
    expect((await told(page)).some(backIs(true))).toBe(false);
    const menu = inside.getByRole('button', { name: 'Menu' });
    if (await menu.isVisible()) await menu.click();
    await inside.getByRole('link', { name: 'Overdue', exact: true }).click();
    await inside.getByRole('heading', { name: 'Overdue', level: 1 }).waitFor();
    await eventTold(page, backIs(true));
    // The address keeps what Telegram said, for when the page is loaded anew.
    expect(frame?.url()).toMatch(/\/console\/telegram\/overdue#tgWebAppData=/);
    await say(page, { eventType: 'back_button_pressed' });
    await expect.poll(() => frame?.url()).not.toContain('/overdue');
    // What another frame says as if it were Telegram is not heard.
    await frame?.evaluate(
      `window.postMessage('{"eventType":"theme_changed","eventData":{"theme_params":{"bg_color":"#000000"}}}', '*')`,
    );
    await frame?.evaluate('new Promise((resolve) => setTimeout(resolve, 0))');
    expect(await look()).toEqual(['light', DAY.bg_color, DAY.secondary_bg_color]);
    await ended(visit);
  });

  test.each([
    ['forged for another', () => signed('m1').replace(users.m1 ?? '', users.boss ?? '')],
    ['signed by another bot', () => signed('boss', { token: '1:another' })],
    ['eleven minutes old', () => signed('boss', { agoMs: 11 * MINUTE_MS })],
    ['of the future', () => signed('boss', { agoMs: -2 * MINUTE_MS })],
    ['no list of fields', () => 'hash=%zz'],
  ])('lets nobody in by what is %s', async (_, initData) => {
    const { inside, ...visit } = await framed(initData());
    await inside.getByText('Close this page and open it again from the chat.').waitFor();
    expect(await inside.getByRole('navigation').count()).toBe(0);
    await ended(visit, /401/);
  });

  test('lets one in, of two who have the same within a minute', async () => {
    const initData = signed('m1');
    const { inside, ...visit } = await framed(initData);
    await inside.getByRole('heading', { level: 1 }).waitFor();
    const { inside: seen, ...thief } = await framed(initData);
    await seen.getByText('was used already').waitFor();
    // Whoever came first stays in.
    await inside.getByRole('heading', { level: 1 }).waitFor();
    await ended(thief, /401/);
    await ended(visit);
  });

  test.each([
    ['https://evil.example', '/console/telegram'],
    ['https://web.telegram.org.evil.example', '/console/telegram'],
    ['https://telegram.org', '/console/telegram/overdue'],
    [WEB_CLIENT, '/console/'],
    [WEB_CLIENT, '/console/overdue'],
  ])('%s cannot frame %s', async (host, path) => {
    const visit = await framing(addressOf(signed('boss'), NIGHT, path), host);
    await expect.poll(() => visit.said.some((text) => text.includes('frame-ancestors'))).toBe(true);
    await expect.poll(() => visit.frame()?.url()).toMatch(/^chrome-error:/);
    expect(await told(visit.page)).toEqual([]);
    visit.allow(/frame|ERR_BLOCKED_BY_RESPONSE|to another host/i);
    await visit.end();
  });

  test('is told by a native app through the page, and says how to come back when its session is ended', async () => {
    const visit = await here.visit({ width: 375, height: 740 });
    const { page } = visit;
    await page.addInitScript(`window.told = [];
      window.TelegramWebviewProxy = { postEvent: (eventType, data) => window.told.push({ eventType, eventData: JSON.parse(data) }) };`);
    await page.goto(addressOf(signed('boss'), DAY, '/console/telegram/overdue'));
    await page.getByRole('heading', { name: 'Overdue', level: 1 }).waitFor();
    await eventTold(page, backIs(true));
    await page.evaluate(
      `window.Telegram.WebView.receiveEvent('theme_changed', { theme_params: ${JSON.stringify(NIGHT)} })`,
    );
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    here.service.telegram.say(Number(users.boss), '/settings sessions end all');
    await page.getByText('Close this page and open it again from the chat.').waitFor();
    // What Telegram said opens a session a minute at most.
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('was used already or is too old').waitFor();
    expect(await page.getByRole('heading', { name: 'Overdue' }).isVisible()).toBe(false);
    visit.allow(/401/);
    await visit.end();
  });
});

/** It frames an address, remembers what is said to it, and says what it is told to. */
function hostPage(address: string): string {
  return `<!doctype html><meta charset="utf-8"><iframe width="1200" height="700" src="${address.replaceAll('&', '&amp;')}"></iframe>
    <script>
      window.told = [];
      addEventListener('message', ({ data, source }) => {
        if (source === document.querySelector('iframe').contentWindow) told.push(JSON.parse(data));
      });
    </script>`;
}

function told(page: Page): Promise<Told[]> {
  return page.evaluate('window.told');
}

async function eventTold(page: Page, isIt: (event: Told) => boolean): Promise<void> {
  await expect.poll(async () => (await told(page)).some(isIt)).toBe(true);
}

function backIs(isVisible: boolean) {
  return ({ eventType, eventData }: Told) =>
    eventType === 'web_app_setup_back_button' && eventData?.is_visible === isVisible;
}

async function say(page: Page, event: Told): Promise<void> {
  await page.evaluate(
    `document.querySelector('iframe').contentWindow.postMessage(${JSON.stringify(JSON.stringify(event))}, '*')`,
  );
}
