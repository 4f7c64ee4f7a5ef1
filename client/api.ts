import type { Try } from './retry.ts';
import type { CallOptions, Transport } from './transport.ts';
import type { Operations } from './types.ts';

/** A call of the API, as `GET /v1/invoices/{id}`. */
export type Operation = keyof Operations;
export type AnswerOf<O extends Operation> = Operations[O]['answer'];
/** A call that answers a list, page by page. */
export type ListOperation = {
  [O in Operation]: AnswerOf<O> extends { items: unknown[]; next: string | null } ? O : never;
}[Operation];
export type ItemOf<O extends ListOperation> = AnswerOf<O> extends { items: (infer Item)[] } ? Item : never;

/** Path, query and body of a call, as far as it has them. */
export type InputOf<O extends Operation> = Pick<Operations[O], Extract<keyof Operations[O], 'path' | 'query' | 'body'>>;
type WithOptions<O extends Operation> = InputOf<O> & ApiOptions;
/** Nothing need be given where all of it is optional. */
type Arguments<O extends Operation> =
  Record<never, never> extends WithOptions<O> ? [input?: WithOptions<O>] : [input: WithOptions<O>];

export type ApiOptions = CallOptions & {
  /** Of a `POST`: the same key again gets the first answer, for 24 hours. One is made for each call, unless told. */
  idempotencyKey?: string | undefined;
};

type Input = ApiOptions & {
  path?: Record<string, string> | undefined;
  query?: Record<string, unknown> | undefined;
  body?: unknown;
};

/**
 * The calls of `/v1`. Each throws RefusedError, UnavailableError, or the signal's reason. `credentials` says, for each call, by which
 * headers the service knows who calls; undefined where there are none.
 */
export function createApi(transport: Transport, credentials: () => Record<string, string> | undefined) {
  /** One call: JSON comes parsed, a table as text, a document as bytes; nothing where the answer has no body. */
  async function call<O extends Operation>(operation: O, ...[input]: Arguments<O>): Promise<AnswerOf<O>> {
    return request(operation, input ?? {}) as Promise<AnswerOf<O>>;
  }

  /** The pages of a list, one after the other, as far as they are asked for. */
  async function* pages<O extends ListOperation>(operation: O, ...[input]: Arguments<O>): AsyncGenerator<AnswerOf<O>> {
    const { query, ...rest }: Input = input ?? {};
    let after: unknown;
    do {
      const asked = { ...rest, query: { ...query, ...(after === undefined ? {} : { after }) } };
      const page = (await request(operation, asked)) as AnswerOf<O>;
      yield page;
      after = page.next ?? undefined;
    } while (after !== undefined);
  }

  /** Every item of a list, whatever its pages. */
  async function* items<O extends ListOperation>(operation: O, ...input: Arguments<O>): AsyncGenerator<ItemOf<O>> {
    for await (const page of pages(operation, ...input)) yield* page.items as ItemOf<O>[];
  }

  function request(operation: Operation, input: Input): Promise<unknown> {
    const known = credentials();
    if (known === undefined) throw new TypeError('calls of the API need apiKey');
    const [method = '', template = ''] = operation.split(' ');
    const headers = { ...known };
    if (input.body !== undefined) headers['content-type'] = 'application/json';
    // The same at every try, so that what was done and not answered is not done again.
    if (method === 'POST') headers['idempotency-key'] = input.idempotencyKey ?? crypto.randomUUID();
    const init = { method, headers, ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }) };
    const outgoing = { path: addressOf(template, input), init };
    const once = (): Promise<Try<unknown>> =>
      transport.exchange(outgoing, input, async (response) =>
        response.ok ? { done: await contentOf(response) } : transport.refusalOrAgain(response),
      );
    return transport.persistently(once, input);
  }

  return { call, pages, items };
}

/** Where a call goes, as `/v1/invoices/W1?limit=10`. Throws a TypeError where its path lacks something. */
export function addressOf(template: string, { path = {}, query = {} }: Pick<Input, 'path' | 'query'>): string {
  const address = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = path[name];
    if (value === undefined || value === '') throw new TypeError(`${template} needs ${name}`);
    return encodeURIComponent(value);
  });
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) asked.set(name, String(value));
  const text = asked.toString();
  return text === '' ? address : `${address}?${text}`;
}

async function contentOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('json')) return response.json();
  return type.startsWith('text/') ? response.text() : new Uint8Array(await response.arrayBuffer());
}
