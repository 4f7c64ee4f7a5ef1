import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

import { type Payload, recordOf, textOf } from './discordMessages.ts';

type Session = { id: string; sequence: number; events: Payload[]; socket: WebSocket | null };

export type GatewayOptions = {
  token: string;
  applicationId: string;
  guildId: string;
  /** What a client is told; one that is silent for two of these is cut off. */
  heartbeatMs: number;
  /** Between two new sessions; who comes too early is sent away. */
  identifyMs: number;
  onViolation: (what: string) => void;
};

const OP = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  resume: 6,
  reconnect: 7,
  invalidSession: 9,
  hello: 10,
  acknowledged: 11,
};

/** The gateway of the stand-in: sessions, heartbeats, resuming. */
export function createStandInGateway(server: Server, options: GatewayOptions) {
  const sockets = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, Session>();
  let isDown = false;
  let lastIdentify = Number.NEGATIVE_INFINITY;
  let identifies = 0;
  let resumes = 0;
  let refusals = 0;

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {});
    if (isDown) {
      refusals += 1;
      // Sometimes nobody is there, sometimes somebody says that nobody is there.
      if (refusals % 2 === 0) socket.destroy();
      else socket.end('HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (one) => serve(one));
  });

  function serve(socket: WebSocket): void {
    let session: Session | undefined;
    let alive: NodeJS.Timeout | undefined;
    const beat = () => {
      clearTimeout(alive);
      alive = setTimeout(() => socket.close(4_009, 'Session timed out'), options.heartbeatMs * 2 + 1_000);
    };
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(alive);
      if (session?.socket === socket) session.socket = null;
    });
    socket.on('message', (data) => {
      const { op, d } = parsed(String(data));
      const body = recordOf(d);
      if (op === OP.heartbeat) {
        beat();
        send(socket, { op: OP.acknowledged });
      } else if (op === OP.identify) session = identify(socket, body);
      else if (op === OP.resume) session = resume(socket, body);
    });
    beat();
    send(socket, { op: OP.hello, d: { heartbeat_interval: options.heartbeatMs } });
  }

  function identify(socket: WebSocket, body: Payload): Session | undefined {
    if (textOf(body.token) !== options.token) {
      socket.close(4_004, 'Authentication failed.');
      return undefined;
    }
    const now = performance.now();
    if (now - lastIdentify < options.identifyMs) {
      send(socket, { op: OP.invalidSession, d: false });
      return undefined;
    }
    lastIdentify = now;
    identifies += 1;
    const session: Session = { id: randomUUID(), sequence: 0, events: [], socket };
    sessions.set(session.id, session);
    const user = { id: options.applicationId, username: 'settlebot', discriminator: '0', bot: true, avatar: null };
    tell(session, 'READY', {
      v: 10,
      user,
      guilds: [{ id: options.guildId, unavailable: true }],
      session_id: session.id,
      resume_gateway_url: url(),
      application: { id: options.applicationId, flags: 0 },
    });
    // Guilds are told to who asks for them.
    if ((Number(body.intents) & 1) === 1) tell(session, 'GUILD_CREATE', guild(options.guildId));
    return session;
  }

  /** What was missed is told again, in its order. */
  function resume(socket: WebSocket, body: Payload): Session | undefined {
    const session = sessions.get(textOf(body.session_id));
    if (textOf(body.token) !== options.token) {
      socket.close(4_004, 'Authentication failed.');
      return undefined;
    }
    if (session === undefined) {
      send(socket, { op: OP.invalidSession, d: false });
      return undefined;
    }
    resumes += 1;
    session.socket = socket;
    for (const event of session.events.filter(({ s }) => Number(s) > Number(body.seq ?? 0))) send(socket, event);
    tell(session, 'RESUMED', {});
    return session;
  }

  function tell(session: Session, type: string, d: Payload): void {
    session.sequence += 1;
    const event = { op: OP.dispatch, s: session.sequence, t: type, d };
    session.events.push(event);
    if (session.socket !== null) send(session.socket, event);
  }

  /** Answers whether anybody is told, now or when they resume. */
  function dispatch(type: string, d: Payload): boolean {
    for (const session of sessions.values()) tell(session, type, d);
    return [...sessions.values()].some((session) => session.socket !== null);
  }

  function connected(): number {
    return [...sessions.values()].filter((session) => session.socket !== null).length;
  }

  function closeAll(code: number): void {
    for (const socket of sockets.clients) socket.close(code);
  }

  function url(): string {
    const address = server.address();
    return `ws://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/gateway`;
  }

  return {
    url,
    dispatch,
    connected,
    /** `forget`: sessions cannot be resumed afterwards. */
    goDown: (forget: boolean) => {
      isDown = true;
      if (forget) sessions.clear();
      for (const socket of sockets.clients) socket.terminate();
    },
    comeUp: () => {
      isDown = false;
    },
    /** Asks clients to come again, as Discord does when it moves them. */
    askToReconnect: () => {
      for (const socket of sockets.clients) send(socket, { op: OP.reconnect, d: null });
    },
    closeAll,
    identifies: () => identifies,
    resumes: () => resumes,
    close: () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

function send(socket: WebSocket, payload: Payload): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(payload));
}

function parsed(text: string): Payload {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function guild(id: string): Payload {
  const lists = ['roles', 'emojis', 'stickers', 'channels', 'threads', 'members', 'presences', 'voice_states'];
  return {
    id,
    name: 'Operations',
    owner_id: '1',
    features: [],
    ...Object.fromEntries(lists.map((name) => [name, []])),
    member_count: 1,
    large: false,
    unavailable: false,
  };
}
