import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import type { AppDeps } from '../../../webhooks/app.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { type TestService, testService } from '../service.ts';

export const CONSOLE_URL = 'https://console.example.com';

/** What a build of the pages leaves, as small as it can be. */
function builtPages(): string {
  const folder = mkdtempSync(join(scratchFolder(), 'console-pages-'));
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>settlebot</title>');
  writeFileSync(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(folder, 'assets/index-AbC123_-.js'), 'export {};');
  writeFileSync(join(folder, 'assets/index-AbC123_-.js.gz'), gzipSync('export {};'));
  writeFileSync(join(folder, 'assets/index-AbC123_-.js.map'), '{}');
  return folder;
}

/** Of our own page, as a browser sends it. */
export const OURS = { 'settlebot-console': '1', 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };

/** A service with a console, and people who can get in. */
export async function consoleService(changes: Partial<AppDeps> = {}, { processes = 1 } = {}) {
  const service = await testService({}, { processes });
  const pages = builtPages();
  const app = (more: Partial<AppDeps> = {}) =>
    service.app({ consoleUrl: CONSOLE_URL, consolePages: pages, ...changes, ...more });
  return { ...service, pages, consoleApp: app };
}

type App = ReturnType<TestService['app']>;

/** A browser: it keeps its cookie, and sends what our pages send. */
export function browserOf(app: App, headers: Record<string, string> = {}) {
  let cookie: string | undefined;
  async function send(method: string, path: string, body?: unknown, more: Record<string, string> = {}) {
    const response = await app.request(path, {
      method,
      headers: { ...OURS, ...headers, ...(cookie === undefined ? {} : { cookie }), ...more },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';');
      cookie = /=$|Max-Age=0/.test(pair) || /Max-Age=0/.test(set) ? undefined : pair;
    }
    return response;
  }
  return {
    send,
    get: (path: string, more: Record<string, string> = {}) => send('GET', path, undefined, more),
    post: (path: string, body?: unknown, more: Record<string, string> = {}) => send('POST', path, body, more),
    get cookie() {
      return cookie;
    },
    set cookie(value: string | undefined) {
      cookie = value;
    },
  };
}

/** A link of a chat user who is linked. */
export async function linkFor(service: Pick<TestService, 'console' | 'world'>, accountId: string, userId: string) {
  await service.world.collection('console_links').deleteMany({});
  const link = await service.world.core.console.links.create(
    { channel: 'telegram', userId },
    { accountId },
    service.world.clock.now(),
  );
  if (link.kind !== 'created') throw new Error(link.kind);
  return link.token;
}

/** A browser that is in for an account. */
export async function signedIn(
  service: Pick<TestService, 'console' | 'world'>,
  app: App,
  accountId: string,
  userId: string,
) {
  const browser = browserOf(app);
  const response = await browser.post('/console/session', { token: await linkFor(service, accountId, userId) });
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return browser;
}
