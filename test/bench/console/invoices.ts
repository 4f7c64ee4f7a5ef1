import type { StoredInvoice } from '../../../src/invoicing/store.ts';
import { type EntryDraft, entryOf } from '../../../src/ledger/entry.ts';
import type { World } from '../world.ts';
import { DAY_MS, daysAgo, drawn, fill, modelOf, type Size } from './fill.ts';

/** The weeks that have invoices, when they were issued, and how many of a hundred of them are not paid yet. */
const WEEKS = [
  { week: '2026-W36', issuedAt: new Date('2026-09-07T06:00:00Z'), unpaid: 1 },
  { week: '2026-W44', issuedAt: new Date('2026-11-02T06:00:00Z'), unpaid: 2 },
  { week: '2026-W45', issuedAt: new Date('2026-11-09T06:00:00Z'), unpaid: 3 },
  { week: '2026-W46', issuedAt: new Date('2026-11-16T06:00:00Z'), unpaid: 6 },
  { week: '2026-W47', issuedAt: new Date('2026-11-23T06:00:00Z'), unpaid: 20 },
];
const CONTRACTORS = 500;
const TRANSACTIONS = 2;
export const LATEST_WEEK = '2026-W47';

/** Ten transactions of each model, in five weeks, with the invoices of these in every state, promises, and what the ledger has. */
export async function fillInvoices(world: World, { models }: Size): Promise<void> {
  await fill(world, 'campaigns', models, (index) => {
    const version = { eventId: `campaign-${index}`, timestamp: daysAgo(150), modelId: modelOf(index) };
    const terms = { contractorId: contractorOf(index), rateBps: 4_000, status: 'active', name: `Page ${index}` };
    return { _id: `campaign-${index}`, revision: 1, versions: [{ ...version, ...terms }] };
  });
  await fill(world, 'ledger_entries', models, (index) =>
    written({
      ...{ entryId: `topup:${modelOf(index)}`, book: `model:${modelOf(index)}`, effectiveAt: daysAgo(100) },
      postings: [
        { account: 'world:topups', amount: -10_000_000 },
        { account: `model:${modelOf(index)}`, amount: 10_000_000 },
      ],
    }),
  );
  for (const [number, { week, issuedAt, unpaid }] of WEEKS.entries()) {
    await fill(world, 'transactions', models, (index) =>
      Array.from({ length: TRANSACTIONS }, (_, at) => ({
        ...{ _id: `payment:${week}-${index}-${at}`, campaignId: `campaign-${index}`, type: 'tip', revision: 1 },
        ...{ amount: amountOf(index, number) / TRANSACTIONS, occurredAt: new Date(issuedAt.getTime() - 3 * DAY_MS) },
        ...{ modelId: modelOf(index), contractorId: contractorOf(index), rateBps: 4_000, billingWeek: week },
      })),
    );
    const invoiceAt = (index: number) => invoiceOf(index, number, { week, issuedAt, unpaid });
    await fill(world, 'invoices', models, invoiceAt);
    await fill(world, 'ledger_entries', models, (index) => paidOf(invoiceAt(index)));
    await fill(world, 'promises', models, (index) => promisesOf(invoiceAt(index), index));
  }
  await fill(world, 'standings', models, (index) => ({
    ...{ _id: modelOf(index), version: 1, changes: 0, assessedAt: daysAgo(1), policyHash: 'bench' },
    announced: {
      ...{ campaigns: 'running', cplOrders: 'allowed', trustScore: 100, terminated: false },
      terminationReview: drawn(500, index, 9) === 0,
    },
  }));
}

function contractorOf(index: number): string {
  return `contractor-${index % CONTRACTORS}`;
}

function amountOf(index: number, number: number): number {
  return 4_000 + ((index * 31 + number * 17) % 50) * 100;
}

function invoiceOf(index: number, number: number, { week, issuedAt, unpaid }: (typeof WEEKS)[number]): StoredInvoice {
  const modelId = modelOf(index);
  const _id = `${week}:${modelId}`;
  const total = amountOf(index, number);
  const dueAt = new Date(issuedAt.getTime() + 3 * DAY_MS);
  const line = { campaignId: `campaign-${index}`, contractorId: contractorOf(index), type: 'tip', rateBps: 4_000 };
  const common = {
    ...{ _id, modelId, week, issuedAt, dueAt, subtotal: total, discountBps: 0, discount: 0, credit: 0, total },
    lines: [{ ...line, count: TRANSACTIONS, gross: total, cost: total, late: 0 }],
    ...{ membersKey: _id, members: { count: TRANSACTIONS, hash: `${_id}-members` }, insertedAt: issuedAt },
  };
  const luck = drawn(100, index, number);
  if (luck < unpaid) return { ...common, status: 'open', nextStepAt: daysAgo(-1) } as StoredInvoice;
  if (luck === 98) return { ...common, status: 'void', voidedAt: dueAt, voidReason: 'wrong' } as StoredInvoice;
  if (luck === 99)
    return {
      ...{ ...common, status: 'written_off', writtenOffAt: new Date(dueAt.getTime() + DAY_MS) },
      ...{ writeOffReason: 'gone', contractorsPaid: true },
    } as StoredInvoice;
  // Paid in the three days that there are, the most at once.
  const completedAt = new Date(issuedAt.getTime() + (luck % 3) * DAY_MS + drawn(DAY_MS / 2, index, number, 3));
  return { ...common, status: 'completed', completedAt } as StoredInvoice;
}

function paidOf({ _id, status, modelId, total, lines, completedAt }: StoredInvoice): object[] {
  const [line] = lines;
  if (status !== 'completed' || completedAt === undefined || line === undefined) return [];
  const earned = Math.floor(total * 0.8);
  const postings = [
    { account: `model:${modelId}`, amount: -total },
    { account: `contractor:${line.contractorId}`, amount: earned },
    { account: 'platform:revenue', amount: total - earned },
  ];
  const entryId = `invoice:${_id}:completed`;
  return [written({ entryId, book: `model:${modelId}`, postings, effectiveAt: completedAt, outcome: _id })];
}

/** One in ten of what is overdue is promised, and another was. */
function promisesOf({ _id, status, modelId }: StoredInvoice, index: number): object[] {
  const luck = drawn(10, index, 77);
  if (status !== 'open' || luck > 1) return [];
  const made = { invoiceId: _id, modelId, number: 1, actor: `model:${modelId}`, madeAt: daysAgo(4) };
  const promise = { _id: `${_id}:1`, ...made, insertedAt: daysAgo(4) };
  if (luck === 0) return [{ ...promise, until: daysAgo(-(index % 5) - 0.1), running: true }];
  return [{ ...promise, until: daysAgo(1 + (index % 2)), ended: 'broken', endedAt: daysAgo(1 + (index % 2)) }];
}

/**
 * An entry as it stands in the ledger. It was written at an instant of real time, which goes its own way; here it is long past, wherever
 * this runs.
 */
export function written(draft: EntryDraft): object {
  return entryOf(draft, draft.effectiveAt, new Date(draft.effectiveAt.getTime() - REAL_MS_AGO));
}

const REAL_MS_AGO = 1_500 * DAY_MS;
