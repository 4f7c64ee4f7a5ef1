import { describe, expect, it } from 'vitest';

import { decrypt, encrypt, keyOf, newSecret, secretOf } from '../../src/kernel/cipher.ts';

const [one, other] = [secretOf(newSecret()), secretOf(newSecret())];
const key = keyOf([one, other]);
const PLACE = 'events:evt_1:body';
const TEXT = '{"name":"Ávila 🙂"}';

describe('a text under a key', () => {
  it('is read with the same key at the same place', () => {
    expect(decrypt(key, PLACE, encrypt(key, PLACE, TEXT))).toBe(TEXT);
    expect(decrypt(key, PLACE, encrypt(key, PLACE, ''))).toBe('');
  });

  it('is never the same bytes twice', () => {
    expect(encrypt(key, PLACE, TEXT).equals(encrypt(key, PLACE, TEXT))).toBe(false);
  });

  it.each([
    ['another place', key, 'events:evt_2:body'],
    ['the key of one secret alone', keyOf([one]), PLACE],
    ['the secrets in another order', keyOf([other, one]), PLACE],
    ['another secret', keyOf([one, secretOf(newSecret())]), PLACE],
  ])('is not read with %s', (_what, wrongKey, place) => {
    expect(decrypt(wrongKey, place, encrypt(key, PLACE, TEXT))).toBeNull();
  });

  it('is not read when any byte of it is another, or missing', () => {
    const stored = encrypt(key, PLACE, TEXT);
    for (let at = 0; at < stored.length; at += 1) {
      const changed = Buffer.from(stored);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(decrypt(key, PLACE, changed)).toBeNull();
      expect(decrypt(key, PLACE, stored.subarray(0, at))).toBeNull();
    }
  });
});

describe('a secret', () => {
  it('has an id that follows from it and is not part of it', () => {
    const bytes = newSecret();
    expect(secretOf(bytes).id).toBe(secretOf(Buffer.from(bytes)).id);
    expect(secretOf(bytes).id).not.toBe(secretOf(newSecret()).id);
    expect(bytes.toString('base64url')).not.toContain(secretOf(bytes).id);
  });

  it('has the key of RFC 5869 with others', () => {
    const known = keyOf([secretOf(Buffer.alloc(32, 1)), secretOf(Buffer.alloc(32, 2))]);
    expect(known.export().toString('hex')).toBe('53c1a167d2f268226e5a64062cb86efef230c79401c9a50039461f3e1ccb8242');
  });
});
