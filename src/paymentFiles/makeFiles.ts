import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import type { Audit } from '../audit/audit.ts';
import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import type { Calendar } from '../kernel/calendar.ts';
import { BrokenInvariant } from '../kernel/errors.ts';
import { sum } from '../kernel/money.ts';
import type { Refused } from '../kernel/refusals.ts';
import type { Unfinished } from '../kernel/unfinished.ts';
import { writtenNow } from '../seals/source.ts';
import { debtorHash } from './debtor.ts';
import { type FilePart, fileView, type LeftOut, type PaymentFileView } from './fileView.ts';
import { FORMATS } from './formats.ts';
import { type Debtor, type FileFormat, type FileTerms, type PaymentLine, takes } from './paymentFile.ts';
import { addTo, type PayeesOf, type PaymentBatches, type Plan, type PlanFile } from './planFile.ts';
import type { PaymentFileStore, StoredPaymentFile } from './store.ts';
import { hashOfParts, type WrittenPart } from './writeFile.ts';
import type { Writer } from './writer.ts';

/** What is wanted: `further`, another file, of what came to be payable since the last one. `simulate`: nothing is written. */
export type WantedFile = {
  cycle: CycleDate;
  format: FileFormat;
  actor: string;
  further?: boolean;
  simulate?: boolean;
};

export type MakeOutcome =
  /** `before`: it was made already, and this is that one. */
  | { kind: 'made' | 'would-be' | 'before'; file: PaymentFileView }
  /** `missing`: what is not configured. */
  | (Refused & { missing?: string });

/** Tells a batch that a file of it was made. Done again it is the same. */
export type NoteExported = (
  cycle: CycleDate,
  file: { format: FileFormat; hash: string; count: number; total: number },
  by: string,
  at: Date,
) => Promise<void>;

export type MakeFiles = ReturnType<typeof createMakeFiles>;

/**
 * Makes the files that pay a batch (docs/paydays.md), each once. The insert reserves cycle, format and number; then the payouts
 * are marked as being paid by this file, each in one update that no other file, hold or settlement gets past; only what was
 * marked is in the file, and only then anybody sees it. Everything can be done again, by anybody and at once.
 */
