// The types of the client, client/types.ts, from what defines them: the zod catalogues of events and the OpenAPI description of the
// service's own routes. So whoever installs the client gets types that need no zod. `--check` writes nothing, and ends with 1 when the
// file is not what the code says. Libraries that do this go by TypeScript's JavaScript interface, which TypeScript 7 does not have.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';

import { EVENTS_IN } from '../src/events/incoming.ts';
import { EVENTS_OUT } from '../src/events/outgoing.ts';
import { apiDescription } from './apiDescription.mjs';

const { values } = parseArgs({ options: { check: { type: 'boolean' } } });
const file = fileURLToPath(new URL('../client/types.ts', import.meta.url));

const api = await apiDescription();
const text = formatted([
  "// Made by `npm run client-types` from the service's catalogues and its OpenAPI description: change those.",
  instants(),
  ...eventsIn(),
  ...webhooks(),
  ...components(),
  operations(),
]);
if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
  if (values.check) {
    process.stdout.write('client/types.ts is not what the code says: run npm run client-types\n');
    process.exitCode = 1;
  } else writeFileSync(file, text);
}

function instants() {
  return `/** RFC 3339, as \`2026-11-23T06:00:00Z\`; a Date is written so. */
export type Instant = string | Date;`;
}

function* eventsIn() {
  const types = Object.entries(EVENTS_IN);
  const data = types.map(([type, { fields }]) => {
    const schema = schemaOf(z.object(fields));
    return `${JSON.stringify(type)}: ${typeOf(schema, { instant: 'Instant', definitions: schema.$defs })};`;
  });
  yield `/** The data of each event that a platform sends (docs/events.md). */\nexport type EventData = {\n${data.join('\n')}\n};`;
  yield 'export type EventType = keyof EventData;';
  yield `/**
 * An event that a platform sends: \`id\` is its own, the same however often it is sent; \`timestamp\` is when it happened. It may name
 * the currency, which must be the platform's.
 */
export type PlatformEvent<T extends EventType = EventType> = {
  [K in T]: { id: string; type: K; timestamp: Instant; data: EventData[K] & { currency?: string } };
}[T];`;
}

function* webhooks() {
  const entries = [];
  for (const { data, types } of EVENTS_OUT) {
    const schema = schemaOf(data);
    const name = `${data.meta().id}Webhook`;
    yield `export type ${name} = ${typeOf(schema, { instant: 'string', definitions: schema.$defs })};`;
    for (const [type, { when }] of Object.entries(types)) {
      entries.push(`${comment(`${when.slice(0, 1).toUpperCase()}${when.slice(1)}.`)}${JSON.stringify(type)}: ${name};`);
    }
  }
  yield `/** The data of each webhook to the platform, which is the state it results in (docs/events.md). */\nexport type WebhookData = {\n${entries.join('\n')}\n};`;
  yield 'export type WebhookType = keyof WebhookData;';
  yield `/**
 * A webhook to the platform. \`id\` is the same at every delivery; \`sequence\` its number among those of \`subject\`, from 1 on and
 * without a gap.
 */
export type WebhookEvent<T extends WebhookType = WebhookType> = {
  [K in T]: { id: string; type: K; timestamp: string; subject: string; sequence: number; data: WebhookData[K] };
}[T];`;
}

function schemaOf(type) {
  return z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' });
}

function* components() {
  for (const name of reachable()) {
    const schema = api.components.schemas[name];
    yield `${comment(schema.description)}export type ${name} = ${typeOf(schema)};`;
  }
}

function operations() {
  const entries = calls().map(({ method, path, operation }) => {
    const [inPath, inQuery] = ['path', 'query'].map((place) =>
      (operation.parameters ?? []).filter((parameter) => parameter.in === place),
    );
    const body = operation.requestBody?.content?.['application/json']?.schema;
    const members = [
      ...(inPath.length > 0 ? [`path: ${parameters(inPath)};`] : []),
      ...(inQuery.length > 0
        ? [`query${inQuery.some(({ required }) => required) ? '' : '?'}: ${parameters(inQuery)};`]
        : []),
      ...(body === undefined
        ? []
        : [`body${operation.requestBody.required ? '' : '?'}: ${typeOf(body, { instant: 'Instant' })};`]),
      `answer: ${answerOf(operation)};`,
    ];
    return `${comment(operation.summary)}'${method.toUpperCase()} ${path}': {\n${members.join('\n')}\n};`;
  });
  return `/** The calls of \`/v1\` (docs/api.md): what each is given, and what it answers. */\nexport type Operations = {\n${entries.join('\n')}\n};`;
}

