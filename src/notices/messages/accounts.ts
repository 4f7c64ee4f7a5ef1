import type { Channel } from '../../accounts/account.ts';
import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import { commandButton } from './buttons.ts';
import { type Button, type Message, shorten } from './message.ts';

/** What people are told about their own account, as data. */
export type AccountContent =
  | { kind: 'account.chat_linked'; data: { channel: Channel; userId: string; linkedAt: Date } }
  | { kind: 'account.chat_moved'; data: { channel: Channel; userId: string; at: Date } };

export function accountMessage(content: AccountContent, display: DisplayContext): Message {
  return content.kind === 'account.chat_linked' ? chatLinked(content.data, display) : chatMoved(content.data, display);
}

/** To the chats that an account has already: another one speaks for it now. */
function chatLinked(data: DataOf<'account.chat_linked'>, display: DisplayContext): Message {
  const { say, instant } = speechOf(display);
  return {
    state: 'overdue',
    title: say('accounts.chatLinked.title'),
    paragraphs: [
      say('accounts.chatLinked.what', { at: instant(data.linkedAt), ...chatWords(data) }),
      say('accounts.chatLinked.next'),
    ],
    buttons: [[endChatButton(data, display), commandButton(speechOf(display).say, 'settings')]],
  };
}

/** To the chats that an account still has: one of them speaks for another account now. */
function chatMoved(data: DataOf<'account.chat_moved'>, display: DisplayContext): Message {
  const { say, instant } = speechOf(display);
  return {
    state: 'overdue',
    title: say('accounts.chatMoved.title'),
    paragraphs: [
      say('accounts.chatMoved.what', { at: instant(data.at), ...chatWords(data) }),
      say('accounts.chatMoved.next'),
    ],
    buttons: [[commandButton(speechOf(display).say, 'settings')]],
  };
}

type DataOf<K extends AccountContent['kind']> = Extract<AccountContent, { kind: K }>['data'];
type Chat = { channel: Channel; userId: string };

/** `Telegram chat of user 4711`. */
export function chatName(chat: Chat, display: DisplayContext): string {
  return speechOf(display).say('accounts.chat', chatWords(chat));
}

export function endChatButton(chat: Chat, display: DisplayContext): Button {
  return {
    label: speechOf(display).say('accounts.buttons.endChat', chatWords(chat)),
    command: `/settings end ${chat.channel}:${chat.userId}`,
    weight: 'danger',
  };
}

function chatWords({ channel, userId }: Chat): { channel: string; user: string } {
  return { channel: CHANNEL_NAMES[channel], user: shorten(userId, 40) };
}

export const CHANNEL_NAMES: Record<Channel, string> = { telegram: 'Telegram', discord: 'Discord' };
