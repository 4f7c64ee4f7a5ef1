import { expect, test } from 'vitest';

import { offsetOf } from '../../src/database/clockWatch.ts';

test.each([
  ['within the round trip', 1_005, 1_000, 1_010, 0],
  ['at its end', 1_010, 1_000, 1_010, 0],
  ['ahead', 4_000, 1_000, 1_010, 2_990],
  ['behind', 400, 1_000, 1_010, -600],
  ['behind, of which a slow answer hides nothing', 400, 1_000, 9_000, -600],
  ['ahead, but perhaps the answer was slow', 6_000, 1_000, 9_000, 0],
])('a clock that is %s', (_, theirs, sent, answered, offset) => {
  expect(offsetOf(theirs, sent, answered)).toBe(offset);
});
