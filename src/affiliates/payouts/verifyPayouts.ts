import type { Accounts } from '../../accounts/accounts.ts';
import { inBatches } from '../../kernel/group.ts';
import { linesOn } from '../../kernel/lines.ts';
import { type MinorUnits, sum } from '../../kernel/money.ts';
import { hashOfDraft } from '../../ledger/entry.ts';
import type { Ledger } from '../../ledger/journal.ts';
import { AFFILIATE, dueEntry, marketerAccount, owedOf, payoutBook } from '../entries.ts';
import type { AffiliateStore, StoredPayout } from '../store.ts';
import type { CycleAssignment } from './cycleAssignment.ts';
import type { PayoutCalendar } from './payoutCycle.ts';
import { HOLDING, payoutIdOf } from './payoutMembers.ts';

const ACCOUNTS_PER_BATCH = 500;
const MODEL = 'model:';

type Deps = {
  store: AffiliateStore;
  ledger: Pick<Ledger, 'balances' | 'balancesSince' | 'outcome' | 'accountsBeginning'>;
  accounts: Pick<Accounts, 'getMany'>;
  cycleAssignment: Pick<CycleAssignment, 'through'>;
  payoutCalendar: Pick<PayoutCalendar, 'paydayOf'>;
};

/**
 * Derives again what can be derived about payouts, and answers every difference as a line: each is the sum of its parts
 * and of its commissions, its amount was taken, and no commission is in two. Names money that no rule will ever pay. By the
 * rules of today are judged those drawn up `since` an instant, null when nobody knows it.
 */
export async function verifyPayouts(deps: Deps, since: Date | null): Promise<string[]> {
  const differences: string[] = [];
  for await (const payout of deps.store.payouts.find({ status: { $in: [...HOLDING, 'failed'] } })) {
    const lines = async ([one]: StoredPayout[]) => (one === undefined ? [] : ofPayout(one, deps, since));
    differences.push(...(await linesOn([payout], ({ _id }) => `payout ${_id}`, lines)));
  }
  differences.push(...(await verifyCycles(deps)), ...(await verifyPlaces(deps)));
  for await (const lines of unpayable(deps)) differences.push(...lines);
  return differences;
}

async function ofPayout(payout: StoredPayout, deps: Deps, since: Date | null): Promise<string[]> {
  const isOlder = since === null || payout.drawnAt < since;
  return [
    ...identity(payout, deps),
    ...(isOlder ? [] : await earnings(payout, deps)),
    ...(payout.status === 'failed' ? [] : await verifyPayout(payout, deps)),
  ];
}

/** Its account and cycle are in its id, and it was drawn up on its payday. */
function identity({ _id, cycle, accountId, drawnAt }: StoredPayout, { payoutCalendar }: Deps): string[] {
  const payday = payoutCalendar.paydayOf(cycle);
  return [
    ...(_id === payoutIdOf(cycle, accountId) ? [] : [`payout ${_id} is of ${accountId} and ${cycle}`]),
    ...(drawnAt.getTime() === payday.getTime()
      ? []
      : [`payout ${_id} was drawn up on ${drawnAt.toISOString()}, not on ${payday.toISOString()}`]),
  ];
}

/** It pays no more for earnings than the account had as a marketer at the payday's 00:00 (rules 6.5). */
async function earnings({ _id, accountId, cycle, parts }: StoredPayout, deps: Deps): Promise<string[]> {
  if (parts.earnings <= 0) return [];
  const account = marketerAccount(accountId);
  const balances = await deps.ledger.balancesSince([account], deps.payoutCalendar.paydayOf(cycle));
  const had = balances.get(account)?.before ?? 0;
  if (parts.earnings <= had) return [];
  return [`payout ${_id} pays ${parts.earnings} for what ${accountId} earned as a marketer, who had ${had} then`];
}

