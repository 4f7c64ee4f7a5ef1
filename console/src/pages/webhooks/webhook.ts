import type { ItemOf } from '../../api.ts';
import type { Tone } from '../../ui/Status.tsx';

/** A webhook to the platform without what it says, as lists have it. */
export type Item = ItemOf<'GET /v1/webhooks'>;

export const STATES = ['due', 'parked', 'delivered'] as const satisfies readonly Item['status'][];

export const TONES: Record<Item['status'], Tone> = { due: 'waiting', parked: 'bad', delivered: 'good' };
