import type { DataOf, Role } from '../events/catalogue.ts';
import { VIA } from '../kernel/actor.ts';
import type { Locale } from '../texts/languages.ts';

/** A person or a business on the platform, as the latest of its versions says. */
export type Account = {
  accountId: string;
  role: Role;
  name: string;
  timeZone?: string;
  locale?: string;
  discountBps?: number;
  capacity?: number;
  /** What invoices and statements say of it beside its name. */
  billing?: Billing;
  /** Its person is erased: what is left is a pseudonym that money and orders of the past refer to. */
  isErased?: true;
};

/** Who an account is to those who tax it; the lines of `address` are one below the other. */
export type Billing = NonNullable<DataOf<'account.updated'>['billing']>;

/** One `account.updated` event. */
export type AccountVersion = { eventId: string; timestamp: Date; data: DataOf<'account.updated'> };

/** How far a sender's clock may be ahead of ours. */
const AHEAD_MS = 5 * 60_000;

/**
 * Why a version cannot hold that is dated after its arrival: no later one could ever take its place before that date. Null
 * where it can. A clock that is a little ahead is no matter.
 */
export function datedAhead({ timestamp, arrivedAt }: { timestamp: Date; arrivedAt: Date }): string | null {
  if (timestamp.getTime() - arrivedAt.getTime() <= AHEAD_MS) return null;
  return `it is dated ${timestamp.toISOString()}, more than 5 minutes after it came at ${arrivedAt.toISOString()}, and would hold against every version before that; replay it once that time has come, or send the account again with the present time`;
}

/** The chats that a person can be reached in. */
export type Channel = 'telegram' | 'discord';

/** A chat user who acts for an account. `unreachable` says since when messages do not arrive, and why. */
export type Link = {
  accountId: string;
  channel: Channel;
  userId: string;
  chatId: string;
  /** Random: it stands for the chat wherever it must not be forgotten that somebody acted, but may be who in the chat. */
  ref: string;
  linkedAt: Date;
  /** What the channel says of how its user reads; it can be heard anew with everything that they write. */
  locale?: Locale;
  unreachable?: { reason: string; since: Date };
};

/** Which of two versions of one account holds: the latest, and of equally late ones the greater event id (rules 0). */
function isLater(a: AccountVersion, b: AccountVersion): boolean {
  const apart = a.timestamp.getTime() - b.timestamp.getTime();
  return apart !== 0 ? apart > 0 : a.eventId > b.eventId;
}

/** Of several versions the one that holds for each account. */
export function latestVersions(versions: AccountVersion[]): AccountVersion[] {
  const latest = new Map<string, AccountVersion>();
  for (const version of versions) {
    const known = latest.get(version.data.accountId);
    if (known === undefined || isLater(version, known)) latest.set(version.data.accountId, version);
  }
  return [...latest.values()];
}

/** An account, as a chat speaks for it; `reads` is how to write to its person there. */
export type LinkedAccount = Account & { linkRef: string; reads: Locale };

/**
 * Who acts when a person acts from a chat, as the audit trail, the ledger and the notices name it: `m1 via telegram:k3Jx9_aQ`.
 * It names the link, and not the chat user: what is written for ever has no id of a person.
 */
export function chatActor(accountId: string, { channel, ref }: Pick<Link, 'channel' | 'ref'>): string {
  return `${accountId} via ${linkName({ channel, ref })}`;
}

/** The link that an actor acted by, or null when it was not from a chat. */
export function linkOfActor(actor: string): string | null {
  return VIA.exec(actor)?.[1] ?? null;
}

export function linkName({ channel, ref }: Pick<Link, 'channel' | 'ref'>): string {
  return `${channel}:${ref}`;
}

/** The account that somebody acted for in a chat; an API key is its own name. */
export function accountOfActor(actor: string): string {
  return actor.replace(VIA, '');
}

/** One name for a chat user across channels. */
export function chatUser(channel: Channel, userId: string): string {
  return `${channel}:${userId}`;
}