export function createMakeFiles(deps: {
  store: PaymentFileStore;
  planFile: PlanFile;
  batches: Pick<PaymentBatches, 'load' | 'get'>;
  noteExported: NoteExported;
  payeesOf: PayeesOf;
  /** Marks payouts as being paid by a file; answers which of them are. */
  process: (payoutIds: string[], by: { actor: string; paymentFile: string }, at: Date) => Promise<Set<string>>;
  write: Writer;
  audit: Pick<Audit, 'record'>;
  calendar: Pick<Calendar, 'dayOf'>;
  debtor: Debtor | null;
  currency: string;
}) {
  const { files } = deps.store;
  const { currency, debtor } = deps;

  /** Makes a file at `at`, or answers the one that was made before. */
  async function make(wanted: WantedFile, at: Date): Promise<MakeOutcome> {
    const { cycle, format, further = false, simulate = false } = wanted;
    for (;;) {
      const last = await lastOf(cycle, format);
      if (last !== null && (last.state === 'making' || !further)) {
        const file = simulate ? last : await complete(last);
        // Where every line of it was paid otherwise meanwhile there is no such file.
        if (file === null) continue;
        if (!further) return { kind: 'before', file: fileView(file) };
        if (!simulate) continue;
      }
      const refused = await refuse(cycle, format);
      if (refused !== null) return refused;
      const plan = await deps.planFile(cycle, format, at);
      if (plan.lines.length === 0) return refuseEmpty(cycle);
      const file = await drawUp(wanted, plan, (last?.number ?? 0) + 1, at);
      if (simulate) return { kind: 'would-be', file: fileView(file) };
      if ((await unlessDuplicate(files.insertOne(file, durable(files)))) === null) continue;
      const made = await complete(file);
      if (made !== null) return { kind: 'made', file: fileView(made) };
    }
  }

  /** Why there can be no such file; null when there can. */
  async function refuse(cycle: CycleDate, format: FileFormat): Promise<Extract<MakeOutcome, Refused> | null> {
    const batch = await deps.batches.load(cycle);
    // To say how far it is, all that it has is read.
    if (batch?.approved === undefined) return notExportable(await deps.batches.get(cycle));
    const reason = FORMATS[format].refuses({ currency, debtor });
    if (reason === null) return null;
    const state = batch.exports.length > 0 ? 'exported' : 'approved';
    return { kind: 'refused', state, reason, ...(reason === 'issuer_unknown' ? { missing: 'ISSUER_FILE: bank' } : {}) };
  }

  /** Why a batch has nothing for a file: all of it is settled, or else none of it is for this format. */
  async function refuseEmpty(cycle: CycleDate): Promise<Extract<MakeOutcome, Refused>> {
    const batch = await deps.batches.get(cycle);
    if (batch !== null && EXPORTABLE.has(batch.state)) {
      return { kind: 'refused', state: 'empty', reason: 'nothing_to_export' };
    }
    return notExportable(batch);
  }

  async function drawUp(
    { cycle, format, actor: by }: WantedFile,
    plan: Plan,
    number: number,
    at: Date,
  ): Promise<StoredPaymentFile> {
    const today = deps.calendar.dayOf(at);
    const head = {
      ...{ _id: `${cycle}:${format}:${number}`, cycle, format, number, state: 'making' as const, at, by, currency },
      // No bank takes a day that is over.
      executeOn: cycle > today ? cycle : today,
      ...(format === 'sepa' && debtor !== null ? { debtorHash: debtorHash(debtor) } : {}),
    };
    const { lines, versions, leftOut, rest } = plan;
    return {
      ...head,
      ...(await contentOf(head, lines)),
      lines: lines.map((line, index) => storedLine(line, versions[index])),
      ...{ leftOut, rest, effectsPending: true },
    };
  }

  /** Sums, parts and hash of these lines. */
  async function contentOf(
    file: Pick<StoredPaymentFile, 'cycle' | 'format' | 'number' | 'at' | 'currency' | 'executeOn'>,
    lines: PaymentLine[],
  ): Promise<Pick<StoredPaymentFile, 'count' | 'total' | 'parts' | 'hash'>> {
    const parts = (await deps.write({ lines, terms: termsOf(file, debtor) })).map(withoutContent);
    const total = sum(lines.map(({ amount }) => amount));
    if (sum(parts.map((part) => part.total)) !== total)
      throw new BrokenInvariant('the parts of a file are not its sum');
    return { count: lines.length, total, parts, hash: hashOfParts(parts) };
  }

  /** Does what is left of a file; null where none of its lines was still to be paid, so that it is no file. */
  async function complete(file: StoredPaymentFile): Promise<StoredPaymentFile | null> {
    if (file.effectsPending !== true) return file;
    const made = file.state === 'made' ? file : await mark(file);
    if (made === null) return null;
    const { _id, cycle, format, number, hash, count, total, by: actor, at } = made;
    await deps.noteExported(cycle, { format, hash, count, total }, actor, at);
    await deps.audit.record({
      ...{ key: `payment-file:${_id}`, actor, action: 'payment_file.made', subject: `cycle:${cycle}`, at },
      after: { format, number, hash, count, total },
    });
    await files.updateOne({ _id }, { $unset: { effectsPending: '' } });
    return made;
  }

  /** Marks its payouts, and drops what was paid, failed or taken by another file since it was drawn up. */
  async function mark(file: StoredPaymentFile): Promise<StoredPaymentFile | null> {
    const { _id, by: actor, at } = file;
    const ids = file.lines.map(({ payoutId }) => payoutId);
    const marked = await deps.process(ids, { actor, paymentFile: _id }, at);
    if (marked.size === 0) {
      await files.deleteOne({ _id, state: 'making' }, durable(files));
      return null;
    }
    const change = marked.size === ids.length ? {} : await withoutUnmarked(file, marked);
    const made = { ...change, ...writtenNow(), state: 'made' as const };
    await files.updateOne({ _id, state: 'making' }, { $set: made }, durable(files));
    // Whoever was first has made it.
    return files.findOne({ _id });
  }

  /** The file of those lines alone that are marked, by their payees as they are now: nobody has seen it yet. */
  async function withoutUnmarked(file: StoredPaymentFile, marked: ReadonlySet<string>) {
    const kept = file.lines.filter(({ payoutId }) => marked.has(payoutId));
    const payees = await deps.payeesOf(kept.map(({ accountId }) => accountId));
    const lines: PaymentLine[] = [];
    const versions: number[] = [];
    const leftOut: LeftOut[] = [...file.leftOut];
    const rest = structuredClone(file.rest);
    for (const line of file.lines) if (!marked.has(line.payoutId)) addTo(rest.notDue, line);
    for (const { payoutId, accountId, amount } of kept) {
      const known = payees.get(accountId);
      if (known === undefined || !isPaidBy(file.format, { payoutId, accountId, amount, payee: known.payee })) {
        leftOut.push({ payoutId, accountId, amount, why: 'payee_changed' });
        addTo(rest.leftOut, { amount });
        continue;
      }
      lines.push({ payoutId, accountId, amount, payee: known.payee });
      versions.push(known.version);
    }
    return {
      ...(await contentOf(file, lines)),
      lines: lines.map((line, index) => storedLine(line, versions[index])),
      ...{ leftOut, rest },
    };
  }

  function isPaidBy(format: FileFormat, line: PaymentLine): boolean {
    return takes(format, line.payee) && FORMATS[format].unfit(line, currency) === null;
  }

  function lastOf(cycle: CycleDate, format: FileFormat): Promise<StoredPaymentFile | null> {
    return files.findOne({ cycle, format }, { sort: { number: -1 } });
  }

  async function completeAll(which: { _id?: { $in: string[] } }): Promise<void> {
    for (const file of await files.find({ ...which, effectsPending: true }).toArray()) await complete(file);
  }

  const unfinished: Unfinished = {
    kind: 'payment files',
    find: async (limit) => {
      const found = files.find({ effectsPending: true }, { projection: { at: 1 } }).limit(limit);
      return (await found.toArray()).map(({ _id: id, at: since }) => ({ id, since }));
    },
    finish: (ids) => completeAll({ _id: { $in: ids } }),
  };

  return { make, complete, unfinished, repair: () => completeAll({}) };
}

/** States of a batch whose lines two people, or one, have said yes to. */
export const EXPORTABLE: ReadonlySet<string> = new Set(['approved', 'exported']);

function notExportable(batch: { state: string } | null): Extract<MakeOutcome, Refused> {
  return { kind: 'refused', state: batch?.state ?? 'none', reason: 'batch_not_approved' };
}

/** What a file says of all its lines. */
export function termsOf(
  {
    cycle,
    format,
    number,
    at,
    currency,
    executeOn,
  }: Pick<StoredPaymentFile, 'cycle' | 'format' | 'number' | 'at' | 'currency' | 'executeOn'>,
  debtor: Debtor | null,
): FileTerms {
  return { cycle, format, number, currency, executeOn, madeAt: at, debtor };
}

function storedLine({ payoutId, accountId, amount }: PaymentLine, version: number | undefined) {
  if (version === undefined) throw new BrokenInvariant('a line of a file has no version of its payee');
  return { payoutId, accountId, amount, version };
}

function withoutContent({ content: _, ...part }: WrittenPart): FilePart {
  return part;
}
