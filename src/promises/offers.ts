import type { Accounts } from '../accounts/accounts.ts';
import type { InvoiceView } from '../invoicing/invoice.ts';
import { type Calendar, createCalendar } from '../kernel/calendar.ts';
import type { LatePayers } from '../standing/latePayers.ts';
import type { StandingFacts } from '../standing/standing.ts';
import { type Offer, type Offered, offerAt, type PromisePolicy } from './promise.ts';

const REMIND_HOURS_BEFORE = 24;

/** When a model is reminded of what it promised to pay by an instant. */
export function remindAt(until: Date): Date {
  return new Date(until.getTime() - REMIND_HOURS_BEFORE * 3_600_000);
}

type Named = Pick<InvoiceView, 'invoiceId' | 'modelId'>;

/** What models may promise now, in days of their own zones. */
export function createOffers(
  deps: {
    accounts: Pick<Accounts, 'getMany'>;
    calendar: Calendar;
    policy: PromisePolicy;
  } & Pick<LatePayers, 'factsOf'>,
) {
  /** What the rules allow of an invoice at `now`, or why nothing; with the days that its model reckons by. */
  async function of(
    invoice: Named & { status: InvoiceView['status'] },
    now: Date,
  ): Promise<{ offered: Offered; days: Calendar }> {
    const { modelId, status } = invoice;
    const [facts, zones] = await Promise.all([deps.factsOf([modelId]), zonesOf([modelId])]);
    const days = zones(modelId);
    if (status === 'void' || status === 'credited' || status === 'completed') {
      return { offered: { kind: 'refused', reason: `invoice_${status}` }, days };
    }
    return { offered: judge(invoice, facts.get(modelId), days, now), days };
  }

  /** What is offered of invoices that go overdue, by their ids, each at its own instant; those of which anything is. */
  async function many(
    asked: { invoice: Named; facts: StandingFacts | undefined; at: Date }[],
  ): Promise<Map<string, Offer>> {
    if (!deps.policy.promises.enabled || asked.length === 0) return new Map();
    const zones = await zonesOf([...new Set(asked.map(({ invoice }) => invoice.modelId))]);
    return new Map(
      asked.flatMap(({ invoice, facts, at }) => {
        const offered = judge(invoice, facts, zones(invoice.modelId), at);
        return offered.kind === 'offered' ? [[invoice.invoiceId, offered.offer]] : [];
      }),
    );
  }

  function judge({ invoiceId }: Named, facts: StandingFacts | undefined, days: Calendar, now: Date): Offered {
    const due = facts?.invoices.find((one) => one.invoiceId === invoiceId);
    // One that is being issued bears on nothing yet.
    if (facts === undefined || due === undefined) return { kind: 'refused', reason: 'invoice_open' };
    return offerAt(due, facts, deps.policy, { days, calendar: deps.calendar }, now);
  }

  async function zonesOf(modelIds: string[]): Promise<(modelId: string) => Calendar> {
    const accounts = await deps.accounts.getMany(modelIds);
    return (modelId) => {
      const zone = accounts.get(modelId)?.timeZone;
      return zone === undefined ? deps.calendar : createCalendar(zone);
    };
  }

  return { of, many };
}
