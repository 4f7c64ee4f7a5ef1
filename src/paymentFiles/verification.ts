import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import type { RecordedAct, Trail } from '../events/recordedAct.ts';
import { afterOf, type Said, saidOtherwise } from '../events/verifyActs.ts';
import { linesOnAll } from '../kernel/lines.ts';
import { type MinorUnits, sum } from '../kernel/money.ts';
import type { PaymentBatches } from './planFile.ts';
import type { PaymentFileStore, StoredPaymentFile } from './store.ts';
import { hashOfParts } from './writeFile.ts';

type FiledPayout = { payoutId: string; paymentFile: string; amount: MinorUnits };

/** Compares files with the batches and payouts that they pay, and with the audit trail, in both directions. */
export function createPaymentFileVerification(deps: {
  store: PaymentFileStore;
  batches: Pick<PaymentBatches, 'lines'>;
  /** Every payout that says which file pays it, file by file. */
  inFiles: () => AsyncIterable<FiledPayout[]>;
}) {
  const { files } = deps.store;

  /** A line for each file that is not the sum of its lines, or of lines that its batch does not have. */
  async function facts(trail: Pick<Trail, 'byKey'>): Promise<string[]> {
    // Files come cycle by cycle: the batch that several of them pay is read once.
    let batch: { cycle: CycleDate; amounts: Map<string, MinorUnits> } | undefined;
    const made = files.find({ state: 'made' }).sort({ cycle: 1, format: 1, number: 1 }).batchSize(1);
    const lines = await linesOnAll(made, 1, nameOf, async ([file]) => {
      if (file === undefined) return [];
      if (batch?.cycle !== file.cycle) batch = { cycle: file.cycle, amounts: await amountsOf(file.cycle) };
      return differences(file, batch.amounts, trail);
    });
    return [...lines, ...(await payoutDifferences())];
  }

  async function differences(
    file: StoredPaymentFile,
    approved: ReadonlyMap<string, MinorUnits>,
    trail: Pick<Trail, 'byKey'>,
  ): Promise<string[]> {
    const key = `payment-file:${file._id}`;
    const act = (await trail.byKey([key])).get(key);
    return [
      ...sumDifferences(file),
      ...batchDifferences(file, approved),
      ...(act === undefined && file.effectsPending !== true
        ? [`${nameOf(file)} was made by ${file.by}, and the audit trail says nobody did that`]
        : []),
      ...(act === undefined ? [] : actDifferences(file, act)),
    ];
  }

  async function amountsOf(cycle: CycleDate): Promise<Map<string, MinorUnits>> {
    const amounts = new Map<string, MinorUnits>();
    for await (const piece of deps.batches.lines(cycle)) {
      for (const { payoutId, amount } of piece) amounts.set(payoutId, amount);
    }
    return amounts;
  }

  /** What payouts say of the file that pays them is what the file says. */
  async function payoutDifferences(): Promise<string[]> {
    const lines: string[] = [];
    let known: { file: StoredPaymentFile | null; id: string; left: Map<string, MinorUnits> } | undefined;
    const seen = new Set<string>();
    const end = () => {
      for (const payoutId of known?.left.keys() ?? []) {
        lines.push(`payment_files/${known?.id} pays ${payoutId}, which says nothing of it`);
      }
    };
    for await (const piece of deps.inFiles()) {
      for (const { payoutId, paymentFile, amount } of piece) {
        if (known?.id !== paymentFile) {
          end();
          const file = await files.findOne({ _id: paymentFile });
          known = { file, id: paymentFile, left: new Map(file?.lines.map((line) => [line.payoutId, line.amount])) };
          seen.add(paymentFile);
        }
        const says = known.left.get(payoutId);
        known.left.delete(payoutId);
        if (known.file === null) lines.push(`payout ${payoutId} is paid by ${paymentFile}, which is no file`);
        else if (says === undefined && !isLeftOut(known.file, payoutId)) {
          lines.push(`payout ${payoutId} is paid by ${paymentFile}, which does not have it`);
        } else if (says !== undefined && says !== amount) {
          lines.push(`payout ${payoutId} is ${amount}, and ${paymentFile} pays ${says}`);
        }
      }
    }
    end();
    for await (const { _id } of files.find({ state: 'made', _id: { $nin: [...seen] } }, { projection: { _id: 1 } })) {
      lines.push(`payment_files/${_id} pays payouts none of which says so`);
    }
    return lines;
  }

  /** A line for each act that made no file, or another one. */
  async function acts(batch: RecordedAct[]): Promise<string[]> {
    const ids = batch.map(({ key }) => key.slice('payment-file:'.length));
    const found = await files.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
    const known = new Set(found.map(({ _id }) => _id));
    return batch.flatMap(({ key, actor, at }, index) => {
      const id = ids[index] ?? key;
      return known.has(id) ? [] : [`payment_files/${id} is missing: ${actor} made it on ${at.toISOString()}`];
    });
  }

  return { facts, acts: { 'payment_file.made': acts } };
}

function sumDifferences(file: StoredPaymentFile): string[] {
  const { lines, parts, count, total, hash } = file;
  const amounts = sum(lines.map(({ amount }) => amount));
  const said: [string, unknown, unknown][] = [
    ['count', count, lines.length],
    ['total', total, amounts],
    ['count of its parts', sum(parts.map((part) => part.count)), lines.length],
    ['total of its parts', sum(parts.map((part) => part.total)), amounts],
    ['hash', hash, hashOfParts(parts)],
  ];
  return said
    .filter(([, is, should]) => is !== should)
    .map(([what, is, should]) => `${nameOf(file)}: ${what} is ${is}, and its lines come to ${should}`);
}

function batchDifferences(file: StoredPaymentFile, approved: ReadonlyMap<string, MinorUnits>): string[] {
  return file.lines.flatMap(({ payoutId, amount }) => {
    const is = approved.get(payoutId);
    if (is === undefined) return [`${nameOf(file)} pays ${payoutId}, which its batch does not have`];
    return is === amount ? [] : [`${nameOf(file)} pays ${payoutId} ${amount}, and its batch says ${is}`];
  });
}

function actDifferences(file: StoredPaymentFile, act: RecordedAct): string[] {
  const { by, at, hash, count, total } = file;
  const after = afterOf(act);
  return saidOtherwise(nameOf(file), [
    ['by', by, act.actor],
    ['at', at, act.at],
    ...Object.entries({ hash, count, total }).map(([name, is]): Said => [name, is, after[name]]),
  ]);
}

function isLeftOut({ leftOut }: StoredPaymentFile, payoutId: string): boolean {
  return leftOut.some((line) => line.payoutId === payoutId);
}

function nameOf({ _id }: Pick<StoredPaymentFile, '_id'>): string {
  return `payment_files/${_id}`;
}
