import { type Message, quoted } from './message.ts';

/** A message from another person, as data; `from` is how the reader knows them. */
export type ContactContent = {
  kind: 'contact.message';
  data: { contactId: string; fromId: string; from: string; isReply: boolean; text: string };
};

export function contactMessage({ data }: ContactContent): Message {
  const { contactId, from, isReply, text } = data;
  return {
    title: isReply ? `${from} replied` : `Message from ${from}`,
    paragraphs: [quoted(text, 1_000)],
    footer: `To answer: press Reply, or send /reply ${contactId} TEXT`,
    buttons: [[{ label: 'Reply', command: `/reply ${contactId}` }]],
  };
}
