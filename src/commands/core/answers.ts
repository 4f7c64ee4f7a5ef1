import { type Message, quoted, shorten } from '../../notices/messages/message.ts';
import type { ParsedCommand, Thing } from './command.ts';

/** Someone else's thing and a thing that does not exist get these same words. */
export function notFound(thing: Thing, id: string): Message {
  const buttons = thing === 'event' ? [[{ label: 'Quarantine', command: '/quarantine' }]] : [];
  return {
    paragraphs: [
      `There is ${thing === 'thing' ? 'nothing called' : `no ${thing}`} ${shorten(id, 140)}. Check the id and try again.`,
    ],
    buttons,
  };
}

/** An argument is missing: `question` asks for it. */
export function missing(question: string, example: string): Message {
  return { paragraphs: [question, `For example: ${example}`], buttons: [[HELP]] };
}

/** One argument is wrong: `problem` says which, and what to write instead. */
export function wrong(problem: string, example: string): Message {
  return {
    title: 'I did not understand that',
    paragraphs: [`${problem}. Nothing was changed.`, `For example: ${example}`],
    buttons: [[HELP]],
  };
}

/** The clocks of the service and its database disagree, so that nothing can be decided. */
export function notNow(): Message {
  return {
    title: 'Not now',
    paragraphs: [
      'The service cannot decide anything for the moment, and nothing was changed. Try again in a few minutes.',
    ],
    buttons: [],
  };
}

/** What was typed where a date belongs. */
export function noDate(typed: string, instead = '2026-04-01'): string {
  return `${shorten(typed, 60)} is no date; write ${instead}`;
}

/**
 * Before a command that changes something and that nobody may have meant to give here: it was forwarded, or only
 * written like a sentence. The button gives it.
 */
export function askFirst({ name, words }: ParsedCommand, why: string): Message {
  const command = [`/${name}`, ...words].join(' ');
  const label = `${titled(name)} ${shorten(words[0] ?? '', 40)}`.trim();
  return {
    title: 'Do you mean this?',
    paragraphs: [quoted(command, 1_000), `${why} Nothing has happened yet. To do it, press the button.`],
    buttons: [[{ label, command }]],
  };
}

/** To somebody who typed something that is no command of theirs. */
export function unknownCommand(text: string): Message {
  return {
    paragraphs: [
      `I don't know ${shorten(text.trim().split(/\s+/)[0] ?? '', 40)}. See /help for what I can do for you.`,
    ],
    buttons: [[HELP]],
  };
}

/** To someone who talks to a machine as to a person. */
export function notACommand(): Message {
  return { paragraphs: ['I only understand commands. See /help for what I can do for you.'], buttons: [[HELP]] };
}

/** To someone whose chat is linked to no account, whatever they typed. */
export function howToLink(channel: 'telegram' | 'discord'): Message {
  const command = channel === 'telegram' ? '/start CODE' : '/link CODE';
  return {
    title: 'This chat is not linked to an account yet',
    paragraphs: [
      `Get a code on the platform, in your account's settings, and send it here within 15 minutes: ${command}`,
      'From then on you get your messages here.',
    ],
    buttons: [],
  };
}

/** To a code that came in a message which somebody else may have written. No button: a code is stored nowhere. */
export function sendCodeYourself(channel: 'telegram' | 'discord', why: string): Message {
  return {
    title: 'Is this code yours?',
    paragraphs: [
      `${why} Nothing has happened. If you got the code yourself, on the platform, type it here: ${channel === 'telegram' ? '/start CODE' : '/link CODE'}`,
    ],
    buttons: [],
  };
}

/** To a press of a confirmation button that somebody else was given, or nobody. */
export function noSuchQuestion(): Message {
  return {
    paragraphs: ['There is no such question of yours to answer; perhaps it was long ago. Nothing was changed.'],
    buttons: [],
  };
}

/** Something broke on our side while a command was run. */
export function brokenOff(): Message {
  return {
    paragraphs: [
      'Something went wrong on our side, and your command may not have taken effect. Please try again in a minute; doing it again never does it twice.',
    ],
    buttons: [],
  };
}

/** The name of a command as a label begins with it. */
export function titled(name: string): string {
  return `${name[0]?.toUpperCase()}${name.slice(1)}`;
}

const HELP = { label: 'Help', command: '/help' };
