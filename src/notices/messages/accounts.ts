import type { Channel } from '../../accounts/account.ts';
import { type DisplayContext, type Say, speechOf } from '../../texts/speech.ts';
import { commandButton } from './buttons.ts';
import { type Button, type Message, shorten } from './message.ts';

/** What people are told about their own account, as data. */
export type AccountContent =
  | { kind: 'account.chat_linked'; data: { channel: Channel; userId: string; linkedAt: Date } }
  | { kind: 'account.chat_moved'; data: { channel: Channel; userId: string; at: Date } }
  | {
      kind: 'account.console_opened';
      data: SessionPlace & { sessionId: string; way: 'link' | 'telegram'; openedAt: Date; expiresAt: Date };
    }
  /** `what` was used by two: the link, or a copy of what the browser keeps. */
  | {
      kind: 'account.console_link_reused';
      data: SessionPlace & { sessionId: string; what: 'link' | 'copy'; openedAt: Date; endedAt: Date };
    };

/** Where a session of the console was opened: the network that it came from, and as what the browser described itself. */
export type SessionPlace = { network: string; agent: string };

export function accountMessage(content: AccountContent, display: DisplayContext): Message {
  switch (content.kind) {
    case 'account.chat_linked':
      return chatLinked(content.data, display);
    case 'account.chat_moved':
      return chatMoved(content.data, display);
    case 'account.console_opened':
      return consoleOpened(content.data, display);
    case 'account.console_link_reused':
      return consoleReused(content.data, display);
  }
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

/** To every chat of an account: somebody may be in the console as its person. */
function consoleOpened(data: DataOf<'account.console_opened'>, display: DisplayContext): Message {
  const { say, instant } = speechOf(display);
  const way = data.way === 'telegram' ? 'telegram' : 'other';
  return {
    state: 'info',
    title: say('accounts.consoleOpened.title', { way }),
    paragraphs: [
      say('accounts.consoleOpened.what', {
        ...{ at: instant(data.openedAt), place: placeOf(data, say), until: instant(data.expiresAt) },
      }),
      say('accounts.consoleOpened.next'),
    ],
    buttons: [
      [
        {
          label: say('accounts.buttons.endSession'),
          command: endSessionCommand(data.sessionId),
          weight: 'danger',
        },
        sessionsButton(say),
      ],
    ],
  };
}

/** To every chat of an account: what opened the console was used by two, and what it opened is ended. */
function consoleReused(data: DataOf<'account.console_link_reused'>, display: DisplayContext): Message {
  const { say, instant } = speechOf(display);
  const what = data.what === 'link' ? 'link' : 'other';
  return {
    state: 'overdue',
    title: say('accounts.consoleReused.title', { what }),
    paragraphs: [
      say('accounts.consoleReused.what', {
        ...{ what, at: instant(data.endedAt), openedAt: instant(data.openedAt), place: placeOf(data, say) },
      }),
      say('accounts.consoleReused.next'),
    ],
    buttons: [[commandButton(say, 'console'), sessionsButton(say)]],
  };
}

/** `Firefox, Windows, 203.0.113.0`. */
export function placeOf({ agent, network }: SessionPlace, say: Say): string {
  const known = [agent, network].filter((part) => part !== '');
  return known.length === 0 ? say('accounts.unknownPlace') : known.map((part) => shorten(plainOf(part), 60)).join(', ');
}

/** What a browser says of itself is outside text: no channel makes a mention, a command or a link of letters, digits and a network's signs. */
function plainOf(text: string): string {
  return text.replace(/[^\p{L}\p{N} ,.:]/gu, '').replace(/(?<=\p{L})\./gu, ' ');
}

/** `sessionId` names one, or `all`. */
export function endSessionCommand(sessionId: string): string {
  return `/settings sessions end ${sessionId}`;
}

/** The button that shows who is in the console as this person. */
export function sessionsButton(say: Say): Button {
  return { label: say('accounts.buttons.sessions'), command: '/settings sessions' };
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
