import type { Channel } from '../../accounts/account.ts';
import { LINK_CODE_MINUTES } from '../../accounts/linkCode.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import { copyable } from '../../notices/messages/marks.ts';
import { type Message, quoted, shorten } from '../../notices/messages/message.ts';
import { refusalWords } from '../../texts/refusals.ts';
import type { Say, Speech } from '../../texts/speech.ts';
import type { Command, Thing } from './command.ts';

/** Someone else's thing and a thing that does not exist get these same words. */
export function notFound({ say }: Speech, thing: Thing, id: string): Message {
  const buttons = thing === 'event' ? [[commandButton(say, 'quarantine')]] : [];
  return { paragraphs: [say('answers.notFound', { thing, id: shorten(id, 140) })], buttons };
}

/** An argument is missing: `question` asks for it. */
export function missing({ say }: Speech, question: string, example: string): Message {
  return { paragraphs: [question, say('answers.example', { example })], buttons: [[commandButton(say, 'help')]] };
}

/** One argument is wrong: `problem` is the sentence that says which, and what to write instead. */
export function wrong({ say }: Speech, problem: string, example: string): Message {
  return {
    title: say('answers.wrong'),
    paragraphs: [`${problem} ${say('answers.nothingChanged')}`, say('answers.example', { example })],
    buttons: [[commandButton(say, 'help')]],
  };
}

/** The clocks of the service and its database disagree, so that nothing can be decided. */
export function notNow({ say }: Speech): Message {
  return { title: say('answers.notNow.title'), paragraphs: [say('answers.notNow.what')], buttons: [] };
}

/** Payees that are needed cannot be read with the keys at hand. */
export function payeesLocked({ say }: Speech): Message {
  const words = refusalWords('payee_locked', say);
  const sentence = `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
  return { title: say('answers.notNow.title'), paragraphs: [sentence], buttons: [] };
}

/** Why somebody may not have meant a command: it was forwarded, or only written like a sentence. */
export type Doubt = 'forwarded' | 'sentence';

/** Before a command that changes something and that nobody may have meant to give here. The button gives it. */
export function askFirst({ say }: Speech, { name }: Command, words: string[], doubt: Doubt): Message {
  const command = [`/${name}`, ...words].join(' ');
  const label = say(`commands.${name}.title`);
  return {
    title: say('answers.askFirst.title'),
    paragraphs: [quoted(command, 1_000), `${say(`answers.askFirst.${doubt}`)} ${say('answers.askFirst.press')}`],
    buttons: [[{ label, command }]],
  };
}

/** To somebody who typed something that is no command of theirs. */
export function unknownCommand({ say }: Speech, text: string): Message {
  const command = shorten(text.trim().split(/\s+/)[0] ?? '', 40);
  return { paragraphs: [say('answers.unknownCommand', { command })], buttons: [[commandButton(say, 'help')]] };
}

/** To a manager who lacks the right that a command needs; that there is such a command is no secret. */
export function scopeMissing({ say }: Speech, { name }: Command, scope: string): Message {
  return {
    title: say('answers.scopeMissing.title'),
    paragraphs: [
      say('answers.scopeMissing.what', { command: `/${name}`, scope: copyable(scope) }),
      say('answers.scopeMissing.next'),
    ],
    buttons: [[commandButton(say, 'help')]],
  };
}

/** To a command from a page of the console that is for the chat alone. */
export function inChatOnly({ say }: Speech, { name }: Command): Message {
  return { paragraphs: [say('answers.inChatOnly', { command: `/${name}` })], buttons: [] };
}

/** To someone who talks to a machine as to a person. */
export function notACommand({ say }: Speech): Message {
  return { paragraphs: [say('answers.notACommand')], buttons: [[commandButton(say, 'help')]] };
}

/** To someone whose chat is linked to no account, whatever they typed. */
export function howToLink({ say }: Speech, channel: Channel): Message {
  return {
    title: say('linking.howTo.title'),
    paragraphs: [
      say('linking.howTo.getCode', { minutes: LINK_CODE_MINUTES, command: linkCommand(say, channel) }),
      say('linking.howTo.then'),
    ],
    buttons: [],
  };
}

/** To a code that came in a message which somebody else may have written. No button: a code is stored nowhere. */
export function sendCodeYourself({ say }: Speech, channel: Channel, doubt: Doubt): Message {
  const command = linkCommand(say, channel);
  return {
    title: say('linking.sendYourself.title'),
    paragraphs: [`${say(`answers.askFirst.${doubt}`)} ${say('linking.sendYourself.what', { command })}`],
    buttons: [],
  };
}

/** How a code is sent in a channel. */
export function linkCommand(say: Say, channel: Channel): string {
  return say('linking.command', { channel: channel === 'telegram' ? 'telegram' : 'other' });
}

/** To a press of a confirmation button that somebody else was given, or nobody. */
export function noSuchQuestion({ say }: Speech): Message {
  return { paragraphs: [say('questions.notYours')], buttons: [] };
}

/** Something broke on our side while a command was run. */
export function brokenOff({ say }: Speech): Message {
  return { paragraphs: [say('answers.brokenOff')], buttons: [] };
}
