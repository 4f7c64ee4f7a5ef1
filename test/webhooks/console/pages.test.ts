import { mkdtempSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Listening, listen } from '../../../webhooks/server.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { consoleService } from './fixture.ts';

/** The files of the console, as strangers and browsers ask for them: byte by byte over a socket, where nothing tidies an address. */

const service = await consoleService();
let server: Listening;
let unbuilt: Listening;
beforeAll(async () => {
  const empty = mkdtempSync(join(scratchFolder(), 'console-unbuilt-'));
  const local = { host: '127.0.0.1', port: 0 };
  server = await listen(service.consoleApp(), local);
  unbuilt = await listen(service.consoleApp({ consolePages: empty, metrics: new Registry() }), local);
});
afterAll(async () => {
  await Promise.all([server.close(), unbuilt.close()]);
  await service.database.close();
});

type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer };

function ask(path: string, { method = 'GET', headers = {}, of = server } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: of.port, path, method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}

const PAGE = '<!doctype html><title>settlebot</title>';
const SCRIPT = '/console/assets/index-AbC123_-.js';
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors ";

describe('the page', () => {
  it('answers every address within it, and is kept by nobody', async () => {
    for (const path of [
      '/console/',
      '/console/overdue?days=7',
      '/console/invoices/2026-W47:m.1',
      '/console/telegram/x.y',
    ]) {
      const { status, headers, body } = await ask(path);
      expect([path, status, body.toString()]).toEqual([path, 200, PAGE]);
      expect([headers['content-type'], headers['cache-control'], headers.vary]).toEqual([
        ...['text/html; charset=utf-8', 'no-store', 'accept-encoding'],
      ]);
    }
    const bare = await ask('/console');
    expect([bare.status, bare.headers.location]).toEqual([308, '/console/']);
  });

  it('runs nothing that is written in it or comes from elsewhere, and is framed by Telegram alone, there alone', async () => {
    for (const path of ['/console/', '/console/overdue', '/console/telegrams', SCRIPT]) {
      const { headers } = await ask(path);
      expect([path, headers['content-security-policy']]).toEqual([path, `${CSP}'none'`]);
      expect([headers['x-frame-options'], headers['cross-origin-opener-policy']]).toEqual(['DENY', 'same-origin']);
    }
    for (const path of ['/console/telegram', '/console/telegram/', '/console/telegram/invoices']) {
      const { headers } = await ask(path);
      expect([path, headers['content-security-policy']]).toEqual([path, `${CSP}https://web.telegram.org`]);
      expect(headers['x-frame-options']).toBeUndefined();
    }
    const { headers } = await ask('/console/');
    expect([headers['referrer-policy'], headers['x-content-type-options']]).toEqual(['no-referrer', 'nosniff']);
    expect(headers['permissions-policy']).toMatch(/camera=\(\).*geolocation=\(\).*microphone=\(\)/);
    expect(headers['set-cookie']).toBeUndefined();
  });
});

