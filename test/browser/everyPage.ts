import type { Page } from 'playwright-core';

import { type PageRoute, routeAt, routesOf } from '../../console/src/routes.ts';
import type { Language } from '../../src/texts/languages.ts';
import { tell } from '../support/events.ts';
import { eventually } from '../support/eventually.ts';
import { startPeople } from './people.ts';
import type { ConsoleService } from './visit.ts';

/** Who there is of each role, and sees something on every page of theirs. */
export const SOMEBODY = { manager: 'boss', model: 'm1', marketer: 'max', affiliate: 'kim' } as const;

export const ROLES = ['manager', 'model', 'marketer', 'affiliate'] as const;

export type Role = (typeof ROLES)[number];

/** A service in which every page of everybody has something to show. */
export async function startEveryPage(): Promise<ConsoleService> {
  const platform = { PLATFORM_WEBHOOK_URL: 'http://127.0.0.1:9/hooks', PLATFORM_WEBHOOK_SECRET: SECRET };
  const service = await startPeople(platform);
  await service.send(
    tell.account('boss', 'manager', { name: 'Boss' }),
    // Kept in quarantine: a marketer has no balance that is topped up.
    tell.topUp('q-max', 'max', 700),
    tell.order('o4', { modelId: 'm1', marketerId: 'max', quantity: 5, pricePerFan: 200, placedAt: NOW }),
  );
  return service;
}

const NOW = '2026-03-20T09:00:00Z';
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

let versions = 0;

/** From the next event of theirs on, somebody reads in a language. */
export async function speak(service: ConsoleService, role: Role, language: Language): Promise<void> {
  const accountId = SOMEBODY[role];
  const { name, timeZone } = (await service.api('GET', `/v1/accounts/${accountId}`)).body;
  // Later than what was said before: of two versions the older changes nothing.
  versions += 1;
  const at = new Date(Date.parse(NOW) + versions * 1_000).toISOString();
  const zone = timeZone === undefined || timeZone === null ? {} : { timeZone };
  await service.send(
    tell.account(accountId, role, { id: `${accountId}-${language}-${versions}`, at, name, locale: language, ...zone }),
  );
}

/** The addresses of every page of a role, which are looked for once. */
export async function pathsOf(page: Page, { origin }: Pick<ConsoleService, 'origin'>, role: Role): Promise<string[]> {
  const key = `${origin} ${role}`;
  const known = paths.get(key) ?? [];
  if (known.length === 0) for await (const { path } of everyPage(page, origin, role)) known.push(path);
  paths.set(key, known);
  return known;
}

const paths = new Map<string, string[]>();

type Opened = { route: PageRoute; path: string };
type How = {
  /** Where there is nothing that would lead to some pages. */
  mayMiss?: boolean;
};

/**
 * Every page of a role, in a window where somebody of that role is in: begins with those of the navigation, and goes by links to those of one
 * thing, the first of each kind. Throws where a page is never come to, so that a new one is either linked and seen, or missed.
 */
export async function* everyPage(page: Page, origin: string, role: Role, how: How = {}): AsyncGenerator<Opened> {
  const routes = routesOf({ account: { accountId: '', name: '', role }, scopes: ['read'] });
  const waiting = routes.filter(({ inNavigation }) => inNavigation !== false).map(({ path }) => path);
  const seen = new Set<PageRoute>();
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const route = routeAt(path, routes)?.route;
    if (route === undefined || seen.has(route)) continue;
    seen.add(route);
    await openPage(page, `${origin}/console${path}`);
    waiting.push(...(await linksOf(page)));
    yield { route, path };
  }
  const missed = routes.filter((route) => !seen.has(route)).map(({ path }) => path);
  if (missed.length > 0 && how.mayMiss !== true) throw new Error(`no link of a ${role} leads to ${missed.join(', ')}`);
}

/** Goes to an address, and waits until everything is there that its page reads. The network is never idle: the page listens. */
export async function openPage(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator('#page').getByRole('heading', { level: 1 }).waitFor();
  await isRead(page);
}

export async function isRead(page: Page): Promise<void> {
  await eventually(async () => (await page.locator('.wait, [aria-busy="true"]').count()) === 0, {
    what: `everything that ${page.url()} reads`,
  });
}

/** Where the links of a page lead to within the console. */
async function linksOf(page: Page): Promise<string[]> {
  const links = await page.evaluate<string[]>(`[...document.querySelectorAll('a[href]')].map(({ href }) => href)`);
  const base = new URL('/console', page.url()).href;
  return links
    .filter((link) => link.startsWith(`${base}/`))
    .map((link) => new URL(link).pathname.slice('/console'.length));
}
