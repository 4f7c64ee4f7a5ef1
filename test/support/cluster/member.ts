import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { mongo } from 'mongoose';

import { type Command, commandOf } from './command.ts';
import { createFrames, encode, type Request, readRequest, writeReply } from './wire.ts';

const { Long, ObjectId } = mongo;

/** `silent`: it takes what is sent and answers nothing, as behind a network that swallows packets. */
export type Role = 'primary' | 'secondary' | 'down' | 'silent';

/** Asks the engine over a connection of its own. */
export type Engine = { ask(message: Buffer): Promise<Buffer>; close(): void };

export type Member = ReturnType<typeof createMember>;

type MemberDependencies = {
  /** What a member says of itself and the cluster, but for its own state. */
  describe: (member: Member, isLegacy: boolean) => Record<string, unknown>;
  /** The body of the answer; `broken`: the connection ends instead; null: nothing is answered. */
  answer: (member: Member, command: Command, engine: Engine) => Promise<Buffer | 'broken' | null>;
  openEngine: () => Engine;
};

/** One member: a port that speaks MongoDB's protocol. */
export function createMember(deps: MemberDependencies) {
  const connections = new Set<Socket>();
  const listeners = new Set<() => void>();
  const processId = new ObjectId();
  let server: Server | undefined;
  let counter = 0;
  let port = 0;
  const member = {
    role: 'secondary' as Role,
    get host(): string {
      return `127.0.0.1:${port}`;
    },
    get topologyVersion() {
      return { processId, counter: Long.fromNumber(counter) };
    },
    listen,
    goDown,
    dropConnections,
    announce,
  };

  /** On a free port at first, and on the same one after it was down. */
  async function listen(): Promise<void> {
    server = createServer(serve);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  }

  function goDown(): void {
    server?.close();
    dropConnections();
  }

  function dropConnections(): void {
    for (const socket of connections) socket.destroy();
  }

  /** The state of the cluster is another one: whoever waits for that is told. */
  function announce(): void {
    counter += 1;
    for (const tell of [...listeners]) tell();
  }

  function serve(socket: Socket): void {
    connections.add(socket);
    socket.setNoDelay(true);
    const frames = createFrames();
    let engine: Engine | undefined;
    let turn: Promise<void> = Promise.resolve();
    const reach = (): Engine => {
      engine ??= deps.openEngine();
      return engine;
    };
    const failed = (): void => {
      socket.destroy();
    };
    socket.on('error', failed);
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const message of frames(chunk)) {
          turn = turn.then(() => (socket.destroyed ? undefined : respond(socket, message, reach))).catch(failed);
        }
      } catch {
        failed();
      }
    });
    socket.on('close', () => {
      connections.delete(socket);
      // What the client has asked for is still executed, as a server would.
      void turn.finally(() => engine?.close());
    });
  }

  async function respond(socket: Socket, message: Buffer, reach: () => Engine): Promise<void> {
    if (member.role === 'silent') return;
    const request = readRequest(message);
    const [name = ''] = Object.keys(request.body);
    if (/^(hello|ismaster)$/i.test(name)) return hello(socket, request, name !== 'hello');
    const body = name === 'endSessions' ? encode({ ok: 1 }) : await deps.answer(member, commandOf(request), reach());
    if (body === 'broken') socket.destroy();
    else if (body !== null && socket.writable) socket.write(writeReply(body, request).bytes);
  }

  /** At once; or, to who knows the state already, when it changes, and then each time it does. */
  async function hello(socket: Socket, request: Request, isLegacy: boolean): Promise<void> {
    const { topologyVersion, maxAwaitTimeMS } = request.body;
    const known = (topologyVersion as { counter?: unknown } | undefined)?.counter;
    let { id } = request;
    let seen = known === undefined || maxAwaitTimeMS === undefined ? undefined : Number(known);
    const streams = seen !== undefined && request.takesStream;
    do {
      if (seen === counter) await change(socket, Number(maxAwaitTimeMS));
      if (!socket.writable || member.role === 'silent') return;
      seen = counter;
      const body = encode({ ...deps.describe(member, isLegacy), topologyVersion: member.topologyVersion });
      const reply = writeReply(body, { id, isLegacy: request.isLegacy }, streams);
      socket.write(reply.bytes);
      id = reply.id;
    } while (streams);
  }

  function change(socket: Socket, atMostMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        listeners.delete(done);
        socket.off('close', done);
        resolve();
      };
      const timer = setTimeout(done, atMostMs);
      listeners.add(done);
      socket.once('close', done);
    });
  }

  return member;
}

/** A connection to the engine at a connection string: a socket in the file system, or a port. */
export function openEngine(uri: string): Engine {
  const [, host = ''] = /^mongodb:\/\/(?:[^@/]*@)?([^/?]+)/.exec(uri) ?? [];
  const [name = '', port = '27017'] = decodeURIComponent(host).split(':');
  const socket = name.startsWith('/') ? connect(name) : connect(Number(port), name);
  const frames = createFrames();
  const waiting: { resolve(answer: Buffer): void; reject(error: Error): void }[] = [];
  socket.on('data', (chunk: Buffer) => {
    for (const answer of frames(chunk)) waiting.shift()?.resolve(answer);
  });
  const ended = () => {
    for (const { reject } of waiting.splice(0)) reject(new Error('the engine is gone'));
  };
  socket.on('error', ended);
  socket.on('close', ended);
  return {
    ask: (message) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        socket.write(message);
      }),
    close: () => socket.destroy(),
  };
}
