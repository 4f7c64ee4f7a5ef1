import { SOURCE_EVENT } from '../events/catalogue.ts';
import { BODY_LIMIT, DEEPEST, readJson } from '../events/envelope.ts';
import { hashOf } from '../kernel/ids.ts';
import { canonicalJson } from '../kernel/json.ts';
import type { Received, Source } from './source.ts';

/** What the inbox stores of something that came in by a source. */
export type Arriving = {
  id: string;
  type: string;
  timestamp: Date;
  body: string;
  known: boolean;
  data: Received;
  locked?: boolean;
};

/**
 * The event under which a body that came in by `source` is stored, or what is wrong with it, as a sentence for its sender.
 * `name` is what its sender signed as its name, where the source itself finds none in it.
 */
export function arrivingOf(source: Source, bytes: Buffer, now: Date, name?: string): Arriving | { problem: string } {
  if (bytes.length > BODY_LIMIT) return { problem: 'It is larger than 256 KiB.' };
  const content = readJson(bytes);
  if (content.kind === 'not-json') return { problem: 'It is not JSON in UTF-8.' };
  if (content.kind === 'too-deep') return { problem: `It is nested deeper than ${DEEPEST} levels.` };
  const { text, json } = content;
  const read = source.read(json);
  if ('problem' in read) return read;
  const digest = read.isVouched ? undefined : hashOf(canonicalJson(json));
  const nameFor = source.nameFor ?? hashOf;
  const event = read.event ?? name ?? nameFor(digest ?? text);
  const timestamp = read.timestamp ?? now;
  const data: Received = { source: source.name, event, body: read.body ?? text };
  if (read.kind !== undefined) data.kind = read.kind;
  if (read.accountId !== undefined) data.accountId = read.accountId;
  if (digest !== undefined) data.digest = digest;
  const body = JSON.stringify({ type: SOURCE_EVENT, timestamp: timestamp.toISOString(), data });
  const arriving = {
    id: idOf(source.name, event, nameFor),
    type: SOURCE_EVENT,
    timestamp,
    body,
    known: read.isOurs,
    data,
  };
  return source.saysHowToPay === true ? { ...arriving, locked: true } : arriving;
}

/** Room for the numbers of what is made of it. */
const LONGEST_NAME = 80;

/** No colon within the name: what is made of it has colons behind it. */
function idOf(source: string, event: string, nameFor: (text: string) => string): string {
  const isPlain = event.length <= LONGEST_NAME && /^[A-Za-z0-9_-]+$/.test(event);
  return `${source}:${isPlain ? event : nameFor(event)}`;
}
