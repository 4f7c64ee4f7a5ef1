import type { Debts } from '../debts/debts.ts';
import { BrokenInvariant } from '../kernel/errors.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Entry } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/journal.ts';
import { type Invoice, modelAccount, outcomeOf } from './invoice.ts';
import type { Part } from './part.ts';
import { declinedPartEntry, partEntry, partsTakenBy, returnedPartEntry } from './partEntries.ts';
import { type InvoicingStore, type StoredInvoice, toInvoice } from './store.ts';

/** `ended`: the invoice had ended before, and the part, if it was taken, is back on the balance. */
export type PartOutcome =
  | { kind: 'held'; part: Part }
  | { kind: 'ended' }
  | { kind: 'insufficient'; balance: MinorUnits; missing: MinorUnits };

export type Parts = ReturnType<typeof createParts>;

/**
 * Parts of invoices that are paid ahead of the rest (rules 2.11). The ledger entry is the part; the invoice says so while it is open,
 * and whoever ends it by what it says takes the part with it. What its end did not take goes back.
 */
export function createParts(deps: {
  store: Pick<InvoicingStore, 'invoices'>;
  ledger: Pick<Ledger, 'take' | 'append' | 'outcome' | 'balance'>;
  /** Tries everything unpaid, because a balance has grown. */
  payDebts: Debts['payAll'];
}) {
  const { ledger } = deps;
  const { invoices } = deps.store;

  /** Takes a part from the model's balance; done again, it is the same part. Once refused, it stays refused. */
  async function take(invoice: Invoice, wanted: Part, actor: string): Promise<PartOutcome> {
    const draft = partEntry(invoice, wanted, actor);
    const taken = await ledger.take(draft);
    if (taken.kind === 'insufficient') {
      const declined = await ledger.take(declinedPartEntry(invoice, wanted, actor));
      // Somebody else has tried it meanwhile, and it was covered.
      if (declined.kind === 'decided-otherwise') return take(invoice, wanted, actor);
      return taken;
    }
    if (taken.kind === 'decided-otherwise') {
      const balance = await ledger.balance(draft.book);
      return { kind: 'insufficient', balance, missing: Math.max(0, wanted.amount - balance) };
    }
    const part = { ...wanted, paidAt: taken.entry.effectiveAt };
    return (await note(invoice, part)) ? { kind: 'held', part } : { kind: 'ended' };
  }

  /** Notes a part in its invoice; where that has ended without it, the part goes back. Answers whether the invoice has it. */
  async function note(invoice: Invoice, part: Part): Promise<boolean> {
    const { invoiceId: _id } = invoice;
    const { number } = part;
    await invoices.updateOne({ _id, status: 'open', 'parts.number': { $ne: number } }, { $push: { parts: part } });
    const stored = await invoices.findOne({ _id });
    if (stored === null) throw new BrokenInvariant(`invoice ${_id} is gone`);
    if (stored.parts?.some((one) => one.number === number) === true) return true;
    await giveBack(toInvoice(stored), [part], (await endOf(stored)).effectiveAt);
    return false;
  }

  /**
   * Gives back what the end of an invoice did not take: all of a void one, and what was paid while it was ended by somebody who did
   * not know of it. Done again, it finds nothing.
   */
  async function settle(stored: StoredInvoice): Promise<void> {
    const { _id, status, parts = [] } = stored;
    if (status === 'open' || parts.length === 0) return;
    const invoice = toInvoice(stored);
    const entry = await endOf(stored);
    const taken = partsTakenBy(entry, _id, parts);
    if (taken.length === parts.length) return;
    await giveBack(invoice, parts.slice(taken.length), entry.effectiveAt);
    await invoices.updateOne({ _id }, taken.length === 0 ? { $unset: { parts: '' } } : { $set: { parts: taken } });
  }

  async function giveBack(invoice: Invoice, parts: Part[], at: Date): Promise<void> {
    const returned = parts.map((part) => returnedPartEntry(invoice, part, at));
    await ledger.append(returned);
    await deps.payDebts(new Map([[invoice.modelId, returned.at(-1)?.entryId ?? '']]), at);
  }

  /** The entry that ended an invoice. */
  async function endOf({ _id, modelId }: StoredInvoice): Promise<Entry> {
    const entry = await ledger.outcome(modelAccount(modelId), outcomeOf(_id));
    if (entry === undefined) throw new BrokenInvariant(`invoice ${_id} has ended without a ledger entry`);
    return entry;
  }

  return { take, settle };
}
