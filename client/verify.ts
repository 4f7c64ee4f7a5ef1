import { VerificationError } from './errors.ts';
import { type Bytes, createSignatureCheck, WEBHOOK_ID } from './signature.ts';
import type { WebhookEvent } from './types.ts';

/** Headers as any framework has them: those of the web, or Node's, with names in small letters. */
export type WebhookHeaders =
  | { get(name: string): string | null | undefined }
  | Record<string, string | readonly string[] | undefined>;

/** A request whose body nobody has read, or its headers and its body as it came: bytes, or the text of them. */
export type WebhookRequest =
  | { headers: { get(name: string): string | null }; arrayBuffer(): Promise<ArrayBuffer> }
  | { headers: WebhookHeaders; body: string | Uint8Array | ArrayBuffer };

export type VerifyOptions = {
  /** Values of PLATFORM_WEBHOOK_SECRET: several while it is changed. */
  secrets: string | readonly string[];
  /** How far a webhook's time may lie from the real one, to either side; 300 by default. */
  toleranceSeconds?: number | undefined;
  /** Real time in milliseconds. */
  now?: (() => number) | undefined;
};

/**
 * Checks that a request is a webhook of the service's, and answers what it tells; throws VerificationError when it is not. A type that
 * this version of the client does not know is handed on as it is: let a `default` branch answer 2xx for it.
 */
export function createVerifier({ secrets, toleranceSeconds = 300, now = Date.now }: VerifyOptions) {
  const isSigned = createSignatureCheck(typeof secrets === 'string' ? [secrets] : secrets);

  return async function verify(request: WebhookRequest): Promise<WebhookEvent> {
    const id = headerOf(request.headers, 'webhook-id');
    const timestamp = headerOf(request.headers, 'webhook-timestamp');
    const signatures = headerOf(request.headers, 'webhook-signature');
    if (!WEBHOOK_ID.test(id) || !/^\d{1,12}$/.test(timestamp)) {
      throw new VerificationError('malformed_header', 'The id or the timestamp is malformed.');
    }
    if (Math.abs(Math.floor(now() / 1_000) - Number(timestamp)) > toleranceSeconds) {
      throw new VerificationError('out_of_date', `The webhook is not of the last ${toleranceSeconds} seconds.`);
    }
    const body = await bodyOf(request);
    if (!(await isSigned(id, timestamp, body, signatures))) {
      throw new VerificationError('wrong_signature', 'No signature is of one of the secrets.');
    }
    return eventOf(id, body);
  };
}

function headerOf(headers: WebhookHeaders, name: string): string {
  const value = typeof headers.get === 'function' ? headers.get(name) : (headers as Record<string, unknown>)[name];
  const text = Array.isArray(value) ? value.join(' ') : value;
  if (typeof text !== 'string' || text === '') {
    throw new VerificationError('missing_header', `The header ${name} is missing.`);
  }
  return text;
}

async function bodyOf(request: WebhookRequest): Promise<Bytes> {
  const body: unknown = 'arrayBuffer' in request ? await request.arrayBuffer() : request.body;
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  // Copied: a view may be of memory that others write to.
  if (ArrayBuffer.isView(body)) return new Uint8Array(new Uint8Array(body.buffer, body.byteOffset, body.byteLength));
  throw new TypeError(
    'the body must be as it came, bytes or text: with Express, express.raw({ type: "application/json" })',
  );
}

function eventOf(id: string, body: Bytes): WebhookEvent {
  try {
    const { type, timestamp, subject, sequence, data } = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(body),
    );
    // What is signed is the service's own.
    return { id, type, timestamp, subject, sequence, data } as WebhookEvent;
  } catch {
    throw new VerificationError('no_event', 'The body is signed and no event.');
  }
}
