import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/** Texts of the console, and those of the service that both say. */
const OWN = new URL('../texts/', import.meta.url);
const OTHERS = new URL('../../src/texts/', import.meta.url);

const INDEX = 'virtual:texts';
const ONE = 'virtual:texts:';

type Section = { [name: string]: string | Section };

/**
 * `virtual:texts` has a loader for each language: its texts by their keys, of both catalogues, in English where the language lacks
 * one. A language is a file of its own, and a person loads theirs alone.
 */
export function texts(): Plugin {
  return {
    name: 'console-texts',
    resolveId: (id) => (id === INDEX || id.startsWith(ONE) ? `\0${id}` : undefined),
    load(id) {
      if (id === `\0${INDEX}`) return indexModule();
      if (!id.startsWith(`\0${ONE}`)) return undefined;
      const language = id.slice(ONE.length + 1);
      for (const file of filesOf(language)) this.addWatchFile(file);
      return `export default ${JSON.stringify(Object.fromEntries(textsOf(language)))};`;
    },
  };
}

/** The languages that the service speaks. */
function languages(): string[] {
  return readdirSync(OTHERS)
    .filter((name) => /^[a-z]{2}(-[A-Z]{2})?\.json$/.test(name))
    .map((name) => name.slice(0, -'.json'.length));
}

/** All texts of a language that the console has, by their keys. */
export function textsOf(language: string): Map<string, string> {
  const shared = JSON.parse(readFileSync(new URL('shared.json', OWN), 'utf8')) as string[];
  const found = new Map<string, string>();
  for (const one of ['en', language]) {
    for (const [key, text] of entriesIn(OTHERS, one)) if (isShared(key, shared)) found.set(key, text);
    for (const [key, text] of entriesIn(OWN, one)) found.set(key, text);
  }
  return found;
}

/** A section that is shared is so with all that is in it. */
function isShared(key: string, shared: readonly string[]): boolean {
  return shared.some((section) => key === section || key.startsWith(`${section}.`));
}

function indexModule(): string {
  const lines = languages().map((language) => {
    const name = JSON.stringify(language);
    return `  ${name}: () => import(${JSON.stringify(`${ONE}${language}`)}).then((file) => file.default),`;
  });
  return `export const catalogues = {\n${lines.join('\n')}\n};\n`;
}

function filesOf(language: string): string[] {
  return [OWN, OTHERS].map((folder) => fileURLToPath(new URL(`${language}.json`, folder))).filter(existsSync);
}

function entriesIn(folder: URL, language: string): Iterable<[string, string]> {
  const file = new URL(`${language}.json`, folder);
  return existsSync(file) ? entriesOf(JSON.parse(readFileSync(file, 'utf8')) as Section) : [];
}

function* entriesOf(section: Section, above = ''): Generator<[key: string, text: string]> {
  for (const [name, value] of Object.entries(section)) {
    if (typeof value === 'string') yield [`${above}${name}`, value];
    else yield* entriesOf(value, `${above}${name}.`);
  }
}
