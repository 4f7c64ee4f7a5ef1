import { createHmac, randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';

import { createVerifier, type SignatureHeaders } from '../../webhooks/signature.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const VECTOR = {
  body: Buffer.from('{"test": 2432232314}'),
  headers: {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: '1614265330',
    signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
};
const AT = 1_614_265_330_000;

describe('a webhook signature', () => {
  it('of the official vector holds', () => {
    expect(verified({})).toBe(VECTOR.headers.id);
  });

  it.each<[string, Partial<SignatureHeaders>]>([
    ['no id', { id: null }],
    ['another id', { id: 'msg_other' }],
    ['an empty id', { id: '' }],
    ['an id with a dot', { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek.1' }],
    ['an id of 129 characters', { id: 'a'.repeat(129) }],
    ['no timestamp', { timestamp: null }],
    ['an empty timestamp', { timestamp: '' }],
    ['another timestamp', { timestamp: '1614265331' }],
    ['a timestamp with letters behind', { timestamp: '1614265330abc' }],
    ['a timestamp with a fraction', { timestamp: '1614265330.0' }],
    ['a timestamp with an exponent', { timestamp: '1614265330e0' }],
    ['a timestamp with a sign', { timestamp: '+1614265330' }],
    ['a timestamp with a space', { timestamp: ' 1614265330' }],
    ['a timestamp with a zero in front', { timestamp: '01614265330' }],
    ['no signature', { signature: null }],
    ['an empty signature', { signature: '' }],
    ['a signature without its version', { signature: 'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' }],
    ['a signature of another version', { signature: 'v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' }],
    ['a signature cut short', { signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1O' }],
    ['a second spelling of the same bytes', { signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF=' }],
    ['another signature', { signature: `v1,${Buffer.alloc(32).toString('base64')}` }],
    ['a comma for the space between two', { signature: `${VECTOR.headers.signature},${VECTOR.headers.signature}` }],
  ])('is refused for %s', (_, broken) => {
    expect(verified(broken)).toBeNull();
  });

  it('is refused for another body', () => {
    expect(verified({}, [SECRET], AT, Buffer.from('{"test":2432232314}'))).toBeNull();
  });

  it.each([
    [300, true],
    [-300, true],
    [301, false],
    [-301, false],
  ])('whose timestamp is %i s off real time: %s', (seconds, holds) => {
    expect(verified({}, [SECRET], AT + seconds * 1000) !== null).toBe(holds);
  });

  it('is found among several, in any place', () => {
    const wrong = `v1,${Buffer.alloc(32, 7).toString('base64')}`;
    const right = VECTOR.headers.signature;
    const both = [`${wrong} ${right}`, `${right} ${wrong}`, `v1a,AAAA ${right}`, `${wrong}  ${right} `];
    // As Node joins several headers.
    for (const signature of [...both, `${wrong}, ${right}`, `${right}, ${wrong}`]) {
      expect(verified({ signature })).toBe(VECTOR.headers.id);
    }
  });

  it('holds with any of the accepted secrets, so that they can be rotated', () => {
    const next = newSecret();
    expect(verified({}, [next, SECRET])).toBe(VECTOR.headers.id);
    expect(verified({}, [next])).toBeNull();
    const signature = new Webhook(next).sign(VECTOR.headers.id, new Date(AT), VECTOR.body.toString());
    expect(verified({ signature }, [next, SECRET])).toBe(VECTOR.headers.id);
  });

  it('is taken over the raw bytes, also those that are not UTF-8', () => {
    const first = Buffer.from([0x22, 0xff, 0x22]);
    const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
    const signed = createHmac('sha256', key).update(`${VECTOR.headers.id}.1614265330.`).update(first);
    const headers = { ...VECTOR.headers, signature: `v1,${signed.digest('base64')}` };
    expect(verified(headers, [SECRET], AT, first)).toBe(VECTOR.headers.id);
    // Decoded as text, both would be the same replacement character.
    expect(verified(headers, [SECRET], AT, Buffer.from([0x22, 0xfe, 0x22]))).toBeNull();
  });

  it.each([
    'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'whsec_',
    'whsec_c2hvcnQ=',
    'whsec_not base64!',
    `whsec_${randomBytes(65).toString('base64')}`,
    `${SECRET}=`,
  ])('cannot be made with the malformed secret %s', (secret) => {
    expect(() => createVerifier([secret], () => AT)).toThrow('a webhook secret must be whsec_');
    expect(() => createVerifier([secret], () => AT)).not.toThrow(secret.slice('whsec_'.length) || 'nothing');
  });

  it('needs a secret', () => {
    expect(() => createVerifier([], () => AT)).toThrow('at least one');
  });
});

function verified(
  changes: Partial<SignatureHeaders>,
  secrets = [SECRET],
  realNow = AT,
  body = VECTOR.body,
): string | null {
  const { readHead, verify } = createVerifier(secrets, () => realNow);
  const head = readHead({ ...VECTOR.headers, ...changes });
  return head === null || verify(head, body) === null ? null : head.id;
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
