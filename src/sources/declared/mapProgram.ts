import { writeSync } from 'node:fs';
import jsonata from 'jsonata';

import { messageOf } from '../../kernel/errors.ts';
import { type Rule, type Step, stepsOf } from './rule.ts';

/** What is mapped, and by which rules. */
export type MapTask = { map: Rule[]; body: string };

export type MapResult = { kind: 'events'; events: MappedEvent[] } | { kind: 'fault'; step: Step; message: string };

/** An event as a map gives it: JSON, and not held to anything yet. */
export type MappedEvent = {
  type: string;
  timestamp?: unknown;
  data: Record<string, unknown>;
  expressions: Record<string, string>;
};

/** JSONata's own bounds of one expression; what goes beyond them ends the process (`mapper.ts`). */
const EXPRESSION_BOUNDS = { timeout: 1_000, stack: 200, sequence: 100_000 };
/** All that a map makes of one body, as JSON. */
const MOST_OUTPUT = 1024 * 1024;

/** What runs in the process of `mapper.ts`: maps one body after the other, until its parent is gone. */
process.on('message', async (task: MapTask) => process.send?.(await map(task)));
process.on('disconnect', () => process.exit());
// What an interrupted service still does is its own business, which ends this by hanging up.
process.on('SIGINT', () => {});
process.send?.('ready');

async function map({ map: rules, body }: MapTask): Promise<MapResult> {
  const input = JSON.parse(body);
  const steps = stepsOf(rules);
  let current: Step | undefined;
  let output = 0;

  /** Plain JSON of what the expression at a place gives; undefined where it gives nothing. */
  async function evaluate(place: string, context: unknown): Promise<unknown> {
    const index = steps.findIndex((step) => step.at === place);
    current = steps[index];
    if (current === undefined) return undefined;
    // At once, and not with the next turn of the loop, which may never come.
    writeSync(1, `${index}\n`);
    const result = await compiled(current.expression).evaluate(context, { event: input });
    const text = JSON.stringify(result);
    output += text?.length ?? 0;
    if (output > MOST_OUTPUT) throw new Error('the map makes more than 1 MiB of it');
    return text === undefined ? undefined : JSON.parse(text);
  }

  async function eventsOf(rule: Rule, place: string): Promise<MappedEvent[]> {
    if (rule.when !== undefined && !isTrue(await evaluate(`${place}.when`, input))) return [];
    const items = rule.each === undefined ? [input] : [(await evaluate(`${place}.each`, input)) ?? []].flat();
    const events: MappedEvent[] = [];
    for (const item of items) {
      const timestamp = await evaluate(`${place}.timestamp`, item);
      const data = await dataOf(rule.data, place, item);
      const expressions = typeof rule.data === 'string' ? { '*': rule.data } : rule.data;
      events.push({ type: rule.type, ...(timestamp === undefined ? {} : { timestamp }), data, expressions });
    }
    return events;
  }

  async function dataOf(data: Rule['data'], place: string, item: unknown): Promise<Record<string, unknown>> {
    if (typeof data === 'string') return recordOf(await evaluate(`${place}.data`, item));
    const fields: [string, unknown][] = [];
    for (const field of Object.keys(data)) {
      const value = await evaluate(`${place}.data.${field}`, item);
      // Nothing, and null, say nothing: the field is left out.
      if (value !== undefined && value !== null) fields.push([field, value]);
    }
    return Object.fromEntries(fields);
  }

  try {
    const events: MappedEvent[] = [];
    for (const [index, rule] of rules.entries()) events.push(...(await eventsOf(rule, `map[${index}]`)));
    return { kind: 'events', events };
  } catch (error) {
    if (current === undefined) throw error;
    return { kind: 'fault', step: current, message: wordsOf(error) };
  }
}

/** Made when they are first needed, which is after the first task has come. */
let known: Map<string, jsonata.Expression> | undefined;

function compiled(expression: string): jsonata.Expression {
  known ??= new Map();
  const before = known.get(expression);
  if (before !== undefined) return before;
  const made = jsonata(expression, EXPRESSION_BOUNDS);
  known.set(expression, made);
  return made;
}

function isTrue(value: unknown): boolean {
  if (typeof value === 'boolean' || value === undefined) return value === true;
  throw new Error(`it must give true or false, and gives ${JSON.stringify(value)?.slice(0, 100)}`);
}

function recordOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`it must give an object, and gives ${JSON.stringify(value)?.slice(0, 100) ?? 'nothing'}`);
  }
  return Object.fromEntries(Object.entries(value));
}

/** JSONata throws plain objects. */
function wordsOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  if (typeof error === 'object' && error !== null && 'code' in error) return `JSONata's error ${String(error.code)}`;
  return messageOf(error);
}
