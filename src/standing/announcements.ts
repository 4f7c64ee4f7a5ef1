import type { Accounts } from '../accounts/accounts.ts';
import { overdueMessage } from '../invoicing/announcements.ts';
import { modelAccount } from '../invoicing/invoice.ts';
import { cardNotice, invoiceSubject, paidSubject } from '../invoicing/notices.ts';
import type { UnpaidInvoices } from '../invoicing/unpaidInvoices.ts';
import type { Calendar } from '../kernel/calendar.ts';
import { groupBy } from '../kernel/group.ts';
import type { Ledger } from '../ledger/journal.ts';
import { overdueNotices } from '../notices/messages/managers.ts';
import type { Notice, Notices } from '../notices/notices.ts';
import type { Outgoing, OutgoingMessage } from '../outgoing/outgoing.ts';
import type { Texts } from '../privacy/texts.ts';
import type { DisplayContext } from '../texts/speech.ts';
import type { ReachedStep } from './dunning.ts';
import { forecast } from './forecast.ts';
import { changeNotices, stepNotice } from './notices.ts';
import { graceAt, type StandingPolicy, warnedOf } from './standing.ts';
import type { StandingChange } from './standingChange.ts';
import { type FactSources, loadStandingFacts, NO_FACTS } from './standingFacts.ts';
import { standingView } from './standingWords.ts';

export type Announcements = ReturnType<typeof createAnnouncements>;

/** Announces dunning steps and changes of standing to the platform and the people. Keyed: announcing twice is once. */
export function createAnnouncements(
  deps: FactSources & {
    unpaidInvoices: Pick<UnpaidInvoices, 'contractorsOf'>;
    ledger: Pick<Ledger, 'balances'>;
    accounts: Pick<Accounts, 'getMany' | 'namesOf' | 'idsOfRole'>;
    notices: Pick<Notices, 'enqueue' | 'drop'>;
    outgoing: Pick<Outgoing, 'emit' | 'enabled'>;
    /** Tells the platform what a model's invoices came to by an instant, where that is still pending. */
    announceInvoicesFirst: (modelId: string, now: Date) => Promise<void>;
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
    for (const one of reached) {
      const { invoice, step } = one;
      if (step.step === 'overdue') await outgoing.emit([overdueMessage(invoice)], step.at);
      const mine = warnedOf(facts.get(invoice.modelId) ?? NO_FACTS, invoice.invoiceId, step.at);
      const ahead = forecast(mine, deps.policy, deps.calendar, step.at);
      const balance = balances.get(modelAccount(invoice.modelId)) ?? 0;
      const message = stepNotice(one, { balance, ahead, heldUntil: graceAt(mine.graces, step.at) });
      const card = step.step === 'overdue' ? [cardNotice(invoice, 'overdue', step.at, balance)] : [];
      await notices.enqueue([...card, message], step.at);
    }
    await tellManagers(reached.filter(({ step }) => step.step === 'overdue'));
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
    const told = await noticesOf(changes, first.modelId);
    await notices.enqueue(told, now);
    // What these say is paid need not be said once more.
    const paid = told.flatMap((notice) => (notice.kind === 'sanctions.changed' ? (notice.data.paid ?? []) : []));
    await notices.drop(paid.map(({ invoiceId }) => paidSubject(invoiceId)));
  }

  async function noticesOf(changes: StandingChange[], modelId: string): Promise<Notice[]> {
    const contractorIds = await deps.unpaidInvoices.contractorsOf(modelId);
    const name = (await deps.accounts.namesOf([modelId])).get(modelId) ?? modelId;
    const managerIds = await deps.accounts.idsOfRole('manager');
    const ended = changes.some(({ type }) => type === 'partnership.terminated')
      ? await deps.store.decisions.findOne({ modelId, kind: 'terminate' })
      : null;
    const reason = ended === null ? undefined : (await deps.texts.revealOne('standing_decisions', ended)).reason;
    return changeNotices(changes, { name, contractorIds, managerIds, reason });
  }

  return { announceSteps, announceChanges };
}

function standingMessage(
  { key, type, modelId, at, standing }: StandingChange,
  platform: DisplayContext,
): OutgoingMessage {
  return { key, subject: modelAccount(modelId), type, at, data: standingView(modelId, standing, platform) };
}
