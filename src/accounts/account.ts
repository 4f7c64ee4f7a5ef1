import type { DataOf, Role } from '../events/catalogue.ts';

/** A person or a business on the platform, as the latest of its versions says. */
export type Account = {
  accountId: string;
  role: Role;
  name: string;
  timeZone?: string;
  locale?: string;
  discountBps?: number;
  capacity?: number;
  /** Its person is erased: what is left is a pseudonym that money and orders of the past refer to. */
  isErased?: true;
};

/** One `account.updated` event. */
export type AccountVersion = { eventId: string; timestamp: Date; data: DataOf<'account.updated'> };

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

/** An account, as a chat speaks for it. */
export type LinkedAccount = Account & { linkRef: string };

/**
 * Who acts when a person acts from a chat, as the audit trail, the ledger and the notices name it: `m1 via telegram:k3Jx9_aQ`.
 * It names the link, and not the chat user: what is written for ever has no id of a person.
 */
export function chatActor(accountId: string, { channel, ref }: Pick<Link, 'channel' | 'ref'>): string {
  return `${accountId} via ${linkName({ channel, ref })}`;
}

/** The link that an actor acted by, or null when it was not from a chat. */
export function linkOfActor(actor: string): string | null {
  return / via ((telegram|discord):\S+)$/.exec(actor)?.[1] ?? null;
}

export function linkName({ channel, ref }: Pick<Link, 'channel' | 'ref'>): string {
  return `${channel}:${ref}`;
}

/** One name for a chat user across channels. */
export function chatUser(channel: Channel, userId: string): string {
  return `${channel}:${userId}`;
}
