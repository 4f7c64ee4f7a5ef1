import type { Accounts } from '../accounts/accounts.ts';
import type { Affiliates } from '../affiliates/affiliates.ts';
import type { Approvals } from '../approvals/approvals.ts';
import type { Backlog } from '../database/backlog.ts';
import type { Erasures } from '../erasure/erasures.ts';
import type { Calendar } from '../kernel/calendar.ts';
import { sum } from '../kernel/money.ts';
import type { Orders } from '../orders/orders.ts';
import type { Outgoing } from '../outgoing/outgoing.ts';
import type { Batches } from '../paydays/batches.ts';
import type { Holds } from '../paydays/holds.ts';
import type { createMissingPayees } from '../paydays/missingPayees.ts';
import type { Promises } from '../promises/promises.ts';
import type { Overdue } from '../standing/overdue.ts';
import type { Standings } from '../standing/standings.ts';

export const TODAY_KINDS = [
  ...(['overdue', 'promises-ending', 'promises-broken', 'reviews'] as const),
  ...(['orders-unanswered', 'orders-idle'] as const),
  ...(['events-quarantined', 'events-waiting', 'webhooks-parked', 'people-unreached'] as const),
  ...(['payday-check', 'payday-approve', 'payday-settle', 'payees-missing', 'approvals'] as const),
  ...(['payouts-held', 'payouts-returned', 'erasures'] as const),
] as const;
export type TodayKind = (typeof TODAY_KINDS)[number];

/** One kind of what needs somebody; `list` is the operation that lists all of it, with its query, where there is one. */
export type TodayItem = Backlog & {
  kind: TodayKind;
  list: { operation: string; query: Readonly<Record<string, string>> } | null;
};

export type Today = ReturnType<typeof createToday>;

const HOUR_MS = 3_600_000;
/** So many are named. */
const NAMED = 10;

/** What needs somebody now, by kind, as managers look at it: each a few reads along an index. */
export function createToday(deps: {
  overdue: Pick<Overdue, 'backlog'>;
  promises: Pick<Promises, 'backlogs'>;
  standings: Pick<Standings, 'reviewBacklog'>;
  orders: Pick<Orders, 'backlogs'>;
  inbox: { backlogs: { quarantined(): Promise<Backlog>; waiting(before: Date): Promise<Backlog> } };
  outgoing: Pick<Outgoing, 'parkedBacklog'>;
  accounts: Pick<Accounts, 'unreachedBacklog'>;
  unpaidPaydays: Pick<Affiliates['unpaidPaydays'], 'unpaidNow'>;
  payouts: Pick<Affiliates['payouts'], 'returnedBacklog'>;
  batches: Pick<Batches, 'stagesOf'>;
  holds: Pick<Holds, 'backlog'>;
  missingPayees: ReturnType<typeof createMissingPayees>;
  approvals: Pick<Approvals, 'backlog'>;
  erasures: Pick<Erasures, 'backlog'>;
  calendar: Pick<Calendar, 'addDays' | 'dayOf' | 'startOf'>;
}) {
  const { calendar } = deps;

  /** Every kind, in the order of `TODAY_KINDS`, also of which there is nothing. Promises of today are those of the platform's day. */
  return async function today(now: Date): Promise<TodayItem[]> {
    const weekAgo = calendar.addDays(now, -7);
    const midnight = calendar.startOf(calendar.dayOf(calendar.addDays(now, 1)));
    const list = (operation: string, query: Record<string, string> = {}) => ({ operation, query });
    const looks: [TodayKind, Promise<Backlog>, TodayItem['list']][] = [
      ['overdue', deps.overdue.backlog(now), list('listOverdue')],
      ['promises-ending', deps.promises.backlogs.ending(now, midnight), null],
      ['promises-broken', deps.promises.backlogs.broken(weekAgo), null],
      ['reviews', deps.standings.reviewBacklog(), null],
      [
        'orders-unanswered',
        deps.orders.backlogs.unanswered(now, new Date(now.getTime() + 24 * HOUR_MS)),
        list('listOrders', { status: 'placed' }),
      ],
      ['orders-idle', deps.orders.backlogs.idle(), list('listOrders', { status: 'running' })],
      ['events-quarantined', deps.inbox.backlogs.quarantined(), list('listEvents', { status: 'quarantined' })],
      [
        'events-waiting',
        deps.inbox.backlogs.waiting(new Date(now.getTime() - HOUR_MS)),
        list('listEvents', { status: 'waiting' }),
      ],
      ['webhooks-parked', deps.outgoing.parkedBacklog(), list('listWebhooks', { status: 'parked' })],
      ['people-unreached', deps.accounts.unreachedBacklog(), list('listUnreached')],
      ['approvals', deps.approvals.backlog(now), null],
      ['payouts-held', deps.holds.backlog(now), list('listPayouts', { status: 'due' })],
      ['payouts-returned', deps.payouts.returnedBacklog(weekAgo), list('listPayouts', { status: 'paid' })],
      ['erasures', deps.erasures.backlog(), null],
    ];
    const [paydays, ...found] = await Promise.all([
      paydayItems(now),
      ...looks.map(async ([kind, look, where]): Promise<TodayItem> => ({ kind, ...(await look), list: where })),
    ]);
    const all = new Map([...paydays, ...found].map((item) => [item.kind, item]));
    return TODAY_KINDS.flatMap((kind) => all.get(kind) ?? []);
  };

  /** The paydays that are still to be settled, by what people are to do with them next, and what of them cannot be sent anywhere. */
  async function paydayItems(now: Date): Promise<TodayItem[]> {
    const paydays = await deps.unpaidPaydays.unpaidNow(now);
    const [stages, missing] = await Promise.all([
      deps.batches.stagesOf(paydays.map(({ payday }) => payday)),
      deps.missingPayees(paydays.filter(({ due }) => due > 0).map(({ payday }) => payday)),
    ]);
    const list = { operation: 'listPayouts', query: { status: 'due' } };
    const steps = (['check', 'approve', 'settle'] as const).map((stage): TodayItem => {
      const own = paydays.filter(({ payday }) => stages.get(payday) === stage);
      const first = own.map(({ payday }) => payday);
      return {
        ...{ kind: `payday-${stage}`, count: own.length, amount: sum(own.map(({ total }) => total)) },
        ...{ oldest: first[0] === undefined ? null : calendar.startOf(first[0]), first, list },
      };
    });
    const { count, amount, since, accountIds } = missing;
    const oldest = since === null ? null : calendar.startOf(since);
    return [...steps, { kind: 'payees-missing', count, amount, oldest, first: accountIds.slice(0, NAMED), list }];
  }
}
