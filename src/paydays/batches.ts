import { type Hold, isUnsettled } from '../affiliates/payouts/payout.ts';
import type { PayoutBatches } from '../affiliates/payouts/payoutBatches.ts';
import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import type { PayoutCycles } from '../affiliates/payouts/payoutCycles.ts';
import { durable } from '../database/durable.ts';
import type { Clock } from '../kernel/clock.ts';
import { type MinorUnits, sum } from '../kernel/money.ts';
import { type BatchState, type BatchSum, excludedNow, stateOf, sumOf } from './batch.ts';
import type { BatchLine } from './batchLine.ts';
import type { Finding } from './findings.ts';
import type { Holds } from './holds.ts';
import type { Exclusion, PaydayStore, StoredApproval, StoredBatch, StoredCheck, StoredExport } from './store.ts';

/** A line that is not in its batch, and why. */
export type LeftOut = BatchLine & ({ held: Hold } | { excluded: Exclusion });

/** What a batch would have now: everything of its payday that is still to be settled, and neither held nor excluded. */
export type DrawnBatch = BatchSum & { lines: BatchLine[]; held: LeftOut[]; excluded: LeftOut[] };

/** A batch as others see it: what it has, as approved or else as things are now. `open`: what of it is still to be settled. */
export type BatchView = BatchSum & {
  cycle: CycleDate;
  state: BatchState;
  open: { count: number; total: MinorUnits };
  /** Of one that is approved: its lines that are held now, which stay in its sum. */
  leftOut: LeftOut[];
  checked: Pick<StoredCheck, 'actor' | 'at' | 'hash'> | null;
  approved: Pick<StoredApproval, 'actor' | 'askedBy' | 'at' | 'hash'> | null;
  exports: StoredExport[];
  /** Of the last check; empty where nobody has checked it. */
  findings: Finding[];
};

/** How far a batch is, and what of its payday is left out of it; null while it is not drawn up. */
export type BatchSummary = { state: BatchState | null; held: Part; excluded: Part };
type Part = { count: number; total: MinorUnits };

/** Half a year of paydays: no bank takes longer to say something. */
const AWAITED = 12;

export type Batches = ReturnType<typeof createBatches>;

