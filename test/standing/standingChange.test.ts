import { expect, test } from 'vitest';

import { defaultPolicy } from '../../src/policy.ts';
import { type AnnouncedStanding, changeTypes, untouched } from '../../src/standing/standingChange.ts';

const good = untouched(defaultPolicy);

test.each<[string, Partial<AnnouncedStanding>, Partial<AnnouncedStanding>, string[]]>([
  ['nothing', {}, {}, []],
  ['a score', {}, { trustScore: 40 }, ['trust.changed']],
  ['paused, with the score', {}, { trustScore: 40, campaigns: 'paused' }, ['trust.changed', 'campaigns.paused']],
  ['resumed', { campaigns: 'paused' }, {}, ['campaigns.resumed']],
  ['blocked', {}, { cplOrders: 'blocked' }, ['cpl_orders.blocked']],
  ['unblocked', { cplOrders: 'blocked' }, {}, ['cpl_orders.unblocked']],
  ['a review that opens', {}, { terminationReview: true }, ['partnership.review_opened']],
  ['a review that is closed is told by the decision', { terminationReview: true }, {}, []],
  [
    'terminated',
    { campaigns: 'paused', terminationReview: true },
    { campaigns: 'stopped', cplOrders: 'blocked', terminated: true },
    ['cpl_orders.blocked', 'partnership.terminated'],
  ],
])('changes that are announced: %s', (_, before, after, types) => {
  expect(changeTypes({ ...good, ...before }, { ...good, ...after })).toEqual(types);
});
