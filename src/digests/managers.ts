import type { Accounts } from '../accounts/accounts.ts';
import type { Affiliates } from '../affiliates/affiliates.ts';
import type { Invoicing } from '../invoicing/invoicing.ts';
import type { Age, RegularContent } from '../notices/messages/regular.ts';
import type { Outgoing } from '../outgoing/outgoing.ts';
import type { Overdue } from '../standing/overdue.ts';
import type { DigestSource } from './digests.ts';

/** From how many whole days past due on an invoice is of an age. */
const FROM_DAYS: { [A in Age]: number } = { week: 0, fortnight: 8, month: 15, older: 31 };

/** What managers read in the morning: the same for all of them, read once. */
export function createManagersMorning(deps: {
  overdue: Pick<Overdue, 'totals'>;
  preview: Pick<Invoicing['preview'], 'lastRun'>;
  unpaidPaydays: Pick<Affiliates['unpaidPaydays'], 'unpaidNow'>;
  /** Of events, how many are in quarantine. */
  inbox: { counts(): Promise<{ quarantined: number }> };
  outgoing: Pick<Outgoing, 'counts'>;
  accounts: Pick<Accounts, 'unreachedAccounts'>;
}): DigestSource {
  return async (managerIds, at) => {
    const content = await morningOf(at);
    return new Map(managerIds.map((managerId) => [managerId, content]));
  };

  async function morningOf(at: Date): Promise<RegularContent> {
    const [overdue, monday, unpaid, events, webhooks, unreached] = await Promise.all([
      overdueByAge(at),
      deps.preview.lastRun(),
      deps.unpaidPaydays.unpaidNow(at),
      deps.inbox.counts(),
      deps.outgoing.counts(),
      deps.accounts.unreachedAccounts(0),
    ]);
    const paydays = unpaid.map(({ payday, due, processing, total }) => ({ payday, count: due + processing, total }));
    return {
      kind: 'digest.managers',
      data: {
        ...{ overdue, monday, paydays },
        ...{ quarantined: events.quarantined, parked: webhooks.parked, unreached: unreached.count },
      },
    };
  }

  /** Each age is what is at least that old, without what is older. */
  async function overdueByAge(
    at: Date,
  ): Promise<Extract<RegularContent, { kind: 'digest.managers' }>['data']['overdue']> {
    const totalsFrom = (age: Age) => deps.overdue.totals({ minDays: FROM_DAYS[age] }, at);
    const [week, fortnight, month, older] = await Promise.all([
      totalsFrom('week'),
      totalsFrom('fortnight'),
      totalsFrom('month'),
      totalsFrom('older'),
    ]);
    return {
      week: without(week, fortnight),
      fortnight: without(fortnight, month),
      month: without(month, older),
      older: without(older, { invoices: 0, total: 0 }),
      models: week.models,
    };
  }
}

function without(younger: Totals, older: Totals): { count: number; total: number } {
  return { count: younger.invoices - older.invoices, total: younger.total - older.total };
}

type Totals = { invoices: number; total: number };
