import type { RecordedAct } from '../../events/recordedAct.ts';
import { wordOf } from '../../events/verifyFacts.ts';
import type { Calendar } from '../../kernel/calendar.ts';
import { inBatches } from '../../kernel/group.ts';
import { linesOn } from '../../kernel/lines.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import { shareOf, sum } from '../../kernel/money.ts';
import { type Entry, hashOfDraft } from '../../ledger/entry.ts';
import type { Ledger } from '../../ledger/journal.ts';
import { isErasedText } from '../../privacy/texts.ts';
import { ENDING_ACTS, endEntryOf, endedBy, endingAct } from '../ends.ts';
import {
  creditEntry,
  creditedEntry,
  type Invoice,
  invoiceIdOf,
  isDueAtIssue,
  modelAccount,
  outcomeOf,
} from '../invoice.ts';
import { ISSUE } from '../notices.ts';
import { heldAccount, heldFor } from '../part.ts';
import { type InvoicingStore, type StoredInvoice, storedEnd, toInvoice } from '../store.ts';
import { type InvoiceTerms, termDifferences } from './invoiceTerms.ts';
import { verifyMembers } from './verifyMembers.ts';

const BATCH = 250;

type Deps = {
  store: InvoicingStore;
  ledger: Pick<Ledger, 'entriesById' | 'outcome' | 'balance' | 'balances'>;
  trail: { byKey(keys: string[]): Promise<Map<string, RecordedAct>> };
  calendar: Calendar;
  terms: InvoiceTerms;
};

/**
 * Derives again what can be derived about invoices, and answers every difference as a line: what each is made of, its
 * arithmetic and its dates, the ledger entries and the person behind its state, and that each transaction of a week that
 * is closed is on exactly one invoice that is not void.
 */
export async function verifyInvoices(deps: Deps): Promise<string[]> {
  const { store, ledger } = deps;
  const differences: string[] = [];
  let waitingCredit: MinorUnits = 0;
  let billed = 0;
  for await (const batch of inBatches(store.invoices.find({}), BATCH)) {
    const issued = batch.filter(({ status }) => status !== 'skipped');
    for (const place of batch.filter(({ status }) => status === 'skipped')) differences.push(...skipped(place));
    differences.push(
      ...(await linesOn(
        issued,
        ({ _id }) => `invoice ${_id}`,
        async (some) => [
          ...(await endings(some, deps)),
          ...(await credits(some, ledger)),
          ...(await holdings(some, ledger)),
          ...(await termDifferences(some.map(toInvoice), deps)),
          ...some.map(toInvoice).flatMap(arithmetic),
        ],
      )),
    );
    for (const stored of issued.filter(({ status }) => status !== 'void')) {
      const lines = await linesOn(
        [stored],
        ({ _id }) => `what invoice ${_id} bills`,
        async () => {
          const members = await verifyMembers(store, stored, deps.calendar);
          billed += members.count;
          return members.differences;
        },
      );
      differences.push(...lines);
      if (stored.status === 'open') waitingCredit += stored.credit ?? 0;
    }
  }
  const through = (await store.cycles.findOne({ _id: 'cursor' }))?.through ?? '';
  const closed = await store.transactions.countDocuments({ billingWeek: { $lte: through } });
  if (closed !== billed) {
    differences.push(`${closed} transactions belong to weeks up to ${through}, but ${billed} are on invoices`);
  }
  const held = await ledger.balance('platform:invoiced');
  if (held !== waitingCredit) {
    differences.push(`platform:invoiced holds ${held}, the open invoices took ${waitingCredit} of credit`);
  }
  return differences;
}

/** A place that is taken, so that no invoice can be issued there, has nothing of an invoice. */
function skipped({ _id, total }: StoredInvoice): string[] {
  return total === undefined ? [] : [`invoice ${_id} is skipped, but it was issued, and its total is ${total}`];
}

function arithmetic(invoice: Invoice): string[] {
  const subtotal = sum(invoice.lines.map((line) => line.cost));
  const expected: [string, string | MinorUnits, string | MinorUnits][] = [
    ['its id', invoice.invoiceId, invoiceIdOf(invoice.week, invoice.modelId)],
    ['subtotal', invoice.subtotal, subtotal],
    ['discount', invoice.discount, subtotal > 0 ? shareOf(subtotal, invoice.discountBps) : 0],
    ['total', invoice.total, invoice.subtotal - invoice.discount - invoice.credit],
    ...invoice.lines.map((line): [string, MinorUnits, MinorUnits] => [
      `cost of ${line.campaignId} ${line.type}`,
      line.cost,
      shareOf(line.gross, line.rateBps),
    ]),
  ];
  return expected
    .filter(([, stored, derived]) => stored !== derived)
    .map(([what, stored, derived]) => `invoice ${invoice.invoiceId}: ${what} is ${stored}, not ${derived}`);
}

