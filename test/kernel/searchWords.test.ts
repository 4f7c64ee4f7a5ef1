import { expect, test } from 'vitest';

import { searchWordsOf, typedWordsOf } from '../../src/kernel/searchWords.ts';

test.each([
  ['Zoë van der Birch', 'm-1', ['m-1', 'zoe', 'van', 'der', 'birch', 'm', '1']],
  ['  Анна  ', 'anna', ['anna', 'анна']],
  ['李雷', 'A:b', ['a:b', '李雷', 'a', 'b']],
  ['', 'x', ['x']],
  ['Ann-Marie Ann', 'ann', ['ann', 'marie', 'ann-marie']],
  ['Łukasz Groß', 'm', ['m', 'lukasz', 'gross']],
  ["O'Brien & İrem", 'm', ['m', 'o', 'brien', 'irem', "o'brien"]],
])('%j (%s) is found by %j', (name, id, words) => {
  expect(searchWordsOf(name, id)).toEqual(words);
});

test.each([
  ['ZOË  bir', ['zoe', 'bir']],
  ['m-1', ['m-1']],
  ["o'B", ["o'b"]],
  ['gross & ŁU', ['gross', 'lu']],
  ['.* &', ['.*', '&']],
  ['  ', []],
])('%j looks for %j', (typed, words) => {
  expect(typedWordsOf(typed)).toEqual(words);
});

test('long names are bounded', () => {
  const words = searchWordsOf(Array.from({ length: 100 }, (_, index) => `${index}`.repeat(90)).join(' '), 'x');
  expect(words[0]).toBe('x');
  expect(words.length).toBeLessThanOrEqual(20);
  expect(Math.max(...words.map(({ length }) => length))).toBeLessThanOrEqual(64);
});
