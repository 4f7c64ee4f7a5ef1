import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import { invoiceSubject } from '../invoicing/notices.ts';
import type { UnpaidInvoices } from '../invoicing/unpaidInvoices.ts';
import type { Notices } from '../notices/notices.ts';
import type { Policy } from '../policy.ts';
import type { Sanctions } from './sanctions.ts';
import { enforcedFrom, settledAt } from './standing.ts';
import type { Warning } from './standingFacts.ts';
import type { StandingStore, StoredUnreached } from './store.ts';

export type Warnings = ReturnType<typeof createWarnings>;

/** Which unpaid invoices their models were warned of, or could not be (rules 2.9). Nothing where the policy does not ask. */
export function createWarnings(deps: {
  store: Pick<StandingStore, 'unreached'>;
  unpaidInvoices: Pick<UnpaidInvoices, 'factsOf'>;
  notices: Pick<Notices, 'warnedAt'>;
  policy: Pick<Policy['sanctions'], 'onlyAfterWarning'>;
}) {
  const { unreached } = deps.store;
  const { onlyAfterWarning } = deps.policy;

  async function warningsOf(invoiceIds: string[]): Promise<Map<string, Warning>> {
    const [warned, unreachedOnes] = await Promise.all([
      deps.notices.warnedAt(invoiceIds.map(invoiceSubject)),
      unreached.find({ _id: { $in: invoiceIds } }).toArray(),
    ]);
    const unreachedAt = new Map(unreachedOnes.map(({ _id, at }) => [_id, at]));
    return new Map(
      invoiceIds.map((id) => [
        id,
        { warnedAt: warned.get(invoiceSubject(id)) ?? null, unreachedAt: unreachedAt.get(id) ?? null },
      ]),
    );
  }

  /** The platform was told, by `now`, that nothing reaches these models: of each of their unpaid invoices the first time counts. */
  async function noteUnreached(modelIds: string[], now: Date): Promise<void> {
    if (!onlyAfterWarning) return;
    const open = (await deps.unpaidInvoices.factsOf(modelIds)).filter((invoice) => settledAt(invoice) === null);
    const documents = open.map(({ invoiceId, modelId }): StoredUnreached => {
      return { _id: invoiceId, modelId, at: now, until: enforcedFrom(now), running: true };
    });
    await insertIgnoringDuplicates(unreached, documents);
  }

  /** A warning has arrived: what waited for it takes effect. */
  function onWarned(sanctions: Pick<Sanctions, 'refresh'>) {
    return async (modelId: string, now: Date): Promise<void> => {
      if (onlyAfterWarning) await sanctions.refresh([modelId], now);
    };
  }

  return { warningsOf: onlyAfterWarning ? warningsOf : undefined, noteUnreached, onWarned };
}
