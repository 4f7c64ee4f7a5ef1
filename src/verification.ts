import type { Accounts } from './accounts/accounts.ts';
import type { createAdjustmentVerification } from './adjustments/verification.ts';
import type { Affiliates } from './affiliates/affiliates.ts';
import type { Audit } from './audit/audit.ts';
import type { BankResults } from './bankResults/bankResults.ts';
import type { Books } from './books/books.ts';
import type { Erasures } from './erasure/erasures.ts';
import type { EventType } from './events/catalogue.ts';
import type { RecordedAct } from './events/recordedAct.ts';
import type { AppliedChecks, AppliedEvent, ToldEvents } from './events/toldEvent.ts';
import type { Inbox } from './inbox/inbox.ts';
import type { InboxWorker } from './inbox/worker.ts';
import type { Invoicing } from './invoicing/invoicing.ts';
import type { Clock } from './kernel/clock.ts';
import { groupBy } from './kernel/group.ts';
import { linesOnAll, linesOnParts } from './kernel/lines.ts';
import { awaitAll } from './kernel/wait.ts';
import type { Ledger } from './ledger/journal.ts';
import type { Orders } from './orders/orders.ts';
import type { Outgoing } from './outgoing/outgoing.ts';
import type { Paydays } from './paydays/paydays.ts';
import type { Payees } from './payees/payees.ts';
import type { PaymentFiles } from './paymentFiles/paymentFiles.ts';
import { type PoliciesInForce, policiesInForce } from './policiesInForce.ts';
import type { Policy } from './policy.ts';
import type { Promises } from './promises/promises.ts';
import type { Rights } from './rights/rights.ts';
import type { Sales } from './sales/sales.ts';
import type { KeptSeal } from './seals/anchorFile.ts';
import type { Seals } from './seals/seals.ts';
import type { SeriesSlice } from './series/series.ts';
import type { Sources } from './sources/sources.ts';
import type { LatePayers } from './standing/latePayers.ts';

const BATCH = 500;

/**
 * What was found: `differences` between what is stored and what follows from it, and `notices` of what cannot be
 * compared any more; a line each.
 */
export type Verification = { differences: string[]; notices: string[] };

/** For each action: the lines on acts of the audit trail that did not become of what they were done to. */
type ActChecks = Record<string, (acts: RecordedAct[]) => Promise<string[]>>;

/**
 * Believes nothing that is stored (docs/operations.md, Verify): every document is compared with what it follows from, up
 * to the platform's events and people's acts, and every one of these with what it should have left. In bounded memory.
 */
