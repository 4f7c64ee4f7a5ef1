import type { mongo } from 'mongoose';

import type { StoredInvoice } from '../../src/invoicing/store.ts';
import { inBatches } from './measure.ts';
import type { World } from './world.ts';

const WEEK_MS = 7 * 86_400_000;
/** Of the Monday after week 40 of 2026. */
const FIRST_ISSUE = new Date('2026-10-05T06:00:00Z').getTime();
const DAY_MS = 86_400_000;

/** Invoices of each model. */
export const PER_MODEL = 4;
/** When the standing is looked at: every fourth model has one unpaid for longer than three days then. */
export const NOW = new Date('2026-11-04T12:00:00Z');

/** So many models, each with its account and the invoices of four weeks: paid in time, paid late, or unpaid. */
export async function latePayers({ core, raw }: World, count: number): Promise<void> {
  const invoices = raw('invoices') as unknown as mongo.Collection<StoredInvoice>;
  const models = Array.from({ length: count }, (_, index) => index);
  for (const batch of inBatches(models, 250)) {
    await core.accounts.applyUpdates(
      batch.map((model) => ({
        eventId: `account-${model}`,
        timestamp: NOW,
        data: { accountId: `model-${model}`, role: 'model', name: `Model ${model}` },
      })),
    );
    const weeks = Array.from({ length: PER_MODEL }, (_, week) => week);
    await invoices.insertMany(batch.flatMap((model) => weeks.map((week) => invoiceOf(model, week))));
  }
}

function invoiceOf(model: number, week: number): StoredInvoice {
  const modelId = `model-${model}`;
  const issuedAt = new Date(FIRST_ISSUE + week * WEEK_MS);
  const total = 4_000 + ((model * 31 + week * 17) % 50) * 100;
  const line = { contractorId: `contractor-${model % 500}`, rateBps: 4_000, count: 10, gross: total, late: 0 };
  const common = {
    _id: `2026-W${40 + week}:${modelId}`,
    modelId,
    week: `2026-W${40 + week}`,
    issuedAt,
    dueAt: new Date(issuedAt.getTime() + 3 * DAY_MS),
    lines: ['tip', 'message'].map((type) => ({ ...line, campaignId: `campaign-${model}`, type, cost: total / 2 })),
    subtotal: total,
    discountBps: 0,
    discount: 0,
    credit: 0,
    total,
    membersKey: `2026-W${40 + week}:${modelId}`,
  };
  const isUnpaid = week === PER_MODEL - 1 && model % PER_MODEL === 0;
  if (isUnpaid) return { ...common, status: 'open' } as StoredInvoice;
  const days = (model + week) % 5;
  return { ...common, status: 'completed', completedAt: new Date(issuedAt.getTime() + days * DAY_MS) } as StoredInvoice;
}
