import type { PlatformEvent } from '../support/platform.ts';

/** What a campaign sells in one week of the demo. Amounts in cents. */
export type Sales = { campaignId: string; count: number; from: number; to: number };

const KINDS = ['subscription', 'renewal', 'tip', 'message', 'post'] as const;
const DAY_MS = 86_400_000;

/** Payments spread over the week that begins at `monday`: always the same ones, in the order of time. */
export function paymentsOf({ campaignId, count, from, to }: Sales, monday: Date): PlatformEvent[] {
  const random = randomNumbers(`${campaignId} ${monday.toISOString()}`);
  return Array.from({ length: count }, () => monday.getTime() + Math.floor(random() * 7 * DAY_MS))
    .sort((a, b) => a - b)
    .map((at, index) => {
      const paymentId = `${campaignId}-${monday.toISOString().slice(5, 10)}-${index + 1}`;
      const kind = KINDS[Math.floor(random() * KINDS.length)] ?? 'tip';
      return paymentEvent({
        paymentId,
        campaignId,
        kind,
        amount: from + Math.floor(random() * (to - from + 1)),
        at: new Date(at),
      });
    });
}

export function paymentEvent(payment: {
  paymentId: string;
  campaignId: string;
  kind: string;
  amount: number;
  at: Date;
}): PlatformEvent {
  const { paymentId, campaignId, kind, amount, at } = payment;
  return {
    id: `evt_${paymentId}`,
    type: 'payment.succeeded',
    timestamp: at,
    data: { paymentId, campaignId, fanId: `fan-${paymentId}`, kind, amount, paidAt: at },
  };
}

/** Numbers in [0, 1) that follow from a name (mulberry32): a demo is the same every time. */
function randomNumbers(name: string): () => number {
  let state = [...name].reduce((hash, character) => (Math.imul(hash, 31) + character.charCodeAt(0)) | 0, 7);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
