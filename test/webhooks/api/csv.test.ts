import { expect, it } from 'vitest';

import { csv } from '../../../src/kernel/csv.ts';

it.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "no"', '"say ""no"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
])('the text %j is written as %j', (text, written) => {
  expect(csv(['column'], [[{ text }]])).toBe(`column\r\n${written}\r\n`);
});

it('a number is written as it is, also below zero', () => {
  expect(csv(['cost', 'note'], [[{ number: '-4.00' }, { text: '' }]])).toBe('cost,note\r\n-4.00,\r\n');
});
