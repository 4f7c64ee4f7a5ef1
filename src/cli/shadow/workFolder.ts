import { hash } from 'node:crypto';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';

import { messageOf } from '../../kernel/errors.ts';
import { randomToken } from '../../kernel/ids.ts';
import { readIfThere } from '../../kernel/privateFiles.ts';
import { BadInput } from './badInput.ts';

/** What a past is played with: another one of these is another shadow. */
const identitySchema = z.strictObject({
  events: z.string(),
  policy: z.string(),
  timeZone: z.string(),
  currency: z.string(),
});
export type Identity = z.infer<typeof identitySchema>;

/**
 * How far it was played: `done` events, of which the clock stood at `at` afterwards. `planned`: so many will be done when the batch
 * in hand is, so that after a kill it is the same batch. `token` names the database, where that is on a server.
 */
const stateSchema = z.strictObject({
  kind: z.literal('settlebot-shadow'),
  identity: identitySchema,
  token: z.string(),
  done: z.int(),
  planned: z.int(),
  at: z.iso.datetime().nullable(),
});
export type PlayState = z.infer<typeof stateSchema>;

const STATE_FILE = 'shadow.json';

/**
 * The folder that a shadow is played in: its database, how far it came, its report. One that was begun is gone on with; throws
 * BadInput for one that was begun with something else, and for one that is anything else's.
 */
export async function openWorkFolder(folder: string, identity: Identity) {
  const path = resolve(folder);
  const file = join(path, STATE_FILE);
  const text = readIfThere(file);
  let state = text === null ? await begin(path, identity) : goOn(path, text, identity);

  async function save(change: Partial<Pick<PlayState, 'done' | 'planned' | 'at'>>): Promise<void> {
    state = { ...state, ...change };
    await replaceFile(file, `${JSON.stringify(state, null, 2)}\n`);
  }

  if (text === null) await save({});
  return { path, databaseFolder: join(path, 'database'), state: () => state, save };
}

export type WorkFolder = Awaited<ReturnType<typeof openWorkFolder>>;

/** Writes a file whole or not at all: others see what it was before, or all of it. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const partial = `${file}.partial`;
  await writeFile(partial, text, { mode: 0o600 });
  await rename(partial, file);
}

/** Keeps the events that a table was made into in the folder, under their own hash: those of another table stay. */
export async function keepEvents(folder: string, text: string): Promise<string> {
  const path = resolve(folder);
  if (readIfThere(join(path, STATE_FILE)) === null) await refuseForeign(path);
  const file = join(path, `events-${hash('sha256', text, 'hex').slice(0, 12)}.ndjson`);
  await replaceFile(file, text);
  return file;
}

async function refuseForeign(path: string): Promise<void> {
  const found = await mkdir(path, { recursive: true, mode: 0o700 })
    .then(() => readdir(path))
    .catch((error: unknown) => {
      throw new BadInput([`${path} cannot be used as a folder to work in: ${messageOf(error)}`]);
    });
  if (found.every((name) => OURS.test(name))) return;
  throw new BadInput([
    `${path} is not empty, and no shadow was played there: name another folder by --work. The database of a service is never touched`,
  ]);
}

async function begin(path: string, identity: Identity): Promise<PlayState> {
  await refuseForeign(path);
  return { kind: 'settlebot-shadow', identity, token: randomToken(9), done: 0, planned: 0, at: null };
}

/** What may be there before a shadow is begun: the events that a table of purchases was made into. */
const OURS = /^events-[0-9a-f]{12}\.ndjson(\.partial)?$/;

function goOn(path: string, text: string, identity: Identity): PlayState {
  const state = parse(text);
  if (state === null)
    throw new BadInput([`${join(path, STATE_FILE)} is not readable: delete the folder to begin anew`]);
  const faults = (Object.keys(WORDS) as (keyof Identity)[]).flatMap((key) =>
    state.identity[key] === identity[key]
      ? []
      : [`${path} was begun with ${WORDS[key]}: ${short(state.identity[key])}, and not ${short(identity[key])}`],
  );
  if (faults.length > 0) throw new BadInput([...faults, 'name another folder by --work, or delete that one']);
  return state;
}

const WORDS: Record<keyof Identity, string> = {
  events: 'another file of events, by its SHA-256',
  policy: 'another policy, by its hash',
  timeZone: 'another PLATFORM_TIME_ZONE',
  currency: 'another PLATFORM_CURRENCY',
};

function short(text: string): string {
  return text.length > 20 ? `${text.slice(0, 16)}…` : text;
}

function parse(text: string): PlayState | null {
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