/** Those of `/v1`; tables and documents by their own addresses, and not by the suffixes, which are others of the same. */
function calls() {
  return Object.entries(api.paths).flatMap(([path, methods]) =>
    path.startsWith('/v1/') && !/\.(csv|pdf)$/.test(path)
      ? Object.entries(methods).map(([method, operation]) => ({ method, path, operation }))
      : [],
  );
}

/** What the calls of `/v1` use of the components, directly or by way of others; a problem is thrown, and not answered. */
function reachable() {
  const found = new Set();
  const visit = (value) => {
    if (typeof value !== 'object' || value === null) return;
    const name = nameIn(value.$ref);
    if (name !== undefined && !found.has(name)) {
      found.add(name);
      visit(api.components.schemas[name]);
    }
    for (const inner of Object.values(value)) visit(inner);
  };
  for (const { operation } of calls()) {
    visit(operation.requestBody);
    for (const [status, answer] of Object.entries(operation.responses)) if (status.startsWith('2')) visit(answer);
  }
  return [...found].sort();
}

function parameters(list) {
  const members = list.map(({ name, required, schema, description }) => {
    const type = schema.type === 'integer' ? 'number' : typeOf(schema);
    return `${comment(description ?? schema.description)}${propertyName(name)}${required ? '' : '?'}: ${type};`;
  });
  return `{\n${members.join('\n')}\n}`;
}

function answerOf({ responses }) {
  const types = Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([, { content = {} }]) => {
      if (content['application/json'] !== undefined) return typeOf(content['application/json'].schema);
      const [type] = Object.keys(content);
      if (type === undefined) return 'undefined';
      return type.startsWith('text/') ? 'string' : 'Uint8Array';
    });
  return [...new Set(types)].join(' | ');
}

/** A JSON schema as a type. `instant`: what stands for one; `definitions`: those that have no name of their own here. */
function typeOf(schema, options = { instant: 'string' }) {
  const { instant, definitions = {} } = options;
  const union = schema.anyOf ?? schema.oneOf;
  if (nameIn(schema.$ref) !== undefined) return nameIn(schema.$ref);
  if (schema.$ref !== undefined) return typeOf(definitions[schema.$ref.replace('#/$defs/', '')], options);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (union !== undefined) return [...new Set(union.map((one) => typeOf(one, options)))].join(' | ');
  if (schema.allOf !== undefined) return schema.allOf.map((one) => `(${typeOf(one, options)})`).join(' & ');
  if (Array.isArray(schema.type)) {
    return schema.type.map((type) => typeOf({ ...schema, type }, options)).join(' | ');
  }
  switch (schema.type) {
    case 'string':
      return schema.format === 'date-time' ? instant : 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
    case 'null':
      return schema.type;
    case 'array':
      return `(${typeOf(schema.items ?? {}, options)})[]`;
    case 'object':
      return objectType(schema, options);
    default:
      return 'unknown';
  }
}

function objectType({ properties = {}, required = [], additionalProperties }, options) {
  const members = Object.entries(properties).map(([name, schema]) => {
    const mark = required.includes(name) ? '' : '?';
    return `${comment(schema.description)}${propertyName(name)}${mark}: ${typeOf(schema, options)};`;
  });
  if (members.length > 0) return `{\n${members.join('\n')}\n}`;
  if (typeof additionalProperties === 'object') return `Record<string, ${typeOf(additionalProperties, options)}>`;
  return 'Record<string, unknown>';
}

function nameIn(ref) {
  return /^#\/components\/schemas\/(\w+)$/.exec(ref ?? '')?.[1];
}

function propertyName(name) {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}

function comment(text) {
  return text === undefined || text === '' ? '' : `/** ${text.replaceAll('*/', '*\\/').replaceAll('\n', ' ')} */\n`;
}

/** As the linter wants it, whatever is written here. */
function formatted(parts) {
  const biome = fileURLToPath(import.meta.resolve('@biomejs/biome/bin/biome'));
  const input = `${parts.join('\n\n')}\n`;
  return execFileSync(process.execPath, [biome, 'format', `--stdin-file-path=${file}`], { input, encoding: 'utf8' });
}
