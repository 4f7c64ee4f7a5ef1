import { PLATFORM_ID } from '../kernel/ids.ts';
import type { DataOf, EventType } from './catalogue.ts';

/**
 * Whose account an event is about: with that account's secret its body is erased. Null for one that is about nobody's, whose
 * body goes with its day. A new type of event has to say so here.
 */
const SUBJECTS: { [T in EventType]: (data: DataOf<T>) => string | null } = {
  'account.updated': ({ accountId }) => accountId,
  'payee.updated': ({ accountId }) => accountId,
  'balance.topped_up': ({ accountId }) => accountId,
  'campaign.updated': ({ modelId }) => modelId,
  'program.updated': () => null,
  'order.placed': ({ modelId }) => modelId,
  // These name an order, a subscription or a payment alone: whose that is was not looked up when they came in.
  'order.cancelled': () => null,
  'order.guarantee_violated': () => null,
  'subscription.started': ({ modelId, affiliateId }) => modelId ?? affiliateId ?? null,
  'subscription.attributed': ({ affiliateId }) => affiliateId,
  'subscription.cancelled': () => null,
  'payment.succeeded': ({ modelId }) => modelId ?? null,
  'payment.refunded': () => null,
  'refund.requested': () => null,
  'refund.declined': () => null,
  'payout.settled': ({ payoutId }) => payeeOf(payoutId),
  'payout.failed': ({ payoutId }) => payeeOf(payoutId),
  'payout.returned': ({ payoutId }) => payeeOf(payoutId),
  'source.received': ({ accountId }) => accountId ?? null,
};

/** What names an account in an event of a type that is not in the catalogue. */
const NAMES_AN_ACCOUNT = ['accountId', 'modelId', 'marketerId', 'affiliateId', 'contractorId'];

/** `data` is valid where the type is in the catalogue. */
export function subjectOf(type: string, data: unknown): string | null {
  // Sound because the data of a known type is that of the type.
  const known = SUBJECTS[type as EventType] as ((data: unknown) => string | null) | undefined;
  if (known !== undefined && Object.hasOwn(SUBJECTS, type)) return known(data) ?? null;
  if (typeof data !== 'object' || data === null) return null;
  const named = new Map<string, unknown>(Object.entries(data));
  for (const name of NAMES_AN_ACCOUNT) {
    const id = named.get(name);
    if (typeof id === 'string' && PLATFORM_ID.test(id)) return id;
  }
  return null;
}

/**
 * What an event with free text names, whose account is known only later, as `order:o1`: by that its body is found once the
 * account is erased.
 */
export function aboutOf(type: string, data: unknown): string | null {
  if (type !== 'order.cancelled' && type !== 'order.guarantee_violated') return null;
  return `order:${(data as DataOf<typeof type>).orderId}`;
}

/** Whether events of this type say how somebody is paid: also one whose type is not spelled as in the catalogue. */
export function saysHowToPay(type: string): boolean {
  return /payee/i.test(type);
}

/** A payout is named by cycle and account. */
function payeeOf(payoutId: string): string | null {
  const accountId = payoutId.slice(payoutId.indexOf(':') + 1);
  return accountId === '' ? null : accountId;
}
