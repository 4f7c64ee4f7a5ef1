import type { Audit } from '../audit/audit.ts';
import type { Issuer } from '../books/issuer.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { Refused } from '../kernel/refusals.ts';
import type { Thread } from '../kernel/thread.ts';
import { debtorOf } from './debtor.ts';
import { createMakeFiles, type MakeOutcome, type NoteExported } from './makeFiles.ts';
import { createOverview } from './overview.ts';
import { createPaidByMessage } from './paidByMessage.ts';
import { type BatchLine, createPlanFile, type PayeesOf, type PaymentBatches } from './planFile.ts';
import { type ContentOutcome, createReadFiles } from './readFiles.ts';
import { sealedPaymentFiles } from './sealed.ts';
import type { PaymentFileStore } from './store.ts';
import { createPaymentFileVerification } from './verification.ts';
import { createWriter } from './writer.ts';

export type PaymentFiles = ReturnType<typeof createPaymentFiles>;

/** The files that an approved batch is paid by, for banks and wallets, put together (docs/paydays.md). */
export function createPaymentFiles(deps: {
  store: PaymentFileStore;
  batches: PaymentBatches & { noteExported: NoteExported };
  payeesOf: PayeesOf;
  /** Whether what was thrown says that payees cannot be read with the keys at hand. */
  isLocked: (error: unknown) => boolean;
  /** Which of these lines are held. */
  heldOf: (lines: BatchLine[], now: Date) => Promise<ReadonlyMap<string, unknown>>;
  payouts: {
    /** Marks payouts as being paid by a file; answers which of them are. */
    processMany: Parameters<typeof createMakeFiles>[0]['process'];
    inFiles: Parameters<typeof createPaymentFileVerification>[0]['inFiles'];
  };
  audit: Pick<Audit, 'record'>;
  calendar: Pick<Calendar, 'dayOf'>;
  issuer: Issuer | undefined;
  thread: Pick<Thread, 'run'>;
  currency: string;
}) {
  const { batches, payouts } = deps;
  const write = createWriter(deps.thread);
  const debtor = debtorOf(deps.issuer);
  const planFile = createPlanFile(deps);
  const { make, complete, unfinished, repair } = createMakeFiles({
    ...{ ...deps, planFile, debtor, write },
    noteExported: batches.noteExported,
    process: payouts.processMany,
  });
  const { ofCycle, partsOf, content } = createReadFiles({ ...deps, complete, write, debtor });

  /** Refuses where payees cannot be read: what is cut off so can be done again when they can. */
  async function unlessLocked<T>(act: Promise<T>): Promise<T | Locked> {
    try {
      return await act;
    } catch (error) {
      if (deps.isLocked(error)) return { kind: 'refused', state: 'locked', reason: 'payee_locked' };
      throw error;
    }
  }

  return {
    make: (...wanted: Parameters<typeof make>) => unlessLocked<MakeOutcome>(make(...wanted)),
    overview: createOverview({ batches, planFile, ofCycle }),
    ofCycle,
    partsOf,
    content: (...asked: Parameters<typeof content>) => unlessLocked<ContentOutcome>(content(...asked)),
    paidByMessage: createPaidByMessage(deps.store),
    unfinished: [unfinished],
    repair,
    verification: createPaymentFileVerification({ ...deps, inFiles: payouts.inFiles }),
    sealed: [sealedPaymentFiles(deps.store)],
  };
}

/** Of whatever was asked for: nothing is missing in the configuration of it, and nothing of it differs. */
type Locked = Refused & { missing?: string; differs?: string[] };
