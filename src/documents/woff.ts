import { inflateSync } from 'node:zlib';

/**
 * The font inside a WOFF file, as the bare sfnt that it was packed from. The library that lays out text unpacks a whole
 * table of a WOFF at each access, which takes seconds where this takes milliseconds.
 */
export function unpackWoff(woff: Uint8Array): Uint8Array {
  const view = new DataView(woff.buffer, woff.byteOffset, woff.byteLength);
  if (view.getUint32(0) !== WOFF) throw new RangeError('not a WOFF file');
  const tables = Array.from({ length: view.getUint16(12) }, (_, index) => {
    const entry = WOFF_HEADER + index * WOFF_ENTRY;
    const [offset, packed, length] = [4, 8, 12].map((field) => view.getUint32(entry + field)) as [
      number,
      number,
      number,
    ];
    const bytes = woff.subarray(offset, offset + packed);
    return {
      tag: view.getUint32(entry),
      checksum: view.getUint32(entry + 16),
      bytes: packed < length ? inflateSync(bytes) : bytes,
    };
  });
  return sfntOf(view.getUint32(4), tables);
}

function sfntOf(flavor: number, tables: { tag: number; checksum: number; bytes: Uint8Array }[]): Uint8Array {
  const start = SFNT_HEADER + tables.length * SFNT_ENTRY;
  const sfnt = new Uint8Array(tables.reduce((end, { bytes }) => end + padded(bytes.length), start));
  const view = new DataView(sfnt.buffer);
  const selector = Math.floor(Math.log2(tables.length));
  view.setUint32(0, flavor);
  view.setUint16(4, tables.length);
  view.setUint16(6, SFNT_ENTRY << selector);
  view.setUint16(8, selector);
  view.setUint16(10, tables.length * SFNT_ENTRY - (SFNT_ENTRY << selector));
  let offset = start;
  tables.forEach(({ tag, checksum, bytes }, index) => {
    const entry = SFNT_HEADER + index * SFNT_ENTRY;
    [tag, checksum, offset, bytes.length].forEach((value, field) => {
      view.setUint32(entry + field * 4, value);
    });
    sfnt.set(bytes, offset);
    offset += padded(bytes.length);
  });
  return sfnt;
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

const WOFF = 0x774f4646;
const WOFF_HEADER = 44;
const WOFF_ENTRY = 20;
const SFNT_HEADER = 12;
const SFNT_ENTRY = 16;
