/** A broken invariant: never expected, never handled, always loud. */
export class BrokenInvariant extends Error {
  override name = 'BrokenInvariant';
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** MongoDB's "this key is there already", alone or inside a bulk write. */
export function isDuplicateKey(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 11000;
}

/** For the end of an exhaustive switch over a union: the compiler objects when a case is missing. */
export function unreachable(value: never): never {
  throw new BrokenInvariant(`unexpected value ${JSON.stringify(value)}`);
}
