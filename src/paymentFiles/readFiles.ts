import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import { chunksOf } from '../kernel/group.ts';
import type { Refused } from '../kernel/refusals.ts';
import { debtorHash } from './debtor.ts';
import { fileView, type PaymentFileView } from './fileView.ts';
import { type MakeFiles, termsOf } from './makeFiles.ts';
import type { Debtor, FileFormat, PaymentLine } from './paymentFile.ts';
import type { PayeesOf } from './planFile.ts';
import type { PaymentFileStore, StoredPaymentFile } from './store.ts';
import type { WrittenPart } from './writeFile.ts';
import type { Writer } from './writer.ts';

/** Which file: the first one of a cycle and format unless a number is named, and of its parts one, or all. */
export type AskedFile = {
  cycle: CycleDate;
  format: FileFormat;
  number?: number | undefined;
  part?: number | undefined;
};

export type ContentOutcome =
  | { kind: 'content'; file: PaymentFileView; parts: WrittenPart[] }
  /** `differs`: what is no longer as it was when the file was made, at most a few of it. */
  | (Refused & { differs?: string[] })
  | { kind: 'not-found' };

/** Hands out files that were made: the very same bytes, or none. */
export function createReadFiles(deps: {
  store: PaymentFileStore;
  complete: MakeFiles['complete'];
  payeesOf: PayeesOf;
  write: Writer;
  debtor: Debtor | null;
}) {
  const { files } = deps.store;

  /** The files of a cycle, without their content. */
  async function ofCycle(cycle: CycleDate): Promise<PaymentFileView[]> {
    const found = files.find({ cycle, state: 'made' }, { projection: { lines: 0 } }).sort({ format: 1, number: 1 });
    // The view has no lines.
    return (await found.toArray()).map(fileView);
  }

  /**
   * The content of a file. Refused where it would be another one than was made: a payee or the account that is paid from has
   * changed since, or this version writes it otherwise.
   */
  async function content({ cycle, format, number = 1, part }: AskedFile): Promise<ContentOutcome> {
    const found = await files.findOne({ _id: idOf(cycle, format, number) });
    const file = found && (await deps.complete(found));
    if (file === null) return { kind: 'refused', state: 'not-made', reason: 'export_not_made' };
    const wanted = file.parts.filter((one) => part === undefined || one.part === part);
    if (wanted.length === 0) return { kind: 'not-found' };
    const { lines, differs } = await linesOf(file);
    if (differs.length > 0) return changed(differs);
    const only = part === undefined ? {} : { only: part };
    const parts = await deps.write({ lines, terms: termsOf(file, deps.debtor), ...only });
    const isSame = parts.length === wanted.length && parts.every(({ hash }, index) => hash === wanted[index]?.hash);
    return isSame ? { kind: 'content', file: fileView(file), parts } : changed(['how such a file is written']);
  }

  async function linesOf(file: StoredPaymentFile): Promise<{ lines: PaymentLine[]; differs: string[] }> {
    const lines: PaymentLine[] = [];
    const differs = isOtherDebtor(file) ? ['the account that is paid from'] : [];
    for (const piece of chunksOf(file.lines, BATCH)) {
      const payees = await deps.payeesOf(piece.map(({ accountId }) => accountId));
      for (const { payoutId, accountId, amount, version } of piece) {
        const known = payees.get(accountId);
        if (known?.version === version) lines.push({ payoutId, accountId, amount, payee: known.payee });
        else if (differs.length < MOST_DIFFERENCES) differs.push(`the payee of ${accountId}`);
      }
    }
    return { lines, differs };
  }

  function isOtherDebtor({ debtorHash: before }: StoredPaymentFile): boolean {
    return before !== undefined && (deps.debtor === null || debtorHash(deps.debtor) !== before);
  }

  /** In how many parts a file is; 0 where there is none. */
  async function partsOf({ cycle, format, number = 1 }: AskedFile): Promise<number> {
    const file = await files.findOne({ _id: idOf(cycle, format, number) }, { projection: { parts: 1 } });
    return file?.parts.length ?? 0;
  }

  return { ofCycle, partsOf, content };
}

function idOf(cycle: CycleDate, format: FileFormat, number: number): string {
  return `${cycle}:${format}:${number}`;
}

function changed(differs: string[]): ContentOutcome {
  return { kind: 'refused', state: 'made', reason: 'export_changed', differs };
}

const BATCH = 500;
const MOST_DIFFERENCES = 20;
