import { inflateSync } from 'node:zlib';

/** The lines of text of a PDF, page by page, as a reader would copy them: glyphs back to characters, run by run. */
export function pdfPages(file: Uint8Array): string[][] {
  const raw = Buffer.from(file).toString('latin1');
  const objects = new Map<string, string>();
  for (const [, id = '', body = ''] of raw.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) objects.set(id, body);
  return [...objects.values()]
    .filter((body) => /\/Type \/Page\b(?!s)/.test(body))
    .map((page) => {
      const resources = objects.get(reference(page, 'Resources')) ?? '';
      const fonts = new Map(
        [...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = '', id = '']) => [
          name,
          charactersOf(streamOf(objects.get(reference(objects.get(id) ?? '', 'ToUnicode')) ?? '')),
        ]),
      );
      return linesOf(streamOf(objects.get(reference(page, 'Contents')) ?? ''), fonts);
    });
}

/** Texts that are written at the same height are one line, in the order in which they were written. */
function linesOf(content: string, fonts: Map<string, string[]>): string[] {
  const lines = new Map<string, string>();
  let font = '';
  let height = '';
  for (const [, y, name, glyphs] of content.matchAll(/1 0 0 1 \S+ (\S+) Tm|\/(F\d+) \S+ Tf|\[(.*?)\] TJ/g)) {
    if (y !== undefined) height = y;
    else if (name !== undefined) font = name;
    else {
      const codes = [...(glyphs ?? '').matchAll(/<([0-9a-f]+)>/g)].flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? []);
      const text = codes.map((code) => fonts.get(font)?.[Number.parseInt(code, 16)] ?? '?').join('');
      lines.set(height, [...(lines.has(height) ? [lines.get(height)] : []), text].join('|'));
    }
  }
  return [...lines.values()];
}

/** By glyph number: what pdfkit writes are ranges that count from the first on. */
function charactersOf(map: string): string[] {
  const characters: string[] = [];
  for (const [, first = '', list = ''] of map.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[(.*?)\]/g)) {
    [...list.matchAll(/<([0-9a-f ]+)>/g)].forEach(([, hex = ''], index) => {
      characters[Number.parseInt(first, 16) + index] = Buffer.from(hex.replaceAll(' ', ''), 'hex')
        .swap16()
        .toString('utf16le');
    });
  }
  return characters;
}

function reference(body: string, key: string): string {
  return new RegExp(`/${key} (\\d+) 0 R`).exec(body)?.[1] ?? '';
}

function streamOf(body: string): string {
  const [, stream = ''] = /stream\n([\s\S]*?)\nendstream/.exec(body) ?? [];
  return body.includes('/FlateDecode') ? inflateSync(Buffer.from(stream, 'latin1')).toString('latin1') : stream;
}
