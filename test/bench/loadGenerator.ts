import { fork } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

import { chunksOf } from '../../src/kernel/group.ts';
import { SECRET } from './world.ts';

/**
 * Sends signed events to a server from a process of its own. Lean on purpose: requests are signed and serialized before
 * the clock starts, and an answer is read no further than its status and length, so that the server is what is measured.
 */

/** `perRequest`: so many events in a batch; not in batches, unless told. */
type Order = { port: number; connections: number; prefix: string; bodies: number; first: number; perRequest?: number };
type Report = { kind: 'ready' } | { kind: 'done'; perSecond: number };

export type LoadGenerator = ReturnType<typeof startLoadGenerator>;

export function startLoadGenerator() {
  const child = fork(fileURLToPath(import.meta.url), ['--generate']);

  /** Sends `bodies` events, each with an id of its own that begins with `prefix`; answers how many per second were taken. */
  function run(order: Order): Promise<number> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => reject(new Error(`the load generator ended with ${code}`));
      child.once('exit', onExit);
      child.once('message', (report: Report) => {
        child.off('exit', onExit);
        if (report.kind === 'done') resolve(report.perSecond);
        else reject(new Error('the load generator is not ready'));
      });
      child.send(order);
    });
  }

  return { run, stop: () => child.disconnect() };
}

if (process.argv[2] === '--generate') {
  process.on('message', (order: Order) => {
    generate(order).then((perSecond) => process.send?.({ kind: 'done', perSecond } satisfies Report));
  });
}

async function generate({ port, connections, prefix, bodies, first, perRequest }: Order): Promise<number> {
  const idOf = (index: number) => `${prefix}-${index}`;
  const indexes = Array.from({ length: bodies }, (_, index) => index);
  const requests =
    perRequest === undefined
      ? indexes.map((index) => requestOf(idOf(index), first + index))
      : chunksOf(indexes, perRequest).map((chunk) => batchOf(chunk.map((index) => lineOf(idOf(index), first + index))));
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  let next = 0;
  const start = performance.now();
  await Promise.all(
    sockets.map(async (socket) => {
      while (next < requests.length) {
        const request = requests[next++] ?? '';
        // What a busy machine did not store in time is sent again, as a platform would.
        while (!(await exchange(socket, request)));
      }
    }),
  );
  const elapsed = (performance.now() - start) / 1_000;
  for (const socket of sockets) socket.destroy();
  return bodies / elapsed;
}

const KEY = Buffer.from(SECRET.slice('whsec_'.length), 'base64');

function requestOf(id: string, index: number): string {
  return signed('/webhooks/platform', 'application/json', id, JSON.stringify(bodyOf(id, index)));
}

function batchOf(lines: string[]): string {
  return signed('/webhooks/platform/batch', 'application/x-ndjson', `batch_${randomUUID()}`, lines.join('\n'));
}

function lineOf(id: string, index: number): string {
  return JSON.stringify({ id, ...bodyOf(id, index) });
}

function signed(path: string, type: string, id: string, body: string): string {
  const timestamp = Math.floor(Date.now() / 1_000);
  const signature = createHmac('sha256', KEY).update(`${id}.${timestamp}.${body}`).digest('base64');
  return [
    `POST ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    `content-type: ${type}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `webhook-id: ${id}`,
    `webhook-timestamp: ${timestamp}`,
    `webhook-signature: v1,${signature}`,
    '',
    body,
  ].join('\r\n');
}

/** The event that a platform sends most. */
export function bodyOf(id: string, index: number) {
  return {
    type: 'payment.succeeded',
    timestamp: '2026-11-18T10:00:00.000Z',
    data: {
      paymentId: `pay-${id}`,
      subscriptionId: `sub-${index % 5_000}`,
      modelId: `model-${index % 200}`,
      fanId: `fan-${index % 10_000}`,
      campaignId: `campaign-${index % 600}`,
      kind: 'subscription',
      amount: 999 + (index % 7) * 500,
      paidAt: '2026-11-18T09:59:58.120Z',
    },
  };
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}

/**
 * One request, one answer: `HTTP/1.1 202 …`, of a batch `200`, headers, and a body of the length they tell. False where it is to be
 * sent again.
 */
function exchange(socket: Socket, request: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const onData = (chunk: Buffer): void => {
      answer += chunk.toString('latin1');
      const head = answer.indexOf('\r\n\r\n');
      if (head === -1) return;
      const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? Number.NaN);
      if (answer.length < head + 4 + length) return;
      socket.off('data', onData);
      if (/^HTTP\/1\.1 20[02]/.test(answer)) resolve(true);
      else if (answer.slice(0, head).includes('retry-after')) resolve(false);
      else reject(new Error(answer.slice(0, 1_000)));
    };
    socket.on('data', onData);
    socket.write(request);
  });
}
