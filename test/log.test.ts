import { expect, test } from 'vitest';

import { createLog, whatFailed } from '../src/log.ts';

test('an error is logged without the documents that the database puts into it', () => {
  const operation = { insertOne: { document: { body: 'hunter2' } } };
  const error = Object.assign(new Error('write failed'), { code: 11_000, writeErrors: [{ err: { op: operation } }] });
  expect(whatFailed(error)).toMatchObject({ type: 'Error', message: 'write failed', code: 11_000 });
  expect(JSON.stringify(whatFailed(error))).not.toContain('hunter2');
  expect(whatFailed('a text')).toEqual({ message: 'a text' });
});

test('a line is one line, and moves no cursor', () => {
  const lines: string[] = [];
  const log = createLog('info', false, { write: (line) => lines.push(line) });
  log.warn('telegram: Ava\u202e\n\u001b[2Kall is well');
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['telegram: Ava [2Kall is well']);
});
