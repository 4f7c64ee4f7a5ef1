import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { render as renderForDiscord } from '../../bots/discord/render.ts';
import { render as renderForTelegram, TEXT_LIMIT } from '../../bots/telegram/render.ts';
import { TOPICS } from '../../src/accounts/topics.ts';
import type { Arrival, Suggestion } from '../../src/commands/commands.ts';
import type { ReceivedFile } from '../../src/commands/core/receivedFile.ts';
import { COMMANDS } from '../../src/commands/registry.ts';
import type { Role } from '../../src/events/catalogue.ts';
import { piecesOf } from '../../src/notices/messages/marks.ts';
import { LINES, type Message } from '../../src/notices/messages/message.ts';
import { LANGUAGES, type Language } from '../../src/texts/languages.ts';
import { confirmingButton } from '../support/confirmation.ts';
import { deepTest, isSample, sampleOf } from '../support/depth.ts';
import { englishIn } from '../support/english.ts';
import { plainText } from '../support/telegramHtml.ts';
import { type Case, casesOf } from './answers/cases.ts';
import { createFixture, ERROR, type Fixture, NOW, type Scale } from './answers/fixture.ts';

/**
 * Every answer of every command, to each role, in all languages: within the limits of both channels, with the same numbers, and
 * without a word of English in any other language.
 */

const LONG = (short: string) => `${short}-`.padEnd(56, 'x');
/** The first is the worst, and the only one of a sample: what is long, and from right to left, is in it. */
const WORLDS: Scale[] = [
  {
    ...{ currency: 'USD', name: () => `אבי “x” <b>& ${'Щ'.repeat(180)}`, id: LONG },
    ...{ amount: (n) => n * 100, lines: 30, fans: 0 },
  },
  { currency: 'JPY', name: () => 'Елена', id: (short) => short, amount: (n) => n * 0, lines: 1, fans: 0 },
  { currency: 'KWD', name: () => 'Анна', id: (short) => short, amount: (n) => n * 10_000, lines: 10_000, fans: 600 },
];
const WHO: Record<Role, keyof Fixture['ids']> = { model: 'ava', marketer: 'marco', affiliate: 'alla', manager: 'olga' };

/** What programs say, and the words that are typed for settings, are the same in all languages. */
const UNREADABLE = 'the status .* is not known|no status is given|its columns are of no known result.*';
const OF_PROGRAMS = new RegExp(`${ERROR}|${UNREADABLE}|\\binvoice_\\w+:\\S+|(?<!/)\\b(?:${TOPICS.join('|')})\\b`, 'g');

const SHOWN = 25;

type Answer = { said: string; role?: Role; message: Message };

/** All languages, or for a sample one that is not English, which all other tests of commands speak. */
function languagesTried(): readonly Language[] {
  return isSample
    ? sampleOf(
        LANGUAGES.filter((language) => language !== 'en'),
        1,
      )
    : LANGUAGES;
}

describe.each(isSample ? WORLDS.slice(0, 1) : WORLDS)('a world in $currency', (scale) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await createFixture(scale);
  }, 300_000);
  afterAll(() => fixture.world.close());

  const answers = new Map<Language, Answer[]>();
  it.each(languagesTried())(
    'answers everything in %s, within all limits',
    async (language) => {
      const { given, suggested } = await everythingIn(fixture, language);
      answers.set(language, given);
      const faults = [
        ...given.flatMap(({ said, role, message }) =>
          [
            ...faultsOf(message, language),
            ...lengthFaults(message),
            ...(role === 'manager' ? [] : idFaults(message)),
          ].map((fault) => `${said}: ${fault}`),
        ),
        ...suggested.flatMap(({ said, suggestions }) =>
          suggestionFaults(suggestions, language).map((one) => `${said}: ${one}`),
        ),
      ];
      expect([faults.length, ...faults.slice(0, SHOWN)]).toEqual([0]);
    },
    300_000,
  );

  deepTest('says the same numbers in all languages', () => {
    const english = (answers.get('en') ?? []).map(({ message }) => numbersIn(message));
    const others = LANGUAGES.filter((language) => language !== 'en');
    const faults = others.flatMap((language) =>
      (answers.get(language) ?? []).flatMap(({ said, message }, index) => {
        const [mine, theirs] = [numbersIn(message), english[index] ?? ''];
        return mine === theirs ? [] : [`${language} ${said}: ${mine} instead of ${theirs}`];
      }),
    );
    expect([faults.length, ...faults.slice(0, SHOWN)]).toEqual([0]);
  });
});

