import {
  type APIApplicationCommandAttachmentOption,
  type APIApplicationCommandStringOption,
  ApplicationCommandOptionType,
  InteractionContextType,
  Locale,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import type { ParsedCommand } from '../../src/commands/commands.ts';
import { type ArgumentName, type Command, namedArguments } from '../../src/commands/core/command.ts';
import { shorten } from '../../src/notices/messages/message.ts';
import { LANGUAGES, type Language } from '../../src/texts/languages.ts';
import { type PlainKey, sayIn } from '../../src/texts/speech.ts';

type SlashCommand = RESTPostAPIChatInputApplicationCommandsJSONBody;
/** A command as it is shown. Its name is in no catalogue where it is Discord's own. */
type Described = Pick<Command, 'description' | 'suggest' | 'takesFile'> & { name: string; arguments: string };
type ShownArgument = Exclude<ArgumentName, 'AFTER'>;
type Argument = { name: Lowercase<ShownArgument>; isOptional: boolean };

/** Discord's `/start`: the only command for somebody who has no role yet. */
const LINK: Described = { name: 'link', arguments: 'CODE', description: 'commands.link.description' };
const DESCRIPTION_LENGTH = 100;
const VALUE_LENGTH = 1_000;

/** What Discord calls our languages. */
const DISCORD_LOCALES: Record<Exclude<Language, 'en'>, Locale[]> = {
  ru: [Locale.Russian],
  uk: [Locale.Ukrainian],
  es: [Locale.SpanishES, Locale.SpanishLATAM],
  'pt-BR': [Locale.PortugueseBR],
};

/**
 * The commands of all roles as Discord shows them: it does not know who has which role, so everybody sees all, and the
 * command core says who may use them. One that means different things to different roles takes the arguments of all of
 * them.
 */
export function slashCommands(commands: readonly Described[], isGlobal: boolean): SlashCommand[] {
  const names = [...new Set([...commands, LINK].map(({ name }) => name))];
  return names.map((name) => {
    const same = [...commands, LINK].filter((command) => command.name === name);
    return {
      name,
      ...descriptionsOf(same[0]?.description ?? LINK.description),
      options: [...(same.some(({ takesFile }) => takesFile === true) ? [FILE] : []), ...optionsOf(same)],
      ...(isGlobal ? { contexts: [InteractionContextType.Guild, InteractionContextType.BotDM] } : {}),
    };
  });
}

/** A slash command as the command core takes it. `values` are the options that were given. */
export function parsedSlash(
  commands: readonly Described[],
  name: string,
  values: ReadonlyMap<string, string>,
): ParsedCommand {
  const names = argumentsOf([...commands, LINK].filter((command) => command.name === name)).map((one) => one.name);
  const words = names.map((option) => (values.get(option) ?? '').trim());
  while (words.at(-1) === '') words.pop();
  // A reason at the end is words like any other; an id that has spaces is an id that does not exist.
  const last = names.length > 1 && words.length === names.length ? words.pop() : undefined;
  return { name, words: [...words, ...(last === undefined ? [] : last.split(/\s+/))] };
}

function optionsOf(same: Described[]): APIApplicationCommandStringOption[] {
  return argumentsOf(same).map(({ name, isOptional }, index) => ({
    type: ApplicationCommandOptionType.String as const,
    name,
    // The model does not hear of a review that is closed without consequences.
    ...descriptionsOf(name === 'reason' && same[0]?.name === 'keep' ? 'bots.hints.keepReason' : `bots.hints.${name}`),
    required: !isOptional,
    max_length: VALUE_LENGTH,
    // The types distinguish options with choices from those with suggestions by this very constant.
    ...(index === 0 && same.some(({ suggest }) => suggest !== undefined) ? { autocomplete: true as const } : {}),
  })) as APIApplicationCommandStringOption[];
}

/** The longest list of what they take; needed only if all of them need it. Cursors are for buttons. */
function argumentsOf(same: Described[]): Argument[] {
  const lists = same.map((command) => parsed(command.arguments));
  const longest = lists.reduce((one, other) => (other.length > one.length ? other : one), [] as Argument[]);
  return longest.map(({ name }, index) => ({
    name,
    isOptional: lists.some((list) => list[index] === undefined || list[index].isOptional),
  }));
}

function parsed(text: string): Argument[] {
  return namedArguments(text).flatMap(({ name, isOptional }) =>
    name === 'AFTER' ? [] : [{ name: name.toLowerCase() as Lowercase<ShownArgument>, isOptional }],
  );
}

/** A description in English, and in every language that Discord shows to whoever reads it. */
function descriptionsOf(key: PlainKey) {
  const localizations = LANGUAGES.flatMap((language) =>
    language === 'en' ? [] : DISCORD_LOCALES[language].map((locale) => [locale, descriptionIn(language, key)]),
  );
  return {
    description: descriptionIn('en', key),
    description_localizations: Object.fromEntries(localizations) as Partial<Record<Locale, string>>,
  };
}

function descriptionIn(language: Language, key: PlainKey): string {
  return shorten(sayIn(language)(key), DESCRIPTION_LENGTH);
}

/** The file of a command that takes one: it stands first, as what is needed does. */
const FILE: APIApplicationCommandAttachmentOption = {
  type: ApplicationCommandOptionType.Attachment,
  name: 'file',
  ...descriptionsOf('bots.hints.file'),
  required: true,
};
