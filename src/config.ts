import { z } from 'zod';

import { type Issuer, readIssuer } from './books/issuer.ts';
import { isConnectionString, refusedOptions } from './database/connectionString.ts';
import { instantSchema } from './events/catalogue.ts';
import { isTimeZone } from './kernel/calendar.ts';
import { isCurrency } from './kernel/money.ts';
import { isWebhookSecret, NO_WEBHOOK_SECRET } from './kernel/webhookSecret.ts';
import { defaultPolicy, type Policy, readPolicy } from './policy.ts';
import { readSources, type SourceDefinition, type SourceSignature } from './sources/sourcesFile.ts';
import { LANGUAGES } from './texts/languages.ts';
import { fillPage, type Pages, PLACEHOLDERS } from './texts/pages.ts';

/**
 * The environment, and nothing else, configures the service (docs/configuration.md). One schema; empty means not set.
 */
export type Config = z.infer<typeof environmentSchema> & {
  policy: Policy;
  sources: SourceDefinition[];
  /** Who issues documents; without, they say what they always did. */
  issuer?: Issuer;
};

export type ApiKey = { name: string; key: string };

/** The name of the API key that is made at the first start, where none is configured. */
export const GENERATED_KEY = 'admin';

const PARTS = ['webhooks', 'jobs', 'bots'] as const;

const KEY_BITS = 128;
/** `aaaaaaaaaaaaaaaaaaaaaaaa` is long, and no secret. */
const DIFFERENT_CHARACTERS = 8;

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port, 0-65535')
  .transform(Number)
  .refine((value) => value <= 65_535, 'must be a port, 0-65535');

const host = z.string().regex(/^[A-Za-z0-9._:%-]+$/, 'must be a host name or an address, as 0.0.0.0');

/** Fewer than 16 connections serve nobody. */
const count = z
  .string()
  .regex(/^\d{1,6}$/, 'must be a number, 16-100000')
  .transform(Number)
  .refine((value) => value >= 16 && value <= 100_000, 'must be a number, 16-100000');

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const secret = z.string().refine(isWebhookSecret, NO_WEBHOOK_SECRET);

const keyName = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be names of API_KEYS, without the keys');

const apiKey = z.string().transform((text, context): ApiKey => {
  // What is no visible ASCII cannot be sent in a header.
  const [, name = '', key = ''] = /^([A-Za-z0-9_.-]{1,64}):([\x21-\x7e]+)$/.exec(text) ?? [];
  if (key === '')
    context.addIssue({
      code: 'custom',
      message: 'must be name:key, the name of A-Z a-z 0-9 _ . -, the key of visible ASCII',
    });
  else if (!isStrong(key))
    context.addIssue({ code: 'custom', message: 'must have keys of 128 bits or more, as 22 random characters' });
  return { name, key };
});

const KEY_BYTES = { least: 16, most: 64 };

const stripeSecret = z.string().regex(/^whsec_[\x21-\x7e]{8,256}$/, 'must be signing secrets of Stripe, whsec_…');

/** A key of our own: of seals, or of payees. */
const keyBytes = z.string().transform((text, context): Buffer => {
  const bytes = Buffer.from(text, 'base64');
  const isWhole = bytes.toString('base64') === text;
  if (!isWhole || bytes.length < KEY_BYTES.least || bytes.length > KEY_BYTES.most) {
    context.addIssue({ code: 'custom', message: 'must be 16-64 random bytes as base64' });
  }
  return bytes;
});

const url = z.url({ protocol: /^https?$/, message: 'must be an http or https URL' }).refine(hasReadableUser, {
  message: 'must have a user and password that can be decoded: a % in them is written %25',
});

/** A path is put behind it. */
const apiRoot = url.refine(isBare, { message: 'must be a URL without user, password, query and fragment' });

/** The pages are at its root; a session's cookie is sent over TLS alone, but to this machine itself. */
const consoleUrl = url
  .refine(isOrigin, { message: 'must be https://HOST, without a path; http on localhost, 127.0.0.1 or [::1] alone' })
  .transform((text) => new URL(text).origin);

/** As Discord numbers everything. */
const snowflake = z.string().regex(/^\d{1,20}$/, 'must be a number');

