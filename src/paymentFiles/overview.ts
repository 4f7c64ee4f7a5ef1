import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import { groupBy } from '../kernel/group.ts';
import { sum } from '../kernel/money.ts';
import type { Payee } from '../payees/payee.ts';
import type { Part, PaymentFileView } from './fileView.ts';
import { EXPORTABLE } from './makeFiles.ts';
import type { PaymentBatches, PlanFile } from './planFile.ts';

/** What of a batch is still in no file, by how it is paid, and the files that were made. */
export type ExportOverview = {
  isApproved: boolean;
  methods: ({ method: Payee['method'] } & Part)[];
  withoutPayee: Part;
  held: Part;
  files: PaymentFileView[];
};

/** Says what there is to export of a cycle, as things stand. */
export function createOverview(deps: {
  batches: Pick<PaymentBatches, 'get'>;
  planFile: PlanFile;
  ofCycle: (cycle: CycleDate) => Promise<PaymentFileView[]>;
}) {
  return async function overview(cycle: CycleDate, now: Date): Promise<ExportOverview> {
    const [batch, files] = await Promise.all([deps.batches.get(cycle), deps.ofCycle(cycle)]);
    const isApproved = batch !== null && EXPORTABLE.has(batch.state);
    if (!isApproved) return { isApproved, methods: [], withoutPayee: NONE, held: NONE, files };
    // Of the generic format everybody is who has a payee at all.
    const { lines, rest } = await deps.planFile(cycle, 'generic', now);
    const methods = [...groupBy(lines, ({ payee }) => payee.method)].map(([method, some]) => ({
      ...{ method, count: some.length },
      total: sum(some.map(({ amount }) => amount)),
    }));
    return { isApproved, methods, withoutPayee: rest.withoutPayee, held: rest.held, files };
  };
}

const NONE: Part = { count: 0, total: 0 };
