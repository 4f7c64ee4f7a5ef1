import { takesLong } from '../../database/patience.ts';
import type { JobResult } from '../../kernel/activity.ts';
import type { Calendar } from '../../kernel/calendar.ts';
import { inBatches } from '../../kernel/group.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { Notice, Notices } from '../../notices/notices.ts';
import type { CycleDate } from '../payouts/payoutCycle.ts';
import type { AffiliateStore } from '../store.ts';

/** Which of these accounts are to be told that nobody knows where their money goes (docs/paydays.md). */
export type MissingPayees = (accountIds: string[]) => Promise<Set<string>>;

const DIGEST = 'digest';
const BATCH = 1_000;

type Row = { _id: string; count: number; total: MinorUnits; payday: CycleDate };

/** Tells affiliates of their approvals, those of one calendar day of the platform together, when the day is over. */
export function createApprovalDigest(deps: {
  store: Pick<AffiliateStore, 'commissions' | 'cycles'>;
  notices: Pick<Notices, 'enqueue'>;
  calendar: Pick<Calendar, 'startOf' | 'addDays'>;
  missingPayees: MissingPayees;
}) {
  const { commissions, cycles } = deps.store;

  /** The end of the first day whose approvals are still to be told, or null. */
  async function nextDue(): Promise<Date | null> {
    const day = await nextDay();
    return day === null ? null : endOf(day);
  }

  async function nextDay(): Promise<string | null> {
    const told = (await cycles.findOne({ _id: DIGEST }))?.day ?? '';
    const first = await commissions
      .find({ approvalDay: { $gt: told } }, { projection: { _id: 0, approvalDay: 1 } })
      .sort({ approvalDay: 1 })
      .limit(1)
      .next();
    return first?.approvalDay ?? null;
  }

  /** Tells the approvals of one day, if it is over at `now`. */
  async function run(now: Date): Promise<JobResult> {
    const day = await nextDay();
    if (day === null || endOf(day) > now) return {};
    let count = 0;
    const rows = commissions.aggregate<Row>(
      [
        { $match: { approvalDay: day, state: { $in: ['approved', 'paid'] } } },
        {
          $group: {
            _id: '$affiliateId',
            count: { $sum: 1 },
            total: { $sum: '$amount' },
            payday: { $min: '$cycle' },
          },
        },
      ],
      takesLong,
    );
    for await (const batch of inBatches(rows, BATCH)) {
      const without = await deps.missingPayees(batch.map(({ _id }) => _id));
      const notices = batch.map((row) => noticeOf(row, { day, at: endOf(day), payeeMissing: without.has(row._id) }));
      await deps.notices.enqueue(notices, endOf(day));
      count += notices.length;
    }
    await cycles.updateOne({ _id: DIGEST }, { $max: { day } }, { upsert: true });
    return { period: day, count };
  }

  function endOf(day: string): Date {
    return deps.calendar.addDays(deps.calendar.startOf(day), 1);
  }

  return { nextDue, run };
}

function noticeOf(
  { _id: affiliateId, count, total, payday }: Row,
  { day, at, payeeMissing }: { day: string; at: Date; payeeMissing: boolean },
): Notice {
  return {
    key: `commissions:${affiliateId}:approved:${day}`,
    accountId: affiliateId,
    kind: 'commissions.approved',
    data: { day, count, total, payday, ...(payeeMissing ? { payeeMissing } : {}) },
    urgent: false,
    at,
  };
}
