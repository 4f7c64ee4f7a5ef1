import type { PlatformEvent } from '../support/platform.ts';
import type { ServiceProcess } from '../support/process.ts';

/** Events that a platform sends, and what they must come to, worked out apart from the service's own code. */

const BEFORE = '2026-03-01T00:00:00Z';

type Numbered = PlatformEvent & { id: string };

export function account(accountId: string, role: string, more: Record<string, unknown> = {}): Numbered {
  const data = { accountId, role, name: accountId, ...more };
  return { id: `account-${accountId}`, type: 'account.updated', timestamp: BEFORE, data };
}

export function campaign(campaignId: string, modelId: string, contractorId: string, rateBps: number): Numbered {
  const data = { campaignId, kind: 'revshare', modelId, contractorId, rateBps, status: 'active' };
  return { id: `campaign-${campaignId}`, type: 'campaign.updated', timestamp: BEFORE, data };
}

export function payment(paymentId: string, campaignId: string, amount: number, paidAt: string, kind = 'tip'): Numbered {
  const data = { paymentId, campaignId, fanId: `fan-${paymentId}`, kind, amount, paidAt };
  return { id: `pay-${paymentId}`, type: 'payment.succeeded', timestamp: paidAt, data };
}

export function refund(refundId: string, paymentId: string, amount: number, refundedAt: string): Numbered {
  const data = { refundId, paymentId, amount, refundedAt };
  return { id: `refund-${refundId}`, type: 'payment.refunded', timestamp: refundedAt, data };
}

export function topUp(topUpId: string, accountId: string, amount: number, at = '2026-03-02T00:00:00Z'): Numbered {
  const data = { topUpId, accountId, amount, toppedUpAt: at };
  return { id: `topup-${topUpId}`, type: 'balance.topped_up', timestamp: at, data };
}

/** Models `m0`… with one campaign each (`c0`…, 25 %) for contractors `k0`…`k4`. */
export function market(models: number): Numbered[] {
  const numbers = Array.from({ length: models }, (_, index) => index);
  return [
    ...Array.from({ length: 5 }, (_, index) => account(`k${index}`, 'marketer')),
    ...numbers.map((index) => account(`m${index}`, 'model')),
    ...numbers.map((index) => campaign(`c${index}`, `m${index}`, `k${index % 5}`, 2_500)),
  ];
}

/** Half away from zero, by whole numbers only. */
export function quarter(gross: number): number {
  const rounded = Math.floor((2 * Math.abs(gross) * 2_500 + 10_000) / 20_000);
  return gross < 0 ? -rounded : rounded;
}

/** A repeatable source of chance: tests that fail must fail again. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

export type Sending = ReturnType<typeof startSending>;

/**
 * Sends events with many senders at once, as a platform does: what is not acknowledged, for whatever reason, is sent
 * again, to whichever process `target` names then. `acknowledged` has the ids that got a 2xx.
 */
export function startSending(events: PlatformEvent[], target: () => ServiceProcess | undefined, senders = 64) {
  const acknowledged = new Set<string>();
  const statuses = new Map<number, number>();
  const waiting = events.map((event) => ({ id: '', ...event }));
  let next = 0;
  let broken = 0;
  let stopped = false;

  async function sender(): Promise<void> {
    while (!stopped) {
      const event = waiting[next];
      next += 1;
      if (event === undefined) return;
      while (!stopped && !(await deliver(event))) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async function deliver(event: PlatformEvent & { id: string }): Promise<boolean> {
    const service = target();
    if (service?.url() === undefined) return false;
    try {
      const { status } = await service.platform().send(event);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status >= 200 && status < 300) acknowledged.add(event.id);
      else if (status < 500) throw new Error(`${event.id} got ${status}`);
      return status < 300;
    } catch (error) {
      if (error instanceof Error && error.message.includes(' got ')) throw error;
      broken += 1;
      return false;
    }
  }

  const done = Promise.all(Array.from({ length: senders }, sender)).then(() => undefined);
  return {
    acknowledged,
    statuses,
    done,
    broken: () => broken,
    stop: (): Promise<void> => {
      stopped = true;
      return done;
    },
  };
}

export async function balanceOf(service: ServiceProcess, name: string): Promise<number> {
  return (await service.api('GET', `/v1/ledger/balances/${name}`)).body.balance;
}
