import type { Topic } from '../../accounts/topics.ts';
import { groupBy } from '../../kernel/group.ts';
import { type MinorUnits, sum } from '../../kernel/money.ts';
import { type CommandName, type DisplayContext, speechOf } from '../../texts/speech.ts';
import { commandButton, consoleButtons } from './buttons.ts';
import { LINES, type Message } from './message.ts';
import type { DigestContent, ManagerKind, NoticeContent } from './noticeContent.ts';
import { type CountedKey, type Gathering, groupedOf, isGroupedKind, traitsOf } from './traits.ts';

/** So many of the gathered notices are kept to be named by their titles, the latest; the totals are of all. */
const NAMED = 8;
/** A digest has no more lines than any message (docs/chat.md#messages): so many kinds, and as many titles as fit beside them. */
const KINDS = 4;
const LINES_BESIDE_TITLES = 3;

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
  if (of !== undefined) return groupMessage({ of, topic, count, latest }, display, titleOf);
  const { say } = speechOf(display);
  const isTold = topic === 'commissions' || topic === 'approvals';
  const others = sum(groups.slice(KINDS).map((group) => group.count));
  const lines = [
    ...groups.slice(0, KINDS).map((group) => lineOf(group, display)),
    ...(others === 0 ? [] : [say('digests.others', { count: others })]),
  ];
  const shown = isTold ? [] : titlesOf(latest, LINES - LINES_BESIDE_TITLES - lines.length, titleOf);
  const more = shown.length === 0 ? 0 : count - shown.length;
  return {
    state: 'info',
    title: say(`digests.titles.${topic ?? 'any'}`),
    paragraphs: lines,
    ...(shown.length === 0 ? {} : { table: { header: [], rows: shown } }),
    footer: footerOf(topic, more, display),
    buttons: [
      [
        ...(topic === null ? [] : BUTTONS[topic]).map((name) => commandButton(say, name)),
        ...consoleButtons(say, display),
        commandButton(say, 'settings'),
      ],
    ],
  };
}

/** How many of a kind there are, over how much, and when that is expected. */
function lineOf(
  { kind, payday, count, total }: DigestContent['data']['groups'][number],
  display: DisplayContext,
): string {
  const { say, money, date } = speechOf(display);
  const counted = say(countedKey(kind), { count });
  if (total === null && payday === null) return say('digests.line.count', { counted });
  if (total === null) return say('digests.line.payday', { counted, payday: date(payday ?? '') });
  if (payday === null) return say('digests.line.total', { counted, total: money(total) });
  return say('digests.line.totalAndPayday', { counted, total: money(total), payday: date(payday) });
}

/** Of one kind that managers are told, what came within an hour. */
function groupMessage(
  { of, topic, count, latest }: { of: ManagerKind; topic: Topic | null; count: number; latest: NoticeContent[] },
  display: DisplayContext,
  titleOf: (content: NoticeContent) => string,
): Message {
  const { say } = speechOf(display);
  const { counted, seeAll, button } = groupedOf({ kind: of }) ?? { counted: MESSAGES };
  const shown = titlesOf(latest, LINES - LINES_BESIDE_TITLES, titleOf);
  return {
    state: 'overdue',
    title: say(counted, { count }),
    paragraphs: [[say('digests.new'), ...(seeAll === undefined ? [] : [say(seeAll)])].join(' ')],
    table: { header: [], rows: shown },
    footer: footerOf(topic, count - shown.length, display),
    buttons: [
      [commandButton(say, button ?? 'settings'), ...consoleButtons(say, display), commandButton(say, 'settings')],
    ],
  };
}

/** The titles of the latest, as rows; none where there is no room. */
function titlesOf(latest: NoticeContent[], room: number, titleOf: (content: NoticeContent) => string): string[][] {
  return room <= 0 ? [] : latest.slice(-room).map((content) => [titleOf(content)]);
}

/** How many there are beside those that are named, and how often to hear of them. */
function footerOf(topic: Topic | null, more: number, display: DisplayContext): string {
  const { say } = speechOf(display);
  return [
    ...(more > 0 ? [say('digests.earlier', { count: more })] : []),
    ...(topic === null ? [] : [say('common.howOften', { topic })]),
  ].join(' ');
}

const BUTTONS: Record<Topic, CommandName[]> = {
  commissions: ['commissions'],
  approvals: ['commissions'],
  payouts: ['payouts'],
  orders: [],
  receipts: ['invoices'],
  overdue: ['overdue'],
  alerts: ['health'],
  seals: [],
};

const CHANGED = 'commission.changed';
const MESSAGES: CountedKey = 'digests.counted.message';

/** What counts those of a kind, where its traits do not say it. */
const COUNTED: Record<string, CountedKey> = {
  'commission.pending': 'digests.counted.commissionPending',
  [CHANGED]: 'digests.counted.commissionChanged',
  'commission.held': 'digests.counted.commissionHeld',
  'commission.resumed': 'digests.counted.commissionResumed',
  'commission.rejected': 'digests.counted.commissionRejected',
  'commission.corrected': 'digests.counted.commissionCorrected',
  'commission.reversed': 'digests.counted.commissionReversed',
  'commissions.approved': 'digests.counted.commissionsApproved',
  'payout.due': 'digests.counted.payoutDue',
  'payout.paid': 'digests.counted.payoutPaid',
  'order.started': 'digests.counted.orderStarted',
  'order.completed': 'digests.counted.orderCompleted',
  'charge.paid': 'digests.counted.chargePaid',
  'invoice.receipt': 'digests.counted.invoiceReceipt',
  'invoice.credited': 'digests.counted.invoiceCredited',
  'invoice.paid': 'digests.counted.invoicePaid',
  'manager.day_sealed': 'digests.counted.daySealed',
};

function countedKey(kind: string): CountedKey {
  const grouped = isGroupedKind(kind) ? groupedOf({ kind }) : undefined;
  return grouped?.counted ?? COUNTED[kind] ?? MESSAGES;
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
    case 'manager.payout_returned':
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
