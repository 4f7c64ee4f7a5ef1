import { createHmac, randomBytes } from 'node:crypto';

export const EVENTS = '/webhooks/platform';
export const BATCHES = `${EVENTS}/batch`;

/** Headers that look signed, and are not: an id, the present time, 32 bytes of chance. */
export function unsignedHeaders(): Record<string, string> {
  return {
    'content-type': 'application/json',
    'webhook-id': `evt_${randomBytes(8).toString('hex')}`,
    'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
    'webhook-signature': `v1,${randomBytes(32).toString('base64')}`,
  };
}

export function signedHeaders(secret: string, id: string, body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}

/** The text of a request up to its body. */
export function headOf(method: string, path: string, headers: Record<string, string> = {}): string {
  const lines = Object.entries({ host: 'a', ...headers }).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}

/** An event of an unknown type, padded to a size: stored, with no effect. */
export function eventOf(id: string, bytes = 0): string {
  const event = { type: 'weather.changed', timestamp: '2026-03-02T00:00:00.000Z', data: { id, pad: '' } };
  event.data.pad = 'x'.repeat(Math.max(0, bytes - JSON.stringify(event).length));
  return JSON.stringify(event);
}