describe('a file', () => {
  it('that has its content in its name is kept for ever, compressed for whoever takes that', async () => {
    const plain = await ask(SCRIPT);
    expect([plain.headers['content-type'], plain.headers['cache-control'], plain.headers.vary]).toEqual([
      ...['text/javascript; charset=utf-8', 'public, max-age=31536000, immutable', 'accept-encoding'],
    ]);
    expect([plain.headers['content-encoding'], plain.body.toString()]).toEqual([undefined, 'export {};']);
    for (const accepts of ['gzip', 'br, gzip;q=0.5', 'GZIP, deflate']) {
      const { headers, body } = await ask(SCRIPT, { headers: { 'accept-encoding': accepts } });
      expect([accepts, headers['content-encoding'], headers['content-length']]).toEqual([
        ...[accepts, 'gzip', String(body.length)],
      ]);
      expect(gunzipSync(body).toString()).toBe('export {};');
    }
    for (const accepts of ['br', 'gzip;q=0', 'gzip; q=0.000, br', 'identity']) {
      const { headers } = await ask(SCRIPT, { headers: { 'accept-encoding': accepts } });
      expect([accepts, headers['content-encoding']]).toEqual([accepts, undefined]);
    }
  });

  it('is sent once to whoever names it; what has not its content in its name is kept by nobody', async () => {
    const { etag = '' } = (await ask(SCRIPT)).headers;
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await ask(SCRIPT, { headers: { 'if-none-match': known } });
      expect([known, again.status, again.body.length, again.headers.etag]).toEqual([known, 304, 0, etag]);
    }
    expect((await ask(SCRIPT, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    const { headers } = await ask('/console/icon.svg');
    expect([headers['content-type'], headers['cache-control'], headers.etag]).toEqual([
      ...['image/svg+xml', 'no-store', undefined],
    ]);
  });

  it('is described by HEAD as by GET, without its bytes', async () => {
    for (const path of ['/console/', '/console/icon.svg', SCRIPT]) {
      const [got, described] = await Promise.all([ask(path), ask(path, { method: 'HEAD' })]);
      const { date, 'content-length': length, ...headers } = got.headers;
      expect(length).toBe(String(got.body.length));
      expect([path, described.status, described.body.length]).toEqual([path, 200, 0]);
      expect(described.headers).toMatchObject({ ...headers, connection: expect.any(String) });
    }
  });
});

describe('what is not there', () => {
  it.each([
    '/console/assets/index-AbC123_-.js.gz',
    '/console/assets/index-AbC123_-.js.map',
    '/console/assets/other-AbC123_-.js',
    '/console/assets/',
    '/console/robots.txt',
    '/console/.env',
    '/console/index.html',
    '/console/__proto__.js',
  ])('is not found: %s', async (path) => {
    const { status, headers } = await ask(path);
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
  });

  it.each<string>([
    '/console/../package.json',
    '/console/assets/../../../package.json',
    '/console/%2e%2e/%2e%2e/package.json',
    '/console/%2e%2e%2f%2e%2e%2fpackage.json',
    '/console/..%2f..%2fpackage.json',
    '/console/..%5c..%5cpackage.json',
    '/console/..\\..\\package.json',
    '/console/%252e%252e%252fpackage.json',
    '/console/%c0%ae%c0%ae/package.json',
    '/console/assets/%00.js',
    '/console/icon.svg%00.html',
    '/console//etc/passwd',
    '/console/assets//etc/passwd',
    '/console/constructor',
    '/console/%',
    'A LONG ONE',
  ])('is nothing outside of the build, however it is written: %s', async (written) => {
    const path = written.startsWith('/') ? written : `/console/assets/${'a/'.repeat(3_000)}x.js`;
    const { status, body } = await ask(path);
    // What has the look of an address within the pages is theirs to say that there is nothing.
    expect([200, 400, 404]).toContain(status);
    if (status === 200) expect(body.toString()).toBe(PAGE);
    expect(body.toString()).not.toMatch(/"dependencies"|root:/);
  });

  it('is nothing to write to', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      for (const path of ['/console/', '/console/icon.svg', '/console/telegram', SCRIPT]) {
        const { status, body } = await ask(path, { method });
        expect([method, path, status]).toEqual([method, path, 404]);
        expect(body.toString()).not.toContain('<title>');
      }
    }
  });
});

describe('without a build', () => {
  it('says what makes the pages; the calls of the session are there', async () => {
    for (const path of ['/console/', '/console/overdue', '/console/telegram']) {
      const { status, headers, body } = await ask(path, { of: unbuilt });
      expect([path, status, headers['content-type']]).toEqual([path, 503, 'application/problem+json']);
      expect(JSON.parse(body.toString()).detail).toContain('`npm run build`');
    }
    expect((await ask(SCRIPT, { of: unbuilt })).status).toBe(404);
    expect((await ask('/console/session', { of: unbuilt })).status).toBe(401);
  });
});
