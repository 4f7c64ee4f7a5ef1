import type { Invoice } from '../invoicing/invoice.ts';
import type { MinorUnits } from '../kernel/money.ts';
import { type PromiseFact, type PromiseState, promiseState } from '../standing/promised.ts';
import type { StoredPromise } from './store.ts';

/** A promise as it stands: `endedAt` is null while it may still be kept or broken. */
export type PromiseView = {
  promiseId: string;
  invoiceId: string;
  modelId: string;
  status: PromiseState['status'];
  madeAt: Date;
  until: Date;
  /** In two parts: the first was paid when it was made. */
  parts: { first: MinorUnits; rest: MinorUnits } | null;
  endedAt: Date | null;
  /** Only of a refused one: why. */
  reason?: string;
};

export function factOf({ madeAt, until, refusal, endedAt }: StoredPromise): PromiseFact {
  return { madeAt, until, refusedAt: refusal === undefined ? null : (endedAt ?? until) };
}

/** What became of a promise by `now`, by what became of its invoice. */
export function stateOf(promise: StoredPromise, invoice: Invoice, now: Date): PromiseState {
  return promiseState(factOf(promise), endOf(invoice), now);
}

export function promiseView(promise: StoredPromise, invoice: Invoice, now: Date): PromiseView {
  const { _id: promiseId, invoiceId, modelId, madeAt, until, parts = null, refusal } = promise;
  const state = stateOf(promise, invoice, now);
  return {
    ...{ promiseId, invoiceId, modelId, status: state.status, madeAt, until, parts },
    endedAt: state.status === 'running' ? null : state.endedAt,
    ...(refusal === undefined ? {} : { reason: refusal.reason }),
  };
}

/** When an invoice was paid, or since when nothing is owed for it. */
function endOf(invoice: Invoice): Parameters<typeof promiseState>[1] {
  switch (invoice.status) {
    case 'completed': {
      const { completedAt, outside } = invoice;
      return { completedAt, ...(outside === undefined ? {} : { paidAt: outside.paidAt }) };
    }
    case 'void':
      return { completedAt: null, voidedAt: invoice.voidedAt };
    case 'written_off':
      return { completedAt: null, writtenOffAt: invoice.writtenOffAt };
    default:
      return { completedAt: null };
  }
}
