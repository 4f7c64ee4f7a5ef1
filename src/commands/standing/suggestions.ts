import type { Account } from '../../accounts/account.ts';
import type { Request, Suggestion } from '../core/command.ts';
import { modelName } from '../core/modelNames.ts';
import { containsTyped, SUGGESTIONS_SEARCHED, SUGGESTIONS_SHOWN } from '../core/suggestions.ts';

/** Models that a manager could mean: those that are overdue the longest, then any whose name or id has words that begin as typed. */
export async function anyModels({ deps, now }: Request, typed: string): Promise<Suggestion[]> {
  const overdue = await deps.overdue.list({ limit: SUGGESTIONS_SEARCHED }, now);
  const [late, begun] = await Promise.all([
    deps.accounts.getMany(overdue.items.map(({ modelId }) => modelId)),
    deps.accounts.beginningWith('model', typed, SUGGESTIONS_SHOWN),
  ]);
  const isMeant = ({ accountId, name }: Account) => containsTyped(`${accountId} ${name}`, typed);
  const oldestFirst = overdue.items.flatMap(({ modelId }) => late.get(modelId) ?? []);
  const found = new Map([...oldestFirst, ...begun].filter(isMeant).map((account) => [account.accountId, account]));
  return [...found.values()]
    .slice(0, SUGGESTIONS_SHOWN)
    .map((account) => ({ name: modelName(account, account.accountId), value: account.accountId }));
}
