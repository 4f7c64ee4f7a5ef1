import { pause } from '../../src/kernel/wait.ts';
import type { Limiter } from '../../src/notices/delivery/limiter.ts';
import type { Outcome } from '../../src/notices/delivery/outcome.ts';
import type { Sender } from '../../src/notices/delivery/sender.ts';
import type { Message } from '../../src/notices/messages/message.ts';
import type { CallbackStore, StoredCallback } from '../callbackStore.ts';
import { outcomeOf } from '../channelErrors.ts';
import type { Api, KeysBelow, SendOptions } from './api.ts';
import { type Part, partsOf } from './parts.ts';
import { render } from './render.ts';

type PostDependencies = {
  api: Pick<Api, 'send' | 'editMessage' | 'channelErrorOf'>;
  limiter: Limiter;
  storeCallbacks: CallbackStore['storeCallbacks'];
  onUnauthorized: () => void;
  warn: (text: string) => void;
};

const REPLY_ATTEMPTS = 4;
/** What Telegram says of an edit that changes nothing: the card is as it should be. */
const NOT_MODIFIED = /message is not modified/i;

/** Puts messages into chats. */
export function createPost({ api, limiter, storeCallbacks, onUnauthorized, warn }: PostDependencies) {
  /**
   * Sends the next part of a message now; the caller has the limiter's permission. Never throws. Where a file and its text are
   * two messages, each is a try of its own, so that neither comes twice.
   */
  async function send(chatId: string, message: Message, attempt: Parameters<Sender['send']>[2]): Promise<Outcome> {
    const { parts, callbacks } = partsOf(message);
    const done = attempt.parts ?? 0;
    const next = parts[done];
    // It was longer in another language.
    if (next === undefined) return { kind: 'sent', messageId: attempt.messageId ?? '' };
    const { silent } = attempt;
    const replyTo = done === 0 ? attempt.replyTo : undefined;
    const outcome = await sendPart(chatId, next, callbacks, { silent, replyTo, isProtected: message.isSecret });
    if (outcome.kind !== 'sent' || done + 1 === parts.length) return outcome;
    return { kind: 'partly', parts: done + 1, messageId: outcome.messageId };
  }

  function sendPart(chatId: string, part: Part, callbacks: StoredCallback[], options?: SendOptions): Promise<Outcome> {
    return guarded(async () => {
      await storeCallbacks(callbacks);
      return String((await api.send(chatId, part, options)).message_id);
    });
  }

  /** Replaces an earlier message. Never throws; one that is gone is left alone. */
  async function edit(chatId: string, messageId: string, message: Message): Promise<Outcome> {
    const outcome = await guarded(async () => {
      const { text, keyboard, callbacks } = render(message);
      await storeCallbacks(callbacks);
      await api.editMessage(chatId, messageId, text, keyboard);
      return messageId;
    });
    if (outcome.kind !== 'refused') return outcome;
    return NOT_MODIFIED.test(outcome.reason) ? { kind: 'sent', messageId } : { kind: 'moot' };
  }

  /** The outcome of a call that answers the id of what it sent. */
  async function guarded(call: () => Promise<string>): Promise<Outcome> {
    try {
      return { kind: 'sent', messageId: await call() };
    } catch (error) {
      const fault = api.channelErrorOf(error);
      if (fault.kind === 'unauthorized') onUnauthorized();
      return outcomeOf(fault);
    }
  }

  /**
   * Answers a person, within the same limits as notices and before them. Tries again a few times, then gives up. False when
   * the service stops first: then the person is still owed an answer. `keys` come with it where it has no buttons.
   */
  async function reply(chatId: string, message: Message, keys?: KeysBelow): Promise<boolean> {
    const { parts, callbacks } = partsOf(message);
    for (const part of parts)
      if (!(await persist(chatId, () => sendPart(chatId, part, callbacks, { keys, isProtected: message.isSecret }))))
        return false;
    return true;
  }

  /** Answers somebody who is not linked; false when there is no room for it. One try: they can ask again. */
  async function replyToStranger(chatId: string, message: Message): Promise<boolean> {
    const slot = await limiter.acquire(chatId, 'stranger');
    if (slot === null) return false;
    slot.begin();
    const { parts, callbacks } = partsOf(message);
    const outcome = await sendPart(chatId, parts[0], callbacks);
    slot.done(outcome.kind === 'throttled' ? outcome.retryAfterMs : 0);
    return outcome.kind === 'sent';
  }

  async function persist(chatId: string, attempt: () => Promise<Outcome>): Promise<boolean> {
    for (let failures = 0; failures < REPLY_ATTEMPTS; failures += 1) {
      const slot = await limiter.acquire(chatId, 'answer');
      if (slot === null) return false;
      slot.begin();
      const outcome = await attempt();
      slot.done(outcome.kind === 'throttled' ? outcome.retryAfterMs : 0);
      if (outcome.kind === 'failed') await pause(500 * (failures + 1));
      else if (outcome.kind !== 'throttled') {
        if (outcome.kind === 'refused') warn(`telegram: an answer was refused: ${outcome.reason}`);
        return outcome.kind !== 'off';
      }
    }
    warn('telegram: an answer could not be sent');
    return true;
  }

  return { send, edit, reply, replyToStranger };
}
