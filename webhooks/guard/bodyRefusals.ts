import type { problem } from '../problem.ts';
import type { BodyRefusal } from './body.ts';

/**
 * The problem of a body that was not read to its end. The connection ends with the answer, as the rest is not read
 * either. `limit` in words.
 */
export function bodyRefusal(refusal: BodyRefusal, limit: string): Parameters<typeof problem> {
  switch (refusal) {
    case 'too-large':
      return [413, `The body is larger than ${limit}.`, {}, CLOSE];
    case 'too-many':
      return [503, 'Too many bodies are being sent at once.', {}, { ...CLOSE, 'retry-after': '5' }];
    case 'in-pieces':
      return [400, 'The body came in too many pieces.', {}, CLOSE];
    case 'too-slow':
      return [408, 'The body came too slowly.', {}, CLOSE];
    case 'aborted':
      return [400, 'The body ended before it was complete.', {}, CLOSE];
  }
}

const CLOSE = { connection: 'close' };
