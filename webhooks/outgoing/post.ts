import { realMilliseconds } from '../../src/kernel/clock.ts';
import { failureText } from '../../src/outgoing/failure.ts';
import type { SendOutcome } from '../../src/outgoing/outgoing.ts';
import { parseSecret, signatureOf } from '../signature.ts';

/** Hands one webhook to the platform. Never throws and always ends: what went wrong is an outcome, without secrets. */
export type Post = (webhook: { id: string; body: string }, stopped: AbortSignal) => Promise<SendOutcome>;

const TIMEOUT_MS = 15_000;
/** How much of an answer is read, so that the connection can be used again; its content does not matter. */
const ANSWER_BYTES = 64 * 1024;

/**
 * Sends webhooks to `url`, signed with `secret` as Standard Webhooks asks (docs/integration.md). The time in the header is that of
 * the sending, by real time, and so is the time-out. Throws when the secret is malformed, without printing it.
 */
export function createPost({ url, secret, timeoutMs = TIMEOUT_MS }: Receiver): Post {
  const key = parseSecret(secret);
  const { address, authorization } = withoutCredentials(url);

  return async function post({ id, body }, stopped) {
    const timestamp = String(Math.floor(realMilliseconds() / 1_000));
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), timeoutMs);
    const abort = () => timeout.abort();
    stopped.addEventListener('abort', abort);
    try {
      if (stopped.aborted) return { kind: 'cut-off' };
      const response = await fetch(address, {
        method: 'POST',
        headers: {
          ...authorization,
          'content-type': 'application/json',
          'user-agent': 'settlebot',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': signatureOf(key, id, timestamp, Buffer.from(body)),
        },
        body,
        redirect: 'manual',
        signal: timeout.signal,
      });
      await discard(response);
      return outcomeOf(response);
    } catch (error) {
      if (stopped.aborted) return { kind: 'cut-off' };
      if (timeout.signal.aborted)
        return { kind: 'failed', error: failureText({ kind: 'late', seconds: timeoutMs / 1_000 }) };
      return { kind: 'failed', error: failureText({ kind: 'unreachable', code: codeOf(error) }) };
    } finally {
      clearTimeout(timer);
      stopped.removeEventListener('abort', abort);
    }
  };
}

export type Receiver = { url: string; secret: string; timeoutMs?: number };

/** `fetch` takes no credentials in a URL, and puts the URL into the error that says so. */
function withoutCredentials(url: string): { address: string; authorization: { authorization?: string } } {
  const address = new URL(url);
  const { username, password } = address;
  address.username = '';
  address.password = '';
  if (username === '' && password === '') return { address: address.href, authorization: {} };
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  return { address: address.href, authorization: { authorization } };
}

/** The status is the answer, also when its body breaks off or has no end. */
async function discard({ body }: Response): Promise<void> {
  if (body === null) return;
  let rest = ANSWER_BYTES;
  try {
    // Leaving the loop early cancels the body, and with it the connection.
    for await (const chunk of body) {
      rest -= chunk.byteLength;
      if (rest < 0) break;
    }
  } catch {
    // None of it was wanted.
  }
}

function outcomeOf({ status, headers }: Response): SendOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status >= 300 && status < 400) {
    return { kind: 'failed', error: failureText({ kind: 'redirected', status }) };
  }
  const askedMs = status === 429 || status === 503 ? retryAfterMs(headers.get('retry-after')) : 0;
  return { kind: 'failed', error: failureText({ kind: 'refused', status }), ...(askedMs > 0 ? { askedMs } : {}) };
}

/** `Retry-After` in seconds or as a date; 0 when there is none that makes sense. */
function retryAfterMs(header: string | null): number {
  if (header === null) return 0;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? 0 : Math.max(0, at - realMilliseconds());
}

/** The code alone: messages can repeat the address. */
function codeOf(error: unknown): string | null {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{2,40}$/.test(code) ? code : null;
}
