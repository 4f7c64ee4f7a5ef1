import { describe, expect, it } from 'vitest';

import { languageCalled, languageOf, localeOf } from '../../src/texts/languages.ts';

describe('the language of a locale', () => {
  it.each([
    ['en-GB', 'en'],
    ['ru', 'ru'],
    ['ru_RU', 'ru'],
    ['uk-UA', 'uk'],
    ['es-419', 'es'],
    ['es-MX', 'es'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['PT-br', 'pt-BR'],
  ])('%s is %s', (locale, language) => {
    expect(languageOf(locale)).toBe(language);
  });

  it.each(['de', 'zh-Hant', '', 'x', 'not a locale', 'ru;drop', '-', 'e'.repeat(300), undefined])(
    '%s is none that is written here',
    (locale) => {
      expect(languageOf(locale)).toBeUndefined();
    },
  );
});

describe('a language as it is called', () => {
  it.each([
    ['español', 'es'],
    ['РУССКИЙ', 'ru'],
    ['українська', 'uk'],
    ['pt', 'pt-BR'],
    ['português (brasil)', 'pt-BR'],
    [' en ', 'en'],
  ])('%s', (typed, language) => {
    expect(languageCalled(typed)).toBe(language);
  });

  it.each(['klingon', 'de', ''])('%s is none', (typed) => {
    expect(languageCalled(typed)).toBeUndefined();
  });
});

describe('how to write to somebody', () => {
  it.each([
    ['what they chose comes first', { chosen: 'uk', account: 'ru', chat: 'es' }, 'uk'],
    ['then what the platform says', { account: 'ru-RU', chat: 'es' }, 'ru-RU'],
    ['then what their chat says', { chat: 'es-419' }, 'es-419'],
    ['a language that nobody here writes is passed over', { account: 'de', chat: 'pt-br' }, 'pt-BR'],
    ['the region of a choice is that of the platform', { chosen: 'es', account: 'es-MX', chat: 'es-ES' }, 'es-MX'],
    ['or of the chat', { chosen: 'es', account: 'en', chat: 'es-AR' }, 'es-AR'],
    ['English where nothing is known', {}, 'en'],
    ['English where nothing known is written', { account: 'ja', chat: 'tlh' }, 'en'],
  ] as const)('%s', (_, said, locale) => {
    expect(localeOf(said)).toBe(locale);
  });
});
