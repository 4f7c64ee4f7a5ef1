import type { Command, ParsedCommand } from './command.ts';
import { isFiller, plainNameOf } from './plainWords.ts';

/**
 * The command that somebody plainly means who writes as to a person: `balance`, `My invoices, please`, `next payday`, `pay
 * 2026-W47`, `мій баланс`.
 * Null for everything longer: a guess could be wrong. `commands` are those of the person's role.
 */
export function plainCommand(text: string, commands: readonly Command[]): ParsedCommand | null {
  const words = text
    .trim()
    .split(/\s+/)
    .map(bare)
    .filter((word) => word !== '' && !isFiller(word));
  const joined = commands.find(({ name }) => name === plainNameOf(words.join('')));
  if (joined !== undefined && words.length > 1) return { name: joined.name, words: [] };
  const [first, ...rest] = words;
  if (first === undefined || !rest.every(isId) || rest.length > 1) return null;
  const command = commandCalled(plainNameOf(first), rest.length, commands);
  return command === undefined ? null : { name: command.name, words: rest };
}

/** `invoice` alone, of somebody with many, means the list. */
function commandCalled(name: string, given: number, commands: readonly Command[]): Command | undefined {
  const called = (other: string) => commands.find((command) => command.name === other);
  const exact = called(name);
  const isComplete = exact !== undefined && (given > 0 || !NEEDS_ONE.test(exact.arguments));
  return isComplete ? exact : (called(`${name}s`) ?? called(`my${name}`) ?? exact ?? called(name.replace(/s$/, '')));
}

const NEEDS_ONE = /^[A-Z]/;

/** Ids have a digit; a sentence that goes on has not. */
function isId(word: string): boolean {
  return /\d/.test(word);
}

function bare(word: string): string {
  return word.replace(/^["'(«“¿¡]+|["').,;!?»”]+$/g, '');
}
