import { hash, randomBytes } from 'node:crypto';

/** What the platform may use as an id: 1-64 of `A-Za-z0-9_.:-`; not `.` and `..`, which no address can hold. */
export const PLATFORM_ID = /^(?!\.{1,2}$)[A-Za-z0-9_.:-]{1,64}$/;

/** The id of something that the platform or the service has made: an id of ours has a `~`, so that it is never taken. */
export const KNOWN_ID = /^(?!\.{1,2}$)[A-Za-z0-9_.:~-]{1,64}$/;

/** What may stand in the `webhook-id` header: 1-128 of `A-Za-z0-9_:-`. No dot: it would shift the signed text. */
export const WEBHOOK_ID = /^[A-Za-z0-9_:-]{1,128}$/;
export const WEBHOOK_ID_LENGTH = 128;

/** A content hash, to distinguish "the same again" from "the same name for something else". */
export function hashOf(content: string | Uint8Array): string {
  return hash('sha256', content, 'base64url');
}

/** An unguessable token of `bytes` random bytes, for leases, secrets and codes. */
export function randomToken(bytes = 16): string {
  return randomBytes(bytes).toString('base64url');
}
