import { Telegram, TelegramError } from 'telegraf';
import type { Update, UserFromGetMe } from 'telegraf/types';

import { withoutLinkTokens } from '../../src/console/addresses.ts';
import { messageOf } from '../../src/kernel/errors.ts';
import type { ChannelError } from '../channelErrors.ts';
import type { Part } from './parts.ts';
import type { Keyboard } from './render.ts';

export type TelegramSettings = {
  token: string;
  /** Telegram's own when not set. */
  apiRoot?: string;
  webhook?: { url: string; secret: string };
};

/** What stands below the text field from then on: keys, which say what they send, or nothing any more. */
export type KeysBelow =
  | { keyboard: { text: string }[][]; is_persistent: true; resize_keyboard: true }
  | { remove_keyboard: true };

/**
 * How a message comes: without a sound, as a reply to an earlier one, with keys, where it has no buttons of its own, or so that it
 * cannot be forwarded.
 */
export type SendOptions = {
  silent?: boolean | undefined;
  isProtected?: boolean | undefined;
  replyTo?: string | undefined;
  keys?: KeysBelow | undefined;
};

type SentMessage = { message_id: number };

export type Api = ReturnType<typeof createApi>;

const CALL_TIMEOUT_MS = 8_000;
const POLL_SECONDS = 25;
const POLL_TIMEOUT_MS = 35_000;
const DEFAULT_RETRY_AFTER_SECONDS = 3;

/** The Bot API with a time-out on every call, which the library lacks, and no token in any error. */
export function createApi({ token, apiRoot }: TelegramSettings) {
  const telegram = new Telegram(token, {
    webhookReply: false,
    ...(apiRoot === undefined ? {} : { apiRoot: apiRoot.endsWith('/') ? apiRoot : `${apiRoot}/` }),
  });

  async function call<T>(method: CallName, payload: object, signal: AbortSignal): Promise<T> {
    // The library types each method's payload and ties the signal to a polyfill; a method's name decides about both,
    // and this is the one place that calls it.
    const callApi = telegram.callApi.bind(telegram) as unknown as (
      method: string,
      payload: object,
      options: { signal: AbortSignal },
    ) => Promise<T>;
    return callApi(method, payload, { signal });
  }

  function quick<T>(method: CallName, payload: object): Promise<T> {
    return call<T>(method, payload, AbortSignal.timeout(CALL_TIMEOUT_MS));
  }

  /** Sends one part of a message; `silent`: without a sound. One that is answered and gone is no hindrance. */
  async function send(
    chatId: string,
    part: Part,
    { silent, isProtected, replyTo, keys }: SendOptions = {},
  ): Promise<SentMessage> {
    const options = {
      chat_id: chatId,
      parse_mode: 'HTML',
      ...(silent === true ? { disable_notification: true } : {}),
      ...(isProtected === true ? { protect_content: true } : {}),
      ...(part.keyboard.length > 0
        ? { reply_markup: { inline_keyboard: part.keyboard } }
        : keys === undefined
          ? {}
          : { reply_markup: keys }),
    };
    const reply =
      replyTo === undefined ? undefined : { message_id: Number(replyTo), allow_sending_without_reply: true };
    if (part.kind === 'text') {
      return quick('sendMessage', {
        ...{ ...options, text: part.text, link_preview_options: { is_disabled: true } },
        ...(reply === undefined ? {} : { reply_parameters: reply }),
      });
    }
    const { name: filename, content } = part.file;
    return quick(part.kind === 'photo' ? 'sendPhoto' : 'sendDocument', {
      ...{ ...options, [part.kind]: { source: Buffer.from(content), filename } },
      ...(part.text === '' ? {} : { caption: part.text }),
      // The library writes no objects into forms but those that it knows.
      ...(reply === undefined ? {} : { reply_parameters: JSON.stringify(reply) }),
    });
  }

  /** Puts a text and its buttons in the place of what a message was. */
  async function editMessage(chatId: string, messageId: string, text: string, keyboard: Keyboard): Promise<unknown> {
    return quick('editMessageText', {
      chat_id: chatId,
      message_id: Number(messageId),
      text,
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
      reply_markup: { inline_keyboard: keyboard },
    });
  }

  /** Waits for updates from `offset` on; `stop` ends the waiting. */
  async function getUpdates(offset: number, stop: AbortSignal): Promise<Update[]> {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(POLL_TIMEOUT_MS)]);
    return call('getUpdates', { offset, timeout: POLL_SECONDS, allowed_updates: ALLOWED_UPDATES }, signal);
  }

  function channelErrorOf(error: unknown): ChannelError {
    if (error instanceof TelegramError) return telegramFault(error, scrub);
    return { kind: 'failed', reason: scrub(messageOf(error)), mayHaveArrived: !neverLeft(error) };
  }

  /** Errors of the library name the URL, and the URL holds the token; Telegram itself quotes the address of a button. */
  function scrub(text: string): string {
    const words = text.replaceAll(token, '[token]').replaceAll(encodeURIComponent(token), '[token]');
    return withoutLinkTokens(words).slice(0, 500);
  }

  return {
    send,
    editMessage,
    getUpdates,
    channelErrorOf,
    getMe: () => quick<UserFromGetMe>('getMe', {}),
    answerCallback: (id: string, text?: string) =>
      quick<true>('answerCallbackQuery', { callback_query_id: id, ...(text === undefined ? {} : { text }) }),
    setCommands: (commands: MenuEntry[], shownTo: { chatId: string } | { language: string } | 'everybody') =>
      quick<true>('setMyCommands', {
        commands,
        ...(shownTo === 'everybody'
          ? {}
          : 'chatId' in shownTo
            ? { scope: { type: 'chat', chat_id: shownTo.chatId } }
            : { language_code: shownTo.language }),
      }),
    useWebhook: (url: string, secret: string) =>
      quick<true>('setWebhook', { url, secret_token: secret, allowed_updates: ALLOWED_UPDATES, max_connections: 20 }),
    usePolling: () => quick<true>('deleteWebhook', {}),
  };
}

type MenuEntry = { command: string; description: string };

type CallName =
  | 'getMe'
  | 'getUpdates'
  | 'sendMessage'
  | 'sendPhoto'
  | 'sendDocument'
  | 'editMessageText'
  | 'answerCallbackQuery'
  | 'setMyCommands'
  | 'setWebhook'
  | 'deleteWebhook';

const ALLOWED_UPDATES = ['message', 'callback_query', 'my_chat_member'];

/** Refusals that mean the person is gone, beside every 403. */
const GONE = /chat not found|user is deactivated|peer_id_invalid|bot was kicked|not enough rights to send/i;

/** What the system says when there was no connection to send anything on. */
const NO_CONNECTION = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Whether a call failed before anything was sent; Telegram has no key by which it would know a second one again. */
function neverLeft(error: unknown): boolean {
  return error instanceof Error && 'code' in error && NO_CONNECTION.has(String(error.code));
}

function telegramFault(error: TelegramError, scrub: (text: string) => string): ChannelError {
  const reason = scrub(error.description ?? error.message);
  if (error.code === 429) {
    const seconds = error.parameters?.retry_after ?? DEFAULT_RETRY_AFTER_SECONDS;
    return { kind: 'throttled', retryAfterMs: seconds * 1_000 };
  }
  if (error.code === 401) return { kind: 'unauthorized' };
  if (error.code === 403 || (error.code === 400 && GONE.test(reason))) return { kind: 'unreachable', reason };
  if (error.code >= 500) return { kind: 'failed', reason: `${error.code} ${reason}`, mayHaveArrived: true };
  return { kind: 'refused', reason, code: error.code };
}
