import type { Message } from '../notices/message.ts';
import { howToLink, notACommand, unknownCommand } from './answers.ts';
import { actorOf, type ChatPerson, type CommandDependencies, parseCommand, readerOf } from './command.ts';
import { commandsOf } from './everyone.ts';
import { greet, linkChat } from './linking.ts';

export type { ChatPerson, CommandDependencies } from './command.ts';

export type RunCommand = (person: ChatPerson, text: string) => Promise<Message>;

/** The one command core of all chats: what a person typed, or the command of the button they pressed, to its answer. */
export function createCommands(deps: CommandDependencies) {
  async function run(person: ChatPerson, text: string): Promise<Message> {
    const command = parseCommand(text);
    const [code] = command?.words ?? [];
    if (command?.name === 'start' || command?.name === 'link') {
      return code === undefined ? greet(deps, person) : linkChat(deps, person, code);
    }
    const account = await deps.accounts.byLink(person.channel, person.userId);
    if (account === null) return howToLink(person.channel);
    if (command === null) return notACommand();
    const found = commandsOf(account.role).find(({ name }) => name === command.name);
    if (found === undefined) return unknownCommand(text);
    return found.run({
      deps,
      person,
      account,
      actor: actorOf(account, person),
      reader: readerOf(account, deps.platform),
      now: deps.clock.now(),
      words: command.words,
    });
  }

  return { run };
}
