import { actorIn } from '../../src/kernel/actor.ts';
import type { Say } from './say.ts';

/** Who did something, in words: a person by name where one is known, a key as it is called. */
export function actorWords(text: string, say: Say, name?: string): string {
  const actor = actorIn(text);
  switch (actor.kind) {
    case 'person':
      return name ?? actor.accountId;
    case 'key':
      return actor.name;
    case 'command-line':
      return actor.user === null ? say('actors.commandLine') : say('actors.commandLineOf', { user: actor.user });
    default:
      return say(`actors.${actor.kind}`);
  }
}
