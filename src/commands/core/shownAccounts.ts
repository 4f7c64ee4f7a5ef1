import type { Account } from '../../accounts/account.ts';
import { shownName } from '../../kernel/text.ts';
import type { CommandDependencies } from './command.ts';

type Accounts = CommandDependencies['accounts'];

/**
 * Accounts as commands see them: every name as it may be shown, so that no command can forget it. What is stored stays as it
 * was sent.
 */
export function shownAccounts(accounts: Accounts): Accounts {
  return {
    ...accounts,
    get: async (accountId) => shown(await accounts.get(accountId)),
    getMany: async (accountIds) =>
      new Map([...(await accounts.getMany(accountIds))].map(([accountId, account]) => [accountId, named(account)])),
    byLink: async (channel, userId) => shown(await accounts.byLink(channel, userId)),
    beginningWith: async (role, typed, limit) => (await accounts.beginningWith(role, typed, limit)).map(named),
    link: async (...link) => {
      const outcome = await accounts.link(...link);
      if (outcome.kind === 'would-move') return { ...outcome, from: named(outcome.from), to: named(outcome.to) };
      return outcome.kind === 'linked' ? { ...outcome, account: named(outcome.account) } : outcome;
    },
    moveLink: async (...move) => {
      const outcome = await accounts.moveLink(...move);
      if (outcome.kind === 'linked') return { ...outcome, account: named(outcome.account) };
      if (outcome.kind === 'linked-before') return { ...outcome, account: named(outcome.account) };
      return { ...outcome, account: shown(outcome.account) };
    },
  };
}

function shown<T extends Account>(account: T | null): T | null {
  return account === null ? null : named(account);
}

function named<T extends Account>(account: T): T {
  return { ...account, name: shownName(account.name, account.accountId) };
}
