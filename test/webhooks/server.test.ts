import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { type Listening, type ListenOptions, listen } from '../../webhooks/server.ts';
import { deepTest } from '../support/depth.ts';
import { SECRET } from '../support/world.ts';
import { type TestService, testService } from './service.ts';

const HOST = '127.0.0.1';
const EVENT = { type: 'weather.changed', data: { sky: 'blue' } };

let service: TestService;
const open: Listening[] = [];
const sockets: Socket[] = [];
beforeAll(async () => {
  service = await testService();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(open.splice(0).map((listening) => listening.close()));
});
afterAll(() => service.database.close());

describe('the server', () => {
  it('takes a free port when asked for none, and answers on it', async () => {
    const { port } = await serve();
    expect(port).toBeGreaterThan(0);
    expect(await send(port)).toBe(202);
  });

  it('says in one line that a port is taken', async () => {
    const { port } = await serve();
    await expect(listen(service.app(), { host: HOST, port })).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: the port is taken by another program`,
    );
  });

  it('says in one line that an address is not of this machine', async () => {
    await expect(listen(service.app(), { host: '192.0.2.1', port: 0 })).rejects.toThrow(
      'cannot listen on 192.0.2.1:0: this machine has no such address',
    );
  });

  it('answers a malformed host with a problem', async () => {
    const { port } = await serve();
    const answer = await talk(port, 'GET /healthz HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n');
    expect(answer).toContain('HTTP/1.1 400');
    expect(answer).toContain('application/problem+json');
  });

  it.each(['/healthz', '/readyz', '/metrics'])('answers HTTP/1.0 without a host: %s', async (path) => {
    const { port } = await serve();
    expect(await talk(port, `GET ${path} HTTP/1.0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200/);
  });

  it('refuses headers without end', async () => {
    const { port } = await serve();
    const answer = await talk(port, `GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toContain('HTTP/1.1 431');
  });
});

describe('a body', () => {
  it('in chunks is taken as one', async () => {
    const { port } = await serve();
    const { headers, body } = service.platform.sign(EVENT);
    const status = await chunked(port, headers, [body.slice(0, 7), body.slice(7)]);
    expect(status).toBe(202);
  });

  it('in chunks beyond the limit is answered with 413, while it is still being sent', async () => {
    const { port } = await serve();
    const { headers } = service.platform.sign(EVENT);
    // The body never ends: the answer comes because the limit was passed, not because all was read.
    const answer = await talk(port, `${head(headers, 'Transfer-Encoding: chunked')}${chunk('x'.repeat(300_000))}`);
    expect(answer).toContain('HTTP/1.1 413');
  });

  it('of a declared length beyond the limit is answered before it is sent', async () => {
    const { port } = await serve();
    const { headers } = service.platform.sign(EVENT);
    expect(await talk(port, head(headers, 'Content-Length: 262145'))).toContain('HTTP/1.1 413');
  });

  it('with two lengths is refused', async () => {
    const { port } = await serve();
    const { headers, body } = service.platform.sign(EVENT);
    const length = `Content-Length: ${body.length}`;
    expect(await talk(port, `${head(headers, `${length}\r\nTransfer-Encoding: chunked`)}${body}`)).toContain(
      'HTTP/1.1 400',
    );
  });

  it('that breaks off stores nothing, and the service goes on', async () => {
    const { port } = await serve();
    const { id, headers, body } = service.platform.sign(EVENT);
    const socket = await opened(port);
    socket.end(`${head(headers, `Content-Length: ${body.length}`)}${body.slice(0, 10)}`);
    await closed(socket);
    expect(await send(port)).toBe(202);
    expect(await service.inbox.get(id)).toBeNull();
  });
});

describe('slow senders', () => {
  it('of headers are cut off', async () => {
    const { port } = await serve({ headersTimeoutMs: 200, requestTimeoutMs: 400 });
    expect(await talk(port, 'POST /webhooks/platform HTTP/1.1\r\nHost: a\r\n')).toContain('HTTP/1.1 408');
  });

  deepTest('of bodies are cut off, a thousand at once, and others are served meanwhile', async () => {
    const { port } = await serve({ headersTimeoutMs: 1_000, requestTimeoutMs: 1_500 });
    const { headers } = service.platform.sign(EVENT);
    const slow = await Promise.all(Array.from({ length: 1_000 }, () => opened(port)));
    const before = process.memoryUsage().rss;
    for (const socket of slow) socket.write(`${head(headers, 'Content-Length: 200000')}{"type":`);
    expect(await send(port)).toBe(202);
    await Promise.all(slow.map(closed));
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 * 1024);
    expect(await send(port)).toBe(202);
  });
});

describe('closing', () => {
  it('does not wait for idle connections', async () => {
    const listening = await serve({ graceMs: 60_000 });
    // fetch keeps its connection for later use.
    expect(await send(listening.port)).toBe(202);
    await listening.close();
    await expect(send(listening.port)).rejects.toThrow();
  });

  it('lets a request in hand finish', async () => {
    let answer: (receipt: 'accepted') => void = () => {};
    let arrived: () => void = () => {};
    const inHand = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const receive = () => {
      arrived();
      return new Promise<'accepted'>((resolve) => {
        answer = resolve;
      });
    };
    const listening = await serve({ graceMs: 60_000 }, { inbox: { ...service.inbox, receive } });
    const status = send(listening.port);
    await inHand;
    const done = listening.close();
    answer('accepted');
    expect(await status).toBe(202);
    await done;
  });

  it('cuts off, after the grace, those who never finish', async () => {
    const listening = await serve({ graceMs: 100 });
    const silent = await opened(listening.port);
    const half = await opened(listening.port);
    half.write('POST /webhooks/platform HTTP/1.1\r\nHost: a\r\n');
    await Promise.all([listening.close(), closed(silent), closed(half)]);
  });
});

async function serve(options: Partial<ListenOptions> = {}, changes: Parameters<TestService['app']>[0] = {}) {
  const listening = await listen(service.app({ webhookSecrets: [SECRET], ...changes }), {
    host: HOST,
    port: 0,
    graceMs: 200,
    ...options,
  });
  open.push(listening);
  return listening;
}

async function send(port: number): Promise<number> {
  const { headers, body } = service.platform.sign(EVENT);
  const response = await fetch(`http://${HOST}:${port}/webhooks/platform`, { method: 'POST', headers, body });
  await response.text();
  return response.status;
}

function chunked(port: number, headers: Record<string, string>, chunks: string[]): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: HOST, port, path: '/webhooks/platform', method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    for (const part of chunks) sent.write(part);
    sent.end();
  });
}

function head(headers: Record<string, string>, last: string): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return ['POST /webhooks/platform HTTP/1.1', 'Host: a', ...lines, last].join('\r\n').concat('\r\n\r\n');
}

function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

/** Writes raw text to the server, leaves the connection open, and answers what came back until the server closed it. */
async function talk(port: number, text: string): Promise<string> {
  const socket = await opened(port);
  let answer = '';
  socket.on('data', (bytes) => {
    answer += bytes.toString();
    // A complete answer on a connection that the server would keep.
    if (/^HTTP\/1\.1 4(?!08)/.test(answer) && answer.includes('\r\n\r\n')) socket.end();
  });
  socket.write(text);
  await closed(socket);
  return answer;
}

function opened(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, HOST, () => resolve(socket));
    socket.on('error', reject);
    sockets.push(socket);
  });
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.resume();
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
}
