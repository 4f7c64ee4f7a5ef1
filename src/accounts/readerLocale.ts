import { type Locale, languageOf, localeOf } from '../texts/languages.ts';
import type { Account } from './account.ts';
import type { AccountStore } from './store.ts';

/** What a channel says of how its user reads, where it says a language that we write; anything else is nothing. */
export function chatLocale(locale: string | undefined): Locale | undefined {
  return languageOf(locale) === undefined ? undefined : localeOf({ chat: locale });
}

/** How to write to the person of an account in a chat of theirs. */
export async function readerLocale(
  { settings }: Pick<AccountStore, 'settings'>,
  { accountId, locale: account }: Pick<Account, 'accountId' | 'locale'>,
  chat: Locale | undefined,
): Promise<Locale> {
  const chosen = (await settings.findOne({ _id: accountId }, { projection: { language: 1 } }))?.language;
  return localeOf({ chosen, account, chat });
}
