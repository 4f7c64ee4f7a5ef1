/**
 * Mends a shared library that was built against glibc 2.38 so that glibc 2.36 and 2.37 load it.
 *
 * Such a library differs from an older build in two ways only. Number parsing is asked for under new names
 * (`__isoc23_strtol` for `strtol`), and the symbols that changed in 2.38 are asked for with the version GLIBC_2.38.
 * Both stand in tables for the dynamic loader, in fields of fixed width, so they are changed in place: no byte of code
 * moves, and the file keeps its size.
 */

/** What the loader finds in its place: the first version of glibc's symbols on each processor. */
const BASE_VERSIONS: Record<number, string> = { 62: 'GLIBC_2.2.5', 183: 'GLIBC_2.17' };
const TOO_NEW = 'GLIBC_2.38';

const RENAMED = /^__isoc23_(?=strto|\w*scanf$)/;
/** Symbols that only got a new version in 2.38; the older one differs in how it reports errors, not in its results. */
const REVISED = new Set(['fmod']);

const SECTION_DYNAMIC_SYMBOLS = 11;
const SECTION_VERSION_NEEDS = 0x6ffffffe;
const SECTION_SYMBOL_VERSIONS = 0x6fffffff;

/**
 * Returns a lowered copy of an ELF64 little-endian shared library for x86-64 or AArch64; lowering a lowered one changes
 * nothing. Throws on anything else, and on a library that needs something of 2.38 for which there is no older symbol.
 */
export function lowerGlibc(library: Buffer): Buffer {
  const baseVersion = requireSupported(library);
  const sections = readSections(library);
  const symbols = sections.find(({ type }) => type === SECTION_DYNAMIC_SYMBOLS);
  const needs = sections.find(({ type }) => type === SECTION_VERSION_NEEDS);
  const symbolVersions = sections.find(({ type }) => type === SECTION_SYMBOL_VERSIONS);
  const strings = symbols && sections[symbols.link];
  if (!symbols || !strings || !needs || !symbolVersions)
    throw new Error('the library has no versioned dynamic symbols');

  const lowered = Buffer.from(library);
  const tooNew = readVersionNeeds(lowered, needs, strings).filter(({ name }) => name === TOO_NEW);
  const tooNewIndexes = new Set(tooNew.map(({ index }) => index));
  lowerSymbols(lowered, symbols, strings, (position) =>
    tooNewIndexes.has(lowered.readUInt16LE(symbolVersions.offset + position * 2) & 0x7fff),
  );
  if (tooNew.length > 0) lowerVersions(lowered, tooNew, findString(lowered, strings, baseVersion), baseVersion);
  return lowered;
}

/** The hash that the loader compares versions by (System V ABI, "Hash Table"). */
export function versionHash(name: string): number {
  let hash = 0;
  for (const byte of Buffer.from(name)) {
    hash = (hash << 4) + byte;
    hash = (hash ^ ((hash >>> 24) & 0xf0)) & 0x0fffffff;
  }
  return hash;
}

function requireSupported(library: Buffer): string {
  const isElf = library.length >= 64 && library.readUInt32BE(0) === 0x7f454c46;
  if (!isElf) throw new Error('not an ELF file');
  if (library[4] !== 2 || library[5] !== 1) throw new Error('not a 64-bit little-endian ELF file');
  const baseVersion = BASE_VERSIONS[library.readUInt16LE(18)];
  if (!baseVersion) throw new Error(`an ELF file for another processor (machine ${library.readUInt16LE(18)})`);
  return baseVersion;
}

type Section = { type: number; offset: number; size: number; link: number };

function readSections(library: Buffer): Section[] {
  const tableOffset = Number(library.readBigUInt64LE(40));
  const entrySize = library.readUInt16LE(58);
  return Array.from({ length: library.readUInt16LE(60) }, (_, position) => {
    const header = tableOffset + position * entrySize;
    return {
      type: library.readUInt32LE(header + 4),
      offset: Number(library.readBigUInt64LE(header + 24)),
      size: Number(library.readBigUInt64LE(header + 32)),
      link: library.readUInt32LE(header + 40),
    };
  });
}

/** One version that the library needs of another library; `index` is how its symbols refer to it. */
type VersionNeed = { name: string; index: number; hashAt: number; nameAt: number };

/** `.gnu.version_r`: a chain of libraries, each with a chain of the versions needed of it. */
function readVersionNeeds(library: Buffer, needs: Section, strings: Section): VersionNeed[] {
  const found: VersionNeed[] = [];
  for (const file of chain(library, needs.offset, 12)) {
    for (const version of chain(library, file + library.readUInt32LE(file + 8), 12)) {
      const name = readString(library, strings, library.readUInt32LE(version + 8));
      found.push({ name, index: library.readUInt16LE(version + 6), hashAt: version, nameAt: version + 8 });
    }
  }
  return found;
}

/** The offsets of records that each hold, at `nextField`, the distance to the next one, or 0. */
function* chain(library: Buffer, start: number, nextField: number): Generator<number> {
  let distance = 0;
  let offset = start;
  do {
    yield offset;
    distance = library.readUInt32LE(offset + nextField);
    offset += distance;
  } while (distance !== 0);
}

/**
 * A name in the string table is where it starts up to the next zero byte, so a symbol loses its prefix by starting
 * later. The hash table need not follow: it lists the symbols that a library offers, and these are those it asks for.
 */
function lowerSymbols(library: Buffer, symbols: Section, strings: Section, isTooNew: (position: number) => boolean) {
  const entrySize = 24;
  for (let position = 0; position < symbols.size / entrySize; position++) {
    const nameAt = symbols.offset + position * entrySize;
    const nameOffset = library.readUInt32LE(nameAt);
    const name = readString(library, strings, nameOffset);
    const isDefinedHere = library.readUInt16LE(nameAt + 6) !== 0;
    const prefix = RENAMED.exec(name)?.[0];
    if (prefix && !isDefinedHere) library.writeUInt32LE(nameOffset + prefix.length, nameAt);
    else if (isTooNew(position) && !REVISED.has(name))
      throw new Error(`${name} of ${TOO_NEW} has no older counterpart`);
  }
}

function lowerVersions(library: Buffer, versions: VersionNeed[], baseNameOffset: number, baseVersion: string) {
  for (const { hashAt, nameAt } of versions) {
    library.writeUInt32LE(versionHash(baseVersion), hashAt);
    library.writeUInt32LE(baseNameOffset, nameAt);
  }
}

function readString(library: Buffer, strings: Section, offset: number): string {
  const start = strings.offset + offset;
  return library.toString('latin1', start, library.indexOf(0, start));
}

function findString(library: Buffer, strings: Section, text: string): number {
  const table = library.subarray(strings.offset, strings.offset + strings.size);
  const position = table.indexOf(`\0${text}\0`, 0, 'latin1');
  if (position < 0) throw new Error(`the library does not mention ${text}`);
  return position + 1;
}
