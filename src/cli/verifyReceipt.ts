import { readFile } from 'node:fs/promises';

import { messageOf } from '../kernel/errors.ts';
import { flawOfReceipt, type Receipt, receiptSchema } from '../receipts/receipt.ts';
import { parseAnchor } from '../seals/anchorFile.ts';
import { say, tell } from './output.ts';

const PROVEN = 0;
const NOT_PROVEN = 1;
const UNUSABLE = 2;

/**
 * Checks a receipt by itself: no server, no key, no database and no configuration. Exit code 0 when it leads to the anchor,
 * 1 when it does not, 2 when the file or the anchor cannot be read.
 */
export async function verifyReceipt(file: string, anchorText: string): Promise<number> {
  const anchor = parseAnchor(anchorText.trim());
  if (anchor === null) {
    tell('settlebot: --anchor must be the hash of a seal, or its number and hash, as 4711:HASH');
    return UNUSABLE;
  }
  const read = await readReceipt(file);
  if (typeof read === 'string') {
    tell(`settlebot: ${read}`);
    return UNUSABLE;
  }
  const flaw = flawOfReceipt(read, anchor);
  if (flaw !== null) {
    say(`does not prove ${read.subject.kind} ${read.subject.id}: ${flaw}`);
    return NOT_PROVEN;
  }
  for (const line of provenLines(read)) say(line);
  return PROVEN;
}

async function readReceipt(file: string): Promise<Receipt | string> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    return `${file} is no JSON that can be read: ${messageOf(error)}`;
  }
  const parsed = receiptSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `${file} is no receipt: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`;
}

/** What is proven, from the leaves alone. */
function provenLines({ subject, members, proof }: Receipt): string[] {
  const { day, number, hash } = proof.anchor;
  return [
    `proven: ${subject.kind} ${subject.id} is in seal ${number}:${hash} of ${day}`,
    ...proof.documents.map(({ source, id, facts }) => `${source} ${id}: ${JSON.stringify(facts)}`),
    ...proof.groups.flatMap(({ source, documents }) =>
      documents.map(({ id, facts }) => `${source} ${id}: ${JSON.stringify(facts)}`),
    ),
    ...(subject.kind === 'order' ? [countsOf(proof.groups)] : []),
    ...(members === undefined ? [] : [`made of ${members.length} members, which are all of them`]),
  ];
}

function countsOf(groups: Receipt['proof']['groups']): string {
  const counts = new Map<string, number>();
  for (const { documents } of groups) {
    for (const { facts } of documents) counts.set(String(facts.verdict), (counts.get(String(facts.verdict)) ?? 0) + 1);
  }
  const ended = counts.delete('end');
  const judged = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const shown = [...counts].map(([verdict, count]) => `${count} ${verdict}`).join(', ');
  return `${judged} fans judged${shown === '' ? '' : `: ${shown}`}${ended ? '; the order is over, and none counts any more' : ''}`;
}