async function verifyPayout(payout: StoredPayout, { store, ledger }: Deps): Promise<string[]> {
  const { _id, cycle, accountId, parts, amount, count, status, membersKey } = payout;
  const name = `payout ${_id}`;
  const differences: string[] = [];
  const entry = dueEntry(payout);
  const written = await ledger.outcome(payoutBook(payout), entry.outcome ?? '');
  if (written?._id !== entry.entryId || written.hash !== hashOfDraft(entry)) {
    differences.push(`${name} is ${status}, but its amount was not taken from the balance`);
  }
  if (parts.commissions + parts.earnings !== amount || parts.commissions < 0 || parts.earnings < 0) {
    differences.push(`${name} is ${amount}, but its parts are ${parts.commissions} and ${parts.earnings}`);
  }
  let total = 0;
  let members = 0;
  for await (const { items } of count === 0 ? [] : store.members.find({ key: membersKey })) {
    total = sum([total, ...items.map((item) => item.amount)]);
    members += items.length;
    const ids = items.map(({ commissionId }) => commissionId);
    const stored = await store.commissions.find({ _id: { $in: ids } }).toArray();
    const byId = new Map(stored.map((one) => [one._id, one]));
    for (const item of items) {
      const one = byId.get(item.commissionId);
      // A commission has one cycle, so it is in one payout at most.
      const here = one?.cycle === cycle && one.affiliateId === accountId && owedOf(one) === item.amount;
      if (!here)
        differences.push(`${name} pays ${item.amount} for commission ${item.commissionId}, which says otherwise`);
    }
  }
  if (total !== parts.commissions || members !== count) {
    differences.push(
      `${name} pays ${parts.commissions} for ${count} commissions, but its ${members} commissions are ${total}`,
    );
  }
  return differences;
}

/** Nothing that is unpaid has a cycle that is over: it would never be paid. */
async function verifyCycles({ store, cycleAssignment }: Deps): Promise<string[]> {
  const begun = await cycleAssignment.through();
  const differences: string[] = [];
  const rows = store.commissions.aggregate<{ _id: { cycle: string; affiliateId: string }; owed: MinorUnits }>([
    { $match: { cycle: { $lte: begun }, state: { $in: ['pending', 'approved', 'paid'] } } },
    { $group: { _id: { cycle: '$cycle', affiliateId: '$affiliateId' }, owed: { $sum: '$amount' } } },
  ]);
  for await (const { _id, owed } of rows) {
    const payout = await store.payouts.findOne({
      _id: payoutIdOf(_id.cycle, _id.affiliateId),
      status: { $in: HOLDING },
    });
    if (payout?.parts.commissions === owed) continue;
    differences.push(
      `cycle ${_id.cycle}: ${_id.affiliateId} has ${owed} of commissions in it, its payout pays ${payout?.parts.commissions ?? 'nothing'}`,
    );
  }
  return differences;
}

/** What will be approved, or is, has a cycle that takes it; only what a refund holds up has none. */
async function verifyPlaces({ store }: Deps): Promise<string[]> {
  const lost = store.commissions.find({
    $or: [
      { state: 'pending', cycle: null, approvesAt: { $ne: null } },
      { state: 'pending', cycle: { $ne: null }, approvesAt: null },
      { state: { $in: ['approved', 'paid'] }, $or: [{ cycle: null }, { approvesAt: null }] },
    ],
  });
  const differences: string[] = [];
  for await (const { _id, state } of lost) {
    differences.push(`commission ${_id} is ${state}, but has no cycle that pays it when it is approved`);
  }
  return differences;
}

/** Money in accounts that nothing takes from: not earned by commissions, or of a model who is none any more. */
async function* unpayable({ store, ledger, accounts }: Deps): AsyncGenerator<string[]> {
  for await (const names of inBatches(ledger.accountsBeginning(AFFILIATE), ACCOUNTS_PER_BATCH)) {
    const balances = await ledger.balances(names);
    const ids = names.map((name) => name.slice(AFFILIATE.length));
    const earners = new Set(await store.commissions.distinct('affiliateId', { affiliateId: { $in: ids } }));
    yield names
      .filter((name) => balances.get(name) !== 0 && !earners.has(name.slice(AFFILIATE.length)))
      .map((name) => `${name} has ${balances.get(name)}, and no commission stands behind it: no rule pays it`);
  }
  for await (const names of inBatches(ledger.accountsBeginning(MODEL), ACCOUNTS_PER_BATCH)) {
    const balances = await ledger.balances(names);
    const known = await accounts.getMany(names.map((name) => name.slice(MODEL.length)));
    yield names.flatMap((name) => {
      const role = known.get(name.slice(MODEL.length))?.role ?? 'unknown';
      if (role === 'model' || balances.get(name) === 0) return [];
      return [`${name} has ${balances.get(name)}, but its role is ${role} now: no rule uses or pays it`];
    });
  }
}
