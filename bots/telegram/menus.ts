import type { Accounts } from '../../src/accounts/accounts.ts';
import type { ChatPerson } from '../../src/commands/commands.ts';
import { type CommandDependencies, speechTo } from '../../src/commands/core/command.ts';
import type { Reader } from '../../src/commands/core/usable.ts';
import { keyboardOf } from '../../src/commands/keyboard.ts';
import { menuOf } from '../../src/commands/registry.ts';
import { createRemembered } from '../../src/kernel/remembered.ts';
import type { Message } from '../../src/notices/messages/message.ts';
import { LANGUAGES } from '../../src/texts/languages.ts';
import { type DisplayContext, sayIn } from '../../src/texts/speech.ts';
import { reasonOf } from '../channelErrors.ts';
import type { Api, KeysBelow } from './api.ts';

export type Menus = ReturnType<typeof createMenus>;

/** Chats whose menu is remembered; whoever is forgotten is shown it once more. */
const REMEMBERED = 20_000;

/**
 * What Telegram shows of what people can do, in the language that they read: the menu beside the text field and the keys below it.
 * Role, language and account are read at each message, so whichever changed it, and in whichever process, is seen.
 */
export function createMenus(deps: {
  api: Pick<Api, 'setCommands' | 'channelErrorOf'>;
  accounts: Pick<Accounts, 'byLink'>;
  scopesOf: CommandDependencies['scopesOf'];
  platform: DisplayContext;
  warn: (text: string) => void;
}) {
  const { api } = deps;
  const shown = createRemembered<string, string>(REMEMBERED);

  async function readerOf(person: ChatPerson) {
    const account = await deps.accounts.byLink('telegram', person.userId);
    const scopes = account === null ? [] : await deps.scopesOf(account);
    const reader = account === null ? null : { role: account.role, scopes };
    return { reader, speech: speechTo(person, account, deps.platform) };
  }

  /** Shows the menu of this chat, if it is another one than before or `must` be shown. Answers whether another was shown before. */
  async function refresh(person: ChatPerson, must: boolean): Promise<boolean> {
    const { reader, speech } = await readerOf(person);
    const wanted = `${reader?.role ?? ''} ${reader?.scopes.join() ?? ''} ${speech.language}`;
    const before = shown.get(person.chatId);
    if (before === wanted && !must) return false;
    shown.set(person.chatId, wanted);
    await setMenu(menuOf(reader, speech.say), { chatId: person.chatId });
    return before !== undefined && before !== wanted;
  }

  /** The keys of this chat as they are now; none any more for who is linked no more. */
  async function keysOf(person: ChatPerson): Promise<KeysBelow> {
    const { reader, speech } = await readerOf(person);
    return reader === null ? { remove_keyboard: true } : keysFor(reader, speech);
  }

  function keysFor(reader: Reader, { say }: Awaited<ReturnType<typeof readerOf>>['speech']): KeysBelow {
    const keyboard = keyboardOf(reader, say).map((row) => row.map((text) => ({ text })));
    return { keyboard, is_persistent: true, resize_keyboard: true };
  }

  /** What brings the keys where no answer could. */
  async function announcement(person: ChatPerson): Promise<Message> {
    const { speech } = await readerOf(person);
    return { paragraphs: [speech.say('bots.keyboard.here')], buttons: [] };
  }

  /** What everybody can do who is not linked yet, by the language of their Telegram. */
  async function showFirst(): Promise<void> {
    for (const language of LANGUAGES) {
      const { language: code } = new Intl.Locale(language);
      await setMenu(menuOf(null, sayIn(language)), language === 'en' ? 'everybody' : { language: code });
    }
  }

  /** A menu is a convenience: without one everything still works. */
  async function setMenu(...menu: Parameters<typeof api.setCommands>): Promise<void> {
    await api
      .setCommands(...menu)
      .catch((error) => deps.warn(`telegram: no menu: ${reasonOf(api.channelErrorOf(error))}`));
  }

  return { refresh, keysOf, announcement, showFirst };
}
