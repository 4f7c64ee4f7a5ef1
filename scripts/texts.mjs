// What people are told, in every language: the catalogues of chat in src/texts, and of the console in console/texts, which says texts of
// the first as well (shared.json). `npm run texts` writes keys.ts beside each, the types of all texts and their arguments, from the
// English ones, and says what is wrong with the others: a text that is missing, that English does not have, that takes other
// arguments, lacks a plural of its language, or was translated from an English text that has changed since. `--check` writes
// nothing, and ends with 1 when anything is wrong. `--translated LANGUAGE [KEY…]` notes that these texts, or all of that language,
// say what the English ones say now.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse, TYPE } from '@formatjs/icu-messageformat-parser';

const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean' }, translated: { type: 'string' } },
  allowPositionals: true,
});

const NOTE = 'translated.json';
const SHARED = 'shared.json';
const KEYS = 'keys.ts';

const faults = [];
const categories = new Map();
let folder;
let english;
let argumentsByKey;
let noted;
const told = checkCatalogue('src/texts');
checkCatalogue('console/texts', told);
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.exitCode = values.check && faults.length > 0 ? 1 : 0;

/** Answers the English texts with what each takes; `others` are those of another catalogue, which this one may say as well. */
function checkCatalogue(name, others = new Map()) {
  folder = new URL(`../${name}/`, import.meta.url);
  english = textsOf('en');
  noted = JSON.parse(read(NOTE) || '{}');
  argumentsByKey = new Map([...english].map(([key, text]) => [key, argumentsOf('en', key, text)]));
  const translations = readdirSync(folder)
    .filter((file) => file.endsWith('.json') && ![NOTE, SHARED, 'en.json'].includes(file))
    .map((file) => file.slice(0, -'.json'.length));
  if (values.translated !== undefined && translations.includes(values.translated)) note(values.translated, positionals);
  for (const language of translations) compare(language);

  const keys = keysFile(sharedOf(others));
  if (read(KEYS) !== keys) {
    if (values.check) faults.push(`${name}/${KEYS} is not what ${name}/en.json says: run npm run texts`);
    else writeFileSync(new URL(KEYS, folder), keys);
  }
  process.stdout.write(`${name}: ${english.size} texts in ${translations.length + 1} languages\n`);
  return argumentsByKey;
}

/** Those of another catalogue in the sections that shared.json names. */
function sharedOf(others) {
  const sections = JSON.parse(read(SHARED) || '[]');
  for (const section of sections) {
    if (![...others.keys()].some((key) => isIn(section, key))) faults.push(`${SHARED}: there is no section ${section}`);
  }
  const shared = [...others].filter(([key]) => sections.some((section) => isIn(section, key)));
  for (const [key] of shared) if (english.has(key)) faults.push(`${SHARED}: ${key} is a text of its own here`);
  return shared;
}

function isIn(section, key) {
  return key === section || key.startsWith(`${section}.`);
}

function compare(language) {
  const texts = textsOf(language);
  const from = noted[language] ?? {};
  for (const [key, text] of english) {
    const translation = texts.get(key);
    if (translation === undefined) faults.push(`${language}: ${key} is missing`);
    else if (from[key] !== hashOf(text)) faults.push(`${language}: ${key} is older than the English text`);
    if (translation === undefined) continue;
    const wanted = JSON.stringify(argumentsByKey.get(key));
    const given = JSON.stringify(argumentsOf(language, key, translation));
    if (given !== wanted) faults.push(`${language}: ${key} takes ${given}, and the English text ${wanted}`);
  }
  for (const key of texts.keys()) if (!english.has(key)) faults.push(`${language}: there is no English text ${key}`);
}

function note(language, wanted) {
  const texts = textsOf(language);
  const done = wanted.length > 0 ? wanted : [...texts.keys()];
  const before = noted[language] ?? {};
  const known = [...english].filter(([key]) => texts.has(key));
  noted[language] = Object.fromEntries(
    known.flatMap(([key, text]) => {
      const hash = done.includes(key) ? hashOf(text) : before[key];
      return hash === undefined ? [] : [[key, hash]];
    }),
  );
  writeFileSync(new URL(NOTE, folder), `${JSON.stringify(noted, null, 2)}\n`);
}

/** Name and type of each argument, in the order of their names. */
function argumentsOf(language, key, text) {
  const found = new Map();
  const plurals = categoriesOf(language);
  try {
    visit(parse(text, { ignoreTag: true }));
  } catch (error) {
    faults.push(`${language}: ${key} is no ICU message: ${error.message}`);
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));

  function visit(elements) {
    for (const element of elements) {
      if (element.type === TYPE.argument) take(element.value, 'string');
      else if (element.type === TYPE.number) take(element.value, 'number');
      else if (element.type === TYPE.plural) takePlural(element);
      else if (element.type === TYPE.select) {
        take(
          element.value,
          Object.keys(element.options)
            .map((option) => `'${option}'`)
            .sort()
            .join(' | '),
        );
        for (const option of Object.values(element.options)) visit(option.value);
      } else if (element.type !== TYPE.literal && element.type !== TYPE.pound) {
        faults.push(
          `${language}: ${key} formats ${element.value} itself; times and amounts come as they are to be read`,
        );
      }
    }
  }

  function takePlural({ value, options }) {
    take(value, 'number');
    const missing = [...plurals].filter((category) => !(category in options));
    if (missing.length > 0) faults.push(`${language}: ${key} has no plural for ${missing.join(', ')}`);
    for (const option of Object.values(options)) visit(option.value);
  }

  function take(name, type) {
    const known = found.get(name);
    if (known !== undefined && known !== type)
      faults.push(`${language}: ${key} takes ${name} as ${known} and as ${type}`);
    found.set(name, type);
  }
}

/** The plurals that a language has for whole numbers. */
function categoriesOf(language) {
  if (!categories.has(language)) {
    const rules = new Intl.PluralRules(language);
    categories.set(language, new Set(Array.from({ length: 1_001 }, (_, count) => rules.select(count))));
  }
  return categories.get(language);
}

function keysFile(shared) {
  const lines = [...argumentsByKey, ...shared].map(([key, types]) => {
    const list = Object.entries(types).map(([name, type]) => `${name}: ${type}`);
    return `  '${key}': {${list.length === 0 ? '' : ` ${list.join('; ')} `}};`;
  });
  return [
    '// Written by `npm run texts` from en.json: every text that people are told, and what it takes.',
    '// biome-ignore-all format: a text a line',
    '// biome-ignore-all lint/complexity/noBannedTypes: a text that takes nothing',
    'export type TextArguments = {',
    ...lines,
    '};',
    '',
    'export type TextKey = keyof TextArguments;',
    '',
  ].join('\n');
}

function textsOf(language) {
  return new Map(entriesOf(JSON.parse(read(`${language}.json`) || '{}')));
}

function* entriesOf(section, above = '') {
  for (const [name, value] of Object.entries(section)) {
    if (typeof value === 'string') yield [`${above}${name}`, value];
    else yield* entriesOf(value, `${above}${name}.`);
  }
}

function read(name) {
  const file = fileURLToPath(new URL(name, folder));
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** Enough to see that a text has changed. */
function hashOf(text) {
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}
