import type { mongo } from 'mongoose';

import type { StoredInvoice } from '../../src/invoicing/store.ts';
import type { TransactionFact } from '../../src/invoicing/transactions.ts';
import { inBatches } from './measure.ts';
import type { World } from './world.ts';

const DAY_MS = 86_400_000;
const FIRST_WEEK = new Date('2026-11-16T00:00:00Z').getTime();
/** When the benchmarks begin: before any of their weeks has ended. */
export const BEGINNING = new Date(FIRST_WEEK + 2 * DAY_MS);
const TRANSACTIONS_PER_MODEL = 100;

const KINDS = ['subscription', 'renewal', 'tip', 'message'] as const;

/**
 * Week `week`, counted from 0: `models` models with 100 transactions each, over two campaigns of different contractors,
 * booked as the service books them; every other model has enough money for its invoice.
 */
export async function fillWeek({ core, clock }: World, week: number, models: number): Promise<void> {
  const { transactions } = core.invoicing;
  const now = new Date(startOf(week) + 2 * DAY_MS);
  clock.pin(now);
  for (const batch of inBatches(
    Array.from({ length: models }, (_, index) => index),
    500,
  )) {
    await core.accounts.applyUpdates(
      batch.map((index) => ({
        eventId: `account-${index}`,
        timestamp: BEGINNING,
        data: { accountId: modelOf(index), role: 'model', name: modelOf(index) },
      })),
    );
    await transactions.updateCampaigns(batch.flatMap((index) => [0, 1].map((second) => campaignFact(index, second))));
    const rich = batch.filter((index) => index % 2 === 0).map((index) => topUp(modelOf(index)));
    await core.ledger.append(rich);
  }
  let booked = Promise.resolve();
  for (let from = 0; from < models; from += 20) {
    const facts = Array.from({ length: Math.min(20, models - from) * TRANSACTIONS_PER_MODEL }, (_, at) =>
      payment(week, from + (at % 20), Math.floor(at / 20)),
    );
    const before = booked;
    booked = transactions.record(facts, now);
    await before;
  }
  await booked;
}

/** Takes back what a Monday did, so that it can be done again on the same transactions. */
export async function undoMonday({ raw }: World): Promise<void> {
  for (const name of [
    'invoices',
    'invoice_members',
    'invoicing_cycles',
    'ledger_checkpoints',
    'notice_deliveries',
    'waiting_notices',
  ]) {
    await raw(name).deleteMany({});
  }
  await raw('ledger_entries').deleteMany({ _id: { $regex: '^invoice:' } });
}

export function mondayOf(week: number): Date {
  return new Date(startOf(week) + 7 * DAY_MS + 6 * 3_600_000);
}

/** Issues the invoices of the week and checks that there is one for each model, half of them paid unless more can be. */
export async function runMonday(
  { core, clock, raw }: World,
  week: number,
  models: number,
  { anyPaid = false } = {},
): Promise<void> {
  const monday = mondayOf(week);
  clock.pin(monday);
  await core.invoicing.weeklyRun.run(monday);
  const invoices = raw('invoices') as unknown as mongo.Collection<StoredInvoice>;
  const issued = await invoices.countDocuments({ issuedAt: monday });
  const completed = await invoices.countDocuments({ issuedAt: monday, status: 'completed' });
  if (issued !== models || (completed !== models / 2 && !anyPaid))
    throw new Error(`${issued} invoices, ${completed} of them paid`);
}

function startOf(week: number): number {
  return FIRST_WEEK + week * 7 * DAY_MS;
}

export function modelOf(index: number): string {
  return `model-${String(index).padStart(6, '0')}`;
}

function campaignFact(index: number, second: number) {
  const campaignId = `campaign-${index}-${second}`;
  return {
    eventId: campaignId,
    timestamp: new Date(FIRST_WEEK),
    data: {
      campaignId,
      kind: 'revshare' as const,
      modelId: modelOf(index),
      contractorId: `contractor-${(index * 2 + second) % 500}`,
      rateBps: 2_500 + 1_500 * second,
      status: 'active' as const,
    },
  };
}

export function topUp(modelId: string, suffix = '') {
  return {
    entryId: `topup:${modelId}${suffix}`,
    book: `model:${modelId}`,
    postings: [
      { account: 'world:topups', amount: -10_000_000 },
      { account: `model:${modelId}`, amount: 10_000_000 },
    ],
    effectiveAt: BEGINNING,
  };
}

function payment(week: number, model: number, number: number): TransactionFact {
  return {
    id: `payment:${week}-${model}-${number}`,
    campaignId: `campaign-${model}-${number % 2}`,
    type: KINDS[(number >> 1) % KINDS.length] ?? 'other',
    amount: 499 + ((model * 31 + number * 17) % 50) * 100,
    occurredAt: new Date(startOf(week) + number * 5_400_000 + model),
  };
}
