import { mongo } from 'mongoose';
import { describe, expect, test } from 'vitest';

import { isDatabaseTrouble, troubleKind } from '../../src/database/trouble.ts';

const named = (name: string, more: object = {}) => Object.assign(new Error('said so'), { name, ...more });
const server = (code: number, codeName: string) => new mongo.MongoServerError({ message: 'said so', code, codeName });

describe('the way to the database', () => {
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
    'MongoExpiredSessionError',
    'MongoUnexpectedServerResponseError',
    'MongoSomethingNobodyHasMetYet',
  ])('%s is trouble', (name) => {
    expect(isDatabaseTrouble(named(name))).toBe(true);
  });

  test('the driver names its errors so', () => {
    expect(isDatabaseTrouble(new mongo.MongoNetworkError('gone'))).toBe(true);
  });

  test.each(['ECONNRESET', 'EPIPE', 'ENOSPC', 'EIO'])('%s of the system is trouble, also as a cause', (code) => {
    const error = named('Error', { code, syscall: 'write' });
    expect(isDatabaseTrouble(error)).toBe(true);
    expect(isDatabaseTrouble(new Error('wrapped', { cause: error }))).toBe(true);
  });

  test('mongoose without a connection is trouble', () => {
    expect(isDatabaseTrouble(named('MongooseError', { message: 'Cannot call before initial connection' }))).toBe(true);
  });
});

describe('the server', () => {
  test.each([
    [10_107, 'NotWritablePrimary'],
    [189, 'PrimarySteppedDown'],
    [91, 'ShutdownInProgress'],
    [64, 'WriteConcernFailed'],
    [133, 'FailedToSatisfyReadPreference'],
    [262, 'ExceededTimeLimit'],
    [43, 'CursorNotFound'],
    [50, 'MaxTimeMSExpired'],
    [11_600, 'InterruptedAtShutdown'],
    [11_602, 'InterruptedDueToReplStateChange'],
    [13_435, 'NotPrimaryNoSecondaryOk'],
    [13_388, 'StaleConfig'],
    [112, 'WriteConflict'],
    [14_031, 'OutOfDiskSpace'],
    [99_999, 'OfAYearToCome'],
  ])('%i %s is trouble', (code, codeName) => {
    expect(isDatabaseTrouble(server(code, codeName))).toBe(true);
  });

  test.each([
    [2, 'BadValue'],
    [66, 'ImmutableField'],
    [121, 'DocumentValidationFailure'],
    [10_334, 'BSONObjectTooLarge'],
    [11_000, 'DuplicateKey'],
    [40_353, 'Location40353'],
  ])('%i %s is a fault of the document', (code, codeName) => {
    expect(isDatabaseTrouble(server(code, codeName))).toBe(false);
  });

  test('a label says that the write may be right, whatever the code', () => {
    const error = server(2, 'BadValue');
    error.addErrorLabel('RetryableWriteError');
    expect(isDatabaseTrouble(error)).toBe(true);
  });
});

describe('a bulk write', () => {
  const bulk = (writeErrors: object | object[], concern?: object) =>
    named('MongoBulkWriteError', { code: 11_000, writeErrors, result: { getWriteConcernError: () => concern } });

  test('is a fault where all that failed is', () => {
    expect(isDatabaseTrouble(bulk([{ code: 11_000 }, { code: 10_334 }]))).toBe(false);
    expect(isDatabaseTrouble(bulk({ code: 11_000 }))).toBe(false);
  });

  test('is trouble where one of it is, or no majority has it', () => {
    expect(isDatabaseTrouble(bulk([{ code: 11_000 }, { code: 10_107 }]))).toBe(true);
    expect(isDatabaseTrouble(bulk([{ code: 11_000 }], { code: 64 }))).toBe(true);
  });
});

test.each([
  ['a fault of ours', new TypeError('no')],
  ['what the driver refuses', named('MongoInvalidArgumentError')],
  ['what makes no BSON', named('BSONError')],
  ['what a schema refuses', named('ValidationError')],
  ['no error', 'MongoNetworkError'],
])('%s is none', (_, error) => {
  expect(isDatabaseTrouble(error)).toBe(false);
});

test.each<[string, unknown, string]>([
  ['a member that stepped down', server(189, 'PrimarySteppedDown'), 'no-primary'],
  ['a set that elects', named('MongoServerSelectionError'), 'no-primary'],
  ['a write that no majority confirmed', server(64, 'WriteConcernTimeout'), 'no-majority'],
  ['no free connection', named('MongoWaitQueueTimeoutError'), 'pool'],
  ['a silent connection', named('MongoNetworkTimeoutError'), 'late'],
  ['a broken connection', new mongo.MongoNetworkError('gone'), 'network'],
  ['another code', server(133, 'FailedToSatisfyReadPreference'), 'other'],
  ['what wraps another', new Error('not stored', { cause: server(10_107, 'NotWritablePrimary') }), 'no-primary'],
  ['no error at all', 'text', 'other'],
])('the kind of %s', (_, error, kind) => {
  expect(troubleKind(error)).toBe(kind);
});
