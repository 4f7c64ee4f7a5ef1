import { type SealSource, sealSource } from '../seals/source.ts';
import type { StandingStore } from './store.ts';

/** Of a decision is sealed what was decided; whether its grace still runs, and what it still sets off, changes. */
export function sealedDecisions({ decisions }: Pick<StandingStore, 'decisions'>): SealSource {
  return sealSource({
    name: 'standing_decisions',
    collection: decisions,
    fields: ['modelId', 'kind', 'at', 'until', 'reason', 'actor'],
    content: ({ modelId, kind, at, until, reason, actor }) => ({ modelId, kind, at, until, reason, actor }),
  });
}
