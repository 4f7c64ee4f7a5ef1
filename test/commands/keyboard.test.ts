import { describe, expect, it } from 'vitest';

import { plainCommand } from '../../src/commands/core/plainText.ts';
import { keyboardCommand, keyboardOf } from '../../src/commands/keyboard.ts';
import { commandsOf } from '../../src/commands/registry.ts';
import { ROLES } from '../../src/events/catalogue.ts';
import { SCOPES } from '../../src/rights/scope.ts';
import { LANGUAGES } from '../../src/texts/languages.ts';
import { sayIn } from '../../src/texts/speech.ts';

const keyboards = LANGUAGES.flatMap((language) =>
  ROLES.map((role) => ({ language, role, labels: keyboardOf({ role, scopes: SCOPES }, sayIn(language)).flat() })),
);

describe.each(keyboards)('$language: the keys of a $role', ({ role, labels }) => {
  it('are four to six, short, and each is a command of that role which needs nothing and cannot do harm', () => {
    expect(labels.length).toBeGreaterThanOrEqual(4);
    expect(labels.length).toBeLessThanOrEqual(6);
    expect(new Set(labels).size).toBe(labels.length);
    for (const label of labels) {
      expect(label.length).toBeLessThanOrEqual(24);
      const name = keyboardCommand(label);
      const command = commandsOf(role).find((one) => one.name === name);
      expect(command, label).toBeDefined();
      expect(command?.arguments).not.toMatch(/^[A-Z]/);
      expect(command?.asksOnceMore).toBeUndefined();
    }
  });

  it('are understood as clients may write them, and are no words that somebody writes', () => {
    for (const label of labels) {
      expect(keyboardCommand(` ${label.replaceAll('\ufe0f', '')} `)).toBe(keyboardCommand(label));
      expect(keyboardCommand(label.normalize('NFD'))).toBe(keyboardCommand(label));
      const words = label.replace(/^\S+ /, '');
      expect(keyboardCommand(words)).toBeNull();
      expect(keyboardCommand(`${label} please`)).toBeNull();
    }
  });
});

it('a key means one command in all languages', () => {
  const meanings = new Map<string, Set<string>>();
  for (const { labels } of keyboards)
    for (const label of labels) {
      const sign = label.split(' ')[0] ?? '';
      meanings.set(sign, (meanings.get(sign) ?? new Set()).add(keyboardCommand(label) ?? ''));
    }
  for (const commands of meanings.values()) expect(commands.size).toBe(1);
});

it('words without a sign stay what they were', () => {
  expect(plainCommand('my balance', commandsOf('model'))).toEqual({ name: 'balance', words: [] });
  expect(keyboardCommand('balance')).toBeNull();
});
