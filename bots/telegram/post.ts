import type { Limiter } from '../../src/notices/limiter.ts';
import type { Message } from '../../src/notices/message.ts';
import type { Outcome } from '../../src/notices/outcome.ts';
import { type Api, outcomeOf } from './api.ts';
import { render } from './render.ts';
import type { BotStore } from './store.ts';

type PostDependencies = {
  api: Pick<Api, 'sendMessage' | 'faultOf'>;
  limiter: Limiter;
  store: Pick<BotStore, 'keepCommands'>;
  onUnauthorized: () => void;
  warn: (text: string) => void;
};

const REPLY_ATTEMPTS = 4;

/** Puts messages into chats. */
export function createPost({ api, limiter, store, onUnauthorized, warn }: PostDependencies) {
  /** Sends one message now; whoever calls has the limiter's leave. Never throws. */
  async function send(chatId: string, message: Message): Promise<Outcome> {
    try {
      const { text, keyboard, longCommands } = render(message);
      await store.keepCommands(longCommands);
      const sent = await api.sendMessage(chatId, text, keyboard);
      return { kind: 'sent', messageId: String(sent.message_id) };
    } catch (error) {
      const fault = api.faultOf(error);
      if (fault.kind === 'unauthorized') onUnauthorized();
      return outcomeOf(fault);
    }
  }

  /**
   * Answers a person, within the same limits as notices and before them. Tries again a few times, then gives up. False
   * when the service stops first: then the person is still owed an answer.
   */
  async function reply(chatId: string, message: Message): Promise<boolean> {
    for (let attempt = 1; attempt <= REPLY_ATTEMPTS; attempt += 1) {
      const slot = await limiter.acquire(chatId, 'answer');
      if (slot === null) return false;
      const outcome = await send(chatId, message);
      slot.done(outcome.kind === 'throttled' ? outcome.retryAfterMs : 0);
      if (outcome.kind === 'failed') await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
      else if (outcome.kind !== 'throttled') {
        if (outcome.kind === 'refused') warn(`telegram: an answer was refused: ${outcome.reason}`);
        return outcome.kind !== 'off';
      }
    }
    warn('telegram: an answer could not be sent');
    return true;
  }

  return { send, reply };
}
