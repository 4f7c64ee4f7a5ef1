import type { Core } from '../../core.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { Page } from '../../kernel/page.ts';
import type { OutgoingType } from '../../outgoing/outgoing.ts';
import type { Kind, StandingChangeName } from './paid.ts';

/**
 * What was decided in the shadow, as it is compared. `id` is what `/why` explains. `paidOn` is a day of the platform's zone: null while
 * it is unpaid, undefined where the platform alone knows, as of a payout that no event settled.
 */
export type Decided = {
  kind: Kind;
  account: string;
  period: string;
  id: string;
  amount: MinorUnits | null;
  paidOn: string | null | undefined;
  status: string;
  at: Date;
};

const PAGE = 500;

/** Every invoice, payout and change of standing that the shadow has decided. */
export async function loadDecided(core: Core, dayOf: (at: Date) => string): Promise<Decided[]> {
  return [...(await invoices(core, dayOf)), ...(await payouts(core, dayOf)), ...(await standings(core, dayOf))];
}

async function invoices({ invoicing, clock }: Core, dayOf: (at: Date) => string): Promise<Decided[]> {
  const now = clock.now();
  const found = await allOf((request) => invoicing.invoices.list(request, now));
  return found
    .filter(({ status }) => status !== 'void')
    .map(({ invoiceId: id, modelId: account, week: period, total: amount, status, completedAt, issuedAt: at }) => ({
      ...{ kind: 'invoice', account, period, id, amount, status, at },
      paidOn: completedAt === null ? null : dayOf(completedAt),
    }));
}

async function payouts({ affiliates }: Core, dayOf: (at: Date) => string): Promise<Decided[]> {
  const found = await allOf((request) => affiliates.payouts.list(request));
  return found.map(({ payoutId: id, accountId: account, cycle: period, amount, status, endedAt, drawnAt: at }) => ({
    ...{ kind: 'payout', account, period, id, amount, status, at },
    paidOn: status === 'paid' && endedAt !== null ? dayOf(endedAt) : undefined,
  }));
}

const CHANGES = {
  'campaigns.paused': 'paused',
  'campaigns.resumed': 'resumed',
  'cpl_orders.blocked': 'blocked',
  'cpl_orders.unblocked': 'unblocked',
  'partnership.review_opened': 'review',
  'partnership.terminated': 'terminated',
} as const satisfies Partial<Record<OutgoingType, StandingChangeName>>;

/** As the platform would have been told them. */
async function standings({ shadow }: Core, dayOf: (at: Date) => string): Promise<Decided[]> {
  const changes: Decided[] = [];
  const types = Object.keys(CHANGES) as (keyof typeof CHANGES)[];
  for await (const { type, subject, at } of shadow.withheld?.webhooks(types) ?? []) {
    const status = CHANGES[type as keyof typeof CHANGES];
    const account = subject.slice('model:'.length);
    changes.push({ kind: 'standing', account, period: dayOf(at), id: '', amount: null, paidOn: undefined, status, at });
  }
  return changes;
}

async function allOf<T>(list: (request: { limit: number; after?: string }) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const page: Page<T> = await list({ limit: PAGE, ...(after === undefined ? {} : { after }) });
    items.push(...page.items);
    after = page.next;
  }
  return items;
}