it('has a case for each command and role', () => {
  const empty = { ids: {}, order: {}, invoices: [], stuck: [], id: String } as unknown as Fixture;
  const cases = casesOf(empty);
  const missing = COMMANDS.flatMap(({ name, roles }) =>
    roles.filter((role) => (cases[name]?.[role] ?? []).length === 0).map((role) => `/${name} of ${role}`),
  );
  expect(missing).toEqual([]);
});

/** What is answered to everything that is said, from the same state in each language. */
async function everythingIn(fixture: Fixture, language: Language) {
  const { world, ids, chats } = fixture;
  await fixture.restore();
  const { core } = world;
  const given: Answer[] = [];
  const suggested: { said: string; suggestions: Suggestion[] }[] = [];
  const chatOf = (as: keyof Fixture['ids']) => {
    const userId = chats.get(ids[as]) ?? '';
    return { channel: 'telegram' as const, userId, chatId: userId, locale: language };
  };
  const cases = casesOf(fixture);
  for (const accountId of Object.values(ids)) await core.accounts.changeSettings(accountId, { language });
  for (const { name, roles } of COMMANDS) {
    for (const role of roles) {
      for (const typed of ['', 'a']) {
        const said = `${role} is suggested ${typed} for /${name}`;
        suggested.push({ said, suggestions: await core.suggestArguments(chatOf(WHO[role]), name, typed) });
      }
    }
  }
  for (const [name, ofRoles] of Object.entries(cases)) {
    for (const [role, list] of Object.entries(ofRoles)) {
      for (const one of list) await say(typeof one === 'string' ? { said: one } : one, role as Role, name);
    }
  }
  for (const said of ['/start', '/start nonsense', '/balance', '/help']) {
    given.push({
      said: `a stranger: ${said}`,
      message: await core.runCommand({ ...chatOf('ava'), userId: '1', chatId: '1' }, said),
    });
  }
  return { given, suggested };

  /** To the end of what the answer is a part of. */
  async function readOn(chat: ReturnType<typeof chatOf>, role: Role, message: Message): Promise<void> {
    const more = message.buttons.flat().find(({ command }) => / \+\d+$/.test(command ?? ''))?.command;
    if (more === undefined) return;
    const next = await core.runCommand(chat, more, { isPress: true });
    given.push({ said: more, role, message: next });
    await readOn(chat, role, next);
  }

  async function say({ said, as, how, confirm, file }: Case, role: Role, name: string): Promise<void> {
    const chat = chatOf(as ?? WHO[role]);
    const arrival: Arrival = {
      ...(how === 'press' ? { isPress: true } : {}),
      ...(how === 'forwarded' ? { isForwarded: true } : {}),
      ...(file === undefined ? {} : { file: async () => received(file) }),
    };
    const message = await core.runCommand(chat, said, arrival);
    given.push({ said: `${role} ${how ?? ''} ${said} (${name})`, role, message });
    await readOn(chat, role, message);
    if (confirm === undefined) return;
    const { command } = confirmingButton({ ...message, title: `${said}: ${message.title}` });
    if (confirm === 'late') world.pin(new Date(Date.parse(NOW) + 11 * 60_000));
    for (const time of ['first', 'second']) {
      given.push({
        said: `${role} ${time} press of ${said} ${confirm}`,
        role,
        message: await core.runCommand(chat, command, { isPress: true }),
      });
    }
    world.pin(NOW);
  }
}

function received(file: string): ReceivedFile {
  return file === 'too-large' || file === 'unavailable' ? { fault: file } : { bytes: Buffer.from(file) };
}

