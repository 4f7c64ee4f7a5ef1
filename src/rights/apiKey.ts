import { hash as digest, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { OWN_ACTORS } from '../kernel/actor.ts';

import { SCOPES, type Scope } from './scope.ts';

/** `absent`: a key of the environment that is not configured in this process. */
export type KeyState = 'active' | 'expired' | 'revoked' | 'absent';

/** What is stored of one secret: of a key that was rotated there are two, until the older one ends. */
export type StoredSecret = {
  /** The beginning of the hash: what it is found and named by. */
  fingerprint: string;
  hash: string;
  /** From then on it opens nothing; null for the one in force. */
  until: Date | null;
};

/**
 * A new key: 256 random bits, and a checksum, by which scanners of leaked secrets know one from anything else, and a key that was
 * copied badly is known without asking the database.
 */
export function newApiKey(): string {
  const random = randomBytes(32).toString('hex');
  return `${PREFIX}${random}${checksumOf(random)}`;
}

/** Whether a text has the form of such a key, checksum and all. */
export function isApiKey(text: string): boolean {
  const [, random = '', checksum] = FORM.exec(text) ?? [];
  return random !== '' && checksumOf(random) === checksum;
}

/**
 * What is stored of a key. One round of SHA-256: a slow hash is for passwords, which can be guessed; nobody tries 2^256 keys, however fast
 * each try is, and every request pays for it.
 */
export function secretOf(key: string): StoredSecret {
  const hash = digest('sha256', key, 'hex');
  return { fingerprint: hash.slice(0, FINGERPRINT_LENGTH), hash, until: null };
}

/** Compares the whole hashes in constant time; there may be nothing to compare with. */
export function isSecret(known: StoredSecret | undefined, presented: StoredSecret): boolean {
  const isSame = timingSafeEqual(Buffer.from(known?.hash ?? NO_HASH), Buffer.from(presented.hash));
  return known !== undefined && isSame;
}

/** The names that a key can have: who acted, in the audit trail. */
export const KEY_NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/** Who acts besides keys and people. */
const OTHER_ACTORS: readonly string[] = [...OWN_ACTORS, 'cli', 'settlebot', 'system', 'owner', 'nobody'];

export function isOtherActor(name: string): boolean {
  return OTHER_ACTORS.includes(name.toLowerCase());
}

/** Each once, in the order of SCOPES. */
export function sortedScopes(scopes: readonly Scope[]): Scope[] {
  return SCOPES.filter((scope) => scopes.includes(scope));
}

export function stateOf({ expiresAt, revokedAt }: { expiresAt: Date | null; revokedAt: Date | null }, now: Date) {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && now >= expiresAt ? 'expired' : 'active';
}

const PREFIX = 'sb_';
const FORM = /^sb_([0-9a-f]{64})([0-9a-f]{8})$/;
const FINGERPRINT_LENGTH = 24;
const NO_HASH = '0'.repeat(64);

function checksumOf(random: string): string {
  return crc32(`${PREFIX}${random}`).toString(16).padStart(8, '0');
}
