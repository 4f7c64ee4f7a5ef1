import { type FieldError, type Refusal, RefusedError, UnavailableError } from './errors.ts';
import { type RetryOptions, retryAfterMs, retrying, type Try, type Waiting } from './retry.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export type CallOptions = {
  /** Ends the call, waits included. */
  signal?: AbortSignal | undefined;
};

export type TransportOptions = {
  /** Where the service is, as `https://settlebot.example.com`. */
  url: string | URL;
  /** The runtime's own, unless told. */
  fetch?: Fetch | undefined;
  retry?: RetryOptions | undefined;
  /** How long one try may take; 20 s by default. */
  timeoutMs?: number | undefined;
  /** Real time in milliseconds. */
  now?: (() => number) | undefined;
  waiting?: Waiting | undefined;
};

export type Transport = ReturnType<typeof createTransport>;

/** A request to be sent, made anew for each try: signatures are good for five minutes. */
export type Outgoing = { path: string; init: RequestInit };

/** HTTP with retries. What an answer means is up to the caller, but for what is alike everywhere. */
export function createTransport(options: TransportOptions) {
  const { timeoutMs = 20_000, now = Date.now } = options;
  const root = String(options.url).replace(/\/+$/, '');
  // Bound late, and called without a receiver: browsers and workers refuse another one.
  const send: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));

  /** One try. A connection that fails, or takes too long, is a reason to try again; an abort is the caller's. */
  async function exchange<T>(
    outgoing: Outgoing,
    { signal }: CallOptions,
    read: (response: Response) => Promise<Try<T>>,
  ): Promise<Try<T>> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const ends = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    try {
      const response = await send(`${root}${outgoing.path}`, { ...outgoing.init, signal: ends });
      return await read(response);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof RefusedError) throw error;
      const why = timeout.aborted ? `gave no answer within ${timeoutMs} ms` : 'could not be reached';
      return { again: new UnavailableError(`The service ${why}.`, { cause: error }) };
    }
  }

  /** Tries again while `attempt` says so. */
  function persistently<T>(attempt: () => Promise<Try<T>>, { signal }: CallOptions): Promise<T> {
    return retrying(attempt, { ...options.retry, waiting: options.waiting, signal });
  }

  /** A reason to try again, and when, after an answer. */
  function again({ status, headers }: Response, message: string): { again: UnavailableError } {
    const after = retryAfterMs(headers.get('retry-after'), now());
    return {
      again: new UnavailableError(message, { status, ...(after === undefined ? {} : { retryAfterMs: after }) }),
    };
  }

  /** Throws what is refused for good, and answers a reason to try again for what is not. */
  async function refusalOrAgain(response: Response): Promise<{ again: UnavailableError }> {
    const { status } = response;
    const problem = await problemIn(response);
    if (!MAY_PASS.has(status) && status < 500 && problem.code !== 'in_progress') throw new RefusedError(problem);
    return again(response, problem.message);
  }

  return { exchange, persistently, again, refusalOrAgain, now };
}

/** Too slow, too early, and too many requests. */
const MAY_PASS: ReadonlySet<number> = new Set([408, 425, 429]);

/** RFC 9457, as the service answers; whatever stands in front of it may answer something else. */
async function problemIn(response: Response): Promise<Refusal> {
  const { status } = response;
  const fallback = { status, code: 'failed', message: `The answer was ${status}.` };
  const parsed: unknown = await response.json().catch((error: unknown) => {
    // Its text could not be read at all: that is the connection, and no answer.
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  });
  if (typeof parsed !== 'object' || parsed === null) return fallback;
  const { title: _, status: __, detail, reason, errors, ...details } = parsed as Record<string, unknown>;
  return {
    ...fallback,
    ...(typeof reason === 'string' ? { code: reason } : {}),
    ...(typeof detail === 'string' ? { message: detail } : {}),
    ...(Array.isArray(errors) ? { errors: errors as FieldError[] } : {}),
    details,
  };
}
