import { readFile } from 'node:fs/promises';

import { BODY_LIMIT } from '../events/envelope.ts';
import { messageOf } from '../kernel/errors.ts';
import { eventOfExported } from '../sources/stripe/exported.ts';
import { STRIPE } from '../sources/stripe/stripe.ts';
import { type Line, linesOf } from './lines.ts';

/** What a line may be longer than its content: spaces, above all. */
const LINE_LIMIT = 2 * BODY_LIMIT;

/**
 * What a file has of a source, one body after the other: JSON line by line; or, where the whole file is one JSON, each item of that,
 * as Stripe's API and command line answer lists. Of Stripe's, objects become events. Throws where it is neither.
 */
export async function* bodiesOf(file: string, source: string): AsyncGenerator<Line> {
  const items = (await isByLine(file)) ? linesOf(file, LINE_LIMIT) : itemsOf(file);
  for await (const line of items) yield source === STRIPE ? asEvent(line) : line;
}

async function isByLine(file: string): Promise<boolean> {
  for await (const { bytes } of linesOf(file, LINE_LIMIT)) {
    if (bytes === null) return true;
    const text = bytes.toString('utf8').trim();
    if (text !== '') return isObject(parsed(text));
  }
  return true;
}

function isObject(json: unknown): boolean {
  return (
    typeof json === 'object' && json !== null && !Array.isArray(json) && !('data' in json && Array.isArray(json.data))
  );
}

async function* itemsOf(file: string): AsyncGenerator<Line> {
  const text = await readFile(file, 'utf8');
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`${file} is neither JSON line by line nor one JSON: ${messageOf(error)}`);
  }
  const list =
    typeof json === 'object' && json !== null && 'data' in json && Array.isArray(json.data) ? json.data : [json].flat();
  for (const [index, item] of list.entries()) {
    yield {
      number: index + 1,
      bytes: Buffer.from(JSON.stringify(item)),
      end: Math.round((text.length * (index + 1)) / list.length),
    };
  }
}

function asEvent(line: Line): Line {
  const event = line.bytes === null ? null : eventOfExported(parsed(line.bytes.toString('utf8')));
  return event === null ? line : { ...line, bytes: Buffer.from(JSON.stringify(event)) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
