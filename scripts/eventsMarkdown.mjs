// What docs/events.md says of every type of event, made of the catalogue.
import { z } from 'zod';
import { MONEY_IN } from '../src/events/incoming/money.ts';
import { ORDERS_IN } from '../src/events/incoming/orders.ts';
import { PAYEES_IN } from '../src/events/incoming/payees.ts';
import { PAYOUTS_IN } from '../src/events/incoming/payouts.ts';
import { PEOPLE_IN } from '../src/events/incoming/people.ts';
import { PROGRAMS_IN } from '../src/events/incoming/programs.ts';
import { SUBSCRIPTIONS_IN } from '../src/events/incoming/subscriptions.ts';
import { EVENTS_IN } from '../src/events/incoming.ts';
import { EVENTS_OUT } from '../src/events/outgoing.ts';
import { LARGEST_AMOUNT } from '../src/kernel/money.ts';

const PARTS_IN = {
  people: PEOPLE_IN,
  money: MONEY_IN,
  'campaigns and programs': PROGRAMS_IN,
  subscriptions: SUBSCRIPTIONS_IN,
  orders: ORDERS_IN,
  payees: PAYEES_IN,
  payouts: PAYOUTS_IN,
};
const named = Object.values(PARTS_IN).flatMap(Object.keys);
for (const type of Object.keys(EVENTS_IN)) {
  if (!named.includes(type)) throw new Error(`${type} is in no part of docs/events.md`);
}

export function eventsOverview() {
  const links = (way, titles) => titles.map((title) => `[${title}](#${way}-${title.replaceAll(' ', '-')})`).join(' · ');
  return [
    `- In: ${links('in', Object.keys(PARTS_IN))}`,
    `- Out: ${links(
      'out',
      EVENTS_OUT.map(({ title }) => title),
    )}`,
    '',
  ].join('\n');
}

export function eventsInMarkdown() {
  return Object.entries(PARTS_IN)
    .flatMap(([title, events]) => [`## In: ${title}`, '', ...Object.entries(events).flatMap(eventIn)])
    .join('\n');
}

function eventIn([type, { effect, fields, example }]) {
  const event = { type, timestamp: '2026-11-23T09:00:00Z', data: example };
  return [`### \`${type}\``, '', effect, '', ...tableOf(z.object(fields), IN), '', ...json(event), ''];
}

export function eventsOutMarkdown() {
  return EVENTS_OUT.flatMap(({ title, subject, about, data, example, types }) => {
    const [[type, { example: changes = {} }]] = Object.entries(types);
    const timestamp = '2026-11-23T06:00:00.000Z';
    return [
      ...[`## Out: ${title}`, '', '| type | when |', '|---|---|'],
      ...Object.entries(types).map(([name, { when }]) => `| \`${name}\` | ${when} |`),
      ...['', about, '', ...tableOf(data, OUT), ''],
      ...json({ type, timestamp, subject, sequence: 1, data: { ...example, ...changes } }),
      '',
    ];
  }).join('\n');
}

function json(value) {
  return ['```json', JSON.stringify(value, null, 2), '```'];
}

const IN = {
  field: ({ path }) => `\`${path}\``,
  format: ({ format }) => format,
  'without it': ({ isRequired, without = '–' }) => (isRequired ? 'required' : without),
  example: ({ example }) => example,
  'what becomes of it': ({ meaning }) => meaning,
};
const OUT = {
  field: IN.field,
  format: ({ format, isRequired }) => (isRequired ? format : `${format}, where there is one`),
  example: IN.example,
  meaning: ({ meaning }) => meaning,
};

/** A row for each field, and for each field in it. */
function tableOf(schema, columns) {
  const described = z.toJSONSchema(schema, { io: 'input' });
  const { $defs = {} } = described;
  const resolved = (one) => (one.$ref === undefined ? one : $defs[one.$ref.slice('#/$defs/'.length)]);
  return [
    `| ${Object.keys(columns).join(' | ')} |`,
    `|${'---|'.repeat(Object.keys(columns).length)}`,
    ...rowsOf(resolved(described), '', resolved).map((row) => {
      const cells = Object.values(columns).map((cell) => cell(row));
      return `| ${cells.join(' | ')} |`;
    }),
  ];
}

function rowsOf({ properties = {}, required = [] }, prefix, resolved) {
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const inner = field.type === 'array' ? eitherOf(resolved(field.items)) : field;
    return [
      {
        path,
        format: formatOf(field),
        isRequired: required.includes(name),
        without: field['x-default'],
        example: exampleOf(field),
        meaning: field.description ?? missing(path),
      },
      ...rowsOf(inner, field.type === 'array' ? `${path}[].` : `${path}.`, resolved),
    ];
  });
}

/** Of one of several kinds the fields of all: each says what its kind means, and a field need not be of all of them. */
function eitherOf(schema) {
  const { oneOf } = schema;
  if (oneOf === undefined) return schema;
  const properties = {};
  for (const { properties: own } of oneOf) {
    for (const [name, field] of Object.entries(own)) {
      const { const: value, description } = field;
      const before = properties[name] ?? { ...field, const: undefined, description: undefined };
      properties[name] =
        value === undefined
          ? field
          : {
              ...before,
              enum: [...(before.enum ?? []), value],
              description: [before.description, `\`${value}\`: ${description}`].filter(Boolean).join('; '),
            };
    }
  }
  const required = oneOf
    .map((one) => one.required ?? [])
    .reduce((all, one) => all.filter((name) => one.includes(name)));
  return { properties, required };
}

/** Of what is read into something else, as instants are, the schema itself gives none. */
function exampleOf({ examples = [], 'x-kind': kind }) {
  const [example = kind === 'instant' ? '2026-11-23T06:00:00Z' : undefined] = examples;
  return example === undefined ? '' : `\`${JSON.stringify(example)}\``;
}

function missing(path) {
  throw new Error(`the catalogue does not say what ${path} is for`);
}

const LARGEST = Number.MAX_SAFE_INTEGER;
/** The limits that a kind has anyway, as docs/events.md says of it once. */
const USUAL = { amount: [1, LARGEST_AMOUNT], rate: [0, 10_000] };

function formatOf(field) {
  const options = field.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  if (options.length === 1) return `${formatOf({ ...field, ...options[0], anyOf: undefined })} or null`;
  if (field.$ref !== undefined) return `[an order](#out-orders)`;
  if (field.const !== undefined) return `\`${field.const}\``;
  if (field.enum !== undefined) return listOf(field.enum.map((value) => `\`${value}\``));
  const kind = field['x-kind'];
  if (kind !== undefined) return `${kind}${limitsOf(field, USUAL[kind])}`;
  if (field.type === 'boolean') return '`true` or `false`';
  if (field.type === 'array') return 'list';
  if (field.type === 'object') return 'object';
  if (field.type === 'integer') return wholeOf(field);
  return field.minLength === undefined ? 'text' : `${field.minLength}–${field.maxLength} characters`;
}

function limitsOf({ type, minimum = -LARGEST, maximum = LARGEST }, [least, most] = []) {
  if (type !== 'integer' || (minimum === least && maximum === most) || minimum === -LARGEST) return '';
  return maximum === (most ?? LARGEST) ? `, from ${minimum}` : `, ${minimum}–${grouped(maximum)}`;
}

function wholeOf({ minimum = -LARGEST, maximum = LARGEST, 'x-unit': unit = 'whole number' }) {
  if (maximum < LARGEST) return `${minimum}–${grouped(maximum)} ${unit}`;
  return minimum > -LARGEST ? `${unit}, from ${minimum}` : unit;
}

function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ' ');
}

function listOf(words) {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
