import type { Topic } from '../../accounts/topics.ts';
import { formatDate } from '../../kernel/calendar.ts';
import { groupBy } from '../../kernel/group.ts';
import { formatMoney, type MinorUnits, sum } from '../../kernel/money.ts';
import type { Button, DisplayContext, Message } from './message.ts';
import type { DigestContent, NoticeContent } from './noticeContent.ts';

/** So many of the gathered notices are named by their titles, the latest; the totals are of all. */
const NAMED = 8;

export function digestContent(topic: Topic, contents: NoticeContent[]): DigestContent {
  const groups = groupBy(contents, (content) => `${kindOf(content)} ${paydayOf(content) ?? ''}`);
  return {
    kind: 'digest',
    data: {
      topic,
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
  { topic, count, groups, latest }: DigestContent['data'],
  display: DisplayContext,
  titleOf: (content: NoticeContent) => string,
): Message {
  const lines = groups.map(({ kind, payday, count: number, total }) => {
    const what = number === 1 ? `1 ${nounOf(kind)}` : `${number} ${PLURALS[kind] ?? `${nounOf(kind)}s`}`;
    const amount = total === null ? '' : `: ${formatMoney(total, display.currency)} in all`;
    return `${what}${amount}${payday === null ? '' : `, expected on ${formatDate(payday)}`}.`;
  });
  const isTold = topic === 'commissions' || topic === 'approvals';
  const shown = isTold ? [] : latest.map((content) => [titleOf(content)]);
  const more = count - shown.length;
  return {
    title: TITLES[topic],
    paragraphs: [...lines, ...(topic === 'alerts' || topic === 'overdue' ? [] : ['Nothing to do.'])],
    ...(shown.length === 0 ? {} : { table: { header: [], rows: shown } }),
    footer: `${!isTold && more > 0 ? `And ${more} earlier. ` : ''}How often you hear of this: /settings ${topic} at-once, daily, weekly or never.`,
    buttons: [[...BUTTONS[topic], { label: 'Settings', command: '/settings' }]],
  };
}

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
  'manager.quarantined': 'event in quarantine',
  'manager.webhook_parked': 'parked webhook',
  'manager.review_opened': 'termination review',
  'manager.unreached': 'person out of reach',
  'manager.overdue': 'overdue invoice',
  'manager.paydays_unpaid': 'reminder of unpaid paydays',
  'manager.day_sealed': 'sealed day',
};

const PLURALS: Record<string, string> = {
  'commission.reversed': 'corrections of paid commissions',
  'commission.held': 'commissions held for a refund asked for',
  'commission.resumed': 'commissions in hold again',
  'invoice.receipt': 'invoices paid at once',
  'invoice.credited': 'invoices with nothing to pay',
  'manager.quarantined': 'events in quarantine',
  'manager.unreached': 'people out of reach',
  'manager.paydays_unpaid': 'reminders of unpaid paydays',
};

function nounOf(kind: string): string {
  return NOUNS[kind] ?? 'message';
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
