import type { Button, Message } from '../../notices/messages/message.ts';
import type { Speech } from '../../texts/speech.ts';
import { type Doubt, noSuchQuestion } from './answers.ts';
import type { Command, Question, Request } from './command.ts';
import { CONFIRM_MINUTES } from './confirmations.ts';

/** Asks, if there is something to ask; `doubt` says why the person may not have meant it, if anything does. */
export async function ask(request: Request, command: Command, doubt?: Doubt): Promise<Message> {
  const question = await questionOf(request, command);
  if (!isQuestion(question)) return question;
  const { deps, account, now } = request;
  const { say } = request.speech;
  const acting = async ({ label, words: [subject, ...rest] }: Pick<Question, 'label' | 'words'>): Promise<Button> => {
    const asked = { command: command.name, accountId: account.accountId, subject, reason: rest.join(' ') };
    return { label, command: `/${command.name} !${await deps.confirmations.ask(asked, now)}` };
  };
  const { otherwise, instead, facts, table, attachment } = question;
  return {
    title: question.title,
    paragraphs: [
      ...(doubt === undefined ? [] : [say(`answers.askFirst.${doubt}`)]),
      ...question.paragraphs,
      say('questions.within', { minutes: CONFIRM_MINUTES }),
    ],
    ...(facts === undefined ? {} : { facts }),
    ...(table === undefined ? {} : { table }),
    ...(attachment === undefined ? {} : { attachment }),
    buttons: [
      ...(otherwise === undefined
        ? [[await acting(question), question.beside]]
        : [[await acting(question)], [await acting(otherwise)], [question.beside]]),
      ...(instead === undefined ? [] : [[instead]]),
    ],
  };
}

/**
 * The second press: what was asked is what is done, by who asked, if the state still allows it. A press again runs the same
 * command with the same words, which does nothing twice but finishes what a crash cut off.
 */
export async function answerQuestion(request: Request, command: Command, token: string): Promise<Message> {
  const { deps, account, now, speech } = request;
  const asked = await deps.confirmations.asked(token, { command: command.name, accountId: account.accountId });
  if (asked === null) return noSuchQuestion(speech);
  const words = [asked.subject, ...asked.reason.split(' ').filter((word) => word !== '')];
  const meant = { ...request, words };
  if (now < asked.expiresAt) return command.run(meant);
  const question = await questionOf(meant, command);
  return isQuestion(question) ? tooLate(speech, question, askAgain(speech, command, words)) : question;
}

async function questionOf(request: Request, command: Command): Promise<Question | Message> {
  return (await command.asksOnceMore?.question(request)) ?? command.run(request);
}

function isQuestion(one: Question | Message): one is Question {
  return 'about' in one;
}

function tooLate({ say }: Speech, { about, beside }: Question, again: Button): Message {
  return {
    title: say('questions.tooLate.title'),
    paragraphs: [
      say('questions.tooLate.what', { name: about, minutes: CONFIRM_MINUTES }),
      say('questions.tooLate.again'),
    ],
    buttons: [[again, beside]],
  };
}

function askAgain({ say }: Speech, { name }: Command, words: string[]): Button {
  const label = say('questions.tooLate.button', { command: say(`commands.${name}.title`) });
  return { label, command: [`/${name}`, ...words].join(' ') };
}