/** What ends an invoice, with its amounts, its instant and its person, and nothing else, stands behind its state. */
async function endings(batch: StoredInvoice[], { ledger, trail }: Deps): Promise<string[]> {
  const acts = await trail.byKey(batch.flatMap(({ _id }) => ENDING_ACTS.map((act) => `invoice:${_id}:${act}`)));
  const differences: string[] = [];
  for (const stored of batch) {
    const invoice = toInvoice(stored);
    const entry = await ledger.outcome(bookOf(invoice), outcomeOf(invoice.invoiceId));
    // What its end did not take of its parts is given back under the mark.
    if (stored.parts !== undefined && stored.pendingEffects !== undefined) continue;
    differences.push(
      ...ending(invoice, entry),
      ...end(stored, invoice, entry),
      ...(entry === undefined ? [] : person(invoice, entry, acts)),
    );
  }
  return differences;
}

function ending(invoice: Invoice, entry: Entry | undefined): string[] {
  const expected = endEntryOf(invoice);
  if (entry?._id !== expected?.entryId) {
    return [`invoice ${invoice.invoiceId} is ${invoice.status}, but its ledger entry is ${entry?._id ?? 'missing'}`];
  }
  if (expected === undefined || entry?.hash === hashOfDraft(expected)) return [];
  return [`invoice ${invoice.invoiceId}: its ledger entry moves other amounts`];
}

/** When and why it ended. */
function end(stored: StoredInvoice, invoice: Invoice, entry: Entry | undefined): string[] {
  const name = `invoice ${invoice.invoiceId}`;
  const ended: Partial<StoredInvoice> =
    entry === undefined || invoice.status === 'credited' ? {} : storedEnd(endedBy(invoice, entry));
  const said = END_FIELDS.map((field) => [field, stored[field], ended[field]] as const);
  const isDebited = entry?.actor === ISSUE && isDueAtIssue(invoice);
  return [
    ...said
      .filter(([, is, should]) => wordOf(is) !== wordOf(should) && !isErasedText(is) && !isErasedText(should))
      .map(([what, is, should]) => `${name}: ${what} is ${wordOf(is)}, and its ledger entry says ${wordOf(should)}`),
    ...(stored.debitedAtIssue === true && !isDebited ? [`${name}: it was not debited at its issue`] : []),
    ...(stored.status === 'open' || stored.nextStepAt === undefined ? [] : [`${name}: it has ended, and is dunned`]),
  ];
}

const END_FIELDS = [
  ...(['completedAt', 'reference', 'paidAt', 'voidedAt', 'voidReason'] as const),
  ...(['writtenOffAt', 'writeOffReason', 'contractorsPaid'] as const),
];

/** Who ended it, where that was a person, is in the audit trail. */
function person(invoice: Invoice, entry: Entry, acts: Map<string, RecordedAct>): string[] {
  const act = endingAct(invoice, entry.actor);
  if (act === null) return [];
  const { actor = '' } = entry;
  const record = acts.get(`invoice:${invoice.invoiceId}:${act}`);
  if (record?.actor === actor && record.at.getTime() === entry.effectiveAt.getTime()) return [];
  const said = record === undefined ? 'nobody' : `${record.actor} on ${record.at.toISOString()}`;
  return [
    `invoice ${invoice.invoiceId}: ${actor} did ${act} it on ${entry.effectiveAt.toISOString()}, and the audit trail says ${said} did`,
  ];
}

/** The credit that an invoice took left the model's credit; one that is being issued has still to take it. */
async function credits(batch: StoredInvoice[], ledger: Deps['ledger']): Promise<string[]> {
  const took = batch.filter(({ credit, pendingEffects }) => credit > 0 && pendingEffects !== 'issued').map(toInvoice);
  const written = await ledger.entriesById(took.map((invoice) => creditEntry(invoice).entryId));
  return took.flatMap((invoice) => {
    const draft = creditEntry(invoice);
    if (written.get(draft.entryId)?.hash === hashOfDraft(draft)) return [];
    return [`invoice ${invoice.invoiceId}: it took ${invoice.credit} of credit, and its ledger entry does not`];
  });
}

/** What is held for an invoice is the parts that were paid of it, until it ends; what its end has still to settle bears a mark. */
async function holdings(batch: StoredInvoice[], ledger: Deps['ledger']): Promise<string[]> {
  const settled = batch.filter(
    ({ parts, status, pendingEffects }) => parts !== undefined && (status === 'open' || pendingEffects === undefined),
  );
  const accounts = settled.map(({ _id }) => heldAccount(_id));
  const balances = await ledger.balances(accounts);
  return settled.flatMap((stored, index) => {
    const is = balances.get(accounts[index] ?? '') ?? 0;
    const should = stored.status === 'open' ? heldFor(stored) : 0;
    return is === should ? [] : [`${accounts[index]} holds ${is}, and ${should} of invoice ${stored._id} is held`];
  });
}

function bookOf(invoice: Invoice): string {
  return invoice.status === 'credited' ? creditedEntry(invoice).book : modelAccount(invoice.modelId);
}
