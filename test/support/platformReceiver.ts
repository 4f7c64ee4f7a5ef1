import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

import { misfitsOf } from './webhookData.ts';

/** A webhook as the platform got it. `at` is in real milliseconds. */
export type ReceivedWebhook = {
  id: string;
  type: string;
  timestamp: string;
  subject: string;
  sequence: number;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests check
  data: any;
  headers: IncomingMessage['headers'];
  body: string;
  at: number;
};

/**
 * What it does with a request: a status, with or without `Retry-After` or `Location`; `hang` never answers, `break`
 * closes the connection, `endless` answers 200 with a body that does not end.
 */
export type Behaviour = number | { status: number; headers: Record<string, string> } | 'hang' | 'break' | 'endless';

export type PlatformReceiver = Awaited<ReturnType<typeof startPlatformReceiver>>;

/**
 * A stand-in for the platform's own receiver: a real server that checks every signature with the library an integrator
 * would use, `standardwebhooks`, and remembers what it took. It behaves as `behave` says, for each webhook in turn. Closing it
 * fails where a webhook was not as the catalogue says, unless a test sends data of its own (`anyData`).
 */
export async function startPlatformReceiver(secret: string, { port = 0, anyData = false } = {}) {
  const webhook = new Webhook(secret);
  const requests: ReceivedWebhook[] = [];
  const taken: ReceivedWebhook[] = [];
  const refusedSignatures: string[] = [];
  const misfits = new Set<string>();
  const open = new Set<ServerResponse>();
  let behaviour: (webhook: ReceivedWebhook) => Behaviour = () => 204;
  let atOnce = 0;
  let mostAtOnce = 0;
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    open.add(response);
    response.on('close', () => {
      atOnce -= 1;
      open.delete(response);
    });
    const body = await read(request);
    const received = verify(request, body);
    if (received === null) {
      response.writeHead(401).end();
      return;
    }
    requests.push(received);
    answer(received, behaviour(received), response);
  }

  function verify({ headers, method }: IncomingMessage, body: string): ReceivedWebhook | null {
    try {
      if (method !== 'POST' || headers['content-type'] !== 'application/json') throw new Error(`${method}`);
      // The library takes plain headers; node's are.
      const said = webhook.verify(body, headers as Record<string, string>) as ReceivedWebhook;
      const { type, timestamp, subject, sequence, data } = said;
      const id = String(headers['webhook-id']);
      if (!anyData) for (const misfit of misfitsOf({ type, data })) misfits.add(misfit);
      return { id, type, timestamp, subject, sequence, data, headers, body, at: Date.now() };
    } catch (error) {
      refusedSignatures.push(String(error));
      return null;
    }
  }

  function answer(received: ReceivedWebhook, how: Behaviour, response: ServerResponse): void {
    if (how === 'hang') return;
    if (how === 'break') {
      response.destroy();
      return;
    }
    const { status, headers } = typeof how === 'object' ? how : { status: how === 'endless' ? 200 : how, headers: {} };
    if (status >= 200 && status < 300) taken.push(received);
    response.writeHead(status, headers);
    if (how === 'endless') pour(response);
    else response.end(status === 204 ? undefined : '{"ok":true}');
  }

  /** What a receiver that goes by the webhook's id has: each one once. */
  function distinct(): ReceivedWebhook[] {
    return [...new Map(taken.map((one) => [one.id, one])).values()];
  }

  return {
    url: `http://127.0.0.1:${address.port}/hooks`,
    port: address.port,
    /** Everything whose signature held, also what was not taken. */
    requests,
    /** What was answered with 2xx, in its order. */
    taken,
    distinct,
    duplicates: () => taken.length - distinct().length,
    refusedSignatures,
    mostAtOnce: () => mostAtOnce,
    behave: (next: Behaviour | ((webhook: ReceivedWebhook) => Behaviour)) => {
      behaviour = typeof next === 'function' ? next : () => next;
    },
    close: async (): Promise<void> => {
      for (const response of open) response.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (misfits.size > 0) throw new Error([...misfits].join('\n'));
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function pour(response: ServerResponse): void {
  const more = () => {
    if (!response.destroyed) response.write(Buffer.alloc(64 * 1024), more);
  };
  more();
}
