import type { DisplayContext } from '../../texts/speech.ts';
import type { Attachment, Message } from '../messages/message.ts';
import type { NoticeContent } from '../messages/notice.ts';
import type { Recipient } from '../recipients.ts';
import type { Outcome } from './outcome.ts';

/**
 * The delivery that a message belongs to, so that a channel can tell a retry from a second message. `parts`: so many of what it
 * takes were sent before, and `messageId` was the last. `silent`: it makes no sound. `replyTo`: the message that it belongs to.
 */
export type Attempt = {
  key: string;
  failures: number;
  parts?: number | undefined;
  messageId?: string | undefined;
  silent?: boolean | undefined;
  replyTo?: string | undefined;
};

/** Hands one message to a channel. Never throws and always ends: what went wrong is an outcome. */
export type Sender = {
  send(chatId: string, message: Message, attempt: Attempt): Promise<Outcome>;
  /** Puts a message in the place of an earlier one. */
  edit(chatId: string, messageId: string, message: Message): Promise<Outcome>;
};

/**
 * Where all managers read. `send` answers null where that place takes no messages: then each is told in a chat of their own. It
 * looks for an earlier try itself, whatever the failures were.
 */
export type SharedPlace = {
  display: DisplayContext;
  send(message: Message, attempt: Attempt): Promise<Outcome | null>;
};

/** A message without the buttons that whoever reads it may not use at this moment. */
export type UsableFor = (message: Message, person: Pick<Recipient, 'accountId' | 'role'>) => Promise<Message>;

/** The file that goes with a notice, drawn for who reads it; undefined where none does. */
export type AttachmentOf = (content: NoticeContent, display: DisplayContext) => Promise<Attachment | undefined>;
