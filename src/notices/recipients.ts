import { type Channel, type Link, linkName, linkOfActor } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Settings, WantedChannel } from '../accounts/settings.ts';
import type { Role } from '../events/catalogue.ts';
import { groupBy } from '../kernel/group.ts';
import { type Locale, localeOf } from '../texts/languages.ts';
import type { NoticeContent } from './messages/noticeContent.ts';
import { roleOf } from './messages/traits.ts';

/** A person whom a notice is for, as they are at this moment. `role` is null for an account that is not known. */
export type Recipient = {
  accountId: string;
  role: Role | null;
  timeZone: string;
  /** What the platform says of how they read. */
  locale?: string;
  settings: Settings;
  links: Link[];
};

export type Recipients = ReturnType<typeof createRecipients>;

/** Who people are, which chats speak for them, and what they want: read each time, because all of it changes. */
export function createRecipients(deps: {
  accounts: Pick<Accounts, 'linksOf' | 'getMany' | 'settingsOf'>;
  timeZone: string;
}) {
  const { accounts } = deps;

  /** Those of these people who have a chat linked, reachable or not. */
  async function load(accountIds: string[]): Promise<Map<string, Recipient>> {
    const links = groupBy(await accounts.linksOf(accountIds), ({ accountId }) => accountId);
    if (links.size === 0) return new Map();
    const ids = [...links.keys()];
    const [known, settings] = await Promise.all([accounts.getMany(ids), accounts.settingsOf(ids)]);
    return new Map(
      [...settings].map(([accountId, chosen]) => {
        const { role = null, timeZone = deps.timeZone, locale } = known.get(accountId) ?? {};
        const person = { accountId, role, timeZone, settings: chosen, links: links.get(accountId) ?? [] };
        return [accountId, locale === undefined ? person : { ...person, locale }];
      }),
    );
  }

  return { load };
}

/** What decides which chats a notice goes to. */
type Addressed = { actor?: string; replaces?: string; toAllChats?: true };

/** The chats that a notice goes to; the one that its actor acted from had the answer there. */
export function chatsFor({ actor, replaces, toAllChats }: Addressed, { links, settings }: Recipient): Link[] {
  // A message that is changed is changed wherever it stands.
  const wanted = wantedLinks(links, replaces === undefined && toAllChats !== true ? settings.channel : 'both');
  return wanted.filter(
    (link) => link.unreachable === undefined && (actor === undefined || linkOfActor(actor) !== linkName(link)),
  );
}

/** The chats that a person wants messages in; rather another than none, when those cannot be reached. */
function wantedLinks(links: Link[], wanted: WantedChannel): Link[] {
  const chosen = links.filter(({ channel, unreachable }) => channel === wanted && unreachable === undefined);
  return wanted === 'both' || chosen.length === 0 ? links : chosen;
}

/** How to write to a person in a chat of theirs. */
export function readsIn({ settings, locale, links }: Recipient, channel: Channel, userId: string): Locale {
  const chat = links.find((link) => isChat(link, channel, userId))?.locale;
  return localeOf({ chosen: settings.language, account: locale, chat });
}

export function isReachable({ links }: Pick<Recipient, 'links'>): boolean {
  return links.some(({ unreachable }) => unreachable === undefined);
}

/** Whether what a notice says is still this person's concern. */
export function concerns(content: NoticeContent, { role }: Pick<Recipient, 'role'>): boolean {
  const needed = roleOf(content);
  return needed === undefined || needed === role;
}

export function isChat(link: Link, channel: Channel, userId: string): boolean {
  return link.channel === channel && link.userId === userId;
}
