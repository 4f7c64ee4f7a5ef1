import { type DataOf, type EventType, instantSchema } from '../../events/catalogue.ts';
import { PAYMENT_KINDS } from '../../events/incoming/money.ts';
import type { Calendar } from '../../kernel/calendar.ts';
import { hashOf, PLATFORM_ID } from '../../kernel/ids.ts';
import { type BasisPoints, type MinorUnits, parseMoney } from '../../kernel/money.ts';
import { quoted } from '../../kernel/text.ts';
import { createFaults } from './badInput.ts';
import { type Row, readTable } from './table.ts';

const COLUMNS = {
  required: ['date', 'customer', 'model', 'amount'],
  optional: ['id', 'kind', 'marketer', 'marketerRate', 'affiliate', 'affiliateRate'],
} as const;
type Column = (typeof COLUMNS)['required' | 'optional'][number];

const TOP_UP = 'topup';
type RowKind = (typeof PAYMENT_KINDS)[number] | typeof TOP_UP | undefined;

/** A purchase, or a top-up of a model's balance. Rates are those that hold from then on. */
type Purchase = {
  line: number;
  id: string;
  at: Date;
  customer: string;
  model: string;
  amount: MinorUnits;
  kind: RowKind;
  marketer?: { id: string; rateBps: BasisPoints };
  affiliate?: { id: string; rateBps: BasisPoints };
};

/**
 * The events that a plain table of purchases tells, as the text of a file of events: one line each. A day is its beginning in the
 * platform's zone. Throws BadInput with every bad row by its line, also for one after `end`.
 */
export async function eventsOfPurchases(
  file: string,
  { currency, calendar, end }: { currency: string; calendar: Calendar; end: { at: Date; name: string } },
): Promise<string> {
  const { rows } = await readTable<Column>(file, COLUMNS);
  const faults = createFaults();
  const lineOf = new Map<string, number>();
  const purchases = rows.flatMap((row) => {
    const { purchase, faults: found } = purchaseOf(row, currency, calendar);
    for (const fault of found) faults.add(`${file} line ${row.line}: ${fault}`);
    if (purchase === null) return [];
    if (purchase.at > end.at) faults.add(`${file} line ${row.line}: it is dated ${row.cells.date}, after ${end.name}`);
    const before = lineOf.get(purchase.id);
    if (before !== undefined) faults.add(`${file} line ${row.line}: the id ${purchase.id} is that of line ${before}`);
    lineOf.set(purchase.id, row.line);
    return [purchase];
  });
  faults.check();
  purchases.sort((a, b) => a.at.getTime() - b.at.getTime() || a.line - b.line);
  return eventsOf(purchases)
    .map((event) => `${JSON.stringify(event)}\n`)
    .join('');
}

function purchaseOf(
  { line, cells }: Row<Column>,
  currency: string,
  calendar: Calendar,
): { purchase: Purchase | null; faults: string[] } {
  const at = instantOf(cells.date, calendar);
  const amount = parseMoney(cells.amount, currency);
  const kind = [...PAYMENT_KINDS, TOP_UP].find((one) => one === cells.kind.toLowerCase()) as RowKind;
  const marketer = shareOf('marketer', cells.marketer, cells.marketerRate);
  const affiliate = shareOf('affiliate', cells.affiliate, cells.affiliateRate);
  const id = cells.id === '' ? `row-${line}` : cells.id;
  const faults = [
    ...(at === null ? ['date: must be a day, as 2026-03-12, or an instant, as 2026-03-12T06:00:00Z'] : []),
    ...(cells.customer === '' && kind !== TOP_UP ? ['customer: must not be empty'] : []),
    ...(PLATFORM_ID.test(cells.model) ? [] : [`model: must be ${ID}`]),
    ...(PLATFORM_ID.test(id) ? [] : [`id: must be ${ID}`]),
    ...(amount === null
      ? [`amount: must be an amount in ${currency}, as 12.50, and not ${quoted(cells.amount, 40)}`]
      : []),
    ...(amount === 0 && kind === TOP_UP ? ['amount: a top-up must be more than nothing'] : []),
    ...(cells.kind !== '' && kind === undefined
      ? [`kind: must be one of ${[...PAYMENT_KINDS, TOP_UP].join(', ')}`]
      : []),
    ...(typeof marketer === 'string' ? [marketer] : []),
    ...(typeof affiliate === 'string' ? [affiliate] : []),
  ];
  if (faults.length > 0 || at === null || amount === null) return { purchase: null, faults };
  const { customer, model } = cells;
  return {
    faults,
    purchase: {
      ...{ line, id, at, model, amount, kind },
      // A customer can be called anything, and is nobody's account: what is no id, as an e-mail address, goes in as its hash.
      customer: PLATFORM_ID.test(customer) ? customer : `hash-${hashOf(customer).slice(0, HASH_LENGTH)}`,
      ...(typeof marketer === 'object' ? { marketer } : {}),
      ...(typeof affiliate === 'object' ? { affiliate } : {}),
    },
  };
}

const ID = 'an id, 1-64 of A-Z a-z 0-9 _ . : -';
const HASH_LENGTH = 22;

