import type { ItemOf } from '../../api.ts';
import type { Tone } from '../../ui/Status.tsx';

/** An event without what it says, as lists have it. */
export type Item = ItemOf<'GET /v1/events'>;

export const TONES: Record<Item['status'], Tone> = {
  received: 'plain',
  waiting: 'waiting',
  applied: 'good',
  ignored: 'ended',
  quarantined: 'bad',
};

/** One that has no effect and will have none by itself can be tried again. */
export function mayReplay({ status, dismissed }: Pick<Item, 'status' | 'dismissed'>): boolean {
  return status === 'quarantined' || dismissed !== null;
}
