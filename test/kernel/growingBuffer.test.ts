import { describe, expect, it } from 'vitest';

import { createGrowingBuffer } from '../../src/kernel/growingBuffer.ts';

describe('a growing buffer', () => {
  it('takes what comes in one piece as it is', () => {
    const piece = Buffer.from('whole');
    const buffer = createGrowingBuffer(100);
    expect(buffer.append(piece)).toBe(true);
    expect(buffer.bytes().buffer).toBe(piece.buffer);
    expect(buffer.capacity()).toBe(5);
  });

  it('of pieces of one byte never takes more than twice what came, nor more than the limit', () => {
    const buffer = createGrowingBuffer(10_000);
    for (let length = 1; length <= 10_000; length += 1) {
      buffer.append(Buffer.from('x'));
      if (length % 100 !== 0) continue;
      expect(buffer.capacity()).toBeLessThanOrEqual(Math.min(10_000, Math.max(1_024, 2 * length)));
    }
    expect(buffer.bytes().toString()).toBe('x'.repeat(10_000));
    expect(buffer.append(Buffer.from('x'))).toBe(false);
    expect(buffer.bytes()).toHaveLength(10_000);
  });

  it('is empty before anything came', () => {
    expect(createGrowingBuffer(1).bytes()).toEqual(Buffer.alloc(0));
  });
});
