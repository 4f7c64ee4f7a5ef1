import type { Accounts } from '../../accounts/accounts.ts';
import { differingFields } from '../../events/verifyFacts.ts';
import type { Calendar } from '../../kernel/calendar.ts';
import { groupBy } from '../../kernel/group.ts';
import { linesOn } from '../../kernel/lines.ts';
import { sum } from '../../kernel/money.ts';
import type { Ledger } from '../../ledger/journal.ts';
import type { Policy } from '../../policy.ts';
import { idleSteps } from '../lifecycle/idleness.ts';
import { capacityOf, freePlace } from '../lifecycle/queue.ts';
import { totalOf } from '../order.ts';
import { amountEntry, answeredBy, answerOf, escrowAccount } from '../settlement/entries.ts';
import { amountsDue, isPaidByFan, returnedAt, settledBy } from '../settlement/settlement.ts';
import { type OrderStore, type StoredOrder, toOrder } from '../store.ts';

/**
 * Derives again what can be derived about orders, and answers every difference as a line: the fans that count are
 * numbered without a gap, came since the acceptance, and are never more than ordered; what fell due is paid or owed and
 * nothing else, escrow holds what is left and ends at zero; acceptances are numbered without a gap, nobody waits while
 * a place is free, and what runs is looked at before it is idle for too long.
 */
export async function verifyOrders(deps: {
  store: OrderStore;
  ledger: Ledger;
  accounts: Pick<Accounts, 'getMany'>;
  calendar: Pick<Calendar, 'addDays'>;
  policy: Pick<Policy['orders'], 'capacity'>;
}): Promise<string[]> {
  const { store, ledger } = deps;
  const differences: string[] = [];
  for await (const stored of store.orders.find({})) {
    differences.push(...(await linesOn([stored], ({ _id }) => `order ${_id}`, orderDifferences)));
  }
  return [...differences, ...(await acceptanceDifferences(store)), ...(await queueDifferences(deps))];

  async function orderDifferences([stored]: StoredOrder[]): Promise<string[]> {
    if (stored === undefined) return [];
    const of = (line: string) => `order ${stored._id}: ${line}`;
    const fans = await fansOf(store, stored);
    const amounts = await amountsOf(store, ledger, stored, fans.delivered);
    return [
      ...fans.differences,
      ...idleDifferences(stored, fans.countedAt, deps.calendar),
      ...amounts.differences,
      ...(await escrowOf(ledger, stored, fans.delivered, amounts.settled)),
      ...(await answerDifferences(ledger, stored)),
    ].map(of);
  }
}

async function fansOf(store: OrderStore, stored: StoredOrder) {
  const { _id, quantity, status, delivered: said, acceptedAt = null } = stored;
  const [row] = await store.fans
    .aggregate<{ counted: number; last: number; ends: number; early: number; countedAt: Date | null }>([
      { $match: { orderId: _id, number: { $gte: 1 } } },
      {
        $group: {
          _id: null,
          counted: { $sum: { $cond: [IS_COUNTED, 1, 0] } },
          last: { $max: '$number' },
          ends: { $sum: { $cond: [{ $eq: ['$verdict', 'end'] }, 1, 0] } },
          early: { $sum: { $cond: [{ $and: [IS_COUNTED, { $lt: ['$startedAt', acceptedAt] }] }, 1, 0] } },
          countedAt: { $max: { $cond: [IS_COUNTED, '$judgedAt', null] } },
        },
      },
    ])
    .toArray();
  const { counted = 0, last = 0, ends = 0, early = 0, countedAt = null } = row ?? {};
  const isOver = status === 'completed' || status === 'stopped';
  return {
    delivered: counted,
    countedAt,
    differences: [
      ...(early > 0 ? [`${early} fans count that came before it was accepted`] : []),
      ...(counted > quantity ? [`${counted} fans count, of ${quantity}`] : []),
      ...(last !== counted + ends ? [`${counted} fans count, but the last has number ${last}`] : []),
      ...progressDifferences(stored, counted, isOver),
      ...(isOver && said !== counted ? [`it says ${said} fans, but ${counted} count`] : []),
      ...(status === 'completed' && counted !== quantity
        ? [`it is completed with ${counted} of ${quantity} fans`]
        : []),
      ...(status === 'running' && counted === quantity ? ['all its fans count, but it is not completed'] : []),
      ...(ends > 0 !== (status === 'stopped') ? [`it is ${status}, but its fans have ${ends} ends`] : []),
      ...(status !== 'running' && !isOver && counted > 0 ? [`it is ${status}, but ${counted} fans count`] : []),
    ],
  };
}

/** What was settled and told of its fans is not more than there are: it would keep what falls due from being paid. */
function progressDifferences(stored: StoredOrder, counted: number, isOver: boolean): string[] {
  const { quantity, pricePerFan, prepaid, chunkSize = null, settled, progress } = stored;
  const most = settledBy({ quantity, pricePerFan, prepaid, chunkSize }, counted, isOver);
  return [
    ...(settled > most ? [`it is settled for ${settled} fans, and ${most} are due`] : []),
    ...(progress * quantity > counted * 100 ? [`progress is ${progress} %, with ${counted} of ${quantity} fans`] : []),
  ];
}

const IS_COUNTED = { $eq: ['$verdict', 'counted'] };

