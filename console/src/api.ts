import {
  type AnswerOf,
  addressOf,
  createApi,
  type InputOf,
  type ItemOf,
  type ListOperation,
  type Operation,
} from '../../client/api.ts';
import { RefusedError } from '../../client/errors.ts';
import { createTransport } from '../../client/transport.ts';
import type { Message } from './message.ts';
import { headersOf, type Session } from './session.ts';

export type { AnswerOf, InputOf, ItemOf, ListOperation, Operation };

export type Api = ReturnType<typeof createConsoleApi>;

type Options = {
  origin: string;
  session: Pick<Session, 'token'>;
  /** The service does not know the session any more. */
  onEnded(): void;
};

/** Somewhere that the console is open. */
export type OpenSession = {
  sessionId: string;
  channel: 'telegram' | 'discord';
  way: string;
  network: string;
  agent: string;
  isCurrent: boolean;
  openedAt: string;
  lastUsedAt: string;
  expiresAt: string;
};

/** What says which list: parts of its path, and what it is filtered by. */
export type ListInput = { path?: Record<string, string>; query?: Record<string, unknown> };

/** The calls of `/v1` and of the console by a session. Each throws RefusedError, UnavailableError, or the signal's reason. */
export function createConsoleApi({ origin, session, onEnded }: Options) {
  let token = session.token;
  const transport = createTransport({
    url: origin,
    retry: { attempts: 3 },
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      // After an hour an answer carries the next one; the one before ends the session when it is used on.
      token = response.headers.get('settlebot-session') ?? token;
      return response;
    },
  });
  const headers = () => headersOf(token);
  const { call } = createApi(transport, headers);

  /** Whatever the call was: without a session the page has nothing to show. */
  async function noticingTheEnd<T>(asked: Promise<T>): Promise<T> {
    try {
      return await asked;
    } catch (error) {
      if (error instanceof RefusedError && error.status === 401) onEnded();
      throw error;
    }
  }

  function send<T>(sent: Sent, read: (response: Response) => Promise<T>): Promise<T> {
    const { method = 'GET', path, body, more = {} } = sent;
    const typed = body === undefined ? {} : { 'content-type': 'application/json' };
    return noticingTheEnd(
      transport.persistently(() => {
        const init = {
          method,
          headers: { ...headers(), ...typed, ...more },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        };
        return transport.exchange({ path, init }, {}, async (response) =>
          response.ok ? { done: await read(response) } : transport.refusalOrAgain(response),
        );
      }, {}),
    );
  }

  return {
    call: ((...given) => noticingTheEnd(call(...given))) as typeof call,

    /** A list as a table for a spreadsheet, all its pages. */
    csv: (operation: ListOperation, input: ListInput): Promise<Blob> =>
      send({ path: addressOf(operation.replace(/^GET /, ''), input), more: { accept: 'text/csv' } }, (response) =>
        response.blob(),
      ),

    /** A file of one thing, as a PDF or a CSV. */
    file: (path: string): Promise<Blob> => send({ path }, (response) => response.blob()),

    /**
     * The press of a button with a line of the chat's commands: the one command core runs it, with the rights of that chat, and asks
     * once more before what cannot be undone.
     */
    command: (line: string, idempotencyKey: string): Promise<Message> => {
      const body = { command: line, isPress: true };
      const more = { 'idempotency-key': idempotencyKey };
      return send({ method: 'POST', path: '/v1/me/commands', body, more }, (response) => response.json());
    },

    /** Who is there, as it is now. */
    session: (): Promise<Session> => send({ path: '/console/session' }, (response) => response.json()),

    /** Where the console is open as this person. */
    sessions: async (): Promise<OpenSession[]> => {
      const { items } = await send({ path: '/console/sessions' }, (response) => response.json());
      return items;
    },

    /** Ends one of them. */
    endSession: (sessionId: string): Promise<void> =>
      send({ method: 'DELETE', path: `/console/sessions/${encodeURIComponent(sessionId)}` }, async () => {}),
  };
}

type Sent = { method?: string; path: string; body?: object; more?: Record<string, string> };
