import type { Role } from '../../events/catalogue.ts';
import type { Button, Message } from '../../notices/messages/message.ts';
import { allows, type Scope } from '../../rights/scope.ts';
import { type Command, parseCommand } from './command.ts';

/** Who somebody is to the commands: their role, and what they may do as a manager. */
export type Reader = { role: Role; scopes: readonly Scope[] };

/** The scope that somebody lacks for a command of their role; null where they may use it. */
export function scopeLacking({ scope }: Command, { role, scopes }: Reader): Scope | null {
  if (role !== 'manager' || scope === undefined || scope === null) return null;
  return allows(scopes, scope) ? null : scope;
}

/** A message without the buttons that would only be refused. `commands` are those of the reader's role. */
export function withUsableButtons(message: Message, commands: readonly Command[], reader: Reader): Message {
  if (reader.role !== 'manager') return message;
  const isUsable = ({ command: text }: Button): boolean => {
    const name = text === undefined ? undefined : parseCommand(text)?.name;
    const command = commands.find((one) => one.name === name);
    return command === undefined || scopeLacking(command, reader) === null;
  };
  const rows = message.buttons.map((row) => row.filter(isUsable)).filter((row) => row.length > 0);
  return { ...message, buttons: rows };
}
