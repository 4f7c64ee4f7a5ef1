import { type Account, type Channel, chatActor, type LinkedAccount } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Adjustments } from '../../adjustments/adjustments.ts';
import type { Affiliates } from '../../affiliates/affiliates.ts';
import type { Facts } from '../../affiliates/commissions/commissionFacts.ts';
import type { ExpectedPaydays } from '../../affiliates/payouts/expectedPaydays.ts';
import type { Audit } from '../../audit/audit.ts';
import type { BankResults } from '../../bankResults/bankResults.ts';
import type { Console } from '../../console/console.ts';
import type { Digests } from '../../digests/digests.ts';
import type { Documents } from '../../documents/documents.ts';
import type { Role } from '../../events/catalogue.ts';
import type { Health } from '../../health/health.ts';
import type { Inbox } from '../../inbox/inbox.ts';
import type { Invoices } from '../../invoicing/invoices.ts';
import type { Invoicing } from '../../invoicing/invoicing.ts';
import { yearAt } from '../../kernel/calendar.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { Ledger } from '../../ledger/journal.ts';
import type { Button, Message } from '../../notices/messages/message.ts';
import type { Notices } from '../../notices/notices.ts';
import type { Orders } from '../../orders/orders.ts';
import type { Outgoing } from '../../outgoing/outgoing.ts';
import type { BatchActs } from '../../paydays/batchActs.ts';
import type { Batches } from '../../paydays/batches.ts';
import type { Holds } from '../../paydays/holds.ts';
import type { Payees } from '../../payees/payees.ts';
import type { PaymentFiles } from '../../paymentFiles/paymentFiles.ts';
import type { Policy } from '../../policy.ts';
import type { Promises } from '../../promises/promises.ts';
import type { Receipts } from '../../receipts/receipts.ts';
import type { Scope } from '../../rights/scope.ts';
import type { Preview } from '../../simulation/preview.ts';
import type { ManualReminders } from '../../standing/manualReminders.ts';
import type { Overdue } from '../../standing/overdue.ts';
import type { Standings } from '../../standing/standings.ts';
import { localeOf } from '../../texts/languages.ts';
import { type CommandName, type DisplayContext, type PlainKey, type Speech, speechOf } from '../../texts/speech.ts';
import type { Confirmations } from './confirmations.ts';
import type { Contacts } from './contacts.ts';
import type { ReceivedFile } from './receivedFile.ts';

/** What commands work with: the same functions that the API calls. */
export type CommandDependencies = {
  accounts: Pick<
    Accounts,
    | (
        | 'link'
        | 'moveLink'
        | 'byLink'
        | 'get'
        | 'getMany'
        | 'beginningWith'
        | 'linksOf'
        | 'markReachable'
        | 'unreachable'
      )
    | ('settings' | 'changeSettings' | 'unreachedAccounts' | 'namesOf' | 'endLinks')
  >;
  ledger: Pick<Ledger, 'balance' | 'incomes' | 'weekIncomes'>;
  orders: Pick<
    Orders,
    | ('get' | 'list' | 'marketerQueue' | 'fans' | 'owedBy' | 'clientsOf' | 'idleOutlook' | 'fansByWeek')
    | ('accept' | 'reject' | 'stop')
  >;
  invoices: Pick<Invoices, 'get' | 'list' | 'unpaid' | 'pay' | 'payOutside' | 'void' | 'writeOff'>;
  /** The names of campaigns, as they were at an instant, by id; of those that have one. */
  campaignNames: Invoicing['campaignNames'];
  affiliates: {
    commissions: Pick<Affiliates['commissions'], 'get' | 'list'>;
    payouts: Pick<Affiliates['payouts'], 'get' | 'list' | 'ofCycle' | 'oldestToSettle'>;
    payoutActs: Affiliates['payoutActs'];
    returns: Pick<Affiliates['returns'], 'returnPayout' | 'preview'>;
    cycles: Pick<Affiliates['cycles'], 'get'>;
    payoutCalendar: Affiliates['payoutCalendar'];
  };
  adjustments: Pick<Adjustments, 'make' | 'preview' | 'get' | 'list'>;
  holds: Pick<Holds, 'place' | 'release' | 'history' | 'ofPayouts' | 'ofAccount'>;
  batches: Pick<Batches, 'get' | 'awaited'>;
  bankResults: Pick<BankResults, 'take' | 'takeDraft'>;
  batchActs: Pick<BatchActs, 'check' | 'approve' | 'exclude' | 'include'>;
  paymentFiles: Pick<PaymentFiles, 'make' | 'overview'>;
  payees: Pick<Payees, 'shownOf' | 'missingAmong' | 'wasChanged' | 'deny'>;
  expectedPaydays: ExpectedPaydays;
  commissionFacts: Facts;
  documents: Pick<Documents, 'statement' | 'chart'>;
  receipts: Receipts;
  /** What a run that is still to come would do; for a cycle that is generated already, the next one. */
  simulation: { payday: (cycle?: string) => Promise<Preview> };
  standings: Standings;
  promises: Pick<Promises, 'make' | 'refuse' | 'latestOf' | 'offerOf'>;
  overdue: Overdue;
  manualReminders: ManualReminders;
  inbox: Pick<Inbox, 'get' | 'list' | 'replay' | 'dismiss' | 'counts'>;
  outgoing: Pick<Outgoing, 'get' | 'list' | 'replay' | 'counts' | 'enabled'>;
  health: Health;
  notices: Pick<Notices, 'enqueue' | 'reconsider'>;
  digests: Pick<Digests, 'include'>;
  /** What somebody may do as a manager, at this moment; nothing for whoever is none. */
  scopesOf(account: Pick<Account, 'accountId' | 'role'>): Promise<readonly Scope[]>;
  confirmations: Confirmations;
  contacts: Contacts;
  console: {
    links: Pick<Console['links'], 'create'>;
    sessions: Pick<Console['sessions'], 'list' | 'end' | 'endAll'>;
  };
  audit: Pick<Audit, 'record' | 'list'>;
  clock: Clock;
  /** Whether anything may be decided now; always, unless told. */
  mayDecide?: () => boolean;
  platform: DisplayContext;
  policy: Pick<Policy, 'trust' | 'notices' | 'payouts' | 'promises'>;
};

