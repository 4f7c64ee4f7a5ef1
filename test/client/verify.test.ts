import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';

import { createVerifier, VerificationError, type WebhookEvent } from '../../client/index.ts';

const [SECRET, NEXT] = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='];
const NOW = Date.parse('2026-11-23T06:00:00Z');
const ID = 'order:o1:accepted:abc';
const EVENT = { type: 'order.accepted', timestamp: '2026-11-23T05:59:59.000Z', subject: 'order:o1', sequence: 2 };
const BODY = JSON.stringify({ ...EVENT, data: { orderId: 'o1', name: 'Zoé' } });

const verify = createVerifier({ secrets: SECRET, now: () => NOW });

/** Signed by the library that a platform may use instead. */
function signed(changes: Record<string, string | undefined> = {}, secret = SECRET, at = NOW, body = BODY) {
  const headers = {
    'webhook-id': ID,
    'webhook-timestamp': String(Math.floor(at / 1_000)),
    'webhook-signature': new Webhook(secret).sign(ID, new Date(at), body),
  };
  return { headers: { ...headers, ...changes } as Record<string, string | undefined>, body };
}

function asRequest({ headers, body }: ReturnType<typeof signed>): Request {
  const given = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return new Request('http://platform/', { method: 'POST', headers: given as [string, string][], body });
}

describe('a webhook', () => {
  it('is what it says, by its type', async () => {
    const event: WebhookEvent = await verify(asRequest(signed()));
    expect(event).toEqual({ id: ID, ...EVENT, data: { orderId: 'o1', name: 'Zoé' } });
    if (event.type !== 'order.accepted') throw new Error('another type');
    // Typed by the type: this line would not compile for an invoice.
    expect(event.data.orderId).toBe('o1');
  });

  it.each<[string, (body: string) => string | Uint8Array | ArrayBuffer]>([
    ['text', (body) => body],
    ['bytes', (body) => new TextEncoder().encode(body)],
    ['a buffer of Node', (body) => Buffer.from(`..${body}..`).subarray(2, -2)],
    ['an ArrayBuffer', (body) => new TextEncoder().encode(body).buffer],
  ])('may come as headers of Node and %s', async (_, bodyOf) => {
    const { headers, body } = signed();
    expect(await verify({ headers, body: bodyOf(body) })).toMatchObject({ id: ID, type: 'order.accepted' });
  });

  it('is taken with any of several secrets, and with one fitting signature of several', async () => {
    const both = createVerifier({ secrets: [NEXT, SECRET], now: () => NOW });
    expect(await both(signed())).toMatchObject({ id: ID });
    expect(await both(signed({}, NEXT))).toMatchObject({ id: ID });
    await expect(verify(signed({}, NEXT))).rejects.toMatchObject({ code: 'wrong_signature' });
    const { headers } = signed();
    const old = new Webhook(NEXT).sign(ID, new Date(NOW), BODY);
    for (const signature of [`${old} ${headers['webhook-signature']}`, `v2,AAAA ${headers['webhook-signature']}`]) {
      expect(await verify(signed({ 'webhook-signature': signature }))).toMatchObject({ id: ID });
    }
    const inParts = { ...headers, 'webhook-signature': [old, headers['webhook-signature'] ?? ''] };
    expect(await verify({ headers: inParts, body: BODY })).toMatchObject({ id: ID });
  });

  it('may be five minutes old or ahead, and no more', async () => {
    for (const skewMs of [-300_000, 300_000]) {
      expect(await verify(signed({}, SECRET, NOW + skewMs))).toMatchObject({ id: ID });
      const out = signed({}, SECRET, NOW + skewMs + Math.sign(skewMs) * 1_000);
      await expect(verify(out)).rejects.toMatchObject({ code: 'out_of_date' });
    }
    const strict = createVerifier({ secrets: SECRET, now: () => NOW, toleranceSeconds: 10 });
    await expect(strict(signed({}, SECRET, NOW - 11_000))).rejects.toMatchObject({ code: 'out_of_date' });
  });

  it('of a type that nobody knows yet is handed on', async () => {
    const body = JSON.stringify({ ...EVENT, type: 'weather.changed', data: {} });
    expect(await verify(signed({}, SECRET, NOW, body))).toMatchObject({ type: 'weather.changed' });
  });
});

describe('what is no webhook of the service is refused:', () => {
  const anySignature = `v1,${'A'.repeat(43)}=`;
  it.each<[string, string, Record<string, string | undefined>]>([
    ['no id', 'missing_header', { 'webhook-id': undefined }],
    ['no timestamp', 'missing_header', { 'webhook-timestamp': undefined }],
    ['no signature', 'missing_header', { 'webhook-signature': '' }],
    ['an id with a dot', 'malformed_header', { 'webhook-id': 'a.b' }],
    ['another id', 'wrong_signature', { 'webhook-id': 'other' }],
    ['a timestamp with a tail', 'malformed_header', { 'webhook-timestamp': `${NOW / 1_000}abc` }],
    ['a timestamp in hexadecimal', 'malformed_header', { 'webhook-timestamp': '0x6764' }],
    ['another timestamp', 'wrong_signature', { 'webhook-timestamp': String(NOW / 1_000 - 1) }],
    ['another signature', 'wrong_signature', { 'webhook-signature': anySignature }],
    ['a signature that is none', 'wrong_signature', { 'webhook-signature': 'v1,hello' }],
    ['a signature of another version', 'wrong_signature', { 'webhook-signature': anySignature.replace('v1', 'v2') }],
    ['more signatures than anybody needs', 'wrong_signature', { 'webhook-signature': `${anySignature} `.repeat(17) }],
  ])('%s', async (_, code, changes) => {
    const refused = verify(signed(changes));
    await expect(refused).rejects.toBeInstanceOf(VerificationError);
    await expect(refused).rejects.toMatchObject({ code });
  });

  it('another body', async () => {
    await expect(verify({ ...signed(), body: `${BODY} ` })).rejects.toMatchObject({ code: 'wrong_signature' });
  });

  it('a signed body that is no event', async () => {
    await expect(verify(signed({}, SECRET, NOW, 'hello'))).rejects.toMatchObject({ code: 'no_event' });
  });

  it('a body that was parsed already, by an error for the programmer', async () => {
    const { headers } = signed();
    const parsed: unknown = JSON.parse(BODY);
    await expect(verify({ headers, body: parsed as string })).rejects.toThrow('express.raw');
  });
});

it.each(['', 'whsec_', 'whsec_short', SECRET.slice(6), `${SECRET}!`, `whsec_${'A'.repeat(100)}`])(
  'a secret that is none is an error at once, which does not print it: %s',
  (secret) => {
    const make = () => createVerifier({ secrets: secret });
    expect(make).toThrow(TypeError);
    if (secret.length > 6) expect(make).not.toThrow(secret);
    expect(() => createVerifier({ secrets: [] })).toThrow(TypeError);
  },
);
