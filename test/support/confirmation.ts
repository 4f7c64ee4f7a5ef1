import type { Button, Message } from '../../src/notices/messages/message.ts';

/** The button of a question that acts: its command carries the question's token. */
export function confirmingButton(question: Message): Button {
  const found = question.buttons.flat().find(({ command }) => /^\/\w+ !/.test(command));
  if (found === undefined) throw new Error(`nothing is asked by: ${question.title ?? question.paragraphs[0]}`);
  return found;
}