/** The batches of paydays, read: what people do with them is in `batchActs.ts` (docs/paydays.md). */
export function createBatches(deps: {
  store: Pick<PaydayStore, 'batches' | 'lines'>;
  payoutBatches: Pick<PayoutBatches, 'unsettledOf' | 'unsettledAmong' | 'statesOf'>;
  cycles: Pick<PayoutCycles, 'isClosed'>;
  holds: Pick<Holds, 'ofPayouts' | 'running'>;
  clock: Clock;
}) {
  const { batches, lines: pages } = deps.store;
  const { payoutBatches } = deps;

  function load(cycle: CycleDate): Promise<StoredBatch | null> {
    return batches.findOne({ _id: cycle });
  }

  /** The batch of a payday, or null while its payouts are not all drawn up. */
  async function get(cycle: CycleDate): Promise<BatchView | null> {
    const [stored, isClosed] = await Promise.all([load(cycle), deps.cycles.isClosed(cycle)]);
    if (stored === null && !isClosed) return null;
    if (stored?.approved === undefined) {
      return drawnView(cycle, stored, await drawUp(cycle, stored, deps.clock.now()));
    }
    const { open, held } = await openOf(cycle);
    return approvedView(cycle, { ...stored, approved: stored.approved }, open, held);
  }

  /**
   * What people are to do next with each of these paydays. What was checked is to be approved, also where its lines have changed since:
   * that is found by whoever approves it.
   */
  async function stagesOf(cycles: CycleDate[]): Promise<Map<CycleDate, 'check' | 'approve' | 'settle'>> {
    const known = batches.find({ _id: { $in: cycles } }, { projection: { 'checked.at': 1, 'approved.at': 1 } });
    const byCycle = new Map((await known.toArray()).map((stored) => [stored._id, stored]));
    return new Map(
      cycles.map((cycle) => {
        const { checked, approved } = byCycle.get(cycle) ?? {};
        return [cycle, approved !== undefined ? 'settle' : checked === undefined ? 'check' : 'approve'];
      }),
    );
  }

  /**
   * The batches of some paydays in short; `open`: how many of its payouts are still to be settled. All of these are read only of one that
   * was checked and is not approved, as few are at a time, because the check may have been of others.
   */
  async function summaries(cycles: { cycle: CycleDate; open: number }[]): Promise<Map<CycleDate, BatchSummary>> {
    const found = await batches.find({ _id: { $in: cycles.map(({ cycle }) => cycle) } }).toArray();
    const stored = new Map(found.map((batch) => [batch._id, batch]));
    const now = deps.clock.now();
    const running = await deps.holds.running(now);
    const summed = new Map<CycleDate, BatchSummary>();
    for (const { cycle, open } of cycles) {
      const batch = stored.get(cycle) ?? null;
      const exclusions = excludedNow(batch);
      const isApproved = batch?.approved !== undefined;
      const payoutIds = [...running.payoutIds, ...(isApproved ? [] : exclusions.keys())];
      const lines =
        open === 0 ? [] : await payoutBatches.unsettledAmong(cycle, { payoutIds, accountIds: running.accountIds });
      const { held, excluded } = sortedOut(
        lines,
        isApproved ? new Map() : exclusions,
        await deps.holds.ofPayouts(lines, now),
      );
      summed.set(cycle, {
        state: await shortState(cycle, batch, open),
        held: partOf(held),
        // What was excluded from an approved batch is paid with a later one.
        excluded: partOf(isApproved ? [...exclusions.values()] : excluded),
      });
    }
    return summed;
  }

  async function shortState(cycle: CycleDate, batch: StoredBatch | null, open: number): Promise<BatchState | null> {
    if (batch?.approved !== undefined) return stateOf(batch, { hash: batch.approved.hash, open });
    if (batch?.checked !== undefined) return (await get(cycle))?.state ?? null;
    return batch !== null || (await deps.cycles.isClosed(cycle)) ? 'drawn-up' : null;
  }

  /** The batch of which a bank is most likely to say something: the oldest exported one, else the latest approved one. */
  async function awaited(): Promise<CycleDate | null> {
    const approved = { approved: { $exists: true } };
    const latest = batches.find(approved, { projection: { _id: 1, exports: 1 } }).sort({ _id: -1 });
    const found = await latest.limit(AWAITED).toArray();
    const exported = found.filter(({ exports }) => exports.length > 0).reverse();
    for (const { _id } of exported) if ((await openOf(_id)).open.count > 0) return _id;
    return found[0]?._id ?? null;
  }

  /** What of an approved batch is still to be settled, and what of that is held now: it was held since, or at the same instant. */
  async function openOf(cycle: CycleDate): Promise<{ open: BatchView['open']; held: LeftOut[] }> {
    const open = { count: 0, total: 0 };
    const held: LeftOut[] = [];
    for await (const piece of payoutBatches.unsettledOf(cycle)) {
      const holds = await deps.holds.ofPayouts(piece, deps.clock.now());
      open.count += piece.length;
      open.total += sum(piece.map(({ amount }) => amount));
      for (const line of piece) {
        const hold = holds.get(line.payoutId);
        if (hold !== undefined) held.push({ ...line, held: hold });
      }
    }
    return { open, held };
  }

  /** What the batch of a payday would have at an instant. Reads each payout once. */
  async function drawUp(cycle: CycleDate, stored: StoredBatch | null, now: Date): Promise<DrawnBatch> {
    const exclusions = excludedNow(stored);
    const [lines, held, excluded]: [BatchLine[], LeftOut[], LeftOut[]] = [[], [], []];
    for await (const piece of payoutBatches.unsettledOf(cycle)) {
      const found = sortedOut(piece, exclusions, await deps.holds.ofPayouts(piece, now));
      lines.push(...found.lines);
      held.push(...found.held);
      excluded.push(...found.excluded);
    }
    return { ...sumOf(cycle, lines), lines, held, excluded };
  }

  /** The lines of an approved batch as they stand now, in pieces; none of one that is not approved. */
  async function* lines(cycle: CycleDate): AsyncGenerator<BatchLine[]> {
    const approved = (await load(cycle))?.approved;
    if (approved === undefined) return;
    for await (const { lines: page } of pages.find({ key: approved.linesKey }).sort({ _id: 1 })) {
      const states = await payoutBatches.statesOf(page.map(({ payoutId }) => payoutId));
      yield page.map(({ payoutId, amount }) => ({
        ...{ payoutId, accountId: accountIn(payoutId), amount },
        status: states.get(payoutId) ?? 'missing',
      }));
    }
  }

  /** The payouts that an approved batch has. */
  async function lineIds(cycle: CycleDate): Promise<Set<string>> {
    const approved = (await load(cycle))?.approved;
    const found = approved === undefined ? [] : await pages.find({ key: approved.linesKey }).toArray();
    return new Set(found.flatMap(({ lines: page }) => page.map(({ payoutId }) => payoutId)));
  }

  /** Whether a payout is a line of an approved batch: two people have wanted it already. */
  async function isApproved({ payoutId, cycle, carriedTo }: Carriable): Promise<boolean> {
    const approved = (await load(carriedTo ?? cycle))?.approved;
    if (approved === undefined) return false;
    const page = await pages.findOne(
      { key: approved.linesKey, 'lines.payoutId': payoutId },
      { projection: { _id: 1 } },
    );
    return page !== null;
  }

  /**
   * What can be settled of a payday by hand now: of an approved batch its lines, else whatever would be in it.
   */
  async function toSettle(cycle: CycleDate, now: Date): Promise<{ lines: BatchLine[]; isApproved: boolean }> {
    const stored = await load(cycle);
    if (stored?.approved === undefined) return { lines: (await drawUp(cycle, stored, now)).lines, isApproved: false };
    const all: BatchLine[] = [];
    for await (const piece of lines(cycle)) {
      const open = piece.filter(isUnsettled);
      const held = await deps.holds.ofPayouts(open, now);
      all.push(...open.filter(({ payoutId }) => !held.has(payoutId)));
    }
    return { lines: all, isApproved: true };
  }

  /** Notes that a file of a batch was made; the same file once, however often it is told. */
  async function noteExported(
    cycle: CycleDate,
    file: { format: string; hash: string; count: number; total: MinorUnits },
    by: string,
    at: Date,
  ): Promise<void> {
    const { format, hash } = file;
    await batches.updateOne(
      { _id: cycle, approved: { $exists: true }, exports: { $not: { $elemMatch: { format, hash } } } },
      { $push: { exports: { ...file, actor: by, at } }, $inc: { revision: 1 } },
      durable(batches),
    );
  }

  return { load, stagesOf, awaited, get, summaries, drawUp, lines, lineIds, isApproved, toSettle, noteExported };
}

