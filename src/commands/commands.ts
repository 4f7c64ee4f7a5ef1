import type { Message } from '../notices/messages/message.ts';
import { howToLink, notACommand, unknownCommand } from './core/answers.ts';
import {
  actorOf,
  type ChatPerson,
  type Command,
  type CommandDependencies,
  displayContextOf,
  type ParsedCommand,
  parseCommand,
  type Request,
  type Suggestion,
} from './core/command.ts';
import { greet, linkChat } from './linking.ts';
import { commandsOf } from './registry.ts';

export type { ChatPerson, CommandDependencies, ParsedCommand, Suggestion } from './core/command.ts';

export type RunCommand = (person: ChatPerson, input: string | ParsedCommand) => Promise<Message>;
export type SuggestArguments = (person: ChatPerson, name: string, typed: string) => Promise<Suggestion[]>;

/**
 * The one command core of all chats: from what a person typed, or the command of the button they pressed, to the
 * answer.
 */
export function createCommands(deps: CommandDependencies) {
  async function run(person: ChatPerson, input: string | ParsedCommand): Promise<Message> {
    const command = typeof input === 'string' ? parseCommand(input) : input;
    const [code] = command?.words ?? [];
    if (command?.name === 'start' || command?.name === 'link') {
      return code === undefined ? greet(deps, person) : linkChat(deps, person, code);
    }
    const account = await deps.accounts.byLink(person.channel, person.userId);
    if (account === null) return howToLink(person.channel);
    if (command === null) return notACommand();
    const found = commandsOf(account.role).find(({ name }) => name === command.name);
    if (found === undefined) return unknownCommand(`/${command.name}`);
    return found.run(requestOf(person, account, command.words));
  }

  /** What the person could mean by the first argument of a command; nothing for somebody who may not use it. */
  async function suggest(person: ChatPerson, name: string, typed: string): Promise<Suggestion[]> {
    const account = await deps.accounts.byLink(person.channel, person.userId);
    if (account === null) return [];
    const found: Command | undefined = commandsOf(account.role).find((command) => command.name === name);
    return (await found?.suggest?.(requestOf(person, account, []), typed.trim())) ?? [];
  }

  function requestOf(person: ChatPerson, account: Request['account'], words: string[]): Request {
    return {
      deps,
      person,
      account,
      actor: actorOf(account, person),
      display: displayContextOf(account, deps.platform),
      now: deps.clock.now(),
      words,
    };
  }

  return { run, suggest };
}
