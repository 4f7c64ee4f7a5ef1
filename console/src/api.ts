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

/** What says which list: parts of its path, and what it is filtered by. */
export type ListInput = { path?: Record<string, string>; query?: Record<string, unknown> };

/** The calls of `/v1` by a session. Each throws RefusedError, UnavailableError, or the signal's reason. */
export function createConsoleApi({ origin, session, onEnded }: Options) {
  const transport = createTransport({ url: origin, retry: { attempts: 3 } });
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
    const path = addressOf(operation.replace(/^GET /, ''), input);
    const init = { headers: { ...headers(), accept: 'text/csv' } };
    return transport.persistently(
      () =>
        transport.exchange({ path, init }, {}, async (response) =>
          response.ok ? { done: await response.blob() } : transport.refusalOrAgain(response),
        ),
      {},
    );
  }

  /** A line as typed in chat, or as a button there: the one command core runs it, with the rights of that chat. */
  function command(line: string, idempotencyKey: string): Promise<Message> {
    const body = JSON.stringify({ command: line });
    const init = {
      method: 'POST',
      headers: { ...headers(), 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
      body,
    };
    return transport.persistently(
      () =>
        transport.exchange({ path: '/v1/me/commands', init }, {}, async (response) =>
          response.ok ? { done: (await response.json()) as Message } : transport.refusalOrAgain(response),
        ),
      {},
    );
  }

  return {
    command: (...given: Parameters<typeof command>) => noticingTheEnd(command(...given)),
    call: ((...given) => noticingTheEnd(call(...given))) as typeof call,
    csv: (...given: Parameters<typeof csv>) => noticingTheEnd(csv(...given)),
  };
}
