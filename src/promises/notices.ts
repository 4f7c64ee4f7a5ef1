import type { Invoice } from '../invoicing/invoice.ts';
import { restOf } from '../invoicing/part.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Notice } from '../notices/notices.ts';
import type { Standing } from '../standing/standing.ts';
import { remindAt } from './offers.ts';
import type { PromisePolicy } from './promise.ts';
import type { StoredPromise } from './store.ts';

type Told = 'made' | 'broken' | 'refused';

/** What a model is told of its promise when it is made, broken or refused; what was paid is told by the payment. */
export function promiseNotice(
  promise: StoredPromise,
  invoice: Invoice,
  now: { what: Told; balance: MinorUnits; standing: Standing; policy: PromisePolicy; at: Date },
): Notice {
  const { what, standing, policy, at } = now;
  const common = { key: `promise:${promise._id}:${what}`, accountId: promise.modelId, at };
  const data = { ...promisedOf(promise, invoice, now.balance), ...consequencesOf(policy) };
  if (what === 'made') {
    const first = promise.parts?.first ?? null;
    return { ...common, urgent: false, actor: promise.actor, kind: 'promise.made', data: { ...data, first } };
  }
  const inForce = {
    campaigns: standing.campaigns,
    cplOrders: standing.cplOrders,
    heldUntil: standing.reasons.find((reason) => reason.kind === 'grace')?.until ?? null,
  };
  if (what === 'broken') return { ...common, urgent: true, kind: 'promise.broken', data: { ...data, ...inForce } };
  const { actor = '', reason = '' } = promise.refusal ?? {};
  return { ...common, urgent: true, actor, kind: 'promise.refused', data: { ...data, ...inForce, reason } };
}

/** A day before the end of a promise that is still to be kept. */
export function dueSoonNotice(
  promise: StoredPromise,
  invoice: Invoice,
  balance: MinorUnits,
  policy: PromisePolicy,
): Notice {
  return {
    key: `promise:${promise._id}:due_soon`,
    accountId: promise.modelId,
    subject: promiseSubject(promise),
    urgent: false,
    at: remindAt(promise.until),
    expiresAt: promise.until,
    kind: 'promise.due_soon',
    data: { ...promisedOf(promise, invoice, balance), ...consequencesOf(policy) },
  };
}

/** What is still to be sent of a promise that is being kept is dropped when it ends. */
export function promiseSubject({ _id }: Pick<StoredPromise, '_id'>): string {
  return `promise:${_id}`;
}

function promisedOf({ until }: StoredPromise, invoice: Invoice, balance: MinorUnits) {
  const { invoiceId, week, total } = invoice;
  return { invoiceId, week, total, rest: restOf(invoice), until, balance };
}

/** What breaking a promise costs, as the policy has it. */
function consequencesOf({ trust, promises }: PromisePolicy) {
  return { trustLost: Math.max(0, -trust.promiseBroken), weeks: promises.perWeeks };
}
