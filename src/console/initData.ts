import { createHmac, timingSafeEqual } from 'node:crypto';

/** What Telegram says of who opened the Mini App. `hash` names it: the same initData has the same one, in whatever order its fields come. */
export type VerifiedInitData = { kind: 'verified'; userId: string; hash: string; openedAt: Date };
export type RefusedInitData = { kind: 'refused'; why: 'malformed' | 'forged' | 'too-old' | 'too-new' };

/** A Mini App is opened a moment before its page asks for a session. Clocks may differ by a minute. */
export const INIT_DATA_LASTS_MS = 10 * 60_000;
const AHEAD_MS = 60_000;
/** Telegram's own is about 500 characters. */
const LONGEST = 4_096;

/**
 * Whether `initData` is what Telegram hands to a Mini App of the bot with this token, and whom it names
 * (https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app). `now` is the machine's own time, as Telegram's is.
 *
 * Checked here and by no library: the one that there is compares hashes in a time that depends on them, takes two fields of one name,
 * and brings five packages for two HMACs.
 */
export function verifyInitData(
  initData: string,
  { botToken, now }: { botToken: string; now: Date },
): VerifiedInitData | RefusedInitData {
  const fields = fieldsOf(initData);
  const hash = fields?.get('hash') ?? '';
  if (fields === null || !/^[0-9a-f]{64}$/.test(hash)) return refused('malformed');
  if (!timingSafeEqual(Buffer.from(hash, 'hex'), signatureOf(fields, botToken))) return refused('forged');
  const seconds = /^[1-9]\d{0,11}$/.exec(fields.get('auth_date') ?? '')?.[0];
  const userId = userIdIn(fields.get('user') ?? '');
  if (seconds === undefined || userId === null) return refused('malformed');
  const openedAt = new Date(Number(seconds) * 1_000);
  const ageMs = now.getTime() - openedAt.getTime();
  if (ageMs > INIT_DATA_LASTS_MS) return refused('too-old');
  if (ageMs < -AHEAD_MS) return refused('too-new');
  return { kind: 'verified', userId, hash, openedAt };
}

function refused(why: RefusedInitData['why']): RefusedInitData {
  return { kind: 'refused', why };
}

/** Each field by its name, decoded; null where one comes twice, or what was sent is no list of fields. */
function fieldsOf(initData: string): Map<string, string> | null {
  if (initData === '' || initData.length > LONGEST || !isDecodable(initData)) return null;
  const pairs = [...new URLSearchParams(initData)];
  const fields = new Map(pairs);
  const hasOddName = pairs.some(([name]) => !/^[a-z_]{1,64}$/.test(name));
  return hasOddName || fields.size !== pairs.length ? null : fields;
}

/** `URLSearchParams` takes anything: what it cannot decode it replaces, so that two texts would be one. */
function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function signatureOf(fields: Map<string, string>, botToken: string): Buffer {
  const names = [...fields.keys()].filter((name) => name !== 'hash').sort();
  const signed = names.map((name) => `${name}=${fields.get(name)}`).join('\n');
  const key = createHmac('sha256', 'WebAppData').update(botToken).digest();
  return createHmac('sha256', key).update(signed).digest();
}

/** Telegram's ids fit a number of 52 bits; null for what is none. */
function userIdIn(user: string): string | null {
  try {
    const { id } = Object(JSON.parse(user)) as { id?: unknown };
    return Number.isSafeInteger(id) && Number(id) > 0 ? String(id) : null;
  } catch {
    return null;
  }
}
