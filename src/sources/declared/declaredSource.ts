import { createHmac } from 'node:crypto';

import { instantSchema } from '../../events/catalogue.ts';
import { saysHowToPay } from '../../events/subjects.ts';
import { type Mapping, NOTHING, type Received, type Source } from '../source.ts';
import type { SourceDefinition } from '../sourcesFile.ts';
import type { MappedEvent } from './mapProgram.ts';
import { createMapper } from './mapper.ts';
import { stepWords } from './rule.ts';

/** A source that SOURCES_FILE declares. What its map gives no date has that of what came in. */
export function createDeclaredSource({ name, id, map: rules, signature }: SourceDefinition): Source {
  const mapper = createMapper();
  const isLocked = rules.some(({ type }) => saysHowToPay(type));

  async function map({ body }: Received, at: Date): Promise<Mapping> {
    const result = await mapper.map(rules, body);
    if (result.kind === 'fault') {
      return { kind: 'fault', reason: `${stepWords(result.step)}: ${isLocked ? HIDDEN : result.message}` };
    }
    if (result.events.length === 0) return NOTHING;
    return dated(result.events, at);
  }

  function dated(events: MappedEvent[], at: Date): Mapping {
    const made = events.map(({ timestamp, ...event }) => ({ ...event, timestamp: instantOf(timestamp) }));
    const undated = made.findIndex(({ timestamp }) => timestamp === null);
    if (undated === -1) {
      return { kind: 'events', events: made.map((event) => ({ ...event, timestamp: event.timestamp ?? at })) };
    }
    const given = isLocked ? HIDDEN : JSON.stringify(events[undated]?.timestamp)?.slice(0, 100);
    const rule = rules.find(({ type, timestamp }) => timestamp !== undefined && type === events[undated]?.type);
    return { kind: 'fault', reason: `timestamp \`${rule?.timestamp}\` gives ${given}: must be an RFC 3339 instant` };
  }

  return {
    name,
    isSlow: true,
    saysHowToPay: isLocked,
    ...(isLocked ? { nameFor: (text: string) => keyedName(signature.secrets[0] ?? '', text) } : {}),
    read: (json) => {
      const event = id === undefined ? undefined : textAt(json, id);
      if (id !== undefined && event === undefined) return { problem: `It has no text or number at ${id}, its name.` };
      return { event, isVouched: false, isOurs: true };
    },
    waitsFor: () => [],
    provides: () => [],
    map,
    close: mapper.close,
  };
}

/**
 * An id stands in clear, in the database and in logs. A plain hash of a body that says how somebody is paid would tell whoever reads
 * it whether they have guessed the number; so it takes the secret that the sender signs with, which the database does not have.
 */
function keyedName(secret: string, text: string): string {
  return createHmac('sha256', secret).update('settlebot/source-event/1\n').update(text).digest('base64url');
}

/** What JSONata says of a fault repeats what it met. */
const HIDDEN = '(not shown, as it may say how somebody is paid)';

/** Undefined where none was given, null where it is none. */
function instantOf(given: unknown): Date | null | undefined {
  if (given === undefined) return undefined;
  return instantSchema.safeParse(given).data ?? null;
}

/** What stands at a path of names with dots between them. */
function textAt(json: unknown, path: string): string | undefined {
  let value = json;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = new Map<string, unknown>(Object.entries(value)).get(name);
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
