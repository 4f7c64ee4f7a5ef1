import { ERASED, type HeldKeys, type Keyring, LOCKED, type Owner } from './keyring.ts';

/** Where a text stands within a document: its field, the path to it, and the object that it is a field of. */
export type Field = { key: string; path: string; parent: Record<string, unknown> };

/** The accounts whose text this is: erasing any of them erases it. None where it is nobody's. */
export type OwnersOf<T> = (field: Field, document: T) => readonly string[];

/** What people read in place of a name that is erased; the id stands beside it. */
export const ERASED_NAME = 'erased account';
/** What people read in place of any other text that is erased. */
export const ERASED_TEXT = '(erased)';

/** Whether what was revealed of a text is that it is erased. */
export function isErasedText(text: unknown): boolean {
  return text === ERASED_TEXT || text === ERASED_NAME;
}

/** Whether two texts, as people read them, say the same, as far as anybody can tell: an erased one may have said anything. */
export function mayBeSame(one: unknown, other: unknown): boolean {
  return one === other || isErasedText(one) || isErasedText(other);
}

export type Texts = ReturnType<typeof createTexts>;

/**
 * Personal texts within documents: stored encrypted, as texts that name their owners and keys, so that reading them needs no
 * more than the document. What was stored in clear by an earlier version reads as it is.
 */
export function createTexts(keyring: Keyring) {
  /** Documents as they are stored: every text that has owners is encrypted, for its place alone. */
  async function protect<T extends { _id: string }>(
    collection: string,
    documents: readonly T[],
    ownersOf: OwnersOf<T>,
  ): Promise<T[]> {
    const owners = new Set<Owner>();
    for (const document of documents) {
      walk(document, (text, field) => {
        for (const id of ownersOf(field, document)) owners.add(`account:${id}`);
        return text;
      });
    }
    if (owners.size === 0) return [...documents];
    const keys = await keyring.hold(owners);
    return documents.map((document) =>
      walk(document, (text, field) => {
        const ids = [...new Set(ownersOf(field, document))];
        return ids.length === 0 ? text : encrypted(keys, ids, placeOf(collection, document, field), text);
      }),
    );
  }

  /** Documents as people read them. */
  async function reveal<T extends { _id: string }>(collection: string, documents: readonly T[]): Promise<T[]> {
    const written: { owners: Owner[]; keys: string[] }[] = [];
    for (const document of documents) {
      walk(document, (text) => {
        const found = parsed(text);
        if (found !== null) written.push({ owners: found.ids.map(ownerOf), keys: found.keys });
        return text;
      });
    }
    if (written.length === 0) return [...documents];
    const keys = await keyring.holdFor(written);
    return documents.map((document) =>
      walk(document, (text, field) => decrypted(keys, placeOf(collection, document, field), text, field.key)),
    );
  }

  async function revealOne<T extends { _id: string }>(collection: string, document: T): Promise<T> {
    const [revealed = document] = await reveal(collection, [document]);
    return revealed;
  }

  return { protect, reveal, revealOne };
}

const MARK = 'enc1';
const NAMES = new Set(['name', 'client', 'marketer', 'from']);

function encrypted(keys: HeldKeys, ids: readonly string[], place: string, text: string): string {
  const { data, keys: used } = keys.encrypt(ids.map(ownerOf), place, text);
  const pairs = ids.map((id, index) => `${id} ${used[index]}`);
  return [MARK, ...pairs, data.toString('base64url')].join(' ');
}

function decrypted(keys: HeldKeys, place: string, text: string, key: string): string {
  const found = parsed(text);
  if (found === null) return text;
  const opened = keys.decrypt(found.ids.map(ownerOf), place, found);
  if (opened !== ERASED && opened !== LOCKED && opened !== null) return opened.text;
  return NAMES.has(key) ? ERASED_NAME : ERASED_TEXT;
}

/** Whether a text, as it is stored, can be read only with somebody's secret. */
export function isEncryptedText(text: string): boolean {
  return parsed(text) !== null;
}

/** Null for a text that is not encrypted. Ids have no spaces, and neither has base64url. */
function parsed(text: string): { ids: string[]; keys: string[]; data: Buffer } | null {
  if (!text.startsWith(`${MARK} `)) return null;
  const words = text.split(' ');
  const pairs = words.slice(1, -1);
  const data = words.at(-1) ?? '';
  if (pairs.length === 0 || pairs.length % 2 !== 0 || !/^[\w-]+$/.test(data)) return null;
  return {
    ids: pairs.filter((_, index) => index % 2 === 0),
    keys: pairs.filter((_, index) => index % 2 === 1),
    data: Buffer.from(data, 'base64url'),
  };
}

function ownerOf(id: string): Owner {
  return `account:${id}`;
}

function placeOf(collection: string, { _id }: { _id: string }, { path }: Field): string {
  return `${collection}:${_id}:${path}`;
}

/** A copy of a document in which every text was handed to `change`. */
function walk<T extends object>(document: T, change: (text: string, field: Field) => string): T {
  // Shape and everything that is no text stay.
  return walkObject(document as Record<string, unknown>, '', change) as T;
}

function walkObject(
  parent: Record<string, unknown>,
  prefix: string,
  change: (text: string, field: Field) => string,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parent).map(([key, value]) => [
      key,
      walkValue(value, { key, path: `${prefix}${key}`, parent }, change),
    ]),
  );
}

function walkValue(value: unknown, field: Field, change: (text: string, field: Field) => string): unknown {
  if (typeof value === 'string') return field.path === '_id' ? value : change(value, field);
  if (Array.isArray(value)) {
    return value.map((one, index) => walkValue(one, { ...field, path: `${field.path}.${index}` }, change));
  }
  return isPlain(value) ? walkObject(value, `${field.path}.`, change) : value;
}

/** Not an instant, nor a value of the database's own. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
