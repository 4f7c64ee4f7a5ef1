import { RefusedError } from '../../../client/errors.ts';

/** What became of one of several acts. Without an answer it may have been done all the same. */
export type Outcome =
  | { state: 'waiting' }
  | { state: 'running' }
  | { state: 'done' }
  | { state: 'refused'; error: unknown }
  | { state: 'unanswered'; error: unknown };

export type Outcomes = ReadonlyMap<string, Outcome>;

/** Performs one; the same key again does not do it twice. */
export type Perform<Item> = (item: Item, idempotencyKey: string) => Promise<unknown>;

type Options<Item> = {
  items: readonly Item[];
  idOf(item: Item): string;
  /** The same for an item at every try of one dialog. */
  keyOf(id: string): string;
  perform: Perform<Item>;
  onChange(outcomes: Outcomes): void;
  /** Asked before each one. */
  isStopped(): boolean;
};

/**
 * One act after the other, in the order shown: what is refused does not stop the rest, and a person who stops it knows how far it
 * came. Those that are done or refused already are left alone. Where the session is over nothing more is tried: the rest waits for when
 * somebody is in again.
 */
export async function runAll<Item>(before: Outcomes, options: Options<Item>): Promise<Outcomes> {
  const { items, idOf, keyOf, perform, onChange, isStopped } = options;
  let outcomes = before;
  const note = (id: string, outcome: Outcome) => {
    outcomes = new Map(outcomes).set(id, outcome);
    onChange(outcomes);
  };
  for (const item of items) {
    const id = idOf(item);
    const known = outcomes.get(id)?.state;
    if (known === 'done' || known === 'refused') continue;
    if (isStopped()) break;
    note(id, { state: 'running' });
    const outcome = await outcomeOf(() => perform(item, keyOf(id)));
    note(id, outcome);
    if (outcome.state === 'waiting') break;
  }
  return outcomes;
}

async function outcomeOf(perform: () => Promise<unknown>): Promise<Outcome> {
  try {
    await perform();
    return { state: 'done' };
  } catch (error) {
    if (error instanceof RefusedError && error.status === 401) return { state: 'waiting' };
    return { state: error instanceof RefusedError ? 'refused' : 'unanswered', error };
  }
}

export function countsOf(outcomes: Outcomes): { done: number; refused: number; unanswered: number } {
  const states = [...outcomes.values()].map(({ state }) => state);
  const count = (wanted: Outcome['state']) => states.filter((state) => state === wanted).length;
  return { done: count('done'), refused: count('refused'), unanswered: count('unanswered') };
}
