import type { OutgoingDataOf, OutgoingType } from '../events/outgoing.ts';
import { hashOf } from '../kernel/ids.ts';

/**
 * A webhook to the platform: its type, and the data that the catalogue gives it (events/outgoing.ts). `key` is its deterministic
 * cause, as `invoice:2026-W47:m1:issued`: emitting it again changes nothing. Messages of one `subject`, as `model:m1`, reach the
 * platform in the order in which they were emitted, and are numbered so. `at` is when it happened, by effective time;
 * `data` carries the resulting state.
 */
export type OutgoingMessage<T extends OutgoingType = OutgoingType> = {
  [Type in T]: { key: string; subject: string; type: Type; at: Date; data: OutgoingDataOf<Type> };
}[T];

const READABLE_LENGTH = 96;
/** Of a hash in base64url: 128 bits and a little more. */
const HASH_LENGTH = 22;

/**
 * The `webhook-id` of a key: readable in front, and distinct by a hash at the end, because keys hold ids of the
 * platform, which may be long and have dots.
 */
export function webhookIdOf(key: string): string {
  const readable = key.replace(/[^A-Za-z0-9_:-]/g, '_').slice(0, READABLE_LENGTH);
  return `${readable}:${hashOf(key).slice(0, HASH_LENGTH)}`;
}

/** The body, byte for byte: fixed when it is emitted, whatever happens to its subject later. `sequence`: its number there. */
export function bodyOf({ type, at, subject, data }: OutgoingMessage, sequence: number): string {
  return JSON.stringify({ type, timestamp: at.toISOString(), subject, sequence, data });
}

/** What a person is called or wrote, or which chats are theirs: `name`, `voidReason`, `notRenewedBecause`, ... */
const PERSONAL = /name|reason|because|reference|chats|note|text|returned/i;
const ACCOUNTS = ['accountId', 'modelId', 'marketerId', 'affiliateId'];

/** The accounts whose personal data a message has; none, where it has ids, amounts and states alone. */
export function ownersOf(message: OutgoingMessage): string[] {
  const data: Record<string, unknown> = message.data;
  if (!Object.entries(data).some(([key, value]) => PERSONAL.test(key) && saysSomething(value))) return [];
  return ACCOUNTS.map((key) => data[key]).filter((id) => typeof id === 'string');
}

function saysSomething(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : (value ?? null) !== null;
}