/** Which of some lines would be paid, and which are left out of their batch. */
function sortedOut(
  all: readonly BatchLine[],
  exclusions: ReadonlyMap<string, Exclusion>,
  holds: ReadonlyMap<string, Hold>,
): { lines: BatchLine[]; held: LeftOut[]; excluded: LeftOut[] } {
  const [lines, held, excluded]: [BatchLine[], LeftOut[], LeftOut[]] = [[], [], []];
  for (const line of all) {
    const hold = holds.get(line.payoutId);
    const exclusion = line.status === 'due' ? exclusions.get(line.payoutId) : undefined;
    if (exclusion !== undefined) excluded.push({ ...line, excluded: exclusion });
    else if (hold !== undefined) held.push({ ...line, held: hold });
    else lines.push(line);
  }
  return { lines, held, excluded };
}

function partOf(lines: readonly { amount: MinorUnits }[]): Part {
  return { count: lines.length, total: sum(lines.map(({ amount }) => amount)) };
}

/** A batch that is not approved, with what it has now. */
export function drawnView(cycle: CycleDate, stored: StoredBatch | null, drawn: DrawnBatch): BatchView {
  const { hash, count, total, held, excluded } = drawn;
  const state = stateOf(stored, { hash, open: count });
  const open = { count, total };
  return {
    ...commonView(cycle, stored),
    ...{ state, hash, count, total, open, leftOut: [...held, ...excluded], approved: null },
  };
}

/** One that is approved; `open` is still to be settled, and `held` cannot be for now. */
export function approvedView(
  cycle: CycleDate,
  stored: StoredBatch & { approved: StoredApproval },
  open: BatchView['open'],
  held: LeftOut[],
): BatchView {
  const { hash, count, total, actor, askedBy, at } = stored.approved;
  const state = stateOf(stored, { hash, open: open.count });
  const approved = { actor, askedBy, at, hash };
  return { ...commonView(cycle, stored), ...{ state, hash, count, total, open, leftOut: held, approved } };
}

function commonView(cycle: CycleDate, stored: StoredBatch | null) {
  const { checked, exports = [] } = stored ?? {};
  return {
    cycle,
    checked: checked === undefined ? null : { actor: checked.actor, at: checked.at, hash: checked.hash },
    exports,
    findings: checked?.findings ?? [],
  };
}

type Carriable = { payoutId: string; cycle: CycleDate; carriedTo: CycleDate | null };

/** A payout's id is its cycle and its account. */
function accountIn(payoutId: string): string {
  return payoutId.slice(payoutId.indexOf(':') + 1);
}
