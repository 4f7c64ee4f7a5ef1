import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { z } from 'zod';

import { type ApiKey, type Config, GENERATED_KEY } from './config.ts';
import { randomToken } from './kernel/ids.ts';
import { keepToOwner, makePrivate, readIfThere } from './kernel/privateFiles.ts';

/** `ownerKeys` are the names of the keys that may do what is the owner's alone. */
export type Secrets = { webhookSecrets: string[]; apiKeys: ApiKey[]; ownerKeys: string[] };

const SECRETS_FILE = 'secrets.json';
/** Where the key of seals is kept, beside it. */
export const SEAL_KEY_FILE = 'seal.key';
/** Where the key of payees is kept, beside it. */
export const PAYEE_KEY_FILE = 'payees.key';
/** What others must not read. */
export const PRIVATE_FILES = [SECRETS_FILE, SEAL_KEY_FILE, PAYEE_KEY_FILE];

const fileSchema = z.object({ webhookSecret: z.string(), apiKey: z.string() });

/**
 * The accepted signing secrets and API keys: the configured ones, and for each that is not configured one that is made
 * at the first start and stored in DATA_DIR, readable by its owner alone. `generated` has what was made now, to be
 * shown once; `warnings` what others could read until now.
 */
export function loadSecrets(config: Config): Secrets & { file: string; generated: string[]; warnings: string[] } {
  const file = join(config.DATA_DIR, SECRETS_FILE);
  const warnings = keepToOwner(config.DATA_DIR, PRIVATE_FILES);
  const { WEBHOOK_SECRETS: webhookSecrets, API_KEYS: apiKeys } = config;
  const ownerKeys = ownersOf(config);
  if (webhookSecrets !== undefined && apiKeys !== undefined)
    return { webhookSecrets, apiKeys, ownerKeys, file, generated: [], warnings };
  const known = read(file);
  const made = known === null ? make(file) : null;
  const kept = known ?? made ?? read(file);
  if (kept === null) throw new Error(`${file} was removed while the service started; start it again`);
  const generated =
    made !== null ? [`WEBHOOK_SECRETS=${kept.webhookSecret}`, `API_KEYS=${GENERATED_KEY}:${kept.apiKey}`] : [];
  return {
    webhookSecrets: webhookSecrets ?? [kept.webhookSecret],
    apiKeys: apiKeys ?? [{ name: GENERATED_KEY, key: kept.apiKey }],
    ownerKeys,
    file,
    generated,
    warnings,
  };
}

/** Of keys that were configured none is the owner's by itself; the one that was made at the first start is. */
export function ownersOf({ API_KEYS: apiKeys, OWNER_API_KEYS: named }: Config): string[] {
  return named ?? (apiKeys === undefined ? [GENERATED_KEY] : []);
}

function read(file: string): z.infer<typeof fileSchema> | null {
  const text = readIfThere(file);
  if (text === null) return null;
  const parsed = fileSchema.safeParse(safeJson(text));
  if (!parsed.success) throw new Error(`${file} is not what the service wrote; remove it to have new secrets made`);
  return parsed.data;
}

/** Null when another process made some meanwhile. */
function make(file: string): z.infer<typeof fileSchema> | null {
  const secrets = { webhookSecret: `whsec_${randomBytes(32).toString('base64')}`, apiKey: randomToken(24) };
  return makePrivate(file, `${JSON.stringify(secrets, null, 2)}\n`) ? secrets : null;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
