import { expect, test } from 'vitest';

import { refusedOptions, withDatabase } from '../../src/database/connectionString.ts';

test.each([
  'mongodb://h/settlebot',
  'mongodb+srv://u:p@cluster.example.net/?retryWrites=true&w=majority&appName=prod',
  'mongodb://a,b,c/settlebot?replicaSet=rs0&authSource=admin&tls=true&compressors=zlib&maxPoolSize=64',
  'mongodb://h/?readPreference=primary&readConcernLevel=local&journal=true',
])('%s says nothing that the service does not', (uri) => {
  expect(refusedOptions(uri)).toEqual([]);
});

test.each([
  ['readPreference=secondaryPreferred', 'decisions read from the primary'],
  ['readpreference=nearest', 'decisions read from the primary'],
  ['readPreferenceTags=dc:ny', 'decisions read from the primary'],
  ['readConcernLevel=available', 'decisions read what the primary has'],
  ['w=1', 'a majority'],
  ['w=0', 'a majority'],
  ['journal=false', 'the journal'],
  ['retryWrites=false', 'sent once more'],
  ['socketTimeoutMS=0', 'time-outs of its own'],
  ['timeoutMS=10', 'time-outs of its own'],
  ['heartbeatFrequencyMS=60000', 'by itself'],
])('%s is refused by name', (option, instead) => {
  const refused = refusedOptions(`mongodb://u:p@h/settlebot?appName=x&${option}`);
  expect(refused).toHaveLength(1);
  expect(refused[0]).toContain(option);
  expect(refused[0]).toContain(instead);
});

test.each([
  ['mongodb://db:27017', 'mongodb://db:27017/other'],
  ['mongodb://db/settlebot?replicaSet=rs0', 'mongodb://db/other?replicaSet=rs0'],
  ['mongodb://%2Ftmp%2Fa.sock/?directConnection=true', 'mongodb://%2Ftmp%2Fa.sock/other?directConnection=true'],
  // A user is known where the string said, not in the other database.
  ['mongodb://u:p@a,b/settlebot', 'mongodb://u:p@a,b/other?authSource=settlebot'],
  ['mongodb://u:p@a/settlebot?tls=true', 'mongodb://u:p@a/other?tls=true&authSource=settlebot'],
  ['mongodb+srv://u:p@a/settlebot?authSource=admin', 'mongodb+srv://u:p@a/other?authSource=admin'],
])('another database by %s', (uri, other) => {
  expect(withDatabase(uri, 'other')).toBe(other);
});
