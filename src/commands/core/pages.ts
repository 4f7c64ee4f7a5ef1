import { LINES, type Message } from '../../notices/messages/message.ts';
import { rowsOfTable } from '../../notices/messages/tables.ts';
import type { Say } from '../../texts/speech.ts';
import type { Command } from './command.ts';

/** The words of a command, and the line that its answer goes on from: `+8` at their end, as the button of a long answer gives it. */
export function pageIn(words: string[]): { words: string[]; from: number } {
  const from = /^\+(\d{1,5})$/.exec(words.at(-1) ?? '')?.[1];
  return from === undefined ? { words, from: 0 } : { words: words.slice(0, -1), from: Number(from) };
}

/** Whether the lines of a command's answer are shown in parts. What changes something is not given again to read on. */
export function isPaged({ name, changes }: Command): boolean {
  return changes !== true && name !== 'help';
}

/** A part of an answer: its lines from one on, and a button for those that follow. Its sentences and buttons stand on the first. */
export function pageOf(message: Message, { name }: Command, page: ReturnType<typeof pageIn>, say: Say): Message {
  const { table, facts = [], buttons, ...rest } = message;
  const { words, from } = page;
  const rows = table?.rows.length ?? 0;
  const more = rows + facts.length - from - LINES;
  if (from === 0 && more <= 0) return message;
  const rowsShown = Math.max(0, Math.min(LINES, rows - from));
  const factsFrom = Math.max(0, from - rows);
  const label = say('answers.moreButton', { command: say(`commands.${name}.title`) });
  const next = [`/${name}`, ...words, `+${from + LINES}`].join(' ');
  return {
    ...(from === 0 ? rest : readOn(rest)),
    ...(table === undefined || rowsShown === 0 ? {} : { table: rowsOfTable(table, from, LINES) }),
    facts: facts.slice(factsFrom, factsFrom + LINES - rowsShown),
    buttons: [...(from === 0 ? buttons : []), ...(more > 0 ? [[{ label, command: next }]] : [])],
  };
}

/** What still stands above the lines when somebody reads on. */
function readOn({ attachment: _, footer: __, ...message }: Omit<Message, 'buttons'>): Omit<Message, 'buttons'> {
  return { ...message, paragraphs: [] };
}
