import type { mongo } from 'mongoose';

import type { OutgoingDocument } from './store.ts';

/** At most so many are listed: where one number is missing because of a fault in general, thousands are. */
const MOST_LINES = 100;

/**
 * The numbers of each subject go from 1 without a gap, and none is there twice; those from before there were numbers have
 * none. Read along the index on subject and number.
 */
export async function verifySequences(messages: mongo.Collection<OutgoingDocument>): Promise<string[]> {
  const numbered = messages
    .find({ sequence: { $exists: true } }, { projection: { _id: 0, subject: 1, sequence: 1 } })
    .hint({ subject: 1, sequence: -1 })
    .batchSize(10_000);
  const lines: string[] = [];
  let above: Numbered | undefined;
  // Downwards, so that what is below the last of a subject is 0.
  for await (const { subject, sequence = 0 } of numbered) {
    if (above !== undefined) lines.push(...gap(above, above.subject === subject ? sequence : 0));
    above = { subject, sequence };
    if (lines.length >= MOST_LINES) return lines;
  }
  return above === undefined ? lines : [...lines, ...gap(above, 0)];
}

type Numbered = { subject: string; sequence: number };

function gap({ subject, sequence }: Numbered, below: number): string[] {
  const where = `outgoing_webhooks of ${subject}`;
  if (sequence === below) return [`${where}: there are two with number ${sequence}`];
  if (sequence === below + 1) return [];
  return [`${where}: number ${sequence} comes after ${below === 0 ? 'nothing' : `number ${below}`}`];
}
