import { isShades, type Style, widthOf } from './fonts.ts';

/** A piece of text in one style. */
export type Span = { text: string; style: Style };

/** A piece of text in its place on a line, from the left of the line. */
export type Run = Span & { x: number; width: number };

export type Line = { runs: Run[]; width: number };

/** Text in lines of at most `maxWidth`: broken between words, and within a word that is too long for a line. */
export function wrap(spans: Span[], maxWidth: number): Line[] {
  const lines: Span[][] = [];
  let current: Span[] = [];
  let gap: Span[] = [];
  for (const token of tokensOf(spans)) {
    if (token.kind === 'break') {
      lines.push(current);
      [current, gap] = [[], []];
    } else if (token.kind === 'gap') {
      gap = token.spans;
    } else if (fits([...current, ...gap, ...token.spans])) {
      current = [...current, ...gap, ...token.spans];
      gap = [];
    } else {
      if (current.length > 0) lines.push(current);
      const pieces = broken(token.spans);
      lines.push(...pieces.slice(0, -1));
      [current, gap] = [pieces.at(-1) ?? [], []];
    }
  }
  return [...lines, current].map(lineOf);

  function fits(line: Span[]): boolean {
    return lineOf(line).width <= maxWidth;
  }

  /** A word in pieces that fit on a line each. */
  function broken(word: Span[]): Span[][] {
    let letters = lettersOf(word);
    const pieces: Span[][] = [];
    while (letters.length > 0) {
      const length = Math.max(
        1,
        longest(letters.length, (count) => fits(letters.slice(0, count))),
      );
      pieces.push(letters.slice(0, length));
      letters = letters.slice(length);
    }
    return pieces;
  }
}

/** Text on one line, with a sign that something is missing where it is longer. */
export function cutToLine(spans: Span[], maxWidth: number): Line {
  const whole = lineOf(spans);
  if (whole.width <= maxWidth) return whole;
  const letters = lettersOf(spans);
  const cut = (length: number): Line => {
    const last = letters[length - 1];
    return lineOf(last === undefined ? [] : [...letters.slice(0, length), { text: '…', style: last.style }]);
  };
  return cut(longest(letters.length, (length) => cut(length).width <= maxWidth));
}

function lettersOf(spans: Span[]): Span[] {
  return spans.flatMap(({ text, style }) => [...text].map((letter) => ({ text: letter, style })));
}

/** The greatest length of at most `most` that fits, where all shorter ones fit, too; 0 if none does. */
function longest(most: number, fits: (length: number) => boolean): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

type Token = { kind: 'word' | 'gap'; spans: Span[] } | { kind: 'break' };

/** Words, which may change their style in the middle, what is between them, and the ends of lines. */
function tokensOf(spans: Span[]): Token[] {
  const tokens: Token[] = [];
  for (const { text, style } of spans) {
    for (const part of text.split(/(\n| +)/).filter((one) => one !== '')) {
      const kind = part === '\n' ? 'break' : part.startsWith(' ') ? 'gap' : 'word';
      const last = tokens.at(-1);
      if (kind === 'break') tokens.push({ kind });
      else if (last !== undefined && last.kind === kind) last.spans.push({ text: part, style });
      else tokens.push({ kind, spans: [{ text: part, style }] });
    }
  }
  return tokens;
}

/** Neighbours in one style are one run, so that letters keep their distances. */
function lineOf(spans: Span[]): Line {
  const merged: Span[] = [];
  for (const { text, style } of spans.flatMap(partsOf)) {
    const last = merged.at(-1);
    if (last?.style === style && isShades(last.text) === isShades(text)) last.text += text;
    else merged.push({ text, style });
  }
  let width = 0;
  const runs = merged.map((span) => {
    const run = { ...span, x: width, width: widthOf(span.text, span.style) };
    width += run.width;
    return run;
  });
  return { runs, width };
}

function partsOf({ text, style }: Span): Span[] {
  const parts = text.split(/([░▒▓█]+)/).filter((part) => part !== '');
  return parts.map((part) => ({ text: part, style }));
}
