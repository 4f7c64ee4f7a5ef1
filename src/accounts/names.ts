import type { Accounts } from './accounts.ts';

/** What somebody is called: as the platform sent it, or the id where there is no such account. */
export type NameOf = (accountId: string) => string;

/** The names of everybody on a page, in one read. */
export async function namesOn(accounts: Pick<Accounts, 'namesOf'>, accountIds: readonly string[]): Promise<NameOf> {
  const names = await accounts.namesOf(accountIds);
  return (accountId) => names.get(accountId) ?? accountId;
}

/** Names of some and of nobody else, for what is somebody's only where there is such an account. */
export type NameIfKnown = (accountId: string | null) => { name?: string };

/** The same, where what stands on the page need not be of an account that exists, or of anybody. */
export async function knownNamesOn(
  accounts: Pick<Accounts, 'namesOf'>,
  accountIds: readonly (string | null)[],
): Promise<NameIfKnown> {
  const names = await accounts.namesOf(accountIds.filter((id) => id !== null));
  return (accountId) => {
    const name = accountId === null ? undefined : names.get(accountId);
    return name === undefined ? {} : { name };
  };
}
