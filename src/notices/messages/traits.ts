import type { Topic } from '../../accounts/topics.ts';
import type { Role } from '../../events/catalogue.ts';
import type { TextKey } from '../../texts/keys.ts';
import type { CommandName } from '../../texts/speech.ts';
import type { ManagerKind, NoticeContent } from './noticeContent.ts';

/**
 * What holds for every notice of a kind. `topic`: it can be gathered with others (rules 3), because nothing has to be done
 * about it. `regular`: it comes by the calendar, unless it is turned off. `mustReach`: somebody has to do something, so that it
 * matters when nobody can be reached (rules 2.9). `warns`: it says what follows when an invoice stays unpaid. `role`: it concerns only who has that role when it is sent.
 * `channel`: it says the same to all of that role, once a day at most, so that one message where all of them read is enough.
 */
export type Traits = {
  topic?: Topic;
  mustReach?: true;
  warns?: true;
  role?: Role;
  regular?: true;
  channel?: 'managers';
};

/**
 * What managers are told comes by itself, as often as something goes wrong: the first of a kind at once, the others of an hour
 * in one message. `counted` is the text that counts them, `seeAll` the one that says where all of them are, and `button` leads
 * there. Each for itself comes only what people themselves ask of managers, and what has to be answered by a time.
 */
export type Grouped = {
  counted: CountedKey;
  seeAll: Extract<TextKey, `digests.seeAll.${string}`>;
  button: CommandName;
};

/** The texts that count what was gathered, `3 paid invoices`. */
export type CountedKey = Extract<TextKey, `digests.counted.${string}`>;

/** Each kind has to say; so a new one cannot forget it, and none that managers are told can forget to be grouped. */
const TRAITS: {
  [K in NoticeContent['kind']]: K extends ManagerKind
    ? Traits & { role: 'manager'; grouped: Grouped | 'each' }
    : Traits;
} = {
  'invoice.issued': { mustReach: true },
  'invoice.receipt': { topic: 'receipts' },
  'invoice.credited': { topic: 'receipts' },
  'invoice.paid': { topic: 'receipts' },
  'invoice.voided': {},
  'invoice.written_off': {},
  'invoice.insufficient': { mustReach: true },
  'invoice.due_soon': { mustReach: true, warns: true },
  'invoice.overdue': { mustReach: true, warns: true },
  'invoice.reminder': { mustReach: true, warns: true },
  'invoice.reminded': { mustReach: true, warns: true },
  'invoice.card': {},
  'promise.made': {},
  'promise.due_soon': { mustReach: true },
  'promise.broken': { mustReach: true },
  'promise.refused': { mustReach: true },
  'sanctions.changed': { mustReach: true },
  'sanctions.grace': {},
  'contractor.campaigns': { mustReach: true },
  'order.placed': { mustReach: true },
  'order.nudge': { mustReach: true },
  'order.accepted': {},
  'order.short': { mustReach: true },
  'order.acceptable': { mustReach: true },
  'order.rejected': {},
  'order.expired': {},
  'order.cancelled': {},
  'order.refused': {},
  'order.started': { topic: 'orders' },
  'order.idle': { mustReach: true },
  'order.progress': {},
  'order.card': {},
  'order.completed': { topic: 'orders' },
  'order.stopped': { mustReach: true },
  'order.not_renewed': {},
  'charge.owed': { mustReach: true },
  'charge.paid': { topic: 'orders' },
  'charge.insufficient': { mustReach: true },
  'commission.pending': { topic: 'commissions' },
  'commission.held': { topic: 'commissions' },
  'commission.resumed': { topic: 'commissions' },
  'commission.rejected': { topic: 'commissions' },
  'commission.corrected': { topic: 'commissions' },
  'commission.reversed': { topic: 'commissions' },
  'commissions.approved': { topic: 'approvals' },
  'payout.due': { topic: 'payouts' },
  'payout.paid': { topic: 'payouts' },
  'payout.failed': { mustReach: true },
  'payout.returned': { mustReach: true },
  'adjustment.made': {},
  'payout.carried': {},
  'payout.held': {},
  'manager.quarantined': {
    ...{ role: 'manager', topic: 'alerts' },
    grouped: {
      ...{ counted: 'digests.counted.quarantined', seeAll: 'digests.seeAll.quarantined' },
      button: 'quarantine',
    },
  },
  'manager.webhook_parked': {
    ...{ role: 'manager', topic: 'alerts' },
    grouped: {
      ...{ counted: 'digests.counted.webhookParked', seeAll: 'digests.seeAll.webhookParked' },
      button: 'health',
    },
  },
  'manager.review_opened': {
    ...{ role: 'manager', topic: 'alerts' },
    grouped: {
      ...{ counted: 'digests.counted.reviewOpened', seeAll: 'digests.seeAll.reviewOpened' },
      button: 'review',
    },
  },
  'manager.overdue': {
    ...{ role: 'manager', topic: 'overdue' },
    grouped: {
      ...{ counted: 'digests.counted.overdue', seeAll: 'digests.seeAll.overdue' },
      button: 'overdue',
    },
  },
  'manager.paydays_unpaid': {
    ...{ role: 'manager', topic: 'alerts' },
    grouped: {
      ...{ counted: 'digests.counted.paydaysUnpaid', seeAll: 'digests.seeAll.paydaysUnpaid' },
      button: 'cycle',
    },
  },
  'manager.payout_returned': {
    ...{ role: 'manager', topic: 'alerts' },
    grouped: {
      ...{ counted: 'digests.counted.payoutReturned', seeAll: 'digests.seeAll.payoutReturned' },
      button: 'cycle',
    },
  },
  'manager.unreached': {
    ...{ role: 'manager', topic: 'alerts' },
    grouped: {
      ...{ counted: 'digests.counted.unreached', seeAll: 'digests.seeAll.unreached' },
      button: 'health',
    },
  },
  'manager.codes_guessed': {
    ...{ role: 'manager', topic: 'alerts' },
    grouped: {
      ...{ counted: 'digests.counted.codesGuessed', seeAll: 'digests.seeAll.codesGuessed' },
      button: 'health',
    },
  },
  // One a day at most, and each has its own anchor to keep.
  'manager.day_sealed': { role: 'manager', topic: 'seals', channel: 'managers', grouped: 'each' },
  'manager.approval_asked': { role: 'manager', grouped: 'each' },
  // Money may be on its way to a stranger.
  'manager.payee_denied': { role: 'manager', grouped: 'each' },
  'manager.admin_key': { role: 'manager', grouped: 'each' },
  'manager.scopes': { role: 'manager', grouped: 'each' },
  'manager.payout_held': {
    ...{ role: 'manager', topic: 'alerts' },
    grouped: {
      ...{ counted: 'digests.counted.payoutHeld', seeAll: 'digests.seeAll.payoutHeld' },
      button: 'cycle',
    },
  },
  'manager.appointed': {
    role: 'manager',
    grouped: {
      ...{ counted: 'digests.counted.appointed', seeAll: 'digests.seeAll.appointed' },
      button: 'health',
    },
  },
  'payee.changed': { mustReach: true },
  'account.chat_linked': {},
  'account.chat_moved': {},
  'account.console_opened': {},
  'account.console_link_reused': {},
  'contact.message': { mustReach: true },
  digest: {},
  'digest.managers': { role: 'manager', regular: true, channel: 'managers' },
  'digest.model': { role: 'model', regular: true },
  'digest.affiliate': { role: 'affiliate', regular: true },
};

