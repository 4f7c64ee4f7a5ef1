import { ROLES, type Role } from '../../events/catalogue.ts';
import { foldText, typedWordsOf } from '../../kernel/searchWords.ts';
import type { Request, Suggestion } from './command.ts';
import { modelName } from './modelNames.ts';

/** As many as a channel shows at once. */
export const SUGGESTIONS_SHOWN = 25;
/** How many of each kind are searched for what was typed. */
export const SUGGESTIONS_SEARCHED = 200;

/**
 * Suggestions for what was `found`, called as `describe` says: each id once, only those whose `textOf` contains the words that were typed, as many as
 * are shown.
 */
export function suggestionsOf<T>(
  found: T[],
  typed: string,
  idOf: (one: T) => string,
  describe: (one: T) => string,
  textOf: (one: T) => string = idOf,
): Suggestion[] {
  const byId = new Map(found.map((one) => [idOf(one), one]));
  return [...byId]
    .filter(([, one]) => containsTyped(textOf(one), typed))
    .slice(0, SUGGESTIONS_SHOWN)
    .map(([id, one]) => ({ name: describe(one), value: id }));
}

export function containsTyped(text: string, typed: string): boolean {
  const folded = foldText(text);
  return typedWordsOf(typed).every((word) => folded.includes(word));
}

/** The ids of accounts that a manager could mean by what is typed; the things of these are suggested, too. */
export async function accountsMeant({ deps }: Request, typed: string, roles: Role[]): Promise<string[]> {
  if (typed === '') return [];
  const found = await Promise.all(roles.map((role) => deps.accounts.beginningWith(role, typed, ACCOUNTS_MEANT)));
  return found.flat().map(({ accountId }) => accountId);
}

/** More would be more reads for each letter that is typed. */
const ACCOUNTS_MEANT = 5;

/** Any account that could be meant by what is typed. */
export async function anybody({ deps, speech: { say } }: Request, typed: string): Promise<Suggestion[]> {
  const found = await Promise.all(ROLES.map((role) => deps.accounts.beginningWith(role, typed, SUGGESTIONS_SHOWN)));
  return found
    .flat()
    .slice(0, SUGGESTIONS_SHOWN)
    .map((account) => ({
      name: `${modelName(account, account.accountId)} · ${say(`systemCommands.roles.${account.role}`)}`,
      value: account.accountId,
    }));
}
