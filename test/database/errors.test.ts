import { mongo } from 'mongoose';
import { expect, test } from 'vitest';

import { isDatabaseOutage } from '../../src/database/errors.ts';

test.each([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
  'MongoWaitQueueTimeoutError',
  'MongoTopologyClosedError',
  'MongoNotConnectedError',
  'MongoClientClosedError',
  'MongoOperationTimeoutError',
])('%s is an outage', (name) => {
  expect(isDatabaseOutage(Object.assign(new Error('gone'), { name }))).toBe(true);
});

test.each([
  ['a refusal of the server', new mongo.MongoServerError({ message: 'no' })],
  ['a fault of ours', new TypeError('no')],
  ['no error', 'MongoNetworkError'],
])('%s is none', (_, error) => {
  expect(isDatabaseOutage(error)).toBe(false);
});

test('the driver names its errors so', () => {
  expect(isDatabaseOutage(new mongo.MongoNetworkError('gone'))).toBe(true);
});