export function createVerification(deps: {
  inbox: Pick<Inbox, 'told' | 'verify' | 'verifyActs'>;
  audit: Pick<Audit, 'trail'>;
  accounts: Accounts;
  rights: Pick<Rights, 'verify'>;
  sales: Sales;
  ledger: Ledger;
  books: Pick<Books, 'verify'>;
  invoicing: Invoicing;
  standing: LatePayers;
  promises: Pick<Promises, 'verification'>;
  orders: Orders;
  affiliates: Affiliates;
  adjustments: ReturnType<typeof createAdjustmentVerification>;
  payees: Pick<Payees, 'verification'>;
  paydays: Pick<Paydays, 'verification'>;
  paymentFiles: Pick<PaymentFiles, 'verification'>;
  bankResults: Pick<BankResults, 'verification'>;
  inboxWorker: Pick<InboxWorker, 'verify'>;
  outgoing: Pick<Outgoing, 'verify'>;
  sources: Pick<Sources, 'verification'>;
  erasures: Pick<Erasures, 'verification'>;
  seals: Pick<Seals, 'verify' | 'notices'>;
  series: Pick<SeriesSlice, 'verification'>;
  policy: Policy;
  clock: Clock;
}) {
  const { inbox, accounts, sales, ledger, invoicing, standing, orders, affiliates, seals } = deps;
  const { trail } = deps.audit;
  const erasures = deps.erasures.verification;
  const events: ToldEvents = inbox.told;

  return async function verify(anchors: KeptSeal[] = []): Promise<Verification> {
    const now = deps.clock.now();
    const notices = { links: [] as string[], erasures: [] as string[], applied: [] as string[] };
    const noting = async (as: keyof typeof notices, check: Promise<Verification>): Promise<string[]> => {
      const found = await check;
      notices[as] = found.notices;
      return found.differences;
    };
    const differences = await linesOnParts({
      seals: () => seals.verify(anchors),
      applied: () => noting('applied', verifyApplied()),
      ledger: verifyLedger,
      books: () => deps.books.verify([invoicing.numbered, affiliates.numbered]),
      ...slices(now, await policiesInForce(trail, deps.policy)),
      erasures: () => noting('erasures', erasures.facts(trail)),
      links: () => noting('links', accounts.verifyLinks(trail, now)),
      roles: () => accounts.verifyRoles(trail),
      rights: () => deps.rights.verify(trail),
      events: () => inbox.verifyActs(trail),
      acts: verifyActs,
      paymentFiles: () => deps.paymentFiles.verification.facts(trail),
      bankResults: () => deps.bankResults.verification.facts(trail),
      webhooks: deps.outgoing.verify,
      waiting: deps.inboxWorker.verify,
      series: () => deps.series.verification.facts(now),
    });
    return { differences, notices: [...(await seals.notices()), ...Object.values(notices).flat()] };
  };

  async function verifyApplied(): Promise<Verification> {
    const { differences, erased } = await inbox.verify(
      together(
        accounts.verification.applied,
        sales.verification.applied,
        { 'balance.topped_up': ledger.topUps.applied },
        invoicing.verification.applied,
        orders.verification.applied,
        affiliates.verification.applied,
        deps.payees.verification.applied,
        deps.sources.verification.applied,
      ),
      (things) => erasures.erasedOf(things, trail),
    );
    const notice = `${countOf(erased)} erased: what came of them could not be compared with what they said`;
    return { differences, notices: erased === 0 ? [] : [notice] };
  }

  function verifyLedger(): Promise<string[]> {
    return ledger.verify({
      topup: (entries) => ledger.topUps.entries(entries, events),
      invoice: invoicing.verification.entries,
      order: orders.verification.entries,
      ...affiliates.verification.entries,
      ...deps.adjustments.entries,
    });
  }

  function slices(now: Date, { policies, since }: PoliciesInForce): Record<string, () => Promise<string[]>> {
    const terms = {
      ...{ policies: policies.map((policy) => policy.invoicing), since },
      discountsOf: accounts.verification.discountsOf,
    };
    const answerHours = policies.map((policy) => policy.orders.answerHours);
    const commissions = policies.map((policy) => policy.commissions);
    return {
      accounts: () => accounts.verification.facts(events, erasures.erasedAmong),
      sales: () => sales.verification.facts(events),
      invoices: () => invoicing.verification.facts({ events, trail, terms }, now),
      standings: () => standing.verify(),
      decisions: () => standing.decisions.facts(trail),
      promises: () => deps.promises.verification.facts(trail, now),
      paydays: () => deps.paydays.verification.facts(trail),
      orders: () => orders.verification.facts({ events, trail, policies: { answerHours, since } }, now),
      payees: () => deps.payees.verification.facts(events, trail),
      adjustments: () => deps.adjustments.facts(trail),
      affiliates: () =>
        affiliates.verification.facts({ events, trail, policies: { policies: commissions, since } }, now),
    };
  }

  /** What people did is what has become of it. */
  async function verifyActs(): Promise<string[]> {
    const checks: ActChecks = {
      ...invoicing.verification.acts,
      ...standing.decisions.acts,
      ...deps.promises.verification.acts,
      ...orders.verification.acts,
      ...affiliates.verification.acts,
      ...deps.adjustments.acts,
      ...deps.payees.verification.acts,
      ...deps.paydays.verification.acts,
      ...deps.paymentFiles.verification.acts,
      ...deps.bankResults.verification.acts,
    };
    const nameOf = ({ action, subject }: RecordedAct) => `what came of ${action} of ${subject}`;
    return linesOnAll(trail.all(Object.keys(checks)), BATCH, nameOf, async (batch) => {
      const byAction = [...groupBy(batch, (act) => act.action)];
      const lines = await awaitAll(byAction.map(async ([action, acts]) => (await checks[action]?.(acts)) ?? []));
      return lines.flat();
    });
  }
}

function countOf(events: number): string {
  return events === 1 ? '1 event was' : `${events} events were`;
}

/** Several checks of one type, one after the other. */
function together(...all: AppliedChecks[]): AppliedChecks {
  const checks = new Map<string, AppliedChecks[EventType][]>();
  for (const one of all) {
    for (const [type, check] of Object.entries(one)) checks.set(type, [...(checks.get(type) ?? []), check]);
  }
  return Object.fromEntries(
    [...checks].map(([type, some]) => [
      type,
      async (events: AppliedEvent<EventType>[]) => {
        const lines: string[] = [];
        // Checks stand under the type that they take.
        for (const check of some as ((these: AppliedEvent<EventType>[]) => Promise<string[]>)[]) {
          lines.push(...(await check(events)));
        }
        return lines;
      },
    ]),
  );
}
