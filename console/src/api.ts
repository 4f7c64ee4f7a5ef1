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
import { headersOf, keepToken, type Session } from './session.ts';

export type { AnswerOf, InputOf, ItemOf, ListOperation, Operation };

export type Api = ReturnType<typeof createConsoleApi>;

type Options = {
  origin: string;
  session: Pick<Session, 'token'>;
  /** Whether it is known that nobody is there: then nobody is asked either. */
  isOver(): boolean;
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

/** A list of the service with its filter. */
export type ListSource = { operation: ListOperation; input: ListInput };

/** The calls of `/v1` by a session. Each throws RefusedError, UnavailableError, or the signal's reason. */
export function createConsoleApi({ origin, session, isOver, onEnded }: Options) {
  const transport = createTransport({
    url: origin,
    retry: { attempts: 3 },
    fetch: async (url, init) => {
      if (isOver()) return new Response(null, { status: 401 });
      const response = await fetch(url, init);
      keepToken(session, response);
      return response;
    },
  });
  const headers = () => headersOf(session.token);
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

  /** A list as a table for a spreadsheet, all its pages. */
  function csv(operation: ListOperation, input: ListInput): Promise<Blob> {
    return blob(addressOf(operation.replace(/^GET /, ''), input), { accept: 'text/csv' });
  }

  /** A file of the service's, byte by byte as it hands it out: text read as such would lose its byte order mark. */
  function file(operation: Extract<Operation, `GET ${string}`>, input: ListInput): Promise<Blob> {
    return blob(addressOf(operation.replace(/^GET /, ''), input), {});
  }

  function blob(path: string, more: Record<string, string>): Promise<Blob> {
    return exchange(path, { headers: { ...headers(), ...more } }, (response) => response.blob());
  }

  /** Hands in a file as it is. Its answer is that of the operation. */
  function hand<O extends Extract<Operation, `POST ${string}`>>(
    operation: O,
    { content, idempotencyKey, ...input }: ListInput & { content: Blob; idempotencyKey: string },
  ): Promise<AnswerOf<O>> {
    const path = addressOf(operation.replace(/^POST /, ''), input);
    const headersOfFile = { 'content-type': 'application/octet-stream', 'idempotency-key': idempotencyKey };
    const init = { method: 'POST', headers: { ...headers(), ...headersOfFile }, body: content };
    return exchange(path, init, async (response) => (await response.json()) as AnswerOf<O>);
  }

  function exchange<T>(path: string, init: RequestInit, read: (response: Response) => Promise<T>): Promise<T> {
    return transport.persistently(
      () =>
        transport.exchange({ path, init }, {}, async (response) =>
          response.ok ? { done: await read(response) } : transport.refusalOrAgain(response),
        ),
      {},
    );
  }

  /**
   * The press of a button with a line of the chat's commands: the one command core runs it, with the rights of that chat, and asks
   * once more before what cannot be undone.
   */
  function command(line: string, idempotencyKey: string): Promise<Message> {
    const body = JSON.stringify({ command: line, isPress: true });
    const init = {
      method: 'POST',
      headers: { ...headers(), 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
      body,
    };
    return exchange('/v1/me/commands', init, async (response) => (await response.json()) as Message);
  }

  /** Who is there, as it is now. */
  function who(): Promise<Session> {
    return exchange('/console/session', { headers: headers() }, async (response) => (await response.json()) as Session);
  }

  /** Where the console is open as this person. */
  function sessions(): Promise<OpenSession[]> {
    const read = async (response: Response) => ((await response.json()) as { items: OpenSession[] }).items;
    return exchange('/console/sessions', { headers: headers() }, read);
  }

  /** Ends one of them. */
  function endSession(sessionId: string): Promise<void> {
    const init = { method: 'DELETE', headers: headers() };
    return exchange(`/console/sessions/${encodeURIComponent(sessionId)}`, init, async () => {});
  }

  return {
    session: () => noticingTheEnd(who()),
    sessions: () => noticingTheEnd(sessions()),
    endSession: (...given: Parameters<typeof endSession>) => noticingTheEnd(endSession(...given)),
    command: (...given: Parameters<typeof command>) => noticingTheEnd(command(...given)),
    call: ((...given) => noticingTheEnd(call(...given))) as typeof call,
    csv: (...given: Parameters<typeof csv>) => noticingTheEnd(csv(...given)),
    file: (...given: Parameters<typeof file>) => noticingTheEnd(file(...given)),
    hand: ((...given) => noticingTheEnd(hand(...given))) as typeof hand,
  };
}
