import type { AnswerOf } from '../../api.ts';
import type { PlainKey } from '../../say.ts';
import type { Thing } from '../../ui/To.tsx';

export type Item = AnswerOf<'GET /v1/today'>['items'][number];
export type Kind = Item['kind'];

type KindOfWork = {
  label: PlainKey;
  /** Whose page the ids lead to that are named first; ids without a page are said as they are. */
  thing?: Thing;
  /** `oldest` is when the next is due, and not since when one waits. */
  isAhead?: true;
};

/** What each kind is called, and where its things are looked at. */
export const KINDS: Record<Kind, KindOfWork> = {
  overdue: { label: 'today.overdue', thing: 'invoice' },
  'promises-ending': { label: 'today.promisesEnding', thing: 'invoice', isAhead: true },
  'promises-broken': { label: 'today.promisesBroken', thing: 'invoice' },
  reviews: { label: 'today.reviews', thing: 'account' },
  'orders-unanswered': { label: 'today.ordersUnanswered', thing: 'order', isAhead: true },
  'orders-idle': { label: 'today.ordersIdle', thing: 'order' },
  'events-quarantined': { label: 'today.eventsQuarantined', thing: 'event' },
  'events-waiting': { label: 'today.eventsWaiting', thing: 'event' },
  'webhooks-parked': { label: 'today.webhooksParked', thing: 'webhook' },
  'people-unreached': { label: 'today.peopleUnreached', thing: 'account' },
  'payday-check': { label: 'today.paydayCheck', thing: 'payday' },
  'payday-approve': { label: 'today.paydayApprove', thing: 'payday' },
  'payday-settle': { label: 'today.paydaySettle', thing: 'payday' },
  'payees-missing': { label: 'today.payeesMissing', thing: 'account' },
  approvals: { label: 'today.approvals' },
  'payouts-held': { label: 'today.payoutsHeld' },
  'payouts-returned': { label: 'today.payoutsReturned', thing: 'payout' },
  erasures: { label: 'today.erasures', thing: 'account' },
};

/** The page of the console that shows what an operation lists. */
const PAGES: Readonly<Record<string, string | undefined>> = {
  listOverdue: '/overdue',
  listUnreached: '/health',
  listOrders: '/orders',
  listEvents: '/events',
  listWebhooks: '/webhooks',
};

/** Where all of a kind are listed, filtered as they were counted; undefined where no page does. */
export function listAddress({ list }: Pick<Item, 'list'>): string | undefined {
  const page = list === null ? undefined : PAGES[list.operation];
  if (list === null || page === undefined) return undefined;
  const query = new URLSearchParams(list.query).toString();
  return query === '' ? page : `${page}?${query}`;
}