/** Undefined where there is nobody; a fault as a text. */
function shareOf(
  who: 'marketer' | 'affiliate',
  id: string,
  rate: string,
): { id: string; rateBps: BasisPoints } | string | undefined {
  if (id === '') return rate === '' ? undefined : `${who}: must not be empty where ${who}Rate is given`;
  if (!PLATFORM_ID.test(id)) return `${who}: must be ${ID}`;
  const [, whole, fraction = ''] = /^(\d{1,3})(?:\.(\d{1,2}))?\s?%?$/.exec(rate) ?? [];
  const rateBps = Number(`${whole}${fraction.padEnd(2, '0')}`);
  return whole === undefined || rateBps > 10_000
    ? `${who}Rate: must be a percentage from 0 to 100, as 40 or 33.33`
    : { id, rateBps };
}

function instantOf(text: string, calendar: Calendar): Date | null {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return calendar.instantOf(text);
  const parsed = instantSchema.safeParse(text);
  return parsed.success ? parsed.data : null;
}

type Told = { id: string; type: EventType; timestamp: string; data: Record<string, unknown> };

/** Accounts, campaigns, programs and subscriptions come into being with the first purchase that names them. */
function eventsOf(purchases: readonly Purchase[]): Told[] {
  const events: Told[] = [];
  const known = new Set<string>();
  const rates = new Map<string, BasisPoints>();

  function tell<T extends EventType>(id: string, type: T, at: Date, data: DataAsSent<T>): void {
    events.push({ id, type, timestamp: at.toISOString(), data });
  }

  function once(key: string, work: () => void): void {
    if (known.has(key)) return;
    known.add(key);
    work();
  }

  function tellAccount(accountId: string, role: 'model' | 'marketer' | 'affiliate', at: Date): void {
    const id = eventId('account', accountId);
    once(id, () => tell(id, 'account.updated', at, { accountId, role, name: accountId }));
  }

  /** Answers the campaign of a model and her marketer, which has the rate of the purchase from then on. */
  function tellCampaign({ model: modelId, marketer, at }: Purchase): string | undefined {
    if (marketer === undefined) return undefined;
    const { id: contractorId, rateBps } = marketer;
    tellAccount(contractorId, 'marketer', at);
    const campaignId = shortId(`${modelId}.${contractorId}`);
    if (rates.get(campaignId) === rateBps) return campaignId;
    rates.set(campaignId, rateBps);
    const terms = { campaignId, kind: 'revshare', modelId, contractorId, rateBps, status: 'active' } as const;
    tell(eventId('campaign', `${campaignId}:${at.getTime()}:${rateBps}`), 'campaign.updated', at, terms);
    return campaignId;
  }

  function tellProgram({ affiliate, at }: Purchase): { affiliateId: string; programId: string } | undefined {
    if (affiliate === undefined) return undefined;
    const { id: affiliateId, rateBps } = affiliate;
    const programId = `rate-${rateBps}`;
    tellAccount(affiliateId, 'affiliate', at);
    const id = eventId('program', programId);
    once(id, () => tell(id, 'program.updated', at, { programId, rateBps, charges: 'first' }));
    return { affiliateId, programId };
  }

  for (const purchase of purchases) {
    const { id, at, customer: fanId, model: modelId, amount, kind } = purchase;
    tellAccount(modelId, 'model', at);
    const instant = at.toISOString();
    if (kind === TOP_UP) {
      const topUp = { topUpId: id, accountId: modelId, amount, toppedUpAt: instant };
      tell(eventId('topup', id), 'balance.topped_up', at, topUp);
      continue;
    }
    const campaignId = tellCampaign(purchase);
    const campaign = campaignId === undefined ? {} : { campaignId };
    const subscriptionId = shortId(`${fanId}.${modelId}`);
    const isFirst = !known.has(subscriptionId);
    once(subscriptionId, () => {
      const started = { subscriptionId, modelId, fanId, startedAt: instant, ...campaign, ...tellProgram(purchase) };
      tell(eventId('subscription', subscriptionId), 'subscription.started', at, started);
    });
    const paidAs = kind ?? (isFirst ? 'subscription' : 'renewal');
    const payment = {
      paymentId: id,
      subscriptionId,
      modelId,
      fanId,
      ...campaign,
      kind: paidAs,
      amount,
      paidAt: instant,
    };
    tell(eventId('payment', id), 'payment.succeeded', at, payment);
  }
  return events;
}

/** As it is written in JSON: an instant is a text there. */
type DataAsSent<T extends EventType> = {
  [K in keyof DataOf<T>]: Date extends DataOf<T>[K] ? string : DataOf<T>[K];
};

const LONGEST_ID = 64;

/** An id made of two can be longer than an id may be. */
function shortId(text: string): string {
  return text.length <= LONGEST_ID ? text : `hash-${hashOf(text).slice(0, HASH_LENGTH)}`;
}

/** An event's id may have no dot. */
function eventId(what: string, id: string): string {
  return id.includes('.') ? `${what}:${hashOf(id).slice(0, HASH_LENGTH)}` : `${what}:${id}`;
}
