import type { Accounts } from '../accounts/accounts.ts';
import type { Affiliates } from '../affiliates/affiliates.ts';
import type { Invoicing } from '../invoicing/invoicing.ts';
import type { RegularContent } from '../notices/messages/regular.ts';
import type { Outgoing } from '../outgoing/outgoing.ts';
import type { Overdue } from '../standing/overdue.ts';
import type { DigestSource } from './digests.ts';

/** What managers read in the morning: the same for all of them, read once. */
export function createManagersMorning(deps: {
  overdue: Pick<Overdue, 'byAge'>;
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
      deps.overdue.byAge(at),
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
}
