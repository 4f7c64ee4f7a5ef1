/** A broken invariant: never expected, never handled, always loud. */
export class BrokenInvariant extends Error {
  override name = 'BrokenInvariant';
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * MongoDB's "this key is there already". Of a bulk write it is true only when that was all that went wrong: every failed
 * write is a duplicate, and what was written is durable as asked.
 */
export function isDuplicateKey(error: unknown): boolean {
  if (codeOf(error) !== DUPLICATE_KEY) return false;
  const bulk = error as { writeErrors?: unknown; result?: { getWriteConcernError?: () => unknown } };
  if (Array.isArray(bulk.writeErrors) && bulk.writeErrors.some((one) => codeOf(one) !== DUPLICATE_KEY)) return false;
  return bulk.result?.getWriteConcernError?.() === undefined;
}

/** The positions of the writes of a bulk that failed, in order. Throws the error on when it does not say. */
export function failedWrites(error: unknown): [number, ...number[]] {
  const failed = typeof error === 'object' && error !== null && 'writeErrors' in error ? error.writeErrors : [];
  const [first, ...others] = (Array.isArray(failed) ? failed : [failed]).map(({ index }: { index: number }) => index);
  if (first === undefined) throw error;
  return [first, ...others];
}

const DUPLICATE_KEY = 11_000;

/** Whether an error has this code, as the system names its own: ENOENT. */
export function hasCode(error: unknown, code: string): boolean {
  return codeOf(error) === code;
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

/** For the end of an exhaustive switch over a union: the compiler objects when a case is missing. */
export function unreachable(value: never): never {
  throw new BrokenInvariant(`unexpected value ${JSON.stringify(value)}`);
}
