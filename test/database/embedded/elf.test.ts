import { describe, expect, test } from 'vitest';
import { lowerGlibc, versionHash } from '../../../src/database/embedded/elf.ts';

const X64 = 0x3e;
const ARM64 = 0xb7;

describe('lowering a library from glibc 2.38', () => {
  test.each([
    [X64, 'GLIBC_2.2.5'],
    [ARM64, 'GLIBC_2.17'],
  ])('on machine %i it asks for the old names at version %s', (machine, base) => {
    const library = buildLibrary(machine, base, ['__isoc23_strtoul', '__isoc23_sscanf', 'fmod']);
    const lowered = lowerGlibc(library);
    expect(readLibrary(lowered)).toEqual({
      names: ['strtoul', 'sscanf', 'fmod'],
      versions: [
        { name: base, hash: versionHash(base) },
        { name: base, hash: versionHash(base) },
      ],
    });
    expect(lowered.length).toBe(library.length);
  });

  test('lowering a lowered one changes nothing, and the given one stays as it was', () => {
    const library = buildLibrary(X64, 'GLIBC_2.2.5', ['__isoc23_strtol']);
    const before = Buffer.from(library);
    const lowered = lowerGlibc(library);
    expect(lowerGlibc(lowered).equals(lowered)).toBe(true);
    expect(library.equals(before)).toBe(true);
  });

  test('something of 2.38 without an older counterpart is refused', () => {
    const library = buildLibrary(X64, 'GLIBC_2.2.5', ['strlcpy']);
    expect(() => lowerGlibc(library)).toThrow('strlcpy of GLIBC_2.38 has no older counterpart');
  });

  test.each([
    ['an empty file', Buffer.alloc(0), 'not an ELF file'],
    ['a text', Buffer.from('#!/bin/sh\n'.repeat(20)), 'not an ELF file'],
    ['a 32-bit library', elfHeader(X64, 1), 'not a 64-bit little-endian ELF file'],
    ['a library for another processor', elfHeader(0xf3), 'another processor (machine 243)'],
    ['a library without symbols', elfHeader(X64), 'no versioned dynamic symbols'],
  ])('%s is refused', (_, file, message) => {
    expect(() => lowerGlibc(file)).toThrow(message);
  });

  test("the hash is the loader's", () => {
    expect(versionHash('GLIBC_2.2.5')).toBe(0x09691a75);
    expect(versionHash('GLIBC_2.38')).toBe(0x069691b8);
  });
});

// A library of five sections, in this order: nothing, names, symbols, symbol versions, needed versions. Every symbol is
// one that the library asks for, of GLIBC_2.38 (index 3); the other version it needs is the base one (index 2).
const NAMES_AT = 64;
const SYMBOLS_AT = 320;
const SYMBOL_VERSIONS_AT = 480;
const NEEDS_AT = 512;
const HEADERS_AT = 576;

function buildLibrary(machine: number, base: string, symbolNames: string[]): Buffer {
  const library = Buffer.concat([elfHeader(machine), Buffer.alloc(HEADERS_AT + 5 * 64 - 64)]);
  const texts = ['', 'libc.so.6', base, 'GLIBC_2.38', ...symbolNames];
  library.write(`${texts.join('\0')}\0`, NAMES_AT, 'latin1');
  const offsetOf = (text: string) => texts.slice(0, texts.indexOf(text)).join('\0').length + 1;

  for (const [position, name] of symbolNames.entries()) {
    library.writeUInt32LE(offsetOf(name), SYMBOLS_AT + position * 24);
    library.writeUInt16LE(3, SYMBOL_VERSIONS_AT + position * 2);
  }
  library.writeUInt32LE(offsetOf('libc.so.6'), NEEDS_AT + 4);
  library.writeUInt32LE(16, NEEDS_AT + 8);
  writeNeed(library, NEEDS_AT + 16, { name: base, nameOffset: offsetOf(base), index: 2, next: 16 });
  writeNeed(library, NEEDS_AT + 32, { name: 'GLIBC_2.38', nameOffset: offsetOf('GLIBC_2.38'), index: 3, next: 0 });

  library.writeBigUInt64LE(BigInt(HEADERS_AT), 40);
  library.writeUInt16LE(64, 58);
  library.writeUInt16LE(5, 60);
  writeSection(library, 1, { type: 3, offset: NAMES_AT, size: SYMBOLS_AT - NAMES_AT });
  writeSection(library, 2, { type: 11, offset: SYMBOLS_AT, size: symbolNames.length * 24 });
  writeSection(library, 3, { type: 0x6fffffff, offset: SYMBOL_VERSIONS_AT, size: symbolNames.length * 2 });
  writeSection(library, 4, { type: 0x6ffffffe, offset: NEEDS_AT, size: 48 });
  return library;
}

function elfHeader(machine: number, wordSize = 2): Buffer {
  const header = Buffer.alloc(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, wordSize, 1, 1]);
  header.writeUInt16LE(machine, 18);
  return header;
}

function writeNeed(
  library: Buffer,
  at: number,
  need: { name: string; nameOffset: number; index: number; next: number },
): void {
  library.writeUInt32LE(versionHash(need.name), at);
  library.writeUInt16LE(need.index, at + 6);
  library.writeUInt32LE(need.nameOffset, at + 8);
  library.writeUInt32LE(need.next, at + 12);
}

function writeSection(
  library: Buffer,
  position: number,
  section: { type: number; offset: number; size: number },
): void {
  const at = HEADERS_AT + position * 64;
  library.writeUInt32LE(section.type, at + 4);
  library.writeBigUInt64LE(BigInt(section.offset), at + 24);
  library.writeBigUInt64LE(BigInt(section.size), at + 32);
  library.writeUInt32LE(1, at + 40);
}

function readLibrary(library: Buffer) {
  const text = (offset: number) => {
    const start = NAMES_AT + offset;
    return library.toString('latin1', start, library.indexOf(0, start));
  };
  const symbolCount = Number(library.readBigUInt64LE(HEADERS_AT + 2 * 64 + 32)) / 24;
  return {
    names: Array.from({ length: symbolCount }, (_, position) => text(library.readUInt32LE(SYMBOLS_AT + position * 24))),
    versions: [NEEDS_AT + 16, NEEDS_AT + 32].map((at) => ({
      name: text(library.readUInt32LE(at + 8)),
      hash: library.readUInt32LE(at),
    })),
  };
}
