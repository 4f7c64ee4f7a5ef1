import type { Accounts } from './accounts/accounts.ts';
import type { Affiliates } from './affiliates/affiliates.ts';
import type { Audit, RecordedAct } from './audit/audit.ts';
import type { EventType } from './events/catalogue.ts';
import type { AppliedChecks, AppliedEvent, ToldEvents } from './events/toldEvent.ts';
import type { Inbox } from './inbox/inbox.ts';
import type { Invoicing } from './invoicing/invoicing.ts';
import type { Clock } from './kernel/clock.ts';
import { groupBy, inBatches } from './kernel/group.ts';
import type { Ledger } from './ledger/journal.ts';
import type { Orders } from './orders/orders.ts';
import { policiesInForce } from './policiesInForce.ts';
import type { Policy } from './policy.ts';
import type { Sales } from './sales/sales.ts';
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
  sales: Sales;
  ledger: Ledger;
  invoicing: Invoicing;
  standing: LatePayers;
  orders: Orders;
  affiliates: Affiliates;
  policy: Policy;
  clock: Clock;
}) {
  const { inbox, accounts, sales, ledger, invoicing, standing, orders, affiliates } = deps;
  const { trail } = deps.audit;
  const events: ToldEvents = inbox.told;

  return async function verify(): Promise<Verification> {
    const now = deps.clock.now();
    const applied = await inbox.verify(
      together(
        accounts.verification.applied,
        sales.verification.applied,
        { 'balance.topped_up': ledger.topUps.applied },
        invoicing.verification.applied,
        orders.verification.applied,
        affiliates.verification.applied,
      ),
    );
    const links = await accounts.verifyLinks(trail, now);
    return {
      differences: [
        ...applied.differences,
        ...(await verifyLedger()),
        ...(await verifySlices(now)),
        ...links.differences,
        ...(await accounts.verifyRoles(trail)),
        ...(await inbox.verifyActs(trail)),
        ...(await verifyActs()),
      ],
      notices: [
        ...links.notices,
        ...(applied.erased === 0
          ? []
          : [`${applied.erased} events were erased: what came of them could not be compared with what they said`]),
      ],
    };
  };

  function verifyLedger(): Promise<string[]> {
    return ledger.verify({
      topup: (entries) => ledger.topUps.entries(entries, events),
      invoice: invoicing.verification.entries,
      order: orders.verification.entries,
      ...affiliates.verification.entries,
    });
  }

  async function verifySlices(now: Date): Promise<string[]> {
    const { policies, since } = await policiesInForce(trail, deps.policy);
    const terms = {
      ...{ policies: policies.map((policy) => policy.invoicing), since },
      discountsOf: accounts.verification.discountsOf,
    };
    const answerHours = policies.map((policy) => policy.orders.answerHours);
    const commissions = policies.map((policy) => policy.commissions);
    return [
      ...(await accounts.verification.facts(events)),
      ...(await sales.verification.facts(events)),
      ...(await invoicing.verification.facts({ events, trail, terms }, now)),
      ...(await standing.verify()),
      ...(await standing.decisions.facts(trail)),
      ...(await orders.verification.facts({ events, trail, policies: { answerHours, since } }, now)),
      ...(await affiliates.verification.facts({ events, trail, policies: { policies: commissions, since } }, now)),
    ];
  }

  /** What people did is what has become of it. */
  async function verifyActs(): Promise<string[]> {
    const checks: ActChecks = {
      ...invoicing.verification.acts,
      ...standing.decisions.acts,
      ...orders.verification.acts,
      ...affiliates.verification.acts,
    };
    const differences: string[] = [];
    for await (const batch of inBatches(trail.all(Object.keys(checks)), BATCH)) {
      for (const [action, acts] of groupBy(batch, (act) => act.action)) {
        differences.push(...((await checks[action]?.(acts)) ?? []));
      }
    }
    return differences;
  }
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
