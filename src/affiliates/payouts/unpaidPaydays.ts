import type { Accounts } from '../../accounts/accounts.ts';
import type { JobResult } from '../../kernel/activity.ts';
import type { Calendar } from '../../kernel/calendar.ts';
import { groupBy } from '../../kernel/group.ts';
import { sum } from '../../kernel/money.ts';
import { unpaidPaydaysNotices } from '../../notices/messages/managers.ts';
import type { UnpaidPayday } from '../../notices/messages/noticeContent.ts';
import type { Notices } from '../../notices/notices.ts';
import type { Policy } from '../../policy.ts';
import type { AffiliateStore, CycleDate } from '../store.ts';
import { type BatchRow, byBatch } from './batchSums.ts';
import { UNSETTLED } from './payout.ts';
import type { Payouts } from './payouts.ts';

const TOLD = 'unpaid';

/** So many days after a payday managers hear that it is not paid; later, on Mondays. */
const DAYS_AFTER = [1, 3];

/**
 * Tells managers of paydays with payouts that are not paid: a day after the payday, three days after, and then each Monday,
 * at the policy's hour of digests in the platform's zone, until they are (rules 3, 6.4). Days that were missed are not made
 * up for.
 */
export function createUnpaidPaydays(deps: {
  store: Pick<AffiliateStore, 'payouts' | 'cycles'>;
  payouts: Pick<Payouts, 'cyclesToSettle'>;
  accounts: Pick<Accounts, 'idsOfRole'>;
  notices: Pick<Notices, 'enqueue'>;
  calendar: Pick<Calendar, 'startOf' | 'addDays' | 'dayOf' | 'weekOf' | 'nextWeek' | 'weekPeriod'>;
  policy: Pick<Policy['notices'], 'digestAt'>;
}) {
  const { calendar } = deps;
  const { cycles } = deps.store;

  /** When they are told next, or null while everything is paid. */
  async function nextDue(): Promise<Date | null> {
    const told = (await cycles.findOne({ _id: TOLD }))?.day ?? '';
    const paydays = await deps.payouts.cyclesToSettle();
    const [first] = paydays.map((payday) => nextDay(payday, told)).sort();
    return first === undefined ? null : hourOf(first);
  }

  /** The first day after `told` on which this payday is a reason to tell. */
  function nextDay(payday: CycleDate, told: string): string {
    const early = DAYS_AFTER.map((days) => addDays(payday, days)).find((day) => day > told);
    return early ?? mondayAfter(told > payday ? told : payday);
  }

  async function run(now: Date): Promise<JobResult> {
    const due = await nextDue();
    if (due === null || due > now) return {};
    const today = calendar.dayOf(now);
    const day = hourOf(today) > now ? addDays(today, -1) : today;
    const at = hourOf(day);
    const paydays = await unpaidOn(day);
    if (paydays.length > 0) {
      await deps.notices.enqueue(unpaidPaydaysNotices(await deps.accounts.idsOfRole('manager'), paydays, day, at), at);
    }
    await cycles.updateOne({ _id: TOLD }, { $max: { day } }, { upsert: true });
    return { period: day, count: paydays.length };
  }

  /** What is unpaid of the batches of paydays before this day, the oldest first: what was carried counts for where it went. */
  async function unpaidOn(day: string): Promise<UnpaidPayday[]> {
    const paydays = (await deps.payouts.cyclesToSettle()).filter((payday) => payday < day);
    if (paydays.length === 0) return [];
    const rows = await byBatch(deps.store.payouts, paydays, {
      which: { status: { $in: [...UNSETTLED] } },
      group: { status: '$status' },
      sums: { count: { $sum: 1 }, total: { $sum: '$amount' } },
    });
    return [...groupBy(rows, ({ batch }) => batch)].sort(byPayday).map(([payday, own]) => ({
      payday,
      due: sum(own.filter(({ of }) => of.status === 'due').map(({ sums }) => sums.count ?? 0)),
      processing: sum(own.filter(({ of }) => of.status === 'processing').map(({ sums }) => sums.count ?? 0)),
      total: sum(own.map(({ sums }) => sums.total ?? 0)),
    }));
  }

  function hourOf(day: string): Date {
    return calendar.startOf(`${day}T${deps.policy.digestAt}`);
  }

  function addDays(day: string, days: number): string {
    return calendar.dayOf(calendar.addDays(calendar.startOf(day), days));
  }

  function mondayAfter(day: string): string {
    return calendar.dayOf(calendar.weekPeriod(calendar.nextWeek(calendar.weekOf(calendar.startOf(day)))).start);
  }

  /** What is unpaid of every payday up to today, the oldest first. */
  const unpaidNow = (now: Date) => unpaidOn(addDays(calendar.dayOf(now), 1));

  return { nextDue, run, unpaidNow };
}

function byPayday([one]: [CycleDate, BatchRow[]], [other]: [CycleDate, BatchRow[]]): number {
  return one < other ? -1 : 1;
}