function faultsOf(message: Message, language: Language): string[] {
  const telegram = renderForTelegram(message);
  const plain = plainText(telegram.text);
  const { body } = renderForDiscord(message);
  const text = 'text' in plain ? plain.text : '';
  const labels = message.buttons.flat().map(({ label }) => label);
  const embeds = (body.embeds ?? []).flatMap(({ description, footer, fields = [] }) => [
    ...[description ?? '', footer?.text ?? ''],
    ...fields.flatMap(({ name, value }) => [name, value]),
  ]);
  const discord = [body.content ?? '', ...embeds];
  const components = (body.components ?? []) as { components: { label?: string; custom_id?: string }[] }[];
  const pressed = components.flatMap((row) => row.components);
  const is = (isFault: boolean, fault: string) => (isFault ? [fault] : []);
  return [
    ...is('error' in plain, `Telegram does not take it: ${'error' in plain ? plain.error : ''}`),
    ...is(text.length > TEXT_LIMIT || text === '', `${text.length} characters for Telegram`),
    ...is(telegram.keyboard.flat().length > 100, 'too many buttons for Telegram'),
    ...telegram.keyboard
      .flat()
      .flatMap((button) =>
        'callback_data' in button ? is(Buffer.byteLength(button.callback_data) > 64, `button ${button.text}`) : [],
      ),
    ...is((body.content ?? '').length > 2_000, 'too long for Discord'),
    ...is(embeds.join('').length > 6_000, 'too long for an embed of Discord'),
    ...is(components.length > 5 || components.some((row) => row.components.length > 5), 'too many buttons for Discord'),
    ...is(
      pressed.some(({ label = '', custom_id = '' }) => label === '' || label.length > 80 || custom_id.length > 100),
      'a button of Discord',
    ),
    ...[text, ...discord, ...labels]
      .flatMap((said) => said.replaceAll('\\', '').split('\n'))
      .flatMap((line) => wordFaults(line, language)),
  ];
}

/** Help and settings are all that there is of them. */
function lengthFaults({ table, facts = [], buttons }: Message): string[] {
  const lines = (table?.rows.length ?? 0) + facts.length;
  const isWhole = buttons.flat().some(({ command }) => command?.startsWith('/settings ') === true);
  return lines > LINES && !isWhole && !facts.every(([label]) => label.startsWith('/')) ? [`${lines} lines`] : [];
}

/** Whoever is no manager reads names; ids stand where they can be copied, in commands, and in what is quoted. */
function idFaults({ title = '', paragraphs, facts = [], table, buttons }: Message): string[] {
  const texts = [
    title,
    ...paragraphs,
    ...facts.flat(),
    ...(table?.rows ?? []).flat(),
    ...buttons.flat().map((one) => one.label),
  ];
  // Without a title it is what somebody typed that is nowhere.
  if (title === '') return [];
  const words = texts.flatMap(piecesOf).flatMap(({ text, code }) => (code === true ? [] : [text]));
  return words
    .filter((text) => LONG_ID.test(text.replaceAll(/“[^”]*”|\/\w+ \S+|https:\S+/g, '')))
    .map((text) => `an id: ${text}`);
}

const LONG_ID = /x{20}/;

function suggestionFaults(suggestions: Suggestion[], language: Language): string[] {
  return [
    ...(suggestions.length > 25 ? [`${suggestions.length} suggestions`] : []),
    ...suggestions.flatMap(({ name, value }) => [
      ...wordFaults(name, language),
      ...(value === '' ? ['an empty value'] : []),
    ]),
  ];
}

function wordFaults(said: string, language: Language): string[] {
  const english = language === 'en' ? undefined : englishIn(said.replaceAll(OF_PROGRAMS, ''));
  return [
    ...(isBalanced(said) ? [] : [`unbalanced directions: ${said}`]),
    ...(/\(\p{L}+,?( \p{L}+\.)? \d+\.\d/u.test(said) ? [`a rule by its number: ${said}`] : []),
    ...(/\.\.(?!\.)/.test(said) ? [`two full stops: ${said}`] : []),
    ...(/undefined|null|NaN|\[object|\{\w+\}/.test(said) ? [`no word for people: ${said}`] : []),
    ...(english === undefined ? [] : [english]),
  ];
}

function isBalanced(text: string): boolean {
  let open = 0;
  for (const one of text) {
    if ('\u2066\u2067\u2068'.includes(one)) open += 1;
    if (one === '\u2069') open -= 1;
    if (open < 0 || '\u202a\u202b\u202d\u202e'.includes(one)) return false;
  }
  return open === 0;
}

/** All numbers of a message in their order of size, however a language groups their digits. */
function numbersIn(message: Message): string {
  const plain = plainText(renderForTelegram(message).text);
  const text = ['text' in plain ? plain.text : '', ...message.buttons.flat().map(({ label }) => label)].join('\n');
  const ungrouped = text.replaceAll(/(?<=\d)[.,\u00a0\u202f ](?=\d{3}(?!\d))/g, '');
  return (ungrouped.match(/\d+/g) ?? []).sort().join(' ');
}
