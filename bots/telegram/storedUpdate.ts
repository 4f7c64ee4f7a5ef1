import type { Update } from 'telegraf/types';

import { withoutCode } from '../../src/accounts/linkCode.ts';

/** What a person says. Everything else is Telegram's own report, as of a pin or a timer, and wants no answer. */
export const SAID = [
  ...['text', 'animation', 'audio', 'checklist', 'contact', 'dice', 'document', 'game', 'live_photo', 'location'],
  ...['paid_media', 'photo', 'poll', 'sticker', 'story', 'venue', 'video', 'video_note', 'voice'],
];

/**
 * An update as it is stored until it is handled: only what handling it reads, and a code only by its hash. What else
 * Telegram sends, as the message that is answered or names, is nobody's here to keep.
 */
export function storedUpdate(update: Update): Update {
  const given = update as unknown as Record<string, unknown>;
  const { update_id } = update;
  const kept = {
    update_id,
    ...('message' in given ? { message: messageOf(given.message) } : {}),
    ...('callback_query' in given ? { callback_query: pressOf(given.callback_query) } : {}),
    ...('my_chat_member' in given ? { my_chat_member: membershipOf(given.my_chat_member) } : {}),
  };
  // Handling reads no more of an update than this.
  return kept as unknown as Update;
}

function messageOf(given: unknown): unknown {
  const message = fieldsOf(given);
  const said = Object.keys(message).filter((key) => SAID.includes(key) || FORWARDED.includes(key));
  return {
    ...chatAndSender(message),
    ...Object.fromEntries(said.map((key) => [key, true])),
    ...(typeof message.text === 'string' ? { text: withoutCode(message.text) } : {}),
  };
}

function pressOf(given: unknown): unknown {
  const press = fieldsOf(given);
  const message = fieldsOf(press.message);
  return {
    id: press.id,
    from: senderOf(press.from),
    ...('message' in press ? { message: { chat: chatOf(message.chat) } } : {}),
    ...(typeof press.data === 'string' ? { data: withoutCode(press.data) } : {}),
  };
}

function membershipOf(given: unknown): unknown {
  const change = fieldsOf(given);
  return { ...chatAndSender(change), new_chat_member: { status: fieldsOf(change.new_chat_member).status } };
}

function chatAndSender({ chat, from }: Record<string, unknown>): Record<string, unknown> {
  return { chat: chatOf(chat), from: senderOf(from) };
}

function senderOf(given: unknown): unknown {
  const { id, language_code } = fieldsOf(given);
  return { id, ...(typeof language_code === 'string' ? { language_code } : {}) };
}

function chatOf(given: unknown): unknown {
  const { id, type } = fieldsOf(given);
  return { id, type };
}

/** Nothing of what is no object: a malformed update fails when it is handled, and not here. */
function fieldsOf(given: unknown): Record<string, unknown> {
  return typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
}

const FORWARDED = ['forward_origin', 'forward_date'];
