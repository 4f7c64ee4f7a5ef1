import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** A secret of an account or a day: 256 random bits. `id` names it without telling anything of it. */
export type Secret = { id: string; bytes: Buffer };

const SECRET_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ALGORITHM = 'aes-256-gcm';
/** 66 bits: enough that the secrets of one account are told apart. */
const ID_LENGTH = 11;

export function newSecret(): Buffer {
  return randomBytes(SECRET_BYTES);
}

/** The id follows from the secret, so that no other secret can be put in its place unseen. */
export function secretOf(bytes: Buffer): Secret {
  return {
    id: createHmac('sha256', bytes).update('settlebot/key-id/1').digest('base64url').slice(0, ID_LENGTH),
    bytes,
  };
}

/** The key of what several secrets protect together: without any one of them it cannot be had again (RFC 5869). */
export function keyOf(secrets: readonly Secret[]): KeyObject {
  const material = Buffer.concat(secrets.map(({ bytes }) => bytes));
  const key = hkdfSync('sha256', material, '', `settlebot/key/1/${secrets.length}`, SECRET_BYTES);
  return createSecretKey(Buffer.from(key));
}

/**
 * Encrypts a text with AES-256-GCM under a random nonce: nonce, ciphertext and tag in one. `place` says where it stands; what
 * is moved to another place cannot be read there.
 */
export function encrypt(key: KeyObject, place: string, text: string): Buffer {
  const nonce = nextNonce();
  const cipher = createCipheriv(ALGORITHM, key, nonce);
  cipher.setAAD(Buffer.from(place));
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** Asking for random bytes costs more than using them, so they are asked for by many; none is used twice. */
const POOLED_NONCES = 256;
let pool = Buffer.alloc(0);

function nextNonce(): Buffer {
  if (pool.length < NONCE_BYTES) pool = randomBytes(NONCE_BYTES * POOLED_NONCES);
  const nonce = pool.subarray(0, NONCE_BYTES);
  pool = pool.subarray(NONCE_BYTES);
  return nonce;
}

/** The text, or null when it was encrypted by another key, for another place, or is not as it was written. */
export function decrypt(key: KeyObject, place: string, stored: Uint8Array): string | null {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const end = bytes.length - TAG_BYTES;
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(place));
  decipher.setAuthTag(bytes.subarray(end));
  const text = decipher.update(bytes.subarray(NONCE_BYTES, end), undefined, 'utf8');
  try {
    return text + decipher.final('utf8');
  } catch {
    // The tag does not fit: that is the answer.
    return null;
  }
}