const PAGE_FORM = `must be an http or https URL of at most 300 characters, with no placeholders but ${PLACEHOLDERS.map((name) => `{${name}}`).join(', ')}`;

/** Of an order's campaign, unless another is set: it leads nowhere. */
export const EXAMPLE_TRACKING_LINK = 'https://example.com/c/{campaignId}';

const environmentSchema = z.object({
  HOST: host.default('127.0.0.1'),
  PORT: port.prefault('3000'),
  OPS_HOST: host.optional(),
  OPS_PORT: port.optional(),
  MAX_CONNECTIONS: count.prefault('2048'),
  MAX_CONNECTIONS_PER_ADDRESS: count.prefault('1536'),
  DATA_DIR: z.string().default('./data'),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, { message: 'must begin with mongodb:// or mongodb+srv://', abort: true })
    .refine(
      isConnectionString,
      'must be a valid MongoDB connection string: in a user or password % is written %25, @ %40, : %3A, / %2F',
    )
    .superRefine((uri, context) => {
      for (const refused of refusedOptions(uri)) {
        context.addIssue({ code: 'custom', message: `must not set ${refused}` });
      }
    })
    .optional(),
  RUN: list.pipe(z.array(z.enum(PARTS)).min(1)).prefault(PARTS.join(',')),
  WEBHOOK_SECRETS: list.pipe(z.array(secret).min(1)).optional(),
  API_KEYS: list.pipe(z.array(apiKey).min(1).superRefine(haveNamesOfTheirOwn)).optional(),
  SEAL_KEY: list.pipe(z.array(keyBytes).min(1)).optional(),
  PAYEE_KEYS: list.pipe(z.array(keyBytes).min(1)).optional(),
  ANCHOR_FILE: z.string().optional(),
  ANCHOR_URL: url.optional(),
  ANCHOR_SECRET: secret.optional(),
  OWNER_API_KEYS: list.pipe(z.array(keyName).min(1)).optional(),
  PLATFORM_WEBHOOK_URL: url.optional(),
  PLATFORM_WEBHOOK_SECRET: secret.optional(),
  PLATFORM_TIME_ZONE: z.string().refine(isTimeZone, 'must be an IANA time zone, as Europe/Berlin').default('UTC'),
  PLATFORM_CURRENCY: z.string().refine(isCurrency, 'must be an ISO 4217 code, as USD').default('USD'),
  POLICY_FILE: z.string().optional(),
  ISSUER_FILE: z.string().optional(),
  STRIPE_WEBHOOK_SECRET: list.pipe(z.array(stripeSecret).min(1)).optional(),
  SOURCES_FILE: z.string().optional(),
  TRACKING_LINK: z
    .string()
    .refine(isLinkTemplate, 'must be an http or https URL with {campaignId} in it')
    .default(EXAMPLE_TRACKING_LINK),
  PUBLIC_URL: apiRoot.optional(),
  CONSOLE_URL: consoleUrl.optional(),
  TOP_UP_URL: z.string().refine(isPageTemplate, PAGE_FORM).optional(),
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^[A-Za-z0-9:_-]+$/, 'must be a token as BotFather gives it')
    .optional(),
  TELEGRAM_API_ROOT: apiRoot.default('https://api.telegram.org'),
  TELEGRAM_WEBHOOK_URL: url.optional(),
  TELEGRAM_WEBHOOK_SECRET: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,256}$/, 'must be 1-256 of A-Z a-z 0-9 _ -')
    .optional(),
  DISCORD_BOT_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be a token as Discord gives it')
    .optional(),
  DISCORD_APPLICATION_ID: snowflake.optional(),
  DISCORD_GUILD_ID: snowflake.optional(),
  DISCORD_NOTICES: z.enum(['dm', 'thread']).default('dm'),
  DISCORD_CHANNEL_ID: snowflake.optional(),
  DISCORD_MANAGERS_CHANNEL_ID: snowflake.optional(),
  DISCORD_MANAGERS_LANGUAGE: z.enum(LANGUAGES).default('en'),
  DISCORD_API_ROOT: apiRoot.default('https://discord.com/api'),
  RETENTION_DAYS: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, 'must be a whole number of days, 1-99999')
    .transform(Number)
    .optional(),
  TEST_CLOCK: z
    .enum(['0', '1'], 'must be 0 or 1')
    .default('0')
    .transform((value) => value === '1'),
  TEST_CLOCK_START: instantSchema.optional(),
  SHADOW: z
    .enum(['0', '1'], 'must be 0 or 1')
    .default('0')
    .transform((value) => value === '1'),
  NODE_ENV: z.string().optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** Keys that are worth nothing without each other. */
