import type { CycleViews } from '../affiliates/payouts/cycleViews.ts';
import type { OverdueInvoices } from '../invoicing/overdueInvoices.ts';
import type { WeekId } from '../kernel/calendar.ts';
import { type MinorUnits, sum } from '../kernel/money.ts';
import type { OrderSeries } from '../orders/orderSeries.ts';
import type { WebhookLatency } from '../outgoing/latency.ts';
import { ageOf, amountOf, countOf, type SeriesName, type Values, VERDICTS } from './catalogue.ts';
import type { PointPeriod } from './periods.ts';

/** A point as facts have it: of all, and by marketer where the series has that. */
export type Drawn = { values: Values; byMarketer?: Map<string, Values> };

export type Source = {
  /** The points of these periods from facts, as of `now`, in the same order. */
  draw(periods: PointPeriod[], now: Date): Promise<Drawn[]>;
  /** When the first fact of the series is from; null where there is none. */
  first(): Promise<Date | null>;
  /** How many documents the point of a period that is not over is drawn from, counted as far as `most`. */
  weight(period: PointPeriod, now: Date, most: number): Promise<number>;
  /** Whether facts of a point may have changed since it was drawn; without, they do not. */
  changedSince?(period: PointPeriod, drawnAt: Date, now: Date): Promise<boolean>;
};

export type SourceDeps = {
  invoices: Pick<
    OverdueInvoices,
    'summaryAt' | 'punctuality' | 'issuedIn' | 'overdueCount' | 'weekChanged' | 'firstWeek'
  >;
  orders: OrderSeries;
  cycles: Pick<CycleViews, 'get' | 'firstDrawn' | 'drawnIn' | 'changedSince'>;
  webhooks: WebhookLatency;
  calendar: {
    weekOf(at: Date): WeekId;
    weekPeriod(week: WeekId): { end: Date };
  };
  paydayOf(cycle: string): Date;
};

/** Where the points of each series come from: the slices whose facts they are. */
export function createSources(deps: SourceDeps): Record<SeriesName, Source> {
  const { invoices, orders, cycles, webhooks, calendar } = deps;
  /** Of a Monday: the week before, whose invoices are issued then. */
  const billedOn = ({ start }: PointPeriod): WeekId => calendar.weekOf(new Date(start.getTime() - 1));
  const firstIssue = async (): Promise<Date | null> => {
    const week = await invoices.firstWeek();
    return week === null ? null : calendar.weekPeriod(week).end;
  };
  return {
    'overdue-by-age': {
      first: firstIssue,
      weight: (_, now, most) => invoices.overdueCount(now, most),
      draw: (periods, now) =>
        inOrder(periods, async ({ end }) => {
          const { ages } = await invoices.summaryAt(earlier(end, now));
          const values = ages.map((age) => [ageOf(age), age] as const);
          return {
            values: {
              ...Object.fromEntries(values.map(([key, { amount }]) => [amountOf(key), amount])),
              ...Object.fromEntries(values.map(([key, { count }]) => [countOf(key), count])),
            },
          };
        }),
    },
    'paid-on-time': {
      first: firstIssue,
      weight: (period, _, most) => invoices.issuedIn(billedOn(period), most),
      changedSince: (period, drawnAt, now) => invoices.weekChanged(billedOn(period), drawnAt, now),
      draw: (periods, now) =>
        inOrder(periods, async (period) => {
          const week = billedOn(period);
          const found = (await invoices.punctuality([week], now)).get(week);
          const { invoices: issued = 0, onTime = 0, late = 0, unpaid = 0 } = found ?? {};
          const due = onTime + late + unpaid;
          const rate = due === 0 ? null : Math.round((onTime * 10_000) / due);
          return { values: { invoices: issued, onTime, late, unpaid, rate } };
        }),
    },
    escrow: {
      first: orders.firstPlaced,
      weight: (_, __, most) => orders.openCount(most),
      draw: async (periods, now) => {
        const held = await orders.escrowAt(periods.map(({ end }) => earlier(end, now)));
        return held.map((amount) => ({ values: { held: amount } }));
      },
    },
    payouts: {
      first: async () => {
        const cycle = await cycles.firstDrawn();
        return cycle === null ? null : deps.paydayOf(cycle);
      },
      weight: ({ at }, _, most) => cycles.drawnIn(at, most),
      changedSince: ({ at }, drawnAt) => cycles.changedSince(at, drawnAt),
      draw: (periods) =>
        inOrder(periods, async ({ at }) => {
          const { byStatus } = await cycles.get(at);
          const total = (...parts: { total: MinorUnits }[]) => sum(parts.map((part) => part.total));
          const payable = total(byStatus.due, byStatus.processing);
          return { values: { payable, paid: total(byStatus.paid), failed: total(byStatus.failed) } };
        }),
    },
    fans: {
      first: orders.firstJudged,
      weight: (period, _, most) => orders.judgedCount(period, most),
      draw: (periods) =>
        inOrder(periods, async (period) => {
          const byMarketer = new Map<string, Values>();
          const values: Record<string, number> = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0]));
          for (const { marketerId, verdict, count } of await orders.verdictsIn(period)) {
            const own = byMarketer.get(marketerId) ?? noFans();
            own[verdict] = (own[verdict] ?? 0) + count;
            byMarketer.set(marketerId, own);
            values[verdict] = (values[verdict] ?? 0) + count;
          }
          return { values, byMarketer };
        }),
    },
    'webhook-latency': {
      first: webhooks.first,
      weight: (period, _, most) => webhooks.count(period, most),
      changedSince: webhooks.changedSince,
      draw: (periods) => inOrder(periods, async (period) => ({ values: await webhooks.within(period) })),
    },
  };
}

/** What a marketer has on a day on which no fan came. */
export function noFans(): Values {
  return Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0]));
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

/** One after the other, so that no more is read at once than one point needs. */
async function inOrder(periods: PointPeriod[], draw: (period: PointPeriod) => Promise<Drawn>): Promise<Drawn[]> {
  const drawn: Drawn[] = [];
  for (const period of periods) drawn.push(await draw(period));
  return drawn;
}
