import { type Account, type Channel, chatActor } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit/audit.ts';
import type { Role } from '../events/catalogue.ts';
import type { Inbox } from '../events/inbox.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Message } from '../notices/message.ts';
import type { Reader } from '../notices/notice.ts';
import type { Invoices } from '../revshare/invoices.ts';

/** What commands work with: the same functions that the API calls. */
export type CommandDependencies = {
  accounts: Pick<Accounts, 'link' | 'unlink' | 'byLink' | 'get' | 'markReachable'>;
  ledger: Pick<Ledger, 'balance'>;
  invoices: Pick<Invoices, 'get' | 'list' | 'unpaid' | 'pay' | 'void'>;
  inbox: Pick<Inbox, 'get' | 'list' | 'replay'>;
  audit: Pick<Audit, 'record'>;
  clock: Clock;
  platform: { timeZone: string; currency: string };
};

/** The chat user that a command comes from. */
export type ChatPerson = { channel: Channel; userId: string; chatId: string };

/** A command on its way to be run, by someone who is linked. `words` are its arguments, `reader` how they read. */
export type Request = {
  deps: CommandDependencies;
  person: ChatPerson;
  account: Account;
  actor: string;
  reader: Reader;
  now: Date;
  words: string[];
};

/**
 * One command. `arguments` is as shown in the help, `ID REASON`; the last one takes the rest of the line. Who has none
 * of the `roles` is told what anyone is told about a command that does not exist.
 */
export type Command = {
  name: string;
  arguments: '' | 'CODE' | 'ID' | '[ID]' | 'ID REASON' | '[AFTER]';
  roles: readonly Role[];
  description: string;
  run(request: Request): Promise<Message>;
};

/** A command as typed: `/pay@settlebot 2026-W47:m1` → `pay` and its words; null when it is none. */
export function parseCommand(text: string): { name: string; words: string[] } | null {
  const [first = '', ...words] = text.trim().split(/\s+/);
  const name = /^\/([A-Za-z0-9_]{1,32})(@\w+)?$/.exec(first)?.[1];
  return name === undefined ? null : { name: name.toLowerCase(), words };
}

/** How a person reads: in their own zone, if the platform told it. */
export function readerOf(account: Account, platform: { timeZone: string; currency: string }): Reader {
  return { timeZone: account.timeZone ?? platform.timeZone, currency: platform.currency };
}

export function actorOf(account: Account, person: ChatPerson): string {
  return chatActor(account.accountId, person.channel, person.userId);
}
