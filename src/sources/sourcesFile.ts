import jsonata from 'jsonata';
import { z } from 'zod';

import { EVENT_TYPES } from '../events/catalogue.ts';
import { messageOf } from '../kernel/errors.ts';
import { readJsonFile } from '../kernel/jsonFile.ts';
import { isWebhookSecret, NO_WEBHOOK_SECRET } from '../kernel/webhookSecret.ts';
import { stepsOf, stepWords } from './declared/rule.ts';
import { SOURCE_NAME } from './source.ts';

/** The sources that SOURCES_FILE declares (docs/sources.md): who may send, and what we make of what they send. */

const SCHEMES = ['standard-webhooks', 'stripe', 'github', 'bearer'] as const;

/** How a source is signed; every one of `secrets` is accepted, so that they can be rotated. */
export type SourceSignature = {
  name: string;
  scheme: (typeof SCHEMES)[number];
  secrets: string[];
  header?: string | undefined;
};

const expression = z.string().min(1).max(10_000);

const ruleSchema = z.strictObject({
  when: expression.optional(),
  each: expression.optional(),
  type: z.enum(EVENT_TYPES, 'must be a type of docs/events.md'),
  timestamp: expression.optional(),
  data: z.union([expression, z.record(z.string().regex(/^\w{1,64}$/), expression)]),
});

const sourceSchema = z.strictObject({
  signature: z.strictObject({
    scheme: z.enum(SCHEMES),
    secretsFrom: z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'must be the name of an environment variable'),
    header: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,64}$/, 'must be the name of a header')
      .optional(),
  }),
  id: z
    .string()
    .regex(/^[^.]+(\.[^.]+)*$/, 'must be a path, as order.id')
    .optional(),
  map: z.array(ruleSchema).min(1),
});

/** Names of ways in of our own. */
const TAKEN = new Set(['platform', 'stripe']);

const fileSchema = z.record(
  z
    .string()
    .regex(SOURCE_NAME, 'must be called by 1-32 of a-z 0-9 -, a letter first')
    .refine((name) => !TAKEN.has(name), 'must not be called platform or stripe'),
  sourceSchema,
);

export type SourceDefinition = Pick<z.infer<typeof sourceSchema>, 'id' | 'map'> & {
  name: string;
  signature: SourceSignature;
};

type Environment = Record<string, string | undefined>;

/** The sources of a file, or all that is wrong with them, by their paths; secrets are never repeated. */
export function readSources(
  file: string,
  environment: Environment,
): { sources: SourceDefinition[] } | { errors: string[] } {
  const read = readJsonFile(file, 'SOURCES_FILE');
  if ('errors' in read) return read;
  const parsed = fileSchema.safeParse(read.content);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `SOURCES_FILE: ${issue.path.join('.')}: ${wordsOf(issue)}`);
    return { errors: [...new Set(lines)] };
  }
  const sources: SourceDefinition[] = [];
  const errors: string[] = [];
  for (const [name, source] of Object.entries(parsed.data)) {
    const { secretsFrom, ...signature } = source.signature;
    const secrets = secretsOf(environment[secretsFrom]);
    const bad = secretFault(secrets, signature.scheme);
    if (bad !== null) errors.push(`SOURCES_FILE: source ${name}: ${secretsFrom} ${bad}`);
    errors.push(...stepsOf(source.map).flatMap((step) => syntaxErrors(name, step)));
    sources.push({ name, id: source.id, map: source.map, signature: { ...signature, name, secrets } });
  }
  return errors.length > 0 ? { errors } : { sources };
}

function secretsOf(text = ''): string[] {
  return text
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');
}

function secretFault(secrets: string[], scheme: SourceSignature['scheme']): string | null {
  if (secrets.length === 0) return 'is not set in the environment';
  if (scheme === 'standard-webhooks') {
    return secrets.every(isWebhookSecret) ? null : NO_WEBHOOK_SECRET;
  }
  return secrets.every((secret) => PLAIN_SECRET.test(secret))
    ? null
    : 'must have secrets of 16-256 visible ASCII characters';
}

const PLAIN_SECRET = /^[\x21-\x7e]{16,256}$/;

function syntaxErrors(name: string, step: { at: string; expression: string }): string[] {
  try {
    jsonata(step.expression);
    return [];
  } catch (error) {
    const message =
      typeof error === 'object' && error !== null && 'message' in error ? error.message : messageOf(error);
    const position = typeof error === 'object' && error !== null && 'position' in error ? ` at ${error.position}` : '';
    return [`SOURCES_FILE: source ${name}: ${stepWords(step)} is no JSONata: ${message}${position}`];
  }
}

/** Zod's own messages can repeat what was given. */
function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `has ${issue.keys.join(', ')}, which is not known`;
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? 'is not valid';
  if (issue.code === 'invalid_value' && issue.path.at(-1) !== 'type')
    return `must be one of ${issue.values.join(', ')}`;
  return issue.message;
}
