import { pause } from '../../src/kernel/wait.ts';
import type { Limiter } from '../../src/notices/delivery/limiter.ts';
import type { Outcome } from '../../src/notices/delivery/outcome.ts';
import type { Attachment, Message } from '../../src/notices/messages/message.ts';
import type { CallbackStore } from '../callbackStore.ts';
import { outcomeOf } from '../channelErrors.ts';
import type { Api } from './api.ts';
import { render } from './render.ts';

type PostDependencies = {
  api: Pick<Api, 'sendMessage' | 'sendDocument' | 'editMessage' | 'channelErrorOf'>;
  limiter: Limiter;
  storeCallbacks: CallbackStore['storeCallbacks'];
  onUnauthorized: () => void;
  warn: (text: string) => void;
};

const REPLY_ATTEMPTS = 4;
/** What Telegram says of an edit that changes nothing: the card is as it should be. */
const NOT_MODIFIED = /message is not modified/i;

type Rendered = ReturnType<typeof render>;

/** Puts messages into chats. */
export function createPost({ api, limiter, storeCallbacks, onUnauthorized, warn }: PostDependencies) {
  /** Sends one message now; the caller has the limiter's permission. Never throws. */
  function send(chatId: string, message: Message): Promise<Outcome> {
    return put(message, async ({ text, keyboard }) => {
      const sent = await api.sendMessage(chatId, text, keyboard);
      return String(sent.message_id);
    });
  }

  /** Replaces an earlier message. Never throws; one that is gone is left alone. */
  async function edit(chatId: string, messageId: string, message: Message): Promise<Outcome> {
    const outcome = await put(message, async ({ text, keyboard }) => {
      await api.editMessage(chatId, messageId, text, keyboard);
      return messageId;
    });
    if (outcome.kind !== 'refused') return outcome;
    return NOT_MODIFIED.test(outcome.reason) ? { kind: 'sent', messageId } : { kind: 'moot' };
  }

  function sendFile(chatId: string, attachment: Attachment): Promise<Outcome> {
    return guarded(async () => {
      await api.sendDocument(chatId, attachment);
      return '';
    });
  }

  function put(message: Message, call: (rendered: Rendered) => Promise<string>): Promise<Outcome> {
    return guarded(async () => {
      const rendered = render(message);
      await storeCallbacks(rendered.callbacks);
      return call(rendered);
    });
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
   * Answers a person, within the same limits as notices and before them; a file follows as a message of its own. Tries
   * again a few times, then gives up. False when the service stops first: then the person is still owed an answer.
   */
  async function reply(chatId: string, message: Message): Promise<boolean> {
    const { attachment } = message;
    if (!(await persist(chatId, () => send(chatId, message)))) return false;
    return attachment === undefined || persist(chatId, () => sendFile(chatId, attachment));
  }

  /** Answers somebody who is not linked; false when there is no room for it. One try: they can ask again. */
  async function replyToStranger(chatId: string, message: Message): Promise<boolean> {
    const slot = await limiter.acquire(chatId, 'stranger');
    if (slot === null) return false;
    slot.begin();
    const outcome = await send(chatId, message);
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
