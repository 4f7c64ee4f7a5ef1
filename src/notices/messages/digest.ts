import type { Topic } from '../../accounts/topics.ts';
import { formatDate } from '../../kernel/calendar.ts';
import { groupBy } from '../../kernel/group.ts';
import { formatMoney, type MinorUnits, sum } from '../../kernel/money.ts';
import type { DisplayContext } from '../../texts/speech.ts';
import type { Button, Message } from './message.ts';
import type { DigestContent, ManagerKind, NoticeContent } from './noticeContent.ts';
import { type Gathering, groupedOf, isGroupedKind, traitsOf } from './traits.ts';

/** So many of the gathered notices are named by their titles, the latest; the totals are of all. */
const NAMED = 8;

/** What was gathered of a topic, or of one kind, in one notice. */
export function digestContent(gathering: Gathering, contents: NoticeContent[]): DigestContent {
  const groups = groupBy(contents, (content) => `${kindOf(content)} ${paydayOf(content) ?? ''}`);
  return {
    kind: 'digest',
    data: {
      ...(isGroupedKind(gathering)
        ? { topic: traitsOf({ kind: gathering }).topic ?? null, of: gathering }
        : { topic: gathering }),
      count: contents.length,
      groups: [...groups.values()].flatMap((group) => {
        const [first] = group;
        if (first === undefined) return [];
        const amounts = group.map(amountOf).filter((amount) => amount !== null);
        const total = amounts.length === group.length ? sum(amounts) : null;
        return [{ kind: kindOf(first), payday: paydayOf(first), count: countIn(group), total }];
      }),
      latest: contents.slice(-NAMED),
    },
  };
}

/** A digest in words: the totals first. `titleOf` is how one of the gathered notices calls itself. */
export function digestMessage(
  { topic, of, count, groups, latest }: DigestContent['data'],
  display: DisplayContext,
  titleOf: (content: NoticeContent) => string,
): Message {
  if (of !== undefined) return groupMessage({ of, topic, count, latest }, titleOf);
  const lines = groups.map(({ kind, payday, count: number, total }) => {
    const what = counted(number, kind);
    const amount = total === null ? '' : `: ${formatMoney(total, display.currency)} in all`;
    return `${what}${amount}${payday === null ? '' : `, expected on ${formatDate(payday)}`}.`;
  });
  const isTold = topic === 'commissions' || topic === 'approvals';
  const shown = isTold ? [] : latest.map((content) => [titleOf(content)]);
  const more = count - shown.length;
  return {
    title: topic === null ? 'Since the last message' : TITLES[topic],
    paragraphs: [...lines, ...(topic === 'alerts' || topic === 'overdue' ? [] : ['Nothing to do.'])],
    ...(shown.length === 0 ? {} : { table: { header: [], rows: shown } }),
    footer: `${!isTold && more > 0 ? `And ${more} earlier. ` : ''}${howOften(topic)}`,
    buttons: [[...(topic === null ? [] : BUTTONS[topic]), SETTINGS]],
  };
}

/** Of one kind that managers are told, what came within an hour. */
function groupMessage(
  { of, topic, count, latest }: { of: ManagerKind; topic: Topic | null; count: number; latest: NoticeContent[] },
  titleOf: (content: NoticeContent) => string,
): Message {
  const { many = 'messages', seeAll = '', button = SETTINGS } = groupedOf({ kind: of }) ?? {};
  const earlier = count - latest.length;
  return {
    title: `${count} ${many}`,
    paragraphs: [`New since the last message of this kind. ${seeAll}`],
    table: { header: [], rows: latest.map((content) => [titleOf(content)]) },
    footer: [...(earlier > 0 ? [`And ${earlier} earlier.`] : []), howOften(topic)].join(' ').trim(),
    buttons: [[button, SETTINGS]],
  };
}

function howOften(topic: Topic | null): string {
  return topic === null ? '' : `How often you hear of this: /settings ${topic} at-once, daily, weekly or never.`;
}

const SETTINGS: Button = { label: 'Settings', command: '/settings' };

const TITLES: Record<Topic, string> = {
  commissions: 'Your commissions since the last message',
  approvals: 'Commissions approved since the last message',
  payouts: 'Your payouts since the last message',
  orders: 'Your orders since the last message',
  receipts: 'Your receipts since the last message',
  overdue: 'Invoices that went overdue',
  alerts: 'For managers: since the last message',
  seals: 'The last seals of the days since the last message',
};

const BUTTONS: Record<Topic, Button[]> = {
  commissions: [{ label: 'Commissions', command: '/commissions' }],
  approvals: [{ label: 'Commissions', command: '/commissions' }],
  payouts: [{ label: 'Payouts', command: '/payouts' }],
  orders: [],
  receipts: [{ label: 'Invoices', command: '/invoices' }],
  overdue: [{ label: 'Overdue', command: '/overdue' }],
  alerts: [{ label: 'Health', command: '/health' }],
  seals: [],
};

const CHANGED = 'commission.changed';

/** What one of a kind is called. */
const NOUNS: Record<string, string> = {
  'commission.pending': 'new commission',
  [CHANGED]: 'changed commission',
  'commission.held': 'commission held for a refund asked for',
  'commission.resumed': 'commission in hold again',
  'commission.rejected': 'rejected commission',
  'commission.corrected': 'corrected commission',
  'commission.reversed': 'correction of a paid commission',
  'commissions.approved': 'approved commission',
  'payout.due': 'new payout',
  'payout.paid': 'paid payout',
  'order.started': 'started order',
  'order.completed': 'completed order',
  'charge.paid': 'paid amount',
  'invoice.receipt': 'invoice paid at once',
  'invoice.credited': 'invoice with nothing to pay',
  'invoice.paid': 'paid invoice',
  'manager.day_sealed': 'sealed day',
};

const PLURALS: Record<string, string> = {
  'commission.reversed': 'corrections of paid commissions',
  'commission.held': 'commissions held for a refund asked for',
  'commission.resumed': 'commissions in hold again',
  'invoice.receipt': 'invoices paid at once',
  'invoice.credited': 'invoices with nothing to pay',
};

function counted(number: number, kind: string): string {
  if (isGroupedKind(kind)) {
    const { one, many } = groupedOf({ kind }) ?? { one: 'message', many: 'messages' };
    return `${number} ${number === 1 ? one : many}`;
  }
  const noun = NOUNS[kind] ?? 'message';
  return number === 1 ? `1 ${noun}` : `${number} ${PLURALS[kind] ?? `${noun}s`}`;
}

function kindOf(content: NoticeContent): string {
  return content.kind === 'commission.pending' && content.data.before !== null ? CHANGED : content.kind;
}

function countIn(group: NoticeContent[]): number {
  return sum(group.map((content) => (content.kind === 'commissions.approved' ? content.data.count : 1)));
}

function amountOf(content: NoticeContent): MinorUnits | null {
  switch (content.kind) {
    case 'commission.pending':
    case 'commission.held':
    case 'commission.resumed':
    case 'commission.rejected':
    case 'commission.corrected':
    case 'commission.reversed':
    case 'payout.due':
    case 'payout.paid':
    case 'charge.paid':
      return content.data.amount;
    case 'commissions.approved':
    case 'invoice.receipt':
    case 'invoice.paid':
    case 'manager.overdue':
      return content.data.total;
    default:
      return null;
  }
}

function paydayOf(content: NoticeContent): string | null {
  switch (content.kind) {
    case 'commission.pending':
    case 'commission.resumed':
    case 'commission.corrected':
    case 'commission.reversed':
    case 'commissions.approved':
      return content.data.payday;
    default:
      return null;
  }
}