/** The chat user that a command comes from; `locale` is what the channel says of how they read. */
export type ChatPerson = { channel: Channel; userId: string; chatId: string; locale?: string };

/**
 * A command on its way to be run, by somebody who is linked. `words` are its arguments, `display` is how the person
 * reads, and `speech` how to speak to them.
 */
export type Request = {
  deps: CommandDependencies;
  person: ChatPerson;
  account: Account;
  /** As a manager. */
  scopes: readonly Scope[];
  actor: string;
  display: DisplayContext;
  speech: Speech;
  now: Date;
  words: string[];
  /** The file that came with it, which is fetched only now. */
  file?: () => Promise<ReceivedFile>;
};

/**
 * One command. `arguments` is as shown in the help, `ID REASON`; the last one takes the rest of the line. `thing` is what
 * the `ID` names, and `example` what could stand as the reason, reference or text: both are for the answer to somebody who
 * leaves one out, except the one that the command itself asks for. To people with none of the `roles` it does not exist.
 * A command of several roles may have a `description` for each.
 */
export type Command = ForWhom & {
  name: CommandName;
  arguments: Arguments;
  example?: PlainKey;
  thing?: Thing;
  asksItselfFor?: ArgumentName;
  description: PlainKey;
  /** Its `AMOUNT` may be below zero, and not zero. */
  signedAmount?: true;
  /** What it answers opens the console, so the console does not give it. */
  inChatOnly?: true;
  /** A file comes with it, in channels that bring one. */
  takesFile?: true;
  /** It changes something: a forwarded message alone does not run it. */
  changes?: true;
  /** It cannot be undone: one press, or words that may not be meant, only ask (docs/chat.md). */
  asksOnceMore?: AsksOnceMore;
  run(request: Request): Promise<Message>;
  /** What could be meant by the first argument while it is being typed: only what the person may act on. */
  suggest?(request: Request, typed: string): Promise<Suggestion[]>;
};

/**
 * `scope` is the right that a manager needs for it (src/rights/scope.ts), null where none: to look is `read`, to act the scope of what
 * is acted on, as of the same act's operation in webhooks/scopes.ts. Other roles act on what is theirs, and need none.
 */
type ForWhom =
  | { roles: readonly Role[] & readonly Exclude<Role, 'manager'>[]; scope?: never }
  | { roles: readonly Role[]; scope: Scope | null };

/**
 * `always`: also when it is typed with all its arguments; `amount`: then, too, if it moves more than `payouts.askAbove`.
 * `question` is what to ask; where the state allows no such act, a
 * message that says so, or null: the command itself then refuses.
 */