/** A running order is looked at, at the latest, when it would be idle for too long (rules 4.10). */
function idleDifferences({ idle }: StoredOrder, countedAt: Date | null, calendar: Pick<Calendar, 'addDays'>): string[] {
  if (idle === undefined) return [];
  const since = countedAt !== null && countedAt > idle.since ? countedAt : idle.since;
  const end = idleSteps(since, idle.days, calendar).at(-1)?.at;
  if (end === undefined || idle.stepAt <= end) return [];
  return [`it is idle for too long on ${end.toISOString()}, but is looked at on ${idle.stepAt.toISOString()}`];
}

/** What fell due is recorded, once and with its amount, and is paid exactly when the ledger says so. */
async function amountsOf(store: OrderStore, ledger: Ledger, stored: StoredOrder, delivered: number) {
  const order = toOrder(stored);
  const isOver = stored.status === 'completed' || stored.status === 'stopped';
  const due = amountsDue(order, 0, delivered, isOver);
  const written = await ledger.entriesById(due.map((amount) => amountEntry(order, amount, order.placedAt).entryId));
  const entryOf = (number: number) => written.get(amountEntry(order, { number, amount: 0 }, order.placedAt).entryId);
  const isPaid = (number: number) => entryOf(number) !== undefined;
  const settled = sum(due.filter(({ number }) => isPaid(number)).map(({ amount }) => amount));
  if (isPaidByFan(order)) {
    const unpaid = due.filter(({ number }) => !isPaid(number));
    return { settled, differences: unpaid.map(({ number }) => `fan ${number} counts and is not paid`) };
  }
  const recorded = await store.amounts.find({ orderId: order.orderId }).toArray();
  const byNumber = new Map(recorded.map((amount) => [amount.number, amount]));
  return {
    settled,
    differences: [
      ...(recorded.length === due.length ? [] : [`${due.length} amounts are due, ${recorded.length} are recorded`]),
      ...due.flatMap(({ number, amount, fans }) => {
        const one = byNumber.get(number);
        if (one === undefined) return [`amount ${number} is due and not recorded`];
        return [
          ...(one.amount === amount ? [] : [`amount ${number} is ${one.amount}, not ${amount}`]),
          ...((one.status === 'paid') === isPaid(number)
            ? []
            : [`amount ${number} is ${one.status}, its entry ${isPaid(number) ? 'is there' : 'is missing'}`]),
          ...differingFields(
            { modelId: one.modelId, marketerId: one.marketerId, fans: one.fans, paidAt: one.paidAt },
            {
              ...{ modelId: stored.modelId, marketerId: stored.marketerId, fans },
              paidAt: one.status === 'paid' ? entryOf(number)?.effectiveAt : undefined,
            },
          ).map(([field, is, should]) => `amount ${number}: ${field} is ${is}, not ${should}`),
        ];
      }),
    ],
  };
}

async function escrowOf(ledger: Ledger, stored: StoredOrder, delivered: number, settled: number): Promise<string[]> {
  const order = toOrder(stored);
  const balance = await ledger.balance(escrowAccount(order.orderId));
  const isHeld = order.prepaid && stored.acceptedAt !== undefined;
  const returned = stored.status === 'stopped' ? returnedAt(order, delivered) : 0;
  const left = isHeld ? totalOf(order) - settled - returned : 0;
  return balance === left ? [] : [`escrow holds ${balance}, not ${left}`];
}

/**
 * A prepaid order that was answered has the entry that answered it; one that was refused or too late on arrival needs
 * none.
 */
async function answerDifferences(ledger: Ledger, stored: StoredOrder): Promise<string[]> {
  if (!stored.prepaid) return [];
  const entry = await ledger.outcome(`model:${stored.modelId}`, answerOf(stored._id));
  const isAccepted = stored.acceptedAt !== undefined;
  if (entry === undefined) return isAccepted ? ['it is accepted, but nothing was held'] : [];
  const said = answeredBy(entry);
  const is = isAccepted ? 'accepted' : stored.status;
  return said === is ? [] : [`it is ${is}, but its ledger entry says ${said}`];
}

async function acceptanceDifferences(store: OrderStore): Promise<string[]> {
  const rows = await store.orders
    .aggregate<{ _id: string; accepted: number; last: number }>([
      { $match: { acceptanceNumber: { $gte: 1 } } },
      { $group: { _id: '$marketerId', accepted: { $sum: 1 }, last: { $max: '$acceptanceNumber' } } },
    ])
    .toArray();
  return rows
    .filter(({ accepted, last }) => accepted !== last)
    .map(
      ({ _id, accepted, last }) => `marketer ${_id}: ${accepted} orders were accepted, but the last is number ${last}`,
    );
}

/** Nobody waits while a place is free (rules 4.4); more may run than the capacity says, and what runs goes on. */
async function queueDifferences({
  store,
  accounts,
  policy,
}: Pick<Parameters<typeof verifyOrders>[0], 'store' | 'accounts' | 'policy'>): Promise<string[]> {
  const marketerIds = await store.orders.distinct('marketerId', { status: 'queued' });
  if (marketerIds.length === 0) return [];
  const known = await accounts.getMany(marketerIds);
  const running = await store.orders
    .find({ marketerId: { $in: marketerIds }, status: 'running' }, { projection: { marketerId: 1, slot: 1 } })
    .toArray();
  const byMarketer = groupBy(running, ({ marketerId }) => marketerId);
  return marketerIds.flatMap((marketerId) => {
    const places = (byMarketer.get(marketerId) ?? []).map(({ slot }) => slot ?? null);
    const capacity = capacityOf(known.get(marketerId), policy.capacity);
    if (freePlace(places, capacity) === null) return [];
    return [`marketer ${marketerId}: orders wait, though ${places.length} of ${capacity ?? 'any number'} run`];
  });
}
