import type { Topic } from '../../accounts/topics.ts';
import type { Role } from '../../events/catalogue.ts';
import type { Button } from './message.ts';
import type { ManagerKind, NoticeContent } from './noticeContent.ts';

/**
 * What holds for every notice of a kind. `topic`: it can be gathered with others (rules 3), because nothing has to be done
 * about it. `mustReach`: somebody has to do something, so that it matters when nobody can be reached (rules 2.9). `warns`:
 * it says what follows when an invoice stays unpaid. `role`: it concerns only who has that role when it is sent.
 */
export type Traits = { topic?: Topic; mustReach?: true; warns?: true; role?: Role };

/**
 * What managers are told comes by itself, as often as something goes wrong: the first of a kind at once, the others of an hour
 * in one message. `one` and `many` count them, `seeAll` says where all of them are, and `button` leads there. Each for itself
 * comes only what people themselves ask of managers, and what has to be answered by a time.
 */
export type Grouped = { one: string; many: string; seeAll: string; button: Button };

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
  'invoice.insufficient': { mustReach: true },
  'invoice.due_soon': { mustReach: true, warns: true },
  'invoice.overdue': { mustReach: true, warns: true },
  'invoice.reminder': { mustReach: true, warns: true },
  'invoice.reminded': { mustReach: true, warns: true },
  'invoice.card': {},
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
  'manager.quarantined': {
    ...{ role: 'manager', topic: 'alerts' },
    grouped: {
      ...{ one: 'event in quarantine', many: 'events in quarantine' },
      seeAll: 'They have no effect until they are applied. All of them, with what is wrong: /quarantine',
      button: { label: 'Quarantine', command: '/quarantine' },
    },
  },
  'manager.webhook_parked': {
    ...{ role: 'manager', topic: 'alerts' },
    grouped: {
      ...{ one: 'parked webhook', many: 'parked webhooks' },
      seeAll:
        'The platform has not taken them, and they are not sent again by themselves. Some are named in /health, all of them by GET /v1/webhooks?status=parked; each is sent again by: /replay ID',
      button: { label: 'Health', command: '/health' },
    },
  },
  'manager.review_opened': {
    ...{ role: 'manager', topic: 'alerts' },
    grouped: {
      ...{ one: 'termination review', many: 'termination reviews' },
      seeAll: 'Nothing happens by itself. All of them: /review',
      button: { label: 'Review', command: '/review' },
    },
  },
  'manager.overdue': {
    ...{ role: 'manager', topic: 'overdue' },
    grouped: {
      ...{ one: 'overdue invoice', many: 'overdue invoices' },
      seeAll: 'All that is overdue: /overdue',
      button: { label: 'Overdue', command: '/overdue' },
    },
  },
  'manager.paydays_unpaid': {
    ...{ role: 'manager', topic: 'alerts' },
    grouped: {
      ...{ one: 'reminder of unpaid paydays', many: 'reminders of unpaid paydays' },
      seeAll: 'The oldest that is not paid: /cycle',
      button: { label: 'Cycle', command: '/cycle' },
    },
  },
  'manager.unreached': {
    ...{ role: 'manager', topic: 'alerts' },
    grouped: {
      ...{ one: 'person out of reach', many: 'people out of reach' },
      seeAll:
        'There is something to tell them, and no chat of theirs takes it. How many they are, and who for longest: /health',
      button: { label: 'Health', command: '/health' },
    },
  },
  'manager.codes_guessed': {
    ...{ role: 'manager', topic: 'alerts' },
    grouped: {
      ...{ one: 'warning of guessed codes', many: 'warnings of guessed codes' },
      seeAll:
        'Somebody goes on guessing codes that link chats; trying is slowed, and people with a right code link as ever.',
      button: { label: 'Health', command: '/health' },
    },
  },
  // One a day at most, and each has its own anchor to keep.
  'manager.day_sealed': { role: 'manager', topic: 'seals', grouped: 'each' },
  'manager.approval_asked': { role: 'manager', grouped: 'each' },
  'manager.appointed': {
    role: 'manager',
    grouped: {
      ...{ one: 'change of who is a manager', many: 'changes of who is a manager' },
      seeAll:
        'Who did it, and why: GET /v1/audit. The owner of the service can set a role back: PUT /v1/accounts/{id}/role',
      button: { label: 'Health', command: '/health' },
    },
  },
  'account.chat_linked': {},
  'account.chat_moved': {},
  'contact.message': { mustReach: true },
  digest: {},
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
