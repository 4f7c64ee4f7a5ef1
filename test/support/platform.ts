import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** An event as the platform sends it. */
export type PlatformEvent = { id?: string; type: string; timestamp?: Date | string; data: Record<string, unknown> };

export type SignedRequest = { id: string; headers: Record<string, string>; body: string };

/**
 * A stand-in for the platform: signs events with the library that an integrator would use, `standardwebhooks`, and sends
 * them over HTTP. `url` is the service's root; `now` gives the real time for signatures, in milliseconds.
 */
export function createPlatform(options: { url?: string; secret: string; now?: () => number }) {
  const webhook = new Webhook(options.secret);
  const now = options.now ?? Date.now;

  /** Headers and body of an event; one without a timestamp is dated by the real time. */
  function sign(event: PlatformEvent): SignedRequest {
    const { id = `evt_${randomUUID()}`, type, data, timestamp = new Date(now()) } = event;
    return signBody(id, JSON.stringify({ type, timestamp, data }));
  }

  /** Headers for any body, well-formed or not. The library reads bytes as UTF-8, so other bytes it cannot sign. */
  function signBody(id: string, body: string): SignedRequest {
    const at = new Date(now());
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': webhook.sign(id, at, body),
    };
    return { id, headers, body };
  }

  /** Headers of a batch of lines, well-formed or not. */
  function signBatch(body: string, id = `batch_${randomUUID()}`): SignedRequest {
    const signed = signBody(id, body);
    return { ...signed, headers: { ...signed.headers, 'content-type': 'application/x-ndjson' } };
  }

  /** Sends an event and answers what the service said. */
  async function send(event: PlatformEvent): Promise<{ status: number; body: unknown }> {
    const { headers, body } = sign(event);
    const response = await fetch(new URL('/webhooks/platform', options.url), { method: 'POST', headers, body });
    return { status: response.status, body: await response.json() };
  }

  /** The same bytes again after a 503: a busy machine may take longer than the inbox waits for its database. */
  async function sendUntilAnswered(event: PlatformEvent): ReturnType<typeof send> {
    const named = { ...event, id: event.id ?? `evt_${randomUUID()}`, timestamp: event.timestamp ?? new Date(now()) };
    for (;;) {
      const answer = await send(named);
      if (answer.status !== 503) return answer;
    }
  }

  /** Sends events, so many at a time, each again while the service asks for that; throws at the first that is refused. */
  async function sendAll(events: PlatformEvent[], concurrency = 16): Promise<void> {
    const rest = events.values();
    const worker = async () => {
      for (const event of rest) {
        const answer = await sendUntilAnswered(event);
        if (answer.status >= 300) throw new Error(`${event.type}: ${answer.status} ${JSON.stringify(answer.body)}`);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  }

  return { sign, signBody, signBatch, send, sendAll };
}
