import type { Accounts } from '../accounts/accounts.ts';
import { overdueMessage } from '../invoicing/announcements.ts';
import { type Invoice, modelAccount } from '../invoicing/invoice.ts';
import { cardNotice, invoiceSubject, paidSubject } from '../invoicing/notices.ts';
import type { UnpaidInvoices } from '../invoicing/unpaidInvoices.ts';
import type { Calendar } from '../kernel/calendar.ts';
import { groupBy } from '../kernel/group.ts';
import type { Ledger } from '../ledger/journal.ts';
import { overdueNotices } from '../notices/messages/managers.ts';
import type { PromiseOffer } from '../notices/messages/sanctions.ts';
import type { Notice, Notices } from '../notices/notices.ts';
import type { Outgoing, OutgoingMessage } from '../outgoing/outgoing.ts';
import type { Texts } from '../privacy/texts.ts';
import type { DisplayContext } from '../texts/speech.ts';
import type { ReachedStep } from './dunning.ts';
import { forecast } from './forecast.ts';
import { changeNotices, stepNotice } from './notices.ts';
import { promisedUntil } from './promised.ts';
import { graceAt, type StandingFacts, type StandingPolicy, warnedOf } from './standing.ts';
import type { PaidInvoice, StandingChange } from './standingChange.ts';
import { type FactSources, loadStandingFacts, NO_FACTS } from './standingFacts.ts';
import { standingView } from './standingWords.ts';

/** What models may promise of some invoices, from the slice that knows it; those of which nothing is offered are left out. */
export type OffersOf = (
  asked: { invoice: Invoice; facts: StandingFacts | undefined; at: Date }[],
) => Promise<Map<string, PromiseOffer>>;

export type Announcements = ReturnType<typeof createAnnouncements>;

