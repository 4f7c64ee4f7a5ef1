import { takesLong } from '../database/patience.ts';
import type { WeekId } from '../kernel/calendar.ts';
import type { LineSum } from './invoice.ts';
import type { InvoicingStore } from './store.ts';

/** What a model's transactions of a week add up to, and which they are. */
export type WeekSums = {
  lines: LineSum[];
  transactionIds: string[];
  /** The campaign revisions at which they were priced: the lowest of each campaign. */
  revisions: Map<string, number>;
};

type Row = {
  _id: { m: string; c: string; k: string; r: number; t: LineSum['type']; v: number };
  count: number;
  gross: number;
  late: number;
  ids: string[];
};

/** Sums up the transactions of a week, model by model (rules 1.3). The models are neighbours in id order. */
export async function sumTransactions(
  store: Pick<InvoicingStore, 'transactions'>,
  week: WeekId,
  modelIds: string[],
  weekStart: Date,
): Promise<Map<string, WeekSums>> {
  const first = modelIds[0] ?? '';
  const last = modelIds.at(-1) ?? '';
  const rows = store.transactions.aggregate<Row>(
    [
      { $match: { billingWeek: week, modelId: { $gte: first, $lte: last } } },
      {
        $group: {
          _id: { m: '$modelId', c: '$campaignId', k: '$contractorId', r: '$rateBps', t: '$type', v: '$revision' },
          count: { $sum: 1 },
          gross: { $sum: '$amount' },
          late: { $sum: { $cond: [{ $lt: ['$occurredAt', weekStart] }, 1, 0] } },
          ids: { $push: '$_id' },
        },
      },
    ],
    takesLong,
  );
  const sums = new Map<string, WeekSums>();
  for await (const row of rows) add(sums, row);
  return sums;
}

function add(sums: Map<string, WeekSums>, { _id: key, count, gross, late, ids }: Row): void {
  const model = sums.get(key.m) ?? { lines: [], transactionIds: [], revisions: new Map<string, number>() };
  sums.set(key.m, model);
  for (const id of ids) model.transactionIds.push(id);
  model.revisions.set(key.c, Math.min(key.v, model.revisions.get(key.c) ?? key.v));
  // Rows differ by revision too; a line does not.
  const line = model.lines.find(
    (known) =>
      known.campaignId === key.c && known.contractorId === key.k && known.rateBps === key.r && known.type === key.t,
  );
  if (line === undefined) {
    model.lines.push({ campaignId: key.c, contractorId: key.k, rateBps: key.r, type: key.t, count, gross, late });
    return;
  }
  line.count += count;
  line.gross += gross;
  line.late += late;
}
