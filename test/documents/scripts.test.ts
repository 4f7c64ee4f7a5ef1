import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';

import { fontBytes } from '../../src/documents/fonts.ts';
import { invoicePdf } from '../../src/documents/invoice.ts';
import { isolate } from '../../src/documents/isolate.ts';
import { shapeText } from '../../src/documents/shaping.ts';
import { type Run, readable, runsOf } from '../../src/documents/textRuns.ts';
import { sampleOf } from '../support/depth.ts';
import { invoiceOf, PLATFORM } from './samples.ts';

function visual(text: string): string[] {
  return runsOf(readable(text), 'regular').map(({ text, isRightToLeft }) => `${text}${isRightToLeft ? '←' : ''}`);
}

function widthOf(runs: Run[], size: number): number {
  return runs.reduce((width, { font, text, isRightToLeft }) => {
    const { advanceWidth, unitsPerEm } = shapeText(text, font, isRightToLeft);
    return width + (advanceWidth / unitsPerEm) * size;
  }, 0);
}

describe('a line', () => {
  it('of Hebrew words has the last one leftmost', () => {
    expect(visual('יעל כהן')).toEqual(['כהן←', ' ←', 'יעל←']);
  });

  it('of both ways keeps what is ours in its place, also next to numbers', () => {
    expect(visual(`${isolate('דוד 7')} (12)`)).toEqual(['7', ' ←', 'דוד←', ' (12)']);
    expect(visual('Paid to יעל, then')).toEqual(['Paid to ', 'יעל←', ', then']);
  });

  it('of Latin and Hebrew keeps numbers as they are written', () => {
    expect(visual('יעל 123 כהן')).toEqual(['כהן←', ' ←', '123', ' ←', 'יעל←']);
  });

  it('cannot be turned around by marks in a name', () => {
    expect(visual('two \u202eturned\u202c \u2067x\u2069')).toEqual(['two turned x']);
  });

  it('keeps the joiners of letters, and no others', () => {
    expect(readable('می\u200cخواهم')).toBe('می\u200cخواهم');
    expect(readable('ප්\u200dරියා')).toBe('ප්\u200dරියා');
    expect(readable('a\u200b \u200db')).toBe('a b');
  });

  it('has its marks from the font of their letters', () => {
    expect(runsOf('שָׁלוֹם', 'regular')).toHaveLength(1);
    expect(runsOf('प्रिया', 'bold')).toHaveLength(1);
    expect(runsOf('می\u200cخواهم', 'regular')).toHaveLength(1);
  });

  it('has a box for each letter that no font has', () => {
    expect(visual('😀𐌰')).toEqual(['\ufffd\ufffd']);
  });
});

describe('a shaped text', () => {
  it('joins Arabic letters: in a word they are other glyphs than alone', () => {
    const [run] = runsOf('محمد', 'regular');
    const glyphs = new Set(shapeText('محمد', run?.font ?? '', true).glyphs.map(({ id }) => id));
    const alone = [...'محمد'].flatMap((letter) => shapeText(letter, run?.font ?? '', true).glyphs.map(({ id }) => id));
    // Only the last letter, which does not join to its left, and the first after it may look the same.
    expect(alone.filter((id) => glyphs.has(id)).length).toBeLessThan(alone.length / 2);
  });

  it('builds Indic syllables: the vowel sign stands before its consonants', () => {
    const [run] = runsOf('प्रि', 'regular');
    const { glyphs } = shapeText('प्रि', run?.font ?? '', false);
    expect(glyphs).toHaveLength(2);
  });

  it('reads a turned bracket as what it looks like', () => {
    expect(shapeText('(', 'noto-sans/latin-400', true).glyphs.map(({ text }) => text)).toEqual([')']);
  });

  it.each([
    ['Hebrew', 'noto-sans-hebrew/hebrew', 'שָׁלוֹם'],
    ['Arabic', 'noto-sans-arabic/arabic', 'بَيْتٌ'],
    ['Devanagari', 'noto-sans/devanagari', 'क्षत्रियर्कि'],
    ['Bengali', 'noto-sans-bengali/bengali', 'চক্রবর্তী'],
    ['Gujarati', 'noto-sans-gujarati/gujarati', 'કૃષ્ણ'],
    ['Gurmukhi', 'noto-sans-gurmukhi/gurmukhi', 'ਹਰਪ੍ਰੀਤ'],
    ['Kannada', 'noto-sans-kannada/kannada', 'ಸ್ತ್ರೀ'],
    ['Khmer', 'noto-sans-khmer/khmer', 'ខ្មែរ'],
    ['Malayalam', 'noto-sans-malayalam/malayalam', 'സ്ത്രീ'],
    ['Myanmar', 'noto-sans-myanmar/myanmar', 'မြန်မာ'],
    ['Oriya', 'noto-sans-oriya/oriya', 'ପ୍ରିୟା'],
    ['Sinhala', 'noto-sans-sinhala/sinhala', 'ප්‍රියා'],
    ['Tamil', 'noto-sans-tamil/tamil', 'கொண்டை'],
    ['Telugu', 'noto-sans-telugu/telugu', 'కృష్ణ'],
    ['Thai', 'noto-sans-thai/thai', 'น้ำปู่'],
  ])('is as wide in %s as a browser engine makes it', (script, subset, text) => {
    GlobalFonts.register(Buffer.from(fontBytes(`${subset}-400`)), `Measured ${script}`);
    const context = createCanvas(10, 10).getContext('2d');
    context.font = `100px "Measured ${script}"`;
    expect(widthOf(runsOf(text, 'regular'), 100)).toBeCloseTo(context.measureText(text).width, 0);
  });
});

// The shaper of the PDF library itself threw on this one.
it.each(
  sampleOf(
    ['محمد عبد الله بَيْتٌ لا', 'יעל כהן-לוי שָׁלוֹם', 'प्रिया शर्मा', 'सु\u0301 a\u0301\u0323\u0304', 'ދިވެހި ܣܘܪܝܝܐ አማርኛ'],
    1,
  ),
)('a name is on the invoice: %s', async (name) => {
  const file = await invoicePdf(invoiceOf(1), { model: name }, PLATFORM);
  expect(Buffer.from(file).subarray(0, 5).toString()).toBe('%PDF-');
});
