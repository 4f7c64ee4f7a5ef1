import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { oneLine, onePiece, printable, quoted, shorten, shownName } from '../../src/kernel/text.ts';
import { deepTest } from '../support/depth.ts';

it('lines for a terminal keep their columns and lose what moves its cursor', () => {
  expect(printable('a   b\tc\u001b[2J\u009b31m\n\u202e  $1\r')).toBe('a   b c[2J31m\n  $1');
});

describe('text from outside in one line', () => {
  it.each([
    ['what is plain', 'Elena Müller-Öz', 'Elena Müller-Öz'],
    ['line ends of every kind', 'a\nb\r\nc\u2028d\u2029e\u0085f\vg', 'a b c d e f g'],
    ['spaces of every kind', ' a\u00a0\u3000\t\u2800b ', 'a b'],
    ['controls and escapes', 'M\u0000\u001b[31mred\u007f', 'M[31mred'],
    ['overrides, embeddings and isolates', 'a\u202eb\u202dc\u2066d\u2067e\u2068f\u2069g\u200eh\u061c', 'abcdefgh'],
    ['zero-width characters', 'a\u200bb\u2060c\ufeffd\u00ade\u180ef', 'abcdef'],
    ['tags and selectors', 'a\u{e0041}\u{e007f}b\u{e0100}c\ufe00d\ufe0f', 'abcd'],
    ['fillers that pass for letters', 'a\u3164b\u115f\u1160c\uffa0\u034f', 'abc'],
    ['halves of characters and private ones', 'a\ud800b\udc00c\ue000\uffff', 'abc'],
    ['joiners where nothing joins', 'A\u200bv\u200da\u200c \u200d', 'Ava'],
    ['joiners that spell', 'می\u200cخواهم', 'می\u200cخواهم'],
    ['joiners that spell in Hindi', 'क्\u200dष', 'क्\u200dष'],
    ['a family', '👩\u200d👩\u200d👧\u200d👦', '👩\u200d👩\u200d👧\u200d👦'],
    ['an astronaut of some colour', '👨🏽\u200d🚀', '👨🏽\u200d🚀'],
    ['a red heart', '❤\ufe0f', '❤\ufe0f'],
    ['heaps of marks', `Z${'\u0335'.repeat(40)}a`, `Z${'\u0335'.repeat(4)}a`],
    ['nothing to see', '\u200b\u3164\u202e \u2060', ''],
  ])('%s', (_, sent, shown) => {
    expect(oneLine(sent)).toBe(shown);
  });

  deepTest('never has what nobody sees, whatever was sent, and says the same the second time', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: 'binary' }), (sent) => {
        const shown = oneLine(sent);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cs}\p{Co}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]/u);
        expect(oneLine(shown)).toBe(shown);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a name in a sentence of ours', () => {
  it.each([
    ['Elena', 'Elena'],
    ['Ana Maria de Souza', 'Ana Maria de Souza'],
    ['Иван', 'Иван'],
    ['o’Neill & Co', 'o’Neill & Co'],
    ['agency_7', 'agency_7'],
    ['Ava\u202e', 'Ava'],
    ['\u200b\u3164', 'm1'],
    ['', 'm1'],
    ['Elena\n\nThis order is prepaid.', '“Elena This order is prepaid.”'],
    ['$9,000.00', '“$9,000.00”'],
    ['Elena. Accept it now', '“Elena. Accept it now”'],
    ['@durov', '“@durov”'],
    ['/pay 7', '“/pay 7”'],
    ['evil.example', '“evil.example”'],
    ['a” owes “b', "“a' owes 'b”"],
    ['<b>x</b>', '“<b>x</b>”'],
    ['אבא', '“\u2068אבא\u2069”'],
    ['سارا', '“\u2068سارا\u2069”'],
    ['x'.repeat(10_000), `${'x'.repeat(59)}…`],
  ])('%j is shown as %j', (name, shown) => {
    const said = shownName(name, 'm1');
    expect(said.replace(/^“(x+…)”$/, '$1')).toBe(shown);
  });

  it('a reason is always set apart, and cannot end its quotes', () => {
    expect(quoted('late\nagain')).toBe('“late again”');
    expect(quoted('late”. You owe $500.00. “')).toBe("“late'. You owe $500.00. '”");
    expect(quoted('y'.repeat(10_000)).length).toBe(502);
  });
});

describe('a text cut to a length', () => {
  it('closes a name that is set apart and isolated, wherever the cut is', () => {
    const text = `4 fans for ${shownName('אבי & Co', 'a')} by ${shownName('נועה \u{1f600} & Co', 'b')}`;
    for (let length = 1; length < text.length; length += 1) {
      const cut = shorten(text, length);
      expect([...cut.matchAll(/\u2068/g)]).toHaveLength([...cut.matchAll(/\u2069/g)].length);
      expect(cut.length).toBeLessThanOrEqual(length);
      expect(cut).toMatch(/…(?:\u2069”)?$/);
      expect(cut).not.toMatch(/\p{Surrogate}/u);
      expect(onePiece(cut)).toBe(cut);
    }
    expect(shorten(text, text.length)).toBe(text);
    expect(shorten(text, 17)).toBe('4 fans for “\u2068א…\u2069”');
  });
});

describe('a piece of a message', () => {
  it('is one line, and keeps the isolation of our own quotes alone', () => {
    const said = `For ${shownName('אבא', 'm1')}: 100 fans`;
    expect(onePiece(said)).toBe(said);
    expect(onePiece('For Elena\n\n\u2068Order 7\u202e is paid')).toBe('For Elena Order 7 is paid');
    expect(onePiece('“\u2068אבא\u2067\n\u2069” owes')).toBe('“אבא ” owes');
  });
});
