import type { mongo } from 'mongoose';

import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { roundsOf } from '../kernel/group.ts';
import type { OutgoingDocument } from './store.ts';

/** A message before it has its number; `id` is its webhook id. */
type Numberable = { id: string; subject: string };

/**
 * Gives every message the next number of its subject, from 1 and without a gap: the insert takes the number, and a
 * unique index refuses it to anybody else. So the order of a subject is that in which its messages were stored, whatever
 * the clocks of those who store them say, and none of one subject is stored before those that were handed over before it.
 */
export function createNumbering<T extends Numberable>(deps: {
  messages: mongo.Collection<OutgoingDocument>;
  /** The documents to store, in the same order. */
  documentsOf: (numbered: (T & { sequence: number })[]) => Promise<OutgoingDocument[]>;
}) {
  const { messages } = deps;

  /** Stores messages durably, in the order given; one that is there already stays as it is, and takes no number. */
  async function store(list: T[]): Promise<void> {
    const fresh = await missing(list);
    if (fresh.length === 0) return;
    const last = await lastNumbers(fresh);
    for (const round of roundsOf(fresh, ({ subject }) => subject)) {
      // Somebody else may take a number at this moment: the next one, then.
      for (let left = round; left.length > 0; ) left = await take(left, last);
    }
  }

  /** One message of each subject. Answers those that are still to be stored, with what `last` says read anew. */
  async function take(round: T[], last: Map<string, number>): Promise<T[]> {
    const numbered = round.map((one) => ({ ...one, sequence: (last.get(one.subject) ?? 0) + 1 }));
    const met = await insertIgnoringDuplicates(messages, await deps.documentsOf(numbered), durable(messages));
    for (const { subject, sequence } of numbered) last.set(subject, sequence);
    if (met.length === 0) return [];
    const beaten = met.flatMap((index) => round[index] ?? []);
    const left = await missing(beaten);
    for (const { subject } of beaten) last.delete(subject);
    for (const [subject, number] of await lastNumbers(beaten)) last.set(subject, number);
    return left;
  }

  async function missing(list: T[]): Promise<T[]> {
    const ids = list.map(({ id }) => id);
    const found = await messages.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
    const known = new Set(found.map(({ _id }) => _id));
    // Within a list the first of a key holds.
    return list.filter(({ id }) => !known.has(id) && known.add(id));
  }

  /** The last number of each of these subjects; those that have none are not in it. */
  async function lastNumbers(list: T[]): Promise<Map<string, number>> {
    const subjects = [...new Set(list.map(({ subject }) => subject))];
    const found = await messages.aggregate<{ _id: string; sequence: number }>(lastNumbersOf(subjects)).toArray();
    return new Map(found.map(({ _id, sequence }) => [_id, sequence]));
  }

  return { store };
}

/** Along the unique index: one look for each subject, however many messages it has. */
function lastNumbersOf(subjects: string[]): mongo.Document[] {
  return [
    { $match: { subject: { $in: subjects }, sequence: { $gte: 1 } } },
    { $sort: { subject: 1, sequence: -1 } },
    { $group: { _id: '$subject', sequence: { $first: '$sequence' } } },
  ];
}
