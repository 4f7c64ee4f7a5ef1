import { createHmac } from 'node:crypto';

import { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';

import type { SourceSignature } from '../../../src/sources/sourcesFile.ts';
import { createScheme } from '../../../webhooks/receiver/schemes.ts';
import { createPlatform } from '../../support/platform.ts';

const NOW = Date.parse('2026-11-23T06:00:00Z');
const T = NOW / 1_000;
const SECRET = 'whsec_of-a-test-endpoint';
/** As Stripe's libraries sign in their own tests. */
const BODY = Buffer.from('{"id": "evt_test_webhook",\n"object": "event"}');

async function signer(of: Partial<SourceSignature>, headers: Record<string, string>, body = BODY) {
  const scheme = createScheme({ name: 'shop', scheme: 'stripe', secrets: [SECRET], ...of }, () => NOW);
  const head = scheme.readHead(new Headers(headers));
  return head === null ? 'no head' : head.verify(body);
}

function v1(secret = SECRET, at = T, body = BODY): string {
  return createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex');
}

function signedByStripe(secret: string, timestamp = T): string {
  return Stripe.webhooks.generateTestHeaderString({ payload: BODY.toString(), secret, timestamp });
}

describe('the signature of Stripe', () => {
  it('is the HMAC of timestamp and body, as Stripe’s own library makes it', () => {
    expect(signedByStripe(SECRET)).toBe(`t=${T},v1=${v1()}`);
  });

  it.each([
    ['its own library', signedByStripe(SECRET), 0],
    ['the second secret, while they are rotated', signedByStripe('whsec_the-next-one'), 1],
    ['several signatures, of which one fits', `t=${T},v1=${'0'.repeat(64)},v1=${v1()},v0=${v1()}`, 0],
  ])('holds, made by %s', async (_, header, expected) => {
    expect(await signer({ secrets: [SECRET, 'whsec_the-next-one'] }, { 'stripe-signature': header })).toBe(expected);
  });

  it.each([
    ['of another secret', signedByStripe('whsec_of-somebody-else'), null],
    ['of another instant', `t=${T - 1},v1=${v1()}`, null],
    ['of another scheme', `t=${T},v0=${v1()}`, 'no head'],
    ['that is too old', signedByStripe(SECRET, T - 301), 'no head'],
    ['that is dated ahead', signedByStripe(SECRET, T + 301), 'no head'],
    ['without a date', `v1=${v1()}`, 'no head'],
    ['that is none', 't=,v1=', 'no head'],
    ['that is endless', `t=${T},v1=${v1()},${'v1=0,'.repeat(2_000)}`, 'no head'],
  ])('%s does not hold', async (_, header, expected) => {
    expect(await signer({}, { 'stripe-signature': header })).toBe(expected);
  });

  it('does not hold for another body, nor without one', async () => {
    expect(await signer({}, { 'stripe-signature': signedByStripe(SECRET) }, Buffer.from('{}'))).toBe(null);
    expect(await signer({}, {})).toBe('no head');
  });

  it('may stand in another header', async () => {
    expect(await signer({ header: 'X-Shop-Signature' }, { 'x-shop-signature': signedByStripe(SECRET) })).toBe(0);
  });
});

describe('other schemes', () => {
  const github = (secret: string) => `sha256=${createHmac('sha256', secret).update(BODY).digest('hex')}`;

  it.each([
    [github('a-secret-of-github'), 0],
    [github('another-secret-of-it'), null],
    [github('a-secret-of-github').replace('sha256=', 'sha1='), 'no head'],
    [`${github('a-secret-of-github')}0`, 'no head'],
  ])('GitHub’s %s: %s', async (header, expected) => {
    const of = { scheme: 'github' as const, secrets: ['a-secret-of-github'] };
    expect(await signer(of, { 'x-hub-signature-256': header })).toBe(expected);
  });

  it.each([
    ['Bearer the-first-of-two-tokens', 0],
    ['bearer the-second-of-two-tokens', 1],
    ['Bearer the-third-of-two-tokens', 'no head'],
    ['Basic the-first-of-two-tokens', 'no head'],
    ['Bearer ', 'no head'],
  ])('bearer: %s is known before the body is read: %s', async (authorization, expected) => {
    const of = { scheme: 'bearer' as const, secrets: ['the-first-of-two-tokens', 'the-second-of-two-tokens'] };
    expect(await signer(of, { authorization })).toBe(expected);
  });

  it('Standard Webhooks: names what is sent', async () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const platform = createPlatform({ secret, now: () => NOW });
    const { headers, body } = platform.signBody('msg_1', '{}');
    const scheme = createScheme({ name: 'shop', scheme: 'standard-webhooks', secrets: [secret] }, () => NOW);
    const head = scheme.readHead(new Headers(headers));
    expect(head?.name).toBe('msg_1');
    expect(await head?.verify(Buffer.from(body))).toBe(0);
    expect(await head?.verify(Buffer.from('{"a":1}'))).toBe(null);
  });
});
