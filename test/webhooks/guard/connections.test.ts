import { connect, type Socket } from 'node:net';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';

import type { ConnectionLimits } from '../../../webhooks/guard/connections.ts';
import { createGuard } from '../../../webhooks/guard/guard.ts';
import { type Fetcher, type Listening, listen } from '../../../webhooks/server.ts';
import { deepTest } from '../../support/depth.ts';
import { eventually } from '../../support/eventually.ts';

const GET = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n';

const open: Listening[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(open.splice(0).map((listening) => listening.close()));
});

describe('pipelined requests', () => {
  it('are answered in their order up to a number; the next is refused, and the rest is not looked at', async () => {
    const { port, asked, refused } = await serve(async () => new Response('ok'));
    const { answers, ended } = await talk(port, GET.repeat(2_000));
    await ended;
    expect(statuses(answers())).toEqual([...Array(32).fill(200), 503]);
    expect(asked()).toBe(32);
    expect(await refused()).toEqual({ pipelined: 1 });
  });

  it('as many as are allowed, again and again, are all answered', async () => {
    const { port, refused } = await serve(async () => new Response('ok'));
    const { socket, answers } = await talk(port, GET.repeat(32));
    await eventually(() => statuses(answers()).length === 32, { what: 'the answers' });
    socket.write(GET.repeat(32));
    await eventually(() => statuses(answers()).length === 64, { what: 'the other answers' });
    expect(new Set(statuses(answers()))).toEqual(new Set([200]));
    expect(await refused()).toEqual({});
  });

  deepTest('of a flood let other connections of the address wait, and not one that was verified', async () => {
    const { port, guard, asked } = await serve(async (request, peer) => {
      if (request.url.endsWith('/signed')) guard.peers.vouch(peer);
      return new Response('ok');
    });
    const verified = await talk(port, GET.replace('/', '/signed'));
    await eventually(() => statuses(verified.answers()).length === 1, { what: 'the first answer' });
    const others = await Promise.all(Array.from({ length: 3 }, () => talk(port, '')));
    const flood = await talk(port, GET.repeat(2_000));
    await flood.ended;
    for (const { socket } of others) socket.write(GET);
    verified.socket.write(GET);
    await eventually(() => statuses(verified.answers()).length === 2, { what: 'the answer to the verified' });
    await eventually(() => others.every(({ answers }) => statuses(answers()).length === 1), { what: 'all others' });
    expect(asked()).toBe(2 + 32 + 3);
  });
});

describe('connections', () => {
  it('beyond the number of an address take the place of the oldest that does nothing', async () => {
    const { port, refused } = await serve(async () => new Response('ok'), { connectionsPerAddress: 2 });
    const first = await talk(port, '');
    const second = await talk(port, 'GET / HTTP/1.1\r\nhost:');
    const third = await talk(port, GET);
    await first.ended;
    await eventually(() => statuses(third.answers()).length === 1, { what: 'the answer' });
    expect(second.socket.destroyed).toBe(false);
    expect(await refused()).toEqual({ connections: 1 });
  });

  it('with a request in hand, or that carried something verified, stay', async () => {
    let answer = (): void => {};
    const { port, guard } = await serve(
      (request, peer) => {
        guard.peers.vouch(peer);
        if (request.url.endsWith('/slow'))
          return new Promise((resolve) => (answer = () => resolve(new Response('ok'))));
        return Promise.resolve(new Response('ok'));
      },
      { connectionsPerAddress: 3 },
    );
    const busy = await talk(port, GET.replace('/', '/slow'));
    const verified = await talk(port, GET);
    await eventually(() => statuses(verified.answers()).length === 1, { what: 'the answer' });
    const idle = await talk(port, '');
    await talk(port, '');
    await idle.ended;
    answer();
    await eventually(() => statuses(busy.answers()).length === 1, { what: 'the slow answer' });
    expect(verified.socket.destroyed).toBe(false);
  });

  it('of strangers leave a quarter to known senders', async () => {
    const { port, guard, refused } = await serve(async () => new Response('ok'), { connections: 4 });
    const strangers = await Promise.all(Array.from({ length: 3 }, () => talk(port, '')));
    const fourth = await talk(port, '');
    await Promise.race([...strangers, fourth].map(({ ended }) => ended));
    expect(await refused()).toEqual({ connections: 1 });
    guard.peers.vouch({ address: '127.0.0.1', isVerified: false });
    const known = await talk(port, GET);
    await eventually(() => statuses(known.answers()).length === 1, { what: 'the answer' });
    expect(await refused()).toEqual({ connections: 1 });
  });
});

describe('what nobody finishes', () => {
  it('an answer that is not read is cut off', async () => {
    // With this allowance whatever is not read counts as unread for too long at once.
    const large = new Uint8Array(64 * 1024 * 1024);
    const { port, refused } = await serve(async () => new Response(large), { unreadMs: -large.length });
    const { socket } = await talk(port, GET);
    socket.pause();
    await eventually(async () => (await refused())['unread-answer'] === 1, { what: 'the connection to be cut off' });
  });

  it('a body without end that was answered ends the connection with the answer', async () => {
    const { port } = await serve(async () => new Response('no', { status: 401 }));
    const post = 'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n';
    const { answers, ended } = await talk(port, post);
    await ended;
    expect(answers()).toMatch(/^HTTP\/1\.1 401[\s\S]*connection: close/i);
  });

  it('a body of a GET likewise', async () => {
    const { port } = await serve(async () => new Response('ok'));
    const get = 'GET / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n';
    const { answers, ended } = await talk(port, get);
    await ended;
    expect(statuses(answers())).toEqual([200]);
  });
});

type Peer = ReturnType<ReturnType<typeof createGuard>['peers']['of']>;

async function serve(
  answer: (request: Request, peer: Peer) => Promise<Response>,
  limits: Partial<ConnectionLimits> = {},
) {
  const registry = new Registry();
  const guard = createGuard({ registry });
  let asked = 0;
  const app: Fetcher = {
    fetch: (request, env) => {
      asked += 1;
      // What the server hands to every app.
      return answer(request, guard.peers.of((env as { incoming: { socket: Socket } }).incoming.socket));
    },
  };
  const listening = await listen(app, { host: '127.0.0.1', port: 0, graceMs: 100, limits, guard });
  open.push(listening);
  return {
    port: listening.port,
    guard,
    asked: () => asked,
    refused: async (): Promise<Record<string, number>> => {
      const metric = await registry.getSingleMetric('settlebot_http_refused_total')?.get();
      return Object.fromEntries((metric?.values ?? []).map(({ labels, value }) => [labels.reason, value]));
    },
  };
}

/** A connection with something written to it, and what comes back. */
async function talk(port: number, text: string) {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  let read = '';
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    read += bytes.toString('latin1');
  });
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  socket.write(text);
  return { socket, ended, answers: () => read };
}

function statuses(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
}
