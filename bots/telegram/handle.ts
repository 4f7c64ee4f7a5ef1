import type { Update } from 'telegraf/types';

import type { Accounts } from '../../src/accounts/accounts.ts';
import type { Arrival, ChatPerson, RunCommand } from '../../src/commands/commands.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import type { Limiter } from '../../src/notices/delivery/limiter.ts';
import type { Message } from '../../src/notices/messages/message.ts';
import type { ChannelConnection } from '../channel.ts';
import type { Api } from './api.ts';
import { SAID } from './storedUpdate.ts';

export type HandleDependencies = {
  api: Pick<Api, 'answerCallback'>;
  run: RunCommand;
  accounts: Pick<Accounts, 'markReachable' | 'markUnreachable'>;
  /** The command that a button's data stands for. */
  commandOf: (data: string) => Promise<string | null>;
  reply: (chatId: string, message: Message) => Promise<boolean>;
  /** Shows in the chat's menu what its person can do now. */
  showMenu: (person: ChatPerson) => Promise<void>;
  /** Until it is released, notices to this chat wait. */
  hold: Limiter['hold'];
  clock: Clock;
  answerOf: ChannelConnection['answerOf'];
};

/**
 * One update to its answer. Only private chats are served: what an account may see is nobody else's to read. Handling
 * one twice does nothing twice, because commands do not. Answers false when the person is still owed an answer.
 */
export function createHandler(deps: HandleDependencies) {
  async function handle(update: Update): Promise<boolean> {
    if ('message' in update) return onMessage(update.message);
    if ('callback_query' in update) return onPress(update.callback_query);
    if ('my_chat_member' in update) await onMembership(update.my_chat_member);
    return true;
  }

  async function onMessage(message: Update.MessageUpdate['message']): Promise<boolean> {
    if (message.chat.type !== 'private') return true;
    if (!SAID.some((kind) => kind in message)) return true;
    const text = 'text' in message ? message.text : '';
    const isForwarded = 'forward_origin' in message || 'forward_date' in message;
    return answer(personOf(message.chat.id, message.from.id), text, { isForwarded });
  }

  /** The press is acknowledged first: the button stops spinning, and Telegram waits only seconds for that. */
  async function onPress(query: Update.CallbackQueryUpdate['callback_query']): Promise<boolean> {
    const chat = query.message?.chat;
    const isPrivate = chat?.type === 'private';
    await deps.api
      .answerCallback(query.id, isPrivate ? undefined : 'Please write to me in a private chat.')
      .catch(() => {
        // Too late or twice; the answer below is what counts.
      });
    if (!isPrivate || !('data' in query)) return true;
    const command = await deps.commandOf(query.data);
    return answer(personOf(chat.id, query.from.id), command ?? '/help', { isPress: true });
  }

  /** What a command sets off is read after its answer. */
  async function answer(person: ChatPerson, text: string, arrival: Arrival = {}): Promise<boolean> {
    const release = deps.hold(person.chatId);
    try {
      return await answerNow(person, text, arrival);
    } finally {
      release();
    }
  }

  async function answerNow(person: ChatPerson, text: string, arrival: Arrival): Promise<boolean> {
    await deps.accounts.markReachable('telegram', person.userId);
    const message = await deps.answerOf(() => deps.run(person, text, { ...arrival, codeByHash: true }));
    const isAnswered = await deps.reply(person.chatId, message);
    if (/^\/(start|unlink)\b/i.test(text.trim())) await deps.showMenu(person);
    return isAnswered;
  }

  async function onMembership(change: Update.MyChatMemberUpdate['my_chat_member']): Promise<void> {
    if (change.chat.type !== 'private') return;
    const userId = String(change.from.id);
    if (change.new_chat_member.status === 'kicked') {
      await deps.accounts.markUnreachable('telegram', userId, 'blocked the bot', deps.clock.now());
    } else {
      await deps.accounts.markReachable('telegram', userId);
    }
  }

  return handle;
}

function personOf(chatId: number, userId: number): ChatPerson {
  return { channel: 'telegram', chatId: String(chatId), userId: String(userId) };
}
