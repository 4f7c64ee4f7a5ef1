import type { Accounts } from '../accounts/accounts.ts';
import { type NameOf, namesOn } from '../accounts/names.ts';
import type { OrderTerms } from './order.ts';

/** The names of both sides of some orders. */
export function namesOf(
  accounts: Pick<Accounts, 'namesOf'>,
  orders: Pick<OrderTerms, 'modelId' | 'marketerId'>[],
): Promise<NameOf> {
  return namesOn(
    accounts,
    orders.flatMap(({ modelId, marketerId }) => [modelId, marketerId]),
  );
}
