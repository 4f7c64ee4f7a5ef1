import { describe, expect, it } from 'vitest';

import { csv } from '../../src/kernel/csv.ts';

describe('text in a table', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['2026-W47:m1', '2026-W47:m1'],
    ['a,b', '"a,b"'],
    ['a;b', '"a;b"'],
    ['a\tb', 'a b'],
    ['a|b', '"a|b"'],
    ['a\rb', 'a b'],
    ['two\nlines', 'two lines'],
    ['Ava\u202e\u200b', 'Ava'],
    ['say "no"', '"say ""no"""'],
    [' spaced ', 'spaced'],
  ])('%j is written as %j', (text, written) => {
    expect(csv(['column'], [[{ text }]])).toBe(`column\r\n${written}\r\n`);
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['＝1+1', "'＝1+1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠SUM(A1)', "'＠SUM(A1)"],
    ['  =1', "'=1"],
    ['\u00a0=1', "'=1"],
    ['\u200b=1', "'=1"],
    ['\ufeff=1', "'=1"],
    ['\t=1', "'=1"],
    ['\r=1', "'=1"],
    ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
    ['"=1', `"""'=1"`],
    ['Ava;=1+1', `"Ava;'=1+1"`],
    ['Ava\t=1+1', 'Ava =1+1'],
    ['Ava;"=1+1"', `"Ava;""'=1+1"""`],
    ['Ava\r\n @SUM(A1)', 'Ava @SUM(A1)'],
  ])('%j, which a spreadsheet would run, is written as %j', (text, written) => {
    expect(csv(['column'], [[{ text }]])).toBe(`column\r\n${written}\r\n`);
  });

  it.each([',', ';', '\t', '|'])('begins no formula in a spreadsheet that splits at %j', (separator) => {
    const texts = ['=a', 'b;=c', 'd\t+e', 'f|-g', 'h;"@i"', ' =j', ';=k', '"";=l', 'm\r\n=n'];
    const file = csv(['column', 'next'], [texts.map((text) => ({ text }))]);
    // The crudest reader there is: it heeds no quotes inside a cell, and takes those around one away.
    const cells = file.split(/\r\n|\r|\n/).flatMap((line) => line.split(separator));
    for (const one of cells) expect(one.replace(/^[\s"]*/, '')).not.toMatch(/^[=+\-@]/);
  });
});

it('a number is written as it is, also below zero', () => {
  expect(csv(['cost', 'note'], [[{ number: '-4.00' }, { text: '' }]])).toBe('cost,note\r\n-4.00,\r\n');
});