type AsksOnceMore = {
  always?: true;
  amount?(request: Request): Promise<MinorUnits>;
  question(request: Request): Promise<Question | Message | null>;
};

/**
 * What is asked before an act that cannot be undone. `words` are the arguments that the press runs the command with;
 * `about` is what people call the thing; `label` is that of the button that acts.
 */
export type Question = {
  about: string;
  words: [subject: string, ...rest: string[]];
  title: string;
  paragraphs: string[];
  facts?: Message['facts'];
  table?: Message['table'];
  attachment?: Message['attachment'];
  label: string;
  /** To look at the thing instead. */
  beside: Button;
  /** The same act done otherwise, by `words` of its own. */
  otherwise?: { label: string; words: [subject: string, ...rest: string[]] };
  /** Another act that may be meant instead. */
  instead?: Button;
};

/** What an id names; `other` where it may name several kinds. */
export type Thing = 'account' | 'invoice' | 'event' | 'message' | 'model' | 'order' | 'commission' | 'payout' | 'other';

type Arguments =
  | (
      | ''
      | 'CODE'
      | 'ID'
      | '[ID]'
      | 'ID REASON'
      | 'ID [REASON]'
      | 'ID REFERENCE'
      | '[DATE]'
      | 'DATE [FORMAT]'
      | '[AFTER]'
    )
  | (
      | '[DAYS] [AMOUNT] [AFTER]'
      | 'MODEL UNTIL REASON'
      | '[ID] [WHEN]'
      | 'ID UNTIL REASON'
      | 'DATE'
      | 'DATE [HASH]'
      | 'ACCOUNT TEXT'
      | 'ID TEXT'
      | 'MODEL REASON'
      | 'ACCOUNT AMOUNT REASON'
      | '[SETTING] [VALUE]'
    );

export type ArgumentName =
  | ('ID' | 'MODEL' | 'ACCOUNT' | 'CODE' | 'REASON' | 'REFERENCE' | 'TEXT' | 'UNTIL' | 'DATE')
  | ('HASH' | 'DAYS' | 'AMOUNT' | 'AFTER' | 'SETTING' | 'VALUE' | 'WHEN' | 'FORMAT');

/** The arguments of a command, one by one: `ID [REASON]` → `ID` and `REASON`, which is optional. */
export function namedArguments(text: string): { name: ArgumentName; isOptional: boolean }[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => ({ name: word.replace(/[[\]]/g, '') as ArgumentName, isOptional: word.startsWith('[') }));
}

/** `value` is the argument itself, `name` how a person reads it. */
export type Suggestion = { name: string; value: string };

/**
 * A parsed command. A channel that asks for each argument separately hands over `''` for one that was left out before
 * another; arguments left out at the end are missing.
 */
export type ParsedCommand = { name: string; words: string[] };

/** A command as typed: `/pay@settlebot 2026-W47:m1` → `pay` and its words; null when it is none. */
export function parseCommand(text: string): ParsedCommand | null {
  const [first = '', ...words] = text.trim().split(/\s+/);
  const name = /^\/([A-Za-z0-9_]{1,32})(@\w+)?$/.exec(first)?.[1];
  return name === undefined ? null : { name: name.toLowerCase(), words };
}

/** How a person reads in the chat that they write in: in their language, and in their own zone if the platform sent one. */
export function displayContextOf(account: LinkedAccount, platform: DisplayContext, now: Date): DisplayContext {
  const timeZone = account.timeZone ?? platform.timeZone;
  return { ...platform, timeZone, locale: account.reads, thisYear: yearAt(now, timeZone) };
}

/** How somebody reads by what their channel says of them: no account is known of a stranger, or could be read in time. */
export function displayOfChat({ locale }: ChatPerson, platform: DisplayContext): DisplayContext {
  return locale === undefined ? platform : { ...platform, locale: localeOf({ chat: locale }) };
}

/** How to speak to a chat user: as their account reads, or where none is linked, as their channel says. */
export function speechTo(person: ChatPerson, account: LinkedAccount | null, platform: DisplayContext): Speech {
  if (account === null) return speechOf(displayOfChat(person, platform));
  return speechOf({ ...platform, timeZone: account.timeZone ?? platform.timeZone, locale: account.reads });
}

export function actorOf({ accountId, linkRef: ref }: LinkedAccount, { channel }: ChatPerson): string {
  return chatActor(accountId, { channel, ref });
}
