import type { Update, User } from 'telegraf/types';

import type { Accounts } from '../../src/accounts/accounts.ts';
import type { Arrival, ChatPerson, RunCommand } from '../../src/commands/commands.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import type { Limiter } from '../../src/notices/delivery/limiter.ts';
import type { Message } from '../../src/notices/messages/message.ts';
import type { ChannelConnection } from '../channel.ts';
import { slowDown } from '../gate.ts';
import type { Api, KeysBelow } from './api.ts';
import type { Menus } from './menus.ts';
import { LANES, type ReceivedUpdate } from './store.ts';
import { SAID } from './storedUpdate.ts';

export type HandleDependencies = {
  api: Pick<Api, 'answerCallback'>;
  run: RunCommand;
  accounts: Pick<Accounts, 'markReachable' | 'markUnreachable' | 'byLink'>;
  /** The command that a button's data stands for. */
  commandOf: (data: string) => Promise<string | null>;
  reply: (chatId: string, message: Message, keys?: KeysBelow) => Promise<boolean>;
  /** Answers somebody who is not linked, when there is room for that; nobody waits for it. */
  replyToStranger: (person: ChatPerson, message: Message) => void;
  /** What the chat shows of what its person can do: its menu, and the keys below the text field. */
  menus: Pick<Menus, 'refresh' | 'keysOf' | 'announcement'>;
  /** Until it is released, notices to this chat wait. */
  hold: Limiter['hold'];
  clock: Clock;
  speechTo: ChannelConnection['speechTo'];
  answerOf: ChannelConnection['answerOf'];
};

/**
 * One update to its answer. Only private chats are served: what an account may see is nobody else's to read. Handling
 * one twice does nothing twice, because commands do not. Answers false when the person is still owed an answer.
 */
export function createHandler(deps: HandleDependencies) {
  async function handle(document: Pick<ReceivedUpdate, 'update' | 'lane' | 'slowDown'>): Promise<boolean> {
    const { update } = document;
    const way = { isStranger: document.lane >= LANES.newcomer, isTooMuch: document.slowDown === true };
    if ('message' in update) return onMessage(update.message, way);
    if ('callback_query' in update) return onPress(update.callback_query, way);
    if ('my_chat_member' in update) await onMembership(update.my_chat_member);
    return true;
  }

  async function onMessage(message: Update.MessageUpdate['message'], way: Way): Promise<boolean> {
    if (message.chat.type !== 'private') return true;
    if (!SAID.some((kind) => kind in message)) return true;
    const text = 'text' in message ? message.text : '';
    const isForwarded = 'forward_origin' in message || 'forward_date' in message;
    return answer(personOf(message.chat.id, message.from), text, { isForwarded }, way);
  }

  /** The press is acknowledged first: the button stops spinning, and Telegram waits only seconds for that. */
  async function onPress(query: Update.CallbackQueryUpdate['callback_query'], way: Way): Promise<boolean> {
    const chat = query.message?.chat;
    const person = personOf(chat?.id ?? query.from.id, query.from);
    const isPrivate = chat?.type === 'private';
    await deps.api
      .answerCallback(query.id, isPrivate ? undefined : deps.speechTo(person).say('bots.privateOnly'))
      .catch(() => {
        // Too late or twice; the answer below is what counts.
      });
    if (!isPrivate || !('data' in query)) return true;
    const command = await deps.commandOf(query.data);
    return answer(person, command ?? '/help', { isPress: true }, way);
  }

  /** What a command sets off is read after its answer. */
  async function answer(person: ChatPerson, text: string, arrival: Arrival, way: Way): Promise<boolean> {
    const release = deps.hold(person.chatId);
    try {
      return await answerNow(person, text, arrival, way);
    } finally {
      release();
    }
  }

  async function answerNow(person: ChatPerson, text: string, arrival: Arrival, way: Way): Promise<boolean> {
    if (way.isTooMuch) return deps.reply(person.chatId, slowDown(deps.speechTo(person)));
    await deps.accounts.markReachable('telegram', person.userId, person.locale);
    const message = await deps.answerOf(person, () => deps.run(person, text, { ...arrival, codeByHash: true }));
    // Whoever has just linked is no stranger any more.
    if (way.isStranger && (await deps.accounts.byLink('telegram', person.userId)) === null) {
      deps.replyToStranger(person, message);
      return true;
    }
    return replyWithKeys(person, message, arrival.isForwarded !== true && CHANGES_THE_MENU.test(text.trim()));
  }

  /** A message has buttons of its own or brings keys: where it has buttons, the keys follow by themselves. */
  async function replyWithKeys(person: ChatPerson, message: Message, mayBeNew: boolean): Promise<boolean> {
    const { menu: isMenu = false, ...answer } = message;
    const isNew = (await deps.menus.refresh(person, mayBeNew)) || mayBeNew;
    const keys = isMenu || isNew ? await deps.menus.keysOf(person) : undefined;
    const hasButtons = !isMenu && answer.buttons.length > 0;
    const shown = isMenu ? { ...answer, buttons: [] } : answer;
    const isAnswered = await deps.reply(person.chatId, shown, hasButtons ? undefined : keys);
    if (!isAnswered || !hasButtons || keys === undefined) return isAnswered;
    return deps.reply(person.chatId, await deps.menus.announcement(person), keys);
  }

  async function onMembership(change: Update.MyChatMemberUpdate['my_chat_member']): Promise<void> {
    if (change.chat.type !== 'private') return;
    const userId = String(change.from.id);
    if (change.new_chat_member.status === 'kicked') {
      await deps.accounts.markUnreachable('telegram', userId, 'blocked the bot', deps.clock.now());
    } else {
      await deps.accounts.markReachable('telegram', userId, change.from.language_code);
    }
  }

  return handle;
}

/** What they can do, or the language that they read it in, may be another then. */
const CHANGES_THE_MENU = /^\/(start|link|unlink|settings\s+language)\b/i;

/** How an update was let in. */
type Way = { isStranger: boolean; isTooMuch: boolean };

function personOf(chatId: number, { id, language_code: locale }: User): ChatPerson {
  const person = { channel: 'telegram' as const, chatId: String(chatId), userId: String(id) };
  return locale === undefined ? person : { ...person, locale };
}
