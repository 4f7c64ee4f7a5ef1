import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createFloods } from './floods.ts';
import type { Guard } from './guard.ts';
import type { Peer } from './peers.ts';

export type ConnectionLimits = {
  /** Connections of everybody. A quarter of them is for those whose address was verified lately. */
  connections: number;
  connectionsPerAddress: number;
  /** Requests that are not answered yet on one connection: more than that only a flood pipelines. */
  requestsPerConnection: number;
  /** How long an answer may lie unread, real milliseconds; a large one longer, by `SLOWEST_READER`. */
  unreadMs: number;
};

export const CONNECTION_LIMITS: ConnectionLimits = {
  connections: 2_048,
  connectionsPerAddress: 1_536,
  requestsPerConnection: 32,
  unreadMs: 30_000,
};

const FOR_STRANGERS = 0.75;
/** Bytes a millisecond. */
const SLOWEST_READER = 16;
const SWEEP_MS = 1_000;

type Connection = {
  socket: Socket;
  peer: Peer;
  inHand: number;
  answered: number;
  /** A request was one too many: it ends the connection, and nothing that came behind it is looked at. */
  isRefused: boolean;
  /** What the other end had taken of what was written to it, and since when no more. */
  taken: number;
  takenAt: number;
};

/**
 * Bounds what connections can take of the service: their number in all and for each address, the requests in hand on
 * each, and the time in which nobody reads the answers. When there are too many connections a new one is not refused as
 * long as one can go that does nothing: the oldest idle one of the address that has most, strangers' first.
 */
export function limitConnections(server: Server, limits: ConnectionLimits, { peers, refusals }: Guard) {
  const open = new Map<Socket, Connection>();
  const byAddress = new Map<string, Set<Connection>>();
  const floods = createFloods((address) => byAddress.get(address) ?? new Set<Connection>());
  let ofStrangers = 0;

  refusals.onFlood(floods.begin);
  server.on('connection', (socket: Socket) => {
    const peer = peers.of(socket);
    const isStranger = !peers.isKnown(peer);
    if (!makeRoom(peer, isStranger)) {
      refusals.note('connections', peer.address);
      socket.destroy();
      return;
    }
    const connection = { socket, peer, inHand: 0, answered: 0, isRefused: false, taken: 0, takenAt: performance.now() };
    open.set(socket, connection);
    const ofAddress = byAddress.get(peer.address) ?? new Set();
    byAddress.set(peer.address, ofAddress.add(connection));
    if (!floods.rest(connection)) cutOff(connection);
    if (isStranger) ofStrangers += 1;
    socket.once('close', () => {
      open.delete(socket);
      ofAddress.delete(connection);
      if (ofAddress.size === 0 && byAddress.get(peer.address) === ofAddress) byAddress.delete(peer.address);
      if (isStranger) ofStrangers -= 1;
    });
  });

  function makeRoom(peer: Peer, isStranger: boolean): boolean {
    const ofAddress = byAddress.get(peer.address) ?? new Set();
    if (ofAddress.size >= limits.connectionsPerAddress && !cutOff(idleOf(ofAddress))) return false;
    const isFull = open.size >= limits.connections;
    if (isStranger && (isFull || ofStrangers >= limits.connections * FOR_STRANGERS)) return cutOff(idleStranger());
    return !isFull || cutOff(idleStranger() ?? idleOf(ofAddress));
  }

  function idleStranger(): Connection | undefined {
    let most: Set<Connection> | undefined;
    for (const [, connections] of byAddress) {
      const [one] = connections;
      if (one === undefined || peers.isKnown(one.peer)) continue;
      if (connections.size > (most?.size ?? 0)) most = connections;
    }
    return most === undefined ? undefined : idleOf(most);
  }

  /** One of them goes at once: its closing is noted before the next connection is counted. */
  function cutOff(connection: Connection | undefined): boolean {
    if (connection === undefined) return false;
    refusals.note('connections', connection.peer.address);
    connection.socket.destroy();
    return true;
  }

  /** Whether a request is to be answered by the app; it is answered here, or not at all, when it is one too many. */
  function admits(incoming: IncomingMessage, outgoing: ServerResponse): boolean {
    const connection = open.get(incoming.socket);
    if (connection === undefined || incoming.socket.destroyed || connection.isRefused) return false;
    if (connection.inHand >= limits.requestsPerConnection) {
      connection.isRefused = true;
      refusals.note('pipelined', connection.peer.address);
      refuse(outgoing);
      // What is read is parsed; nothing more is read.
      incoming.socket.pause();
      closeCheaply(incoming.socket);
      return false;
    }
    connection.inHand += 1;
    outgoing.once('close', () => {
      connection.inHand -= 1;
      connection.answered += 1;
    });
    return true;
  }

  const sweep = setInterval(
    () => {
      const now = performance.now();
      for (const connection of open.values()) {
        const { socket } = connection;
        const taken = socket.bytesWritten - socket.writableLength;
        if (socket.writableLength === 0 || taken !== connection.taken) {
          connection.taken = taken;
          connection.takenAt = now;
        } else if (now - connection.takenAt > limits.unreadMs + socket.writableLength / SLOWEST_READER) {
          refusals.note('unread-answer', connection.peer.address);
          socket.destroy();
        }
      }
    },
    Math.min(SWEEP_MS, limits.unreadMs),
  );
  sweep.unref();
  server.once('close', () => clearInterval(sweep));

  return { admits };
}

/** The oldest that has nothing in hand, before those that have carried something verified. */
function idleOf(connections: Set<Connection>): Connection | undefined {
  let verified: Connection | undefined;
  for (const connection of connections) {
    if (connection.inHand > 0 || connection.socket.destroyed) continue;
    if (!connection.peer.isVerified) return connection;
    verified ??= connection;
  }
  return verified;
}

/**
 * When a connection closes, Node makes an error for each request that was not answered, and most of its cost is the stack
 * trace, which nobody sees: thousands of them take longer than the requests. So they are made without, in the listeners
 * between these two, which run one behind the other.
 */
function closeCheaply(socket: Socket): void {
  let limit = Error.stackTraceLimit;
  socket.prependOnceListener('close', () => {
    limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
  });
  socket.once('close', () => {
    Error.stackTraceLimit = limit;
  });
}

/** Answers, in its turn, that this was one request too many, and closes the connection. */
function refuse(outgoing: ServerResponse): void {
  const { status, body, headers } = TOO_MANY;
  outgoing.writeHead(status, headers);
  outgoing.end(body);
}

const TOO_MANY = {
  status: 503,
  headers: { 'content-type': 'application/problem+json', 'retry-after': '1', connection: 'close' },
  body: JSON.stringify({
    title: 'Service Unavailable',
    status: 503,
    detail: 'Too many requests wait on this connection for their answers.',
    reason: 'unavailable',
  }),
};
