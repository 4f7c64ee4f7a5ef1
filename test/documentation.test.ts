import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { COMMANDS } from '../src/commands/registry.ts';
import { describeConfig, readConfig } from '../src/config.ts';
import { keyText, SHARDING } from '../src/database/sharding.ts';
import { createCatalogue, EVENT_TYPES } from '../src/events/catalogue.ts';
import { OUTGOING_TYPES } from '../src/events/outgoing.ts';
import { defaultPolicy } from '../src/policy.ts';

/** The tables of docs/ have what the code has, so that neither is changed alone. */

type Row = { first: string; cells: string[] };

const events = read('docs/events.md');
const configuration = read('docs/configuration.md');

describe('docs/events.md', () => {
  const catalogue = createCatalogue('USD');
  const described = new Map(
    [...events.matchAll(/^### `([a-z_.]+)`\n([\s\S]*?)(?=^##)/gm)].map(([, type = '', text = '']) => [
      type,
      rowsOf(text),
    ]),
  );

  test('has a part for each event in, and no other', () => {
    expect([...described.keys()].sort()).toEqual([...EVENT_TYPES].sort());
  });

  test.each(EVENT_TYPES)('says which fields of %s are required', (type) => {
    const required = fieldsOf(type)
      .filter(({ cells }) => cells[2] === 'required')
      .map(({ first }) => first);
    expect(required.sort()).toEqual(badFields(type, {}).sort());
  });

  test.each(EVENT_TYPES)('has no field that %s does not have', (type) => {
    const fields = fieldsOf(type).map(({ first }) => first);
    // No field is an object of this shape, so each that is known is complained about.
    const inner = Object.fromEntries(
      fields.flatMap((field) => (field.includes('.') ? [[field.split('.')[1], 0]] : [])),
    );
    const wrong = Object.fromEntries(fields.map((field) => [field.split('.')[0], { none: 0, ...inner }]));
    expect(badFields(type, wrong).sort()).toEqual(fields.sort());
  });

  test('names each webhook out', () => {
    const out = events.slice(events.indexOf('## Out: invoices'));
    // A type has two columns, a field has more.
    const named = [...out.matchAll(/^\| `([a-z_.]+)` \|[^|]*\|$/gm)].map(([, type]) => type);
    expect(new Set(named)).toEqual(new Set(OUTGOING_TYPES));
  });

  function fieldsOf(type: string): Row[] {
    // An object has its fields in rows of their own.
    return (described.get(type) ?? []).filter(({ cells }) => cells[1] !== 'object');
  }

  function badFields(type: string, data: unknown): string[] {
    const parsed = catalogue.parseData(type, data);
    if (parsed.kind !== 'invalid') throw new Error(`${type} takes ${JSON.stringify(data)}`);
    return [...new Set(parsed.errors.map(({ path }) => path.replace('data.', '')))];
  }
});

describe('docs/configuration.md', () => {
  const variables = rowsOf(part(configuration, '## Environment')).flatMap(({ first }) => first.split('`, `'));

  test('has every variable of .env.example, and no other', () => {
    const example = [...read('.env.example').matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name);
    expect([...variables].sort()).toEqual([...example].sort());
  });

  test('has every variable that is set by default', () => {
    const result = readConfig({});
    if (!('config' in result)) throw new Error('the defaults are no configuration');
    const set = describeConfig(result.config).flatMap((line) => /^([A-Z_]+)=/.exec(line)?.[1] ?? []);
    expect(variables).toEqual(expect.arrayContaining(set));
  });

  test('has every key of the policy, with its default', () => {
    const described = rowsOf(part(configuration, '## Policy')).flatMap(({ first, cells: [, defaults = ''] }) => {
      const keys = first.split('`, `');
      const values = keys.length === 1 ? [defaults.slice(1, -1)] : defaults.slice(1, -1).split('`, `');
      return keys.map((key, index) => [key, JSON.parse(values[index] ?? '') as unknown] as const);
    });
    const actual = Object.entries(defaultPolicy).flatMap(([group, values]) =>
      Object.entries(values).map(([key, value]) => [`${group}.${key}`, value] as const),
    );
    expect(Object.fromEntries(described)).toEqual(Object.fromEntries(actual));
  });
});

describe('docs/operations.md', () => {
  test('has the shard keys that the code has', () => {
    const table = part(read('docs/operations.md'), '## Sharding')
      .split('\n')
      .filter((line) => line.startsWith('|'));
    const rows = SHARDING.map(({ collections, key, why }) => {
      const names = collections.map((name) => `\`${name}\``).join(', ');
      return `| ${names} | ${key === null ? 'not sharded' : `\`${keyText(key)}\``} | ${why} |`;
    });
    expect(table).toEqual(['| collection | shard key | why |', '|---|---|---|', ...rows]);
  });
});

describe('docs/chat.md', () => {
  test('has every command', () => {
    const named = new Set(
      [...part(read('docs/chat.md'), '## Commands').matchAll(/`\/([a-z]+)/g)].map(([, name]) => name),
    );
    expect(named).toEqual(new Set([...COMMANDS.map(({ name }) => name), 'start', 'link']));
  });
});

function read(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
}

/** From a heading to the next of its level. */
function part(text: string, heading: string): string {
  return text.slice(text.indexOf(heading)).split(/\n(?=## )/)[0] ?? '';
}

/** The rows of a table whose first cell is code, without its outer marks. */
function rowsOf(text: string): Row[] {
  return text.split('\n').flatMap((line) => {
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    const first = /^`(.+)`$/.exec(cells[0] ?? '')?.[1];
    return first === undefined ? [] : [{ first, cells }];
  });
}
