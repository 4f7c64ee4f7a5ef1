import type { Fact } from '../support/model.ts';
import type { Delivery } from './play.ts';

/** Facts whose content may be told by two events; versions may not, because a tie goes by event id. */
const FACTS = new Set(['payment.succeeded', 'payment.refunded', 'balance.topped_up', 'subscription.started']);

/**
 * The same facts in another order, in portions, some of them twice, and some that were told in earlier phases once more:
 * under their own event id or another.
 */
export function scrambled(seed: number): Delivery {
  const random = generator(seed);
  const told: Fact[] = [];
  return (facts) => {
    told.push(...facts);
    const again = told.filter(() => random() < 0.15).map((fact) => (random() < 0.5 ? fact : underAnotherId(fact)));
    const portions: Fact[][] = [[]];
    for (const fact of shuffled([...facts, ...again], random)) {
      if (random() < 0.15) portions.push([]);
      portions.at(-1)?.push(fact);
    }
    return portions.filter((portion) => portion.length > 0);
  };
}

function underAnotherId(fact: Fact): Fact {
  return FACTS.has(fact.type) ? { ...fact, id: `again-${fact.id}` } : fact;
}

function shuffled<T>(items: T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

/** mulberry32: a small generator that gives the same numbers for the same seed. */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