const PAIRS = [
  ['PLATFORM_WEBHOOK_URL', 'PLATFORM_WEBHOOK_SECRET'],
  ['ANCHOR_URL', 'ANCHOR_SECRET'],
  ['TELEGRAM_WEBHOOK_URL', 'TELEGRAM_WEBHOOK_SECRET'],
  ['DISCORD_BOT_TOKEN', 'DISCORD_APPLICATION_ID'],
] as const;

/** Keys whose values never appear anywhere. */
const SECRET_KEYS = new Set([
  'WEBHOOK_SECRETS',
  'API_KEYS',
  'SEAL_KEY',
  'PAYEE_KEYS',
  'STRIPE_WEBHOOK_SECRET',
  'ANCHOR_SECRET',
  'PLATFORM_WEBHOOK_SECRET',
  'TELEGRAM_BOT_TOKEN',
  'TELEGRAM_WEBHOOK_SECRET',
  'DISCORD_BOT_TOKEN',
]);

/** The configuration, or every bad key with what it must be; values are never repeated, as they may be secret. */
export function readConfig(environment: Record<string, string | undefined>): { config: Config } | { errors: string[] } {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environmentSchema.safeParse(given);
  const policy = given.POLICY_FILE === undefined ? { policy: defaultPolicy } : readPolicy(given.POLICY_FILE);
  const sources = given.SOURCES_FILE === undefined ? { sources: [] } : readSources(given.SOURCES_FILE, given);
  const issuer: ReturnType<typeof readIssuer> | { issuer?: never } =
    given.ISSUER_FILE === undefined ? {} : readIssuer(given.ISSUER_FILE);
  const errors = [
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${describe(issue)}`)),
    ...('errors' in policy ? policy.errors : []),
    ...('errors' in sources ? sources.errors : []),
    ...('errors' in issuer ? issuer.errors : []),
    ...PAIRS.filter(([one, other]) => (given[one] === undefined) !== (given[other] === undefined)).map(
      ([one, other]) =>
        `${given[one] === undefined ? one : other}: must be set when ${given[one] === undefined ? other : one} is`,
    ),
    ...(given.OPS_HOST !== undefined && given.OPS_PORT === undefined ? ['OPS_PORT: must be set when OPS_HOST is'] : []),
    ...(given.DISCORD_NOTICES === 'thread' && given.DISCORD_CHANNEL_ID === undefined
      ? ['DISCORD_CHANNEL_ID: must be set when DISCORD_NOTICES is thread']
      : []),
    ...strangersAmong(parsed.data),
    ...(given.TEST_CLOCK === '1' && given.NODE_ENV === 'production' ? ['TEST_CLOCK: must not be 1 in production'] : []),
  ];
  if (!parsed.success || 'errors' in policy || 'errors' in sources || 'errors' in issuer || errors.length > 0) {
    return { errors: [...new Set(errors)] };
  }
  return { config: { ...parsed.data, policy: policy.policy, sources: sources.sources, ...issuer } };
}

/** The effective configuration as lines, secrets masked. */
export function describeConfig(config: Config): string[] {
  const { policy, sources: _sources, issuer: _issuer, NODE_ENV: _environment, ...rest } = config;
  const lines = Object.keys(environmentSchema.shape)
    .filter((key) => key in rest)
    .map((key) => `${key}=${SECRET_KEYS.has(key) ? '(set)' : readable(key, rest[key as keyof typeof rest])}`);
  return [...lines, `policy=${JSON.stringify(policy, null, 2)}`];
}

function readable(key: string, value: unknown): string {
  if (/_(URI|URL|ROOT)$/.test(key)) return masked(String(value));
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}

/** An address without what is secret in it: user and password, also one with an @ in it, and what is asked for. */
function masked(address: string): string {
  return address.replace(/^([a-z+]+:\/\/)[^/?#]*@/i, '$1(masked)@').replace(/[?#].*$/s, '?(masked)');
}

/** What a guesser has to try at least: the length of a key, in the narrowest alphabet that it may be of. */
function isStrong(key: string): boolean {
  const letters = /^\d+$/.test(key) ? 10 : /^[0-9a-f]+$/i.test(key) ? 16 : 64;
  return key.length * Math.log2(letters) >= KEY_BITS && new Set(key).size >= DIFFERENT_CHARACTERS;
}

/** The name is who acted, in the audit trail. */
function haveNamesOfTheirOwn(keys: ApiKey[], context: z.RefinementCtx): void {
  const names = keys.map(({ name }) => name);
  if (new Set(names).size < names.length) {
    context.addIssue({ code: 'custom', message: 'must have a name of its own for each key' });
  }
}

/** An owner who has no key would be missed only when it is needed. */
function strangersAmong(data: z.infer<typeof environmentSchema> | undefined): string[] {
  const known = data?.API_KEYS?.map(({ name }) => name) ?? [GENERATED_KEY];
  const strangers = data?.OWNER_API_KEYS?.filter((name) => !known.includes(name)) ?? [];
  return strangers.length === 0 ? [] : ['OWNER_API_KEYS: must name keys that API_KEYS has'];
}

/** Zod's own messages can repeat what was given; these do not. */
function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`;
  if (issue.code === 'custom' || issue.code === 'invalid_format') return issue.message;
  return 'is not valid';
}

/** Zod takes a URL with a lone % for one, and decoding it fails later. */
function hasReadableUser(text: string): boolean {
  const parsed = URL.parse(text);
  // What is no URL at all is told already.
  if (parsed === null) return true;
  try {
    decodeURIComponent(parsed.username);
    decodeURIComponent(parsed.password);
    return true;
  } catch {
    return false;
  }
}

function isBare(text: string): boolean {
  const parsed = URL.parse(text);
  if (parsed === null) return true;
  return [parsed.username, parsed.password, parsed.search, parsed.hash].every((part) => part === '');
}

function isOrigin(text: string): boolean {
  const parsed = URL.parse(text);
  if (parsed === null) return true;
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(parsed.hostname);
  return isBare(text) && parsed.pathname === '/' && (parsed.protocol === 'https:' || isLocal);
}

function isLinkTemplate(text: string): boolean {
  const protocol = URL.parse(text.replaceAll('{campaignId}', 'c'))?.protocol;
  return text.includes('{campaignId}') && (protocol === 'http:' || protocol === 'https:');
}

/** Short enough for a button, however long what goes into it. */
function isPageTemplate(text: string): boolean {
  const filled = fillPage(text, { accountId: 'a', amount: '1', invoiceId: 'i', locale: 'en' });
  const protocol = URL.parse(filled)?.protocol;
  return text.length <= 300 && !/[{}]/.test(filled) && (protocol === 'http:' || protocol === 'https:');
}

/** How each source that may send is signed. */
export function signaturesOf({ sources, STRIPE_WEBHOOK_SECRET }: Config): SourceSignature[] {
  const declared = sources.map(({ signature }) => signature);
  if (STRIPE_WEBHOOK_SECRET === undefined) return declared;
  return [{ name: 'stripe', scheme: 'stripe', secrets: STRIPE_WEBHOOK_SECRET }, ...declared];
}

/** The pages that messages lead to. */
export function pagesOf(config: Pick<Config, 'PUBLIC_URL' | 'TOP_UP_URL' | 'CONSOLE_URL'>): Pages {
  const { PUBLIC_URL, TOP_UP_URL, CONSOLE_URL } = config;
  return {
    ...(CONSOLE_URL === undefined ? {} : { console: CONSOLE_URL }),
    ...(TOP_UP_URL === undefined ? {} : { topUp: TOP_UP_URL }),
    ...(PUBLIC_URL === undefined ? {} : { rules: `${PUBLIC_URL.replace(/\/$/, '')}/rules` }),
  };
}
