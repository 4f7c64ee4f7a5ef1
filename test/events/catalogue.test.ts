import { describe, expect, it } from 'vitest';

import { createCatalogue } from '../../src/events/catalogue.ts';
import { EVENT_TYPES, EVENTS_IN } from '../../src/events/incoming.ts';
import { EVENTS_OUT, OUTGOING_TYPES } from '../../src/events/outgoing.ts';
import { misfitsOf } from '../support/webhookData.ts';

describe('what the reference shows', () => {
  it.each(EVENT_TYPES)('%s is taken', (type) => {
    const parsed = createCatalogue('USD').parseData(type, EVENTS_IN[type].example);
    expect(parsed).toMatchObject({ kind: 'known' });
  });

  it.each(
    EVENTS_OUT.flatMap(({ example, types }) =>
      Object.entries<{ example?: object }>(types).map(([type, { example: changes }]) => ({
        type,
        data: { ...example, ...changes },
      })),
    ),
  )('$type is as it is sent', ({ type, data }) => {
    expect(misfitsOf({ type, data })).toEqual([]);
  });
});

it('each type has one definition', () => {
  expect(new Set(OUTGOING_TYPES).size).toBe(OUTGOING_TYPES.length);
});
