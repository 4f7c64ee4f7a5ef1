import type { Channel } from '../../accounts/account.ts';
import { formatInstant } from '../../kernel/calendar.ts';
import type { DisplayContext } from '../../texts/speech.ts';
import { type Button, type Message, shorten } from './message.ts';

/** What people are told about their own account, as data. */
export type AccountContent =
  | { kind: 'account.chat_linked'; data: { channel: Channel; userId: string; linkedAt: Date } }
  | { kind: 'account.chat_moved'; data: { channel: Channel; userId: string; at: Date } };

export function accountMessage(content: AccountContent, display: DisplayContext): Message {
  return content.kind === 'account.chat_linked' ? chatLinked(content.data, display) : chatMoved(content.data, display);
}

/** To the chats that an account has already: another one speaks for it now. */
function chatLinked(data: DataOf<'account.chat_linked'>, { timeZone }: DisplayContext): Message {
  return {
    title: 'Another chat was linked to your account',
    paragraphs: [
      `Since ${formatInstant(data.linkedAt, timeZone)} the ${chatName(data)} gets your messages, too, and can act for you.`,
      'If that was you, there is nothing to do. If not, end it now, and show nobody the codes of the platform.',
    ],
    buttons: [[endChatButton(data), { label: 'Settings', command: '/settings' }]],
  };
}

/** To the chats that an account still has: one of them speaks for another account now. */
function chatMoved(data: DataOf<'account.chat_moved'>, { timeZone }: DisplayContext): Message {
  return {
    title: 'A chat of your account was moved to another account',
    paragraphs: [
      `Since ${formatInstant(data.at, timeZone)} the ${chatName(data)} gets no more messages of yours and cannot act for you. Whoever uses it said so there.`,
      'If that was you, there is nothing to do. If not, somebody else may have that chat: tell the platform.',
    ],
    buttons: [[{ label: 'Settings', command: '/settings' }]],
  };
}

type DataOf<K extends AccountContent['kind']> = Extract<AccountContent, { kind: K }>['data'];

/** `Telegram chat of user 4711`. */
export function chatName({ channel, userId }: { channel: Channel; userId: string }): string {
  return `${CHANNEL_NAMES[channel]} chat of user ${shorten(userId, 40)}`;
}

export function endChatButton({ channel, userId }: { channel: Channel; userId: string }): Button {
  return {
    label: `Settings: end ${CHANNEL_NAMES[channel]} ${shorten(userId, 40)}`,
    command: `/settings end ${channel}:${userId}`,
  };
}

const CHANNEL_NAMES: Record<Channel, string> = { telegram: 'Telegram', discord: 'Discord' };
