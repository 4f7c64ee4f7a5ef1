import type { mongo } from 'mongoose';

import type { Unfinished } from '../kernel/unfinished.ts';
import type { Ledger } from './journal.ts';

/**
 * Subjects whose question the ledger has decided lately, and whose document is still as before it: `undone` finds these,
 * and `finish` does what follows from the decision of one.
 */
export function undoneDecisions<T extends { _id: string }>(deps: {
  kind: string;
  ledger: Pick<Ledger, 'decidedLately'>;
  /** The name of a subject's question; ids stand at its end. */
  questionOf: (id: string) => string;
  subjects: mongo.Collection<T>;
  undone: mongo.Filter<T>;
  finish: (subject: mongo.WithId<T>) => Promise<unknown>;
}): Unfinished {
  const { ledger, questionOf, subjects, undone } = deps;
  const among = (ids: string[]) => subjects.find({ _id: { $in: ids }, ...undone } as mongo.Filter<T>);

  async function find(limit: number) {
    const decided = await ledger.decidedLately(questionOf(''));
    if (decided.length === 0) return [];
    const since = new Map(decided.map(({ outcome, recordedAt }) => [outcome, recordedAt]));
    const ids = decided.map(({ outcome }) => outcome.slice(questionOf('').length));
    const found = await among(ids).limit(limit).toArray();
    return found.map(({ _id: id }) => ({ id, since: since.get(questionOf(id)) ?? new Date(0) }));
  }

  async function finish(ids: string[]): Promise<void> {
    for (const one of await among(ids).toArray()) await deps.finish(one);
  }

  return { kind: deps.kind, find, finish };
}
