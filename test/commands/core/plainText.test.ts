import { describe, expect, it, test } from 'vitest';

import { plainCommand } from '../../../src/commands/core/plainText.ts';
import { isFiller, isNoReason, NO_REASON, PLAIN_WORDS, plainNameOf } from '../../../src/commands/core/plainWords.ts';
import { COMMANDS, commandsOf } from '../../../src/commands/registry.ts';
import { foldText } from '../../../src/kernel/searchWords.ts';
import { LANGUAGES } from '../../../src/texts/languages.ts';

const commandNames = new Set<string>(COMMANDS.map(({ name }) => name));
const table = LANGUAGES.flatMap((language) =>
  Object.entries(PLAIN_WORDS[language].names).flatMap(([name, said]) => said.map((word) => ({ language, name, word }))),
);

it.each([NO_REASON, 'No reason.', 'без причины', 'Без причини', 'sin motivo', 'SEM MOTIVO'])(
  '%s is no reason',
  (said) => {
    expect(isNoReason(said)).toBe(true);
  },
);

it.each(['', 'no time', 'без времени', 'sin motivo para esperar'])('%j is a reason, or nothing', (said) => {
  expect(isNoReason(said)).toBe(false);
});

describe('what people call commands', () => {
  it.each(table)('$language: $word is /$name, whatever other languages call so', ({ name, word }) => {
    expect(plainNameOf(foldText(word).replaceAll(' ', ''))).toBe(name);
    expect(commandNames).toContain(name);
    for (const one of word.split(' ')) expect(isFiller(one)).toBe(false);
  });

  it.each(LANGUAGES)('%s: a filler is the name of no command', (language) => {
    for (const filler of PLAIN_WORDS[language].fillers) {
      expect(isFiller(filler.toUpperCase())).toBe(true);
      expect(commandNames).not.toContain(plainNameOf(filler));
    }
  });
});

test('every language but English has a word for what each role asks for most', () => {
  const most = ['balance', 'invoices', 'pay', 'orders', 'earnings', 'commissions', 'nextpayday', 'overdue', 'help'];
  for (const language of LANGUAGES.filter((one) => one !== 'en')) {
    expect(Object.keys(PLAIN_WORDS[language].names)).toEqual(expect.arrayContaining(most));
  }
});

describe('in any language', () => {
  it.each([
    ['model', 'мої рахунки', 'invoices', []],
    ['model', 'Рахунок', 'invoices', []],
    ['model', 'СЧЁТ 2026-W47', 'invoice', ['2026-W47']],
    ['model', 'счет 2026-W47', 'invoice', ['2026-W47']],
    ['model', 'мои заказы', 'myorders', []],
    ['manager', 'замовлення order-17', 'order', ['order-17']],
    ['marketer', 'Mis pedidos, por favor', 'orders', []],
    ['model', 'meu saldo', 'balance', []],
    ['affiliate', 'следующая выплата', 'nextpayday', []],
    ['affiliate', '«Наступна виплата»', 'nextpayday', []],
    ['manager', 'quarentena', 'quarantine', []],
  ] as const)('%s: %s', (role, typed, name, words) => {
    expect(plainCommand(typed, commandsOf(role))).toEqual({ name, words });
  });

  it.each(['мой баланс не сходится', 'quiero hablar con alguien', 'por favor', 'оплатить вчера'])('not %s', (typed) => {
    expect(plainCommand(typed, commandsOf('model'))).toBeNull();
  });
});

test.each([
  ['Próximo repasse', 'nextpayday'],
  ['положение дел', 'standing'],
  ['Наступний день виплат', 'nextpayday'],
  ['Por qué', 'why'],
])('%s stands on a button, and can be written, too', (words, name) => {
  expect(plainNameOf(foldText(words).replaceAll(' ', ''))).toBe(name);
});
