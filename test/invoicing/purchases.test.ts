import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect } from 'vitest';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { createWorld, type World } from '../support/world.ts';

/**
 * 18 months of real purchases: customer, its number in the sample, day, count and dollars. The customers are spread over
 * six models, every model has two campaigns that change their rate once, some purchases are told a week late, some are
 * refunded, and balances cover some invoices.
 */
const FILE = new URL('../fixtures/cdnow-sample.txt', import.meta.url);
const MODELS = 6;
const WEEKS = 78;
const DAY = 86_400_000;
const WEEK = 7 * DAY;
/** The Monday before the first purchase, and the one on which the second rate comes into force. */
const FIRST_MONDAY = Date.UTC(1996, 11, 30);
const RATE_CHANGE = FIRST_MONDAY + 40 * WEEK;
const RATES = [
  [3_333, 4_000],
  [2_500, 1_999],
];
const KINDS = ['subscription', 'tip', 'message'];
const LEVELS = [
  { volume: 10_000, bps: 300 },
  { volume: 20_000, bps: 600 },
];

type Sale = { id: string; model: number; campaign: number; kind: string; cents: number; at: number; told: number };

let world: World;

beforeAll(async () => {
  world = await createWorld({ policy: { invoicing: { levels: LEVELS } } });
});
afterAll(() => world.close());

deepTest('78 weeks of real purchases: every invoice is what a plain sum says', { timeout: 120_000 }, async () => {
  const sales = readSales(readFileSync(FILE, 'utf8'));
  expect(sales).toHaveLength(593);
  await world.reset(new Date(FIRST_MONDAY));
  await world.send(...people());
  for (let week = 0; week < WEEKS + 2; week += 1) {
    const monday = FIRST_MONDAY + week * WEEK;
    await world.travelTo(new Date(monday + 12 * 3_600_000));
    const told = sales.filter((sale) => sale.told >= monday && sale.told < monday + WEEK);
    await world.send(...told.map(eventOf), ...topUps(week));
  }
  await world.travelTo(new Date(FIRST_MONDAY + (WEEKS + 3) * WEEK));

  const expected = plainInvoices(sales);
  const stored = await storedInvoices();
  expect(stored.length).toBe(expected.length);
  expect(stored.length).toBeGreaterThan(220);
  expect(stored.filter((invoice, index) => JSON.stringify(invoice) !== JSON.stringify(expected[index]))).toEqual([]);
  expect(new Set(stored.map(({ status }) => status))).toEqual(new Set(['completed', 'open', 'credited']));
  expect(new Set(stored.map(({ discountBps }) => discountBps))).toEqual(new Set([0, 300, 600]));
  expect(await world.core.verify()).toEqual([]);
});

function readSales(text: string): Sale[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.flatMap((line, index) => {
    const [, customer = '', day = '', count = '', dollars = ''] = line.trim().split(/\s+/);
    const at = Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6))) + index;
    const [whole = '0', fraction = '0'] = dollars.split('.');
    const sale: Sale = {
      id: `p${index}`,
      model: Number(customer) % MODELS,
      campaign: index % 2,
      kind: KINDS[Number(count) % KINDS.length] ?? '',
      cents: Number(whole) * 100 + Number(fraction.padEnd(2, '0')),
      at,
      told: at + (index % 17 === 0 ? WEEK : 0),
    };
    const refundedAt = at + 5 * DAY;
    const refund = {
      ...sale,
      id: `r${index}`,
      kind: 'refund',
      cents: -Math.ceil(sale.cents / 2),
      at: refundedAt,
      told: Math.max(refundedAt, sale.told),
    };
    return index % 29 === 0 && sale.cents > 0 ? [sale, refund] : [sale];
  });
}

function people() {
  const models = Array.from({ length: MODELS }, (_, model) => tell.account(`m${model}`, 'model'));
  const campaigns = models.flatMap((_, model) =>
    RATES.flatMap((rates, campaign) =>
      rates.map((rate, version) =>
        tell.campaign(`${model}-${campaign}`, `m${model}`, `c${campaign}`, rate, {
          id: `version-${model}-${campaign}-${version}`,
          at: new Date(version === 0 ? FIRST_MONDAY : RATE_CHANGE).toISOString(),
        }),
      ),
    ),
  );
  return [...models, tell.account('c0', 'marketer'), tell.account('c1', 'marketer'), ...campaigns];
}

function eventOf({ id, model, campaign, kind, cents, at }: Sale) {
  const instant = new Date(at).toISOString();
  if (kind === 'refund') return tell.refund(id, `p${id.slice(1)}`, -cents, instant);
  return tell.payment(id, cents, instant, { kind, campaignId: `${model}-${campaign}` });
}

