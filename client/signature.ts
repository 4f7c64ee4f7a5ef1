/**
 * Signatures of Standard Webhooks (https://www.standardwebhooks.com), by Web Crypto alone: `v1,` and the base64 of an HMAC-SHA256
 * over `id.timestamp.body`, the raw bytes.
 */

/** What may stand in the header `webhook-id`. No dot: it would shift the signed text. */
export const WEBHOOK_ID = /^[A-Za-z0-9_:-]{1,128}$/;

const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
const SIGNATURE = /^v1,([A-Za-z0-9+/]{43}=)$/;
/** More than a rotation ever needs: each is compared with each secret. */
const MOST_SIGNATURES = 16;

export type Bytes = Uint8Array<ArrayBuffer>;
type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** Headers that sign a body, as of now; `nowMs` is real time. */
export type Sign = (id: string, body: Bytes, nowMs: number) => Promise<Record<string, string>>;

/** Throws when the secret is not `whsec_` and the base64 of 24 to 64 bytes, without printing it. */
export function createSigner(secret: string): Sign {
  const key = importKey(secret, ['sign']);
  return async (id, body, nowMs) => {
    const timestamp = String(Math.floor(nowMs / 1_000));
    const mac = await crypto.subtle.sign('HMAC', await key(), signedBytes(id, timestamp, body));
    const base64 = btoa(String.fromCharCode(...new Uint8Array(mac)));
    return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${base64}` };
  };
}

/** Whether one of the signatures in a header is of one of the secrets. Web Crypto compares in constant time. */
export type CheckSignature = (id: string, timestamp: string, body: Bytes, header: string) => Promise<boolean>;

export function createSignatureCheck(secrets: readonly string[]): CheckSignature {
  if (secrets.length === 0) throw new TypeError('at least one secret is needed');
  const keys = secrets.map((secret) => importKey(secret, ['verify']));
  return async (id, timestamp, body, header) => {
    const signatures = header.split(/,? +/).flatMap((part) => SIGNATURE.exec(part)?.[1] ?? []);
    if (signatures.length > MOST_SIGNATURES) return false;
    const signed = signedBytes(id, timestamp, body);
    let holds = false;
    for (const key of keys) {
      for (const signature of signatures) {
        if (await crypto.subtle.verify('HMAC', await key(), bytesOf(signature), signed)) holds = true;
      }
    }
    return holds;
  };
}

/** The secret is looked at at once, and imported when it is first needed: on the edge nothing may be awaited before a request. */
function importKey(secret: string, usages: ('sign' | 'verify')[]): () => Promise<Key> {
  const base64 = SECRET.exec(secret)?.[1];
  const bytes = base64 === undefined || base64.length % 4 !== 0 ? undefined : bytesOf(base64);
  if (bytes === undefined || bytes.length < 24 || bytes.length > 64) {
    throw new TypeError('a webhook secret must be whsec_ and the base64 of 24 to 64 bytes');
  }
  let key: Promise<Key> | undefined;
  return () => {
    key ??= crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, usages);
    return key;
  };
}

function signedBytes(id: string, timestamp: string, body: Bytes): Bytes {
  const head = new TextEncoder().encode(`${id}.${timestamp}.`);
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

function bytesOf(base64: string): Bytes {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
