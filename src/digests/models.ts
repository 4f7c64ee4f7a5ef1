import type { Invoicing } from '../invoicing/invoicing.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { RegularContent } from '../notices/messages/regular.ts';
import type { DigestSource } from './digests.ts';

/** What models hear the day before the invoices are issued; those for whom nothing has come up hear nothing. */
export function createModelsSunday(deps: {
  preview: Pick<Invoicing['preview'], 'ofModels'>;
  invoices: Pick<Invoicing['invoices'], 'unpaidTotals'>;
  ledger: Pick<Ledger, 'balances'>;
}): DigestSource {
  return async (modelIds) => {
    const { week, at, rows } = await deps.preview.ofModels(modelIds);
    const ids = rows.map(({ accountId }) => accountId);
    const [unpaid, balances] = await Promise.all([
      deps.invoices.unpaidTotals(ids),
      deps.ledger.balances(ids.map((modelId) => `model:${modelId}`)),
    ]);
    return new Map(
      rows.map(({ accountId, amount, outcome }): [string, RegularContent] => [
        accountId,
        {
          kind: 'digest.model',
          data: {
            ...{ accountId, week, at, amount, isCredited: outcome === 'credited' },
            balance: balances.get(`model:${accountId}`) ?? 0,
            unpaid: unpaid.get(accountId) ?? 0,
          },
        },
      ]),
    );
  };
}