/** Announces dunning steps and changes of standing to the platform and the people. Keyed: announcing twice is once. */
export function createAnnouncements(
  deps: FactSources & {
    unpaidInvoices: Pick<UnpaidInvoices, 'contractorsOf'>;
    ledger: Pick<Ledger, 'balances'>;
    accounts: Pick<Accounts, 'getMany' | 'namesOf' | 'idsOfRole'>;
    notices: Pick<Notices, 'enqueue' | 'drop' | 'waitingAbout'>;
    outgoing: Pick<Outgoing, 'emit' | 'enabled'>;
    /** Tells the platform what a model's invoices came to by an instant, where that is still pending. */
    announceInvoicesFirst: (modelId: string, now: Date) => Promise<void>;
    /** What may be promised of invoices that go overdue, each at its own instant. */
    offersOf: OffersOf;
    texts: Pick<Texts, 'revealOne'>;
    policy: StandingPolicy;
    calendar: Calendar;
    platform: DisplayContext;
  },
) {
  const { notices, outgoing } = deps;

  /** Steps that unpaid invoices have reached: the reminder, and to the platform and managers that one went overdue. */
  async function announceSteps(reached: ReachedStep[]): Promise<void> {
    const modelIds = [...new Set(reached.map(({ invoice }) => invoice.modelId))];
    const facts = await loadStandingFacts(deps, modelIds);
    const balances = await deps.ledger.balances(modelIds.map(modelAccount));
    const overdue = reached.filter(({ step }) => step.step === 'overdue');
    const offers = await deps.offersOf(
      overdue.map(({ invoice, step }) => ({ invoice, facts: facts.get(invoice.modelId), at: step.at })),
    );
    for (const one of reached) {
      const { invoice, step } = one;
      if (step.step === 'overdue') await outgoing.emit([overdueMessage(invoice)], step.at);
      const mine = warnedOf(facts.get(invoice.modelId) ?? NO_FACTS, invoice.invoiceId, step.at);
      // Who keeps a promise is reminded of that alone.
      if (step.step === 'reminder' && isPromised(mine, invoice.invoiceId, step.at)) continue;
      const ahead = forecast(mine, deps.policy, deps.calendar, step.at);
      const offer = offers.get(invoice.invoiceId);
      const balance = balances.get(modelAccount(invoice.modelId)) ?? 0;
      const message = stepNotice(one, { balance, ahead, heldUntil: graceAt(mine.graces, step.at), offer });
      const card = step.step === 'overdue' ? [cardNotice(invoice, 'overdue', step.at, { balance, offer })] : [];
      await notices.enqueue([...card, message], step.at);
    }
    await tellManagers(overdue);
  }

  /** Those that went overdue at one instant are stored together: thousands do, on a Thursday. */
  async function tellManagers(overdue: ReachedStep[]): Promise<void> {
    if (overdue.length === 0) return;
    const managerIds = await deps.accounts.idsOfRole('manager');
    const names = await deps.accounts.namesOf(overdue.map(({ invoice }) => invoice.modelId));
    for (const [time, together] of groupBy(overdue, ({ step }) => step.at.getTime())) {
      const at = new Date(time);
      const told = together.flatMap(({ invoice: { invoiceId, modelId, week, total, dueAt } }) => {
        const data = { invoiceId, modelId, name: names.get(modelId) ?? modelId, week, total, dueAt };
        return overdueNotices(managerIds, data, { subject: invoiceSubject(invoiceId), at });
      });
      await notices.enqueue(told, at);
    }
  }

  /** Changes of one model's standing. */
  async function announceChanges(changes: StandingChange[], now: Date): Promise<void> {
    const [first] = changes;
    if (first === undefined) return;
    if (outgoing.enabled) await deps.announceInvoicesFirst(first.modelId, now);
    await outgoing.emit(
      changes.map((change) => standingMessage(change, deps.platform)),
      now,
    );
    const paid = await untoldPayments(changes);
    const told = await noticesOf(changes, first.modelId, paid);
    await notices.enqueue(told, now);
    const isPaidSaid = told.some((notice) => notice.kind === 'sanctions.changed' && notice.data.paid !== undefined);
    if (isPaidSaid) await notices.drop(paid.map(({ invoiceId }) => paidSubject(invoiceId)));
  }

  /** The payments that lifted something, and that the model is still to be told of: it reads of both in one message. */
  async function untoldPayments(changes: StandingChange[]): Promise<PaidInvoice[]> {
    const paid = changes.find((change) => change.paid !== undefined)?.paid ?? [];
    const untold = await notices.waitingAbout(paid.map(({ invoiceId }) => paidSubject(invoiceId)));
    return paid.filter(({ invoiceId }) => untold.has(paidSubject(invoiceId)));
  }

  async function noticesOf(changes: StandingChange[], modelId: string, paid: PaidInvoice[]): Promise<Notice[]> {
    const contractorIds = await deps.unpaidInvoices.contractorsOf(modelId);
    const name = (await deps.accounts.namesOf([modelId])).get(modelId) ?? modelId;
    const managerIds = await deps.accounts.idsOfRole('manager');
    const ended = changes.some(({ type }) => type === 'partnership.terminated')
      ? await deps.store.decisions.findOne({ modelId, kind: 'terminate' })
      : null;
    const reason = ended === null ? undefined : (await deps.texts.revealOne('standing_decisions', ended)).reason;
    return changeNotices(changes, paid, { name, contractorIds, managerIds, reason });
  }

  return { announceSteps, announceChanges };
}

function isPromised({ invoices }: StandingFacts, invoiceId: string, at: Date): boolean {
  const invoice = invoices.find((one) => one.invoiceId === invoiceId);
  return invoice !== undefined && promisedUntil(invoice, at) !== null;
}

function standingMessage(
  { key, type, modelId, at, standing }: StandingChange,
  platform: DisplayContext,
): OutgoingMessage {
  return { key, subject: modelAccount(modelId), type, at, data: standingView(modelId, standing, platform) };
}