export function traitsOf({ kind }: Pick<NoticeContent, 'kind'>): Traits {
  return TRAITS[kind];
}

/** How the others of its kind are told with it, of a kind that managers are told. */
export function groupedOf({ kind }: Pick<NoticeContent, 'kind'>): Grouped | undefined {
  const traits: Traits & { grouped?: Grouped | 'each' } = TRAITS[kind];
  return traits.grouped === 'each' ? undefined : traits.grouped;
}

/** The topic that a notice is of; a digest is of the one that it gathers. */
export function topicOf(content: NoticeContent): Topic | undefined {
  return content.kind === 'digest' ? (content.data.topic ?? undefined) : traitsOf(content).topic;
}

/** Whether it only says what has happened: nothing is to be done about it, and it is no summary that somebody asked for. */
export function isNews({ kind }: Pick<NoticeContent, 'kind'>): boolean {
  return kind !== 'digest' && traitsOf({ kind }).topic !== undefined;
}

/** The role that a notice is for; a digest is for that of what it gathers. */
export function roleOf(content: NoticeContent): Role | undefined {
  const [gathered] = content.kind === 'digest' ? content.data.latest : [];
  return traitsOf(gathered ?? content).role;
}

/** The kinds of which one that was delivered is a warning (rules 2.9). */
export const WARNINGS = Object.entries(TRAITS).flatMap(([kind, { warns }]) => (warns === true ? [kind] : []));

/** What notices are gathered by: their topic, or, of those that managers are told, their kind. */
export type Gathering = Topic | ManagerKind;

/** The kinds of which the first is told at once and the others of an hour together. */
const GROUPED_KINDS: ReadonlySet<string> = new Set(
  Object.entries(TRAITS).flatMap(([kind, traits]) => ('grouped' in traits && traits.grouped !== 'each' ? [kind] : [])),
);

export function isGroupedKind(gathering: string): gathering is ManagerKind {
  return GROUPED_KINDS.has(gathering);
}