/** Every fifth week the even models get so much that everything until then can be paid; the odd ones never do. */
function topUps(week: number) {
  if (week % 5 !== 0) return [];
  return Array.from({ length: MODELS / 2 }, (_, index) => tell.topUp(`t${week}-${index}`, `m${2 * index}`, 10_000_000));
}

async function storedInvoices() {
  const items = [];
  for (let after: string | undefined, more = true; more; ) {
    const request = { limit: 500, ...(after === undefined ? {} : { after }) };
    const page = await world.core.invoicing.invoices.list(request, new Date(0));
    items.push(...page.items);
    more = page.next !== null;
    after = page.next ?? undefined;
  }
  return items
    .map(({ invoiceId, status, lines, subtotal, discountBps, discount, credit, total }) => ({
      invoiceId,
      status,
      lines: lines.map(({ campaignId, contractorId, type, count, gross, rateBps, cost, late }) =>
        [campaignId, contractorId, type, count, gross, rateBps, cost, late].join(' '),
      ),
      sums: [subtotal, discountBps, discount, credit, total],
      discountBps,
    }))
    .sort((a, b) => (a.invoiceId < b.invoiceId ? -1 : 1));
}

/** The same invoices from the sales alone. Even models pay at issue, odd ones never. */
function plainInvoices(sales: Sale[]) {
  const invoices = [];
  const billed = new Set<string>();
  const paid: { model: number; at: number; total: number }[] = [];
  const credits = new Map<number, number>();
  for (let week = 0; week < WEEKS + 2; week += 1) {
    const start = FIRST_MONDAY + week * WEEK;
    const issued = start + WEEK + 6 * 3_600_000;
    const due = sales.filter(({ id, at, told }) => !billed.has(id) && at < start + WEEK && told < start + WEEK);
    for (const { id } of due) billed.add(id);
    for (let model = 0; model < MODELS; model += 1) {
      const mine = due.filter((sale) => sale.model === model);
      if (mine.length === 0) continue;
      const lines = plainLines(mine, start);
      const subtotal = lines.reduce((sum, { cost }) => sum + cost, 0);
      const volume = paid
        .filter((one) => one.model === model && one.at >= threeMonthsBefore(issued) && one.at < issued)
        .reduce((sum, { total }) => sum + total, 0);
      const rate = volume >= 20_000 ? 600 : volume >= 10_000 ? 300 : 0;
      const discount = subtotal > 0 ? roundHalfUp(subtotal * rate) : 0;
      const held = credits.get(model) ?? 0;
      const credit = Math.min(held, Math.max(0, subtotal - discount));
      const total = subtotal - discount - credit;
      credits.set(model, held - credit + Math.max(0, -total));
      const status = total <= 0 ? 'credited' : model % 2 === 0 ? 'completed' : 'open';
      if (status === 'completed') paid.push({ model, at: issued, total });
      invoices.push({
        invoiceId: `${isoWeek(start)}:m${model}`,
        status,
        lines: lines.map(({ text }) => text),
        sums: [subtotal, discount === 0 ? 0 : rate, discount, credit, total],
        discountBps: discount === 0 ? 0 : rate,
      });
    }
  }
  return invoices.sort((a, b) => (a.invoiceId < b.invoiceId ? -1 : 1));
}

function plainLines(sales: Sale[], weekStart: number): { cost: number; text: string }[] {
  const groups = new Map<string, Sale[]>();
  for (const sale of sales) {
    const rate = RATES[sale.campaign]?.[sale.at >= RATE_CHANGE ? 1 : 0] ?? 0;
    const key = `${sale.model}-${sale.campaign}\nc${sale.campaign}\n${rate}\n${sale.kind}`;
    groups.set(key, [...(groups.get(key) ?? []), sale]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, group]) => {
      const [campaign, contractor, rate, kind] = key.split('\n');
      const gross = group.reduce((sum, { cents }) => sum + cents, 0);
      const cost = gross < 0 ? -roundHalfUp(-gross * Number(rate)) : roundHalfUp(gross * Number(rate));
      const late = group.filter(({ at }) => at < weekStart).length;
      return { cost, text: [campaign, contractor, kind, group.length, gross, rate, cost, late].join(' ') };
    });
}

/** Ten-thousandths to wholes, of what is not negative. */
function roundHalfUp(parts: number): number {
  return Math.floor((parts + 5_000) / 10_000);
}

function threeMonthsBefore(at: number): number {
  const date = new Date(at);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 2, 0)).getUTCDate();
  return Date.UTC(
    date.getUTCFullYear(),
    date.getUTCMonth() - 3,
    Math.min(date.getUTCDate(), lastDay),
    date.getUTCHours(),
  );
}

function isoWeek(monday: number): string {
  const thursday = monday + 3 * DAY;
  const year = new Date(thursday).getUTCFullYear();
  return `${year}-W${String(Math.floor((thursday - Date.UTC(year, 0, 1)) / WEEK) + 1).padStart(2, '0')}`;
}
