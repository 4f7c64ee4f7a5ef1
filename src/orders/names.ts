import type { Accounts } from '../accounts/accounts.ts';
import type { OrderTerms } from './order.ts';

/** The name of an account; its id where it has none. */
export type Names = (accountId: string) => string;

/** The names of both sides of some orders. */
export async function namesOf(
  accounts: Pick<Accounts, 'getMany'>,
  orders: Pick<OrderTerms, 'modelId' | 'marketerId'>[],
): Promise<Names> {
  const known = await accounts.getMany(orders.flatMap(({ modelId, marketerId }) => [modelId, marketerId]));
  return (accountId) => known.get(accountId)?.name ?? accountId;
}
