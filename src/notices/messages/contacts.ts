import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import { type Message, quoted } from './message.ts';

/** A message from another person, as data; `from` is how the reader knows them. */
export type ContactContent = {
  kind: 'contact.message';
  data: { contactId: string; fromId: string; from: string; isReply: boolean; text: string };
};

export function contactMessage({ data }: ContactContent, display: DisplayContext): Message {
  const { contactId, from, isReply, text } = data;
  const { say } = speechOf(display);
  return {
    state: 'info',
    title: isReply ? say('contacts.reply', { from }) : say('contacts.message', { from }),
    paragraphs: [quoted(text, 1_000)],
    footer: say('contacts.footer', { contact: contactId }),
    buttons: [[{ label: say('contacts.buttons.reply'), command: `/reply ${contactId}` }]],
  };
}
