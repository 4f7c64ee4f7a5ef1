import {
  type APIApplicationCommandStringOption,
  ApplicationCommandOptionType,
  InteractionContextType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import type { ParsedCommand } from '../../src/commands/commands.ts';
import { type Command, namedArguments } from '../../src/commands/core/command.ts';
import { shorten } from '../../src/notices/messages/message.ts';

type SlashCommand = RESTPostAPIChatInputApplicationCommandsJSONBody;
type Described = Pick<Command, 'name' | 'description' | 'suggest'> & { arguments: string };
type Argument = { name: string; isOptional: boolean };

/** Discord's `/start`: the only command for somebody who has no role yet. */
const LINK: Described = { name: 'link', arguments: 'CODE', description: 'Link your account by a code of the platform' };
const DESCRIPTION_LENGTH = 100;
const VALUE_LENGTH = 1_000;

/** What an argument is, where its name does not say it. */
const HINTS: Record<string, string> = {
  code: 'As the platform shows it, in the settings of your account',
  id: 'The id; type to choose from what there is',
  model: "The model's id",
  reason: 'Why; the people concerned are told',
  account: "The account's id; type a name to choose",
  text: 'What to say',
  date: 'The payday, as 2026-04-01',
  until: 'Until when, as 2026-12-01',
  days: 'At least so many days overdue',
  amount: 'At least so much in all',
  reference: 'As it stands on the transfer',
};

/** The model does not hear of a review that is closed without consequences. */
const KEEP_HINTS: Record<string, string> = { reason: 'Why; it stays with the decision' };

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
      description: shorten(same[0]?.description ?? name, DESCRIPTION_LENGTH),
      options: optionsOf(same),
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
    description:
      (same.some((command) => command.name === 'keep') ? KEEP_HINTS[name] : undefined) ?? HINTS[name] ?? name,
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
  return namedArguments(text)
    .filter(({ name }) => name !== 'AFTER')
    .map(({ name, isOptional }) => ({ name: name.toLowerCase(), isOptional }));
}
