import type { CommissionView } from '../../src/affiliates/commissions/commission.ts';
import type { TestEvent } from '../support/events.ts';
import { tell } from '../support/events.ts';
import type { World } from '../support/world.ts';

/** A subscription that an affiliate brought. */
export function sold(
  subscriptionId: string,
  affiliateId: string,
  startedAt: string,
  more: Record<string, unknown> = {},
): TestEvent[] {
  return [tell.subscription(subscriptionId, { affiliateId, startedAt, ...more })];
}

export function cancelled(subscriptionId: string, cancelledAt: string): TestEvent {
  const data = { subscriptionId, cancelledAt };
  return { id: `cancelled-${subscriptionId}`, type: 'subscription.cancelled', timestamp: cancelledAt, data };
}

/** A version of a program: 30 % of the first charge, unless told otherwise. */
export function program(
  programId: string,
  more: Record<string, unknown> & { at?: string; id?: string } = {},
): TestEvent {
  const { at = '2026-01-01T00:00:00Z', id = `program-${programId}`, ...rest } = more;
  const rate = 'fixedAmount' in rest ? {} : { rateBps: 3_000 };
  return { id, type: 'program.updated', timestamp: at, data: { programId, ...rate, charges: 'first', ...rest } };
}

export function settled(payoutId: string, at: string): TestEvent {
  return { id: `settled-${payoutId}`, type: 'payout.settled', timestamp: at, data: { payoutId, reference: 'tx', at } };
}

export function failed(payoutId: string, at: string): TestEvent {
  return { id: `failed-${payoutId}`, type: 'payout.failed', timestamp: at, data: { payoutId, reason: 'closed', at } };
}

export function cameBack(payoutId: string, at: string): TestEvent {
  return {
    id: `returned-${payoutId}`,
    type: 'payout.returned',
    timestamp: at,
    data: { payoutId, reference: 'ret', at },
  };
}

/** Money that an account has earned with orders or campaigns, recorded at the clock's instant. */
export async function earnedAsMarketer(
  { core, clock }: Pick<World, 'core' | 'clock'>,
  accountId: string,
  amount: number,
): Promise<void> {
  const entryId = `earned:${accountId}:${clock.now().toISOString()}:${amount}`;
  const account = `marketer:${accountId}`;
  const postings = [
    { account, amount },
    { account: 'platform:revenue', amount: -amount },
  ];
  await core.ledger.append([{ entryId, book: account, postings, effectiveAt: clock.now() }]);
}

/** A refund was asked for; and one was declined. */
export function refundRequested(refundId: string, paymentId: string, requestedAt: string): TestEvent {
  const data = { refundId, paymentId, requestedAt };
  return { id: `requested-${refundId}`, type: 'refund.requested', timestamp: requestedAt, data };
}

export function refundDeclined(refundId: string, declinedAt: string): TestEvent {
  const data = { refundId, declinedAt };
  return { id: `declined-${refundId}`, type: 'refund.declined', timestamp: declinedAt, data };
}

/** All commissions that are shown at the clock's instant, sorted by one of their fields. */
export async function views({ core, clock }: World, by: 'commissionId' | 'paymentId' = 'paymentId') {
  const all: CommissionView[] = [];
  let after: string | null | undefined;
  while (after !== null) {
    const page = await core.affiliates.commissions.list(
      { limit: 100, ...(after === undefined ? {} : { after }) },
      clock.now(),
    );
    all.push(...page.items);
    after = page.next;
  }
  return all.sort((a, b) => (a[by] < b[by] ? -1 : 1));
}

/** What `verify` finds, apart from what was earned as a marketer without an order or an invoice that it is for. */
export async function differencesOf({ core }: Pick<World, 'core'>): Promise<string[]> {
  const ofEarned = /^ledger_entries\/earned:.*: no rule writes such an entry$/;
  return (await core.verify()).filter((line) => !ofEarned.test(line));
}
