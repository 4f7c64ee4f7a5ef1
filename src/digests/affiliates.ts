import type { Affiliates } from '../affiliates/affiliates.ts';
import type { ExpectedPaydays } from '../affiliates/payouts/expectedPaydays.ts';
import type { Calendar } from '../kernel/calendar.ts';
import { sum } from '../kernel/money.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { RegularContent } from '../notices/messages/regular.ts';
import type { DigestSource } from './digests.ts';

const WEEKS = 3;

/**
 * What affiliates hear when a week is over: what they earned in it (the platform's weeks, as their chart has them), and what is
 * on its way. Who earned nothing and waits for nothing hears nothing.
 */
export function createAffiliatesWeek(deps: {
  ledger: Pick<Ledger, 'weekIncomes'>;
  expectedPaydays: ExpectedPaydays;
  payoutCalendar: Affiliates['payoutCalendar'];
  calendar: Pick<Calendar, 'weeksUntil'>;
  /** The platform's: its weeks are the ones that are added up. */
  timeZone: string;
}): DigestSource {
  return async (affiliateIds, at) => {
    const contents = new Map<string, RegularContent>();
    for (const affiliateId of affiliateIds) {
      const content = await weekOf(affiliateId, at);
      if (content !== null) contents.set(affiliateId, content);
    }
    return contents;
  };

  async function weekOf(affiliateId: string, at: Date): Promise<RegularContent | null> {
    const { weeks, start } = deps.calendar.weeksUntil(at, WEEKS);
    const [earlier = '', last = ''] = weeks;
    const [incomes, paydays] = await Promise.all([
      deps.ledger.weekIncomes({ account: `affiliate:${affiliateId}`, since: start, timeZone: deps.timeZone }),
      deps.expectedPaydays.paydaysOf(affiliateId, at),
    ]);
    const earnedIn = (week: string) => incomes.find((one) => one.week === week)?.amount ?? 0;
    const [earned, before] = [earnedIn(last), earnedIn(earlier)];
    const payday = deps.payoutCalendar.cycleFrom(at);
    const firm = paydays.find(({ cycle }) => cycle === payday)?.firm ?? { count: 0, total: 0 };
    const inHold = sum(paydays.map(({ pending }) => pending.total));
    if (earned === 0 && before === 0 && firm.count === 0 && inHold === 0) return null;
    return { kind: 'digest.affiliate', data: { week: last, earned, before, payday, firm, inHold } };
  }
}
