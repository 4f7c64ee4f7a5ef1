const SMALLEST = 1_024;

export type GrowingBuffer = ReturnType<typeof createGrowingBuffer>;

/**
 * Bytes that come in pieces, kept in one buffer that doubles up to `limit`: a body in pieces of one byte costs what it
 * weighs, where a list of pieces would cost a hundred times that. What comes in a single piece is not copied.
 */
export function createGrowingBuffer(limit: number) {
  let buffer: Buffer | undefined;
  let length = 0;

  /** Adds a piece; false, and nothing is added, when it would be more than the limit. */
  function append(piece: Buffer): boolean {
    const needed = length + piece.length;
    if (needed > limit) return false;
    if (buffer === undefined) buffer = piece;
    else {
      if (needed > buffer.length) buffer = grown(buffer, needed);
      piece.copy(buffer, length);
    }
    length = needed;
    return true;
  }

  function grown(from: Buffer, needed: number): Buffer {
    const capacity = Math.min(limit, Math.max(SMALLEST, needed, 2 * from.length));
    // Not of Node's pool, of which one small piece would keep the whole.
    const larger = Buffer.allocUnsafeSlow(capacity);
    from.copy(larger, 0, 0, length);
    return larger;
  }

  return {
    append,
    /** What it takes of the memory, in bytes. */
    capacity: (): number => buffer?.length ?? 0,
    bytes: (): Buffer => buffer?.subarray(0, length) ?? Buffer.alloc(0),
  };
}
