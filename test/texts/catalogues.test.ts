import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { describe, expect, it } from 'vitest';

import { catalogueOf, textIn } from '../../src/texts/catalogues.ts';
import type { TextArguments, TextKey } from '../../src/texts/keys.ts';
import { LANGUAGES, type Language } from '../../src/texts/languages.ts';
import { englishIn, SAME_EVERYWHERE } from '../support/english.ts';

const TRANSLATIONS = LANGUAGES.filter((language) => language !== 'en');
/** What decides about the plural in one language or another. */
const COUNTS = [0, 1, 2, 5, 11, 21, 101, 1_000_000];
type Values = Record<string, string | number>;

/** Ways to fill in a text, so that each branch of it is said: strings are marked, so that they are found again. */
function fillings(text: string): Values[] {
  const strings: Values = {};
  const numbers = new Set<string>();
  const selects = new Map<string, Set<string>>();
  const visit = (elements: MessageFormatElement[]) => {
    for (const element of elements) {
      if (element.type === TYPE.argument) strings[element.value] = `⟦${element.value}⟧`;
      if (element.type === TYPE.number) numbers.add(element.value);
      if (element.type === TYPE.plural) numbers.add(element.value);
      if (element.type === TYPE.select) {
        const options = selects.get(element.value) ?? new Set();
        for (const option of Object.keys(element.options)) options.add(option);
        selects.set(element.value, options);
      }
      if (element.type === TYPE.plural || element.type === TYPE.select)
        for (const { value } of Object.values(element.options)) visit(value);
    }
  };
  visit(parse(text, { ignoreTag: true }));
  let all: Values[] = COUNTS.map((count) => ({
    ...strings,
    ...Object.fromEntries([...numbers].map((name) => [name, count])),
  }));
  if (numbers.size === 0) all = all.slice(0, 1);
  for (const [name, options] of selects)
    all = all.flatMap((values) => [...options].map((option) => ({ ...values, [name]: option })));
  return all;
}

function said(language: Language, key: string, values: Values): string {
  return textIn(language, key as TextKey, values as TextArguments[TextKey]);
}

const marks = (text: string) => (text.match(/⟦\w+⟧/g) ?? []).sort();
const digits = (text: string) => (text.replaceAll(SAME_EVERYWHERE, '').match(/\p{Nd}/gu) ?? []).join('');
const commands = (text: string) => (text.match(/\/[a-z]{2,}/g) ?? []).sort();
const english = [...catalogueOf('en')];

describe.each(TRANSLATIONS)('%s', (language) => {
  it('has a text for each English one, which fills in the same, and says the same numbers and commands', () => {
    const faults: string[] = [];
    for (const [key, text] of english) {
      if (!catalogueOf(language).has(key)) faults.push(`${key} is missing`);
      for (const values of fillings(text)) {
        const [here, there] = [said(language, key, values), said('en', key, values)];
        const where = `${key} ${JSON.stringify(values)}: ${here}`;
        if (String(marks(here)) !== String(marks(there))) faults.push(`${where} fills in other values`);
        if (String(commands(here)) !== String(commands(there))) faults.push(`${where} names other commands`);
        // A language may say "one" in words, but says every other number.
        if (Object.values(values).includes(1_000_000) && digits(here) !== digits(there))
          faults.push(`${where} has other numbers`);
      }
    }
    expect(faults.slice(0, 20)).toEqual([]);
  });

  it('has no English in it', () => {
    // The names of arguments are what stands after commands, in capitals, in all languages.
    const texts = english.filter(([key]) => !key.startsWith('arguments.names.'));
    const faults = texts.flatMap(([key, text]) =>
      fillings(text)
        .map((values) => englishIn(said(language, key, values).replaceAll(/⟦\w+⟧/g, '')))
        .flatMap((found) => (found === undefined ? [] : [`${key}: ${found}`])),
    );
    expect(faults.slice(0, 20)).toEqual([]);
  });

  it('ends each sentence as the English one does, and opens what it closes', () => {
    const end = (text: string) => /[.!?…:]?$/.exec(text.trim())?.[0];
    const faults: string[] = [];
    for (const [key, text] of english) {
      const values = fillings(text)[0] ?? {};
      const [here, there] = [said(language, key, values), said('en', key, values)];
      if (end(here) !== end(there)) faults.push(`${key}: ${here} does not end as ${there}`);
      for (const [open, close] of ['()', '“”', '«»', '[]'])
        if (here.split(open ?? '').length !== here.split(close ?? '').length)
          faults.push(`${key}: ${here} is unbalanced`);
      if (/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/.test(here))
        faults.push(`${key}: ${here} changes the direction of text`);
      if (/ {2}|^\s|\s$/.test(here)) faults.push(`${key}: "${here}" has stray spaces`);
    }
    expect(faults.slice(0, 20)).toEqual([]);
  });
});
