import type { CommandButton, Message } from '../../src/notices/messages/message.ts';

/** The button of a question that acts: its command carries the question's token. */
export function confirmingButton(question: Message): CommandButton {
  const found = question.buttons
    .flat()
    .find((button): button is CommandButton => button.command !== undefined && /^\/\w+ !/.test(button.command));
  if (found === undefined) throw new Error(`nothing is asked by: ${question.title ?? question.paragraphs[0]}`);
  return found;
}
