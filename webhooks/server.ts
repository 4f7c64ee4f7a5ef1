import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, RequestError } from '@hono/node-server';

import { messageOf } from '../src/kernel/errors.ts';
import { CONNECTION_LIMITS, type ConnectionLimits, limitConnections } from './guard/connections.ts';
import { createGuard, type Guard } from './guard/guard.ts';
import { problem } from './problem.ts';

/** Anything that answers requests as Hono does. */
export type Fetcher = { fetch(request: Request, env?: unknown): Response | Promise<Response> };

export type ListenOptions = {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** From the first byte of a request until its headers are here, real milliseconds. */
  headersTimeoutMs?: number;
  /** From the first byte of a request until its body is here, real milliseconds. */
  requestTimeoutMs?: number;
  /** What one address, and all, may take of the connections; see `CONNECTION_LIMITS`. */
  limits?: Partial<ConnectionLimits>;
  /** The guard of the app, so that both know the same senders. */
  guard?: Guard;
  /** How long `close` waits for requests in hand before it cuts them off, real milliseconds. */
  graceMs?: number;
};

/**
 * Serves `app` over HTTP. Resolves when it listens; `close` stops taking connections, lets requests in hand finish, and
 * resolves when all connections are gone. Rejects with one clear sentence when it cannot listen.
 */
export async function listen(app: Fetcher, options: ListenOptions) {
  const answer = getRequestListener((request, env) => app.fetch(request, env), {
    // HTTP/1.0, as simple health checks speak it, names no host.
    hostname: 'localhost',
    errorHandler: refused,
  });
  const server = createServer(
    {
      headersTimeout: options.headersTimeoutMs ?? 10_000,
      requestTimeout: options.requestTimeoutMs ?? 15_000,
      // Node checks for late requests only this often; its default of 30 s would make the two above meaningless.
      connectionsCheckingInterval: Math.min(1_000, options.headersTimeoutMs ?? 1_000),
      // Longer than load balancers keep a connection idle, so that it is they who close it.
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16 * 1024,
    },
    (incoming, outgoing) => {
      if (!connections.admits(incoming, outgoing)) return;
      endWithUnreadBody(incoming, outgoing);
      answer(incoming, outgoing);
    },
  );
  const connections = limitConnections(
    server,
    { ...CONNECTION_LIMITS, ...options.limits },
    options.guard ?? createGuard(),
  );
  await listening(server, options);
  return { port: boundPort(server), close: () => close(server, options.graceMs ?? 5_000) };
}

export type Listening = Awaited<ReturnType<typeof listen>>;

function listening(server: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`cannot listen on ${host}:${port}: ${causeOf(error)}`)));
    server.listen(port, host, () => resolve());
  });
}

function causeOf(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  return CAUSES[code] ?? messageOf(error);
}

const CAUSES: Record<string, string | undefined> = {
  EADDRINUSE: 'the port is taken by another program',
  EACCES: 'this user may not use the port',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the host name is not known',
};

function boundPort(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/**
 * A kept-alive connection becomes idle only after its answer, so idle ones are closed again and again until none is
 * left.
 */
async function close(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
  server.closeIdleConnections();
  await closed;
  clearInterval(idle);
  clearTimeout(cutOff);
}

/**
 * A body that is answered before it was read is discarded as it comes, so that its sender gets to read the answer; not so
 * one that has no end, or a far one: then the connection ends with the answer.
 */
function endWithUnreadBody(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { 'content-length': declared, 'transfer-encoding': chunked } = incoming.headers;
  if (chunked === undefined && Number(declared ?? 0) <= DISCARDED_BYTES) return;
  outgoing.setHeader('connection', 'close');
  incoming.once('end', () => {
    if (!outgoing.headersSent) outgoing.removeHeader('connection');
  });
}

const DISCARDED_BYTES = 8 * 1024 * 1024;

/** What fails before the app is reached: a request line or host that makes no URL. */
function refused(error: unknown): Response {
  if (error instanceof RequestError) return problem(400, 'The request line or the host header is malformed.');
  return problem(500, 'The request failed.');
}
