import { Agent, request } from 'node:http';
import { loadavg } from 'node:os';
import { Registry } from 'prom-client';

import type { Incoming } from '../../src/inbox/inbox.ts';
import { SERIES_NAMES } from '../../src/series/catalogue.ts';
import { createApp } from '../../webhooks/app.ts';
import { createAnswers } from '../../webhooks/middleware/keptAnswers.ts';
import { listen } from '../../webhooks/server.ts';
import { type Cycle, fillCycle } from './commissions.ts';
import { fansOf, startOrders, termsOf } from './fans.ts';
import { type Benchmark, type Figure, milliseconds, percentile, secondsOf } from './measure.ts';
import { BEGINNING, fillWeek, modelOf, mondayOf, runMonday } from './weeks.ts';
import { createWorld, SECRET, type World } from './world.ts';

const KEY = 'bench-key-of-some-length';
const PER_MODEL = 10;
const GOAL_SECONDS = 0.2;
const DRAWS = 100;
/** As many rows as a list of the console asks for at once. */
const ROWS = 'limit=100';
const EARLIER: Cycle = { cycle: '2026-12-01', before: '2026-11-16' };
const LATER: Cycle = { cycle: '2026-12-16', before: '2026-12-01' };
/** Half of the invoices have been overdue for weeks then. */
const NOW = new Date('2026-12-16T12:00:00Z');
const FANS = { prefix: 'order', quantity: 20, termsOf };
const BATCH = 500;
const WITH_EFFECTS = 5_000;

/**
 * What the pages of the console ask for at first sight, all calls of a page at once as a browser makes them, for objects that differ
 * each time, beside as many reads by id. Every other model of so many has not paid since November.
 */
export const consoleData: Benchmark = { name: 'console-data', run: () => askAll(5_000) };

/** The same over 100 000 models with a million transactions; it runs only when it is named. */
export const consoleDataWhole: Benchmark = { name: 'console-data-whole', isLong: true, run: () => askAll(100_000) };

async function askAll(models: number): Promise<Figure[]> {
  const world = await createWorld(BEGINNING);
  try {
    const sizes = await fill(world, models);
    const server = await listen(appOver(world), { host: '127.0.0.1', port: 0 });
    const agent = new Agent({ keepAlive: true, maxSockets: 6 });
    try {
      const ask = (path: string) => get(server.port, agent, path);
      const figures: Figure[] = [];
      for (const [name, callsOf] of Object.entries(pagesOf(sizes)))
        figures.push(await measure(world, name, callsOf, ask));
      return figures;
    } finally {
      agent.destroy();
      await server.close();
    }
  } finally {
    await world.close();
  }
}

type Sizes = { models: number; orders: number; commissions: number };

/** A month of a marketplace: a Monday's invoices and their effects, orders with fans, two paydays, and events that wait. */
async function fill(world: World, models: number): Promise<Sizes> {
  const { core, clock } = world;
  const sizes = { models, orders: models / 100, commissions: models };
  const step = async (name: string, work: () => Promise<unknown>) => {
    const took = await secondsOf(work);
    process.stderr.write(`${name}: ${took.toFixed(1)} s\n`);
  };
  await core.affiliates.cycles.nextDue();
  await step('transactions', () => fillWeek(world, 0, models, PER_MODEL));
  await step('orders', () => fillOrders(world, sizes.orders));
  await step('commissions', async () => {
    for (const cycle of [EARLIER, LATER]) await fillCycle(world, cycle, sizes.commissions);
  });
  await step('invoices', () => runMonday(world, 0, models));
  await step('effects', () => settleEffects(world));
  await step('paydays', async () => {
    for (const { cycle } of [EARLIER, LATER]) {
      const payday = new Date(`${cycle}T00:00:00Z`);
      clock.pin(payday);
      await core.affiliates.cycles.run(payday);
    }
  });
  clock.pin(NOW);
  await step('events', () => fillWaiting(world, models / 50));
  await step('series', async () => {
    while ((await core.series.drawDue(NOW)) !== null);
  });
  return sizes;
}

async function fillOrders({ core }: World, orders: number): Promise<void> {
  await startOrders({ core } as World, { ...FANS, orders });
  for (const batch of fansOf({ ...FANS, orders }, BATCH)) {
    await Promise.all(batch.map((one) => core.inbox.receive(one)));
    await core.inboxWorker.drain();
  }
}

/** What follows from the first invoices; of the others it is taken for done, since what it writes is asked for by one object alone. */
async function settleEffects({ core, clock, raw }: World): Promise<void> {
  const at = mondayOf(0);
  clock.pin(at);
  const others = { _id: { $gte: `2026-W47:${modelOf(WITH_EFFECTS)}` } };
  await raw('invoices').updateMany(others, { $unset: { pendingEffects: '' } });
  for (;;) {
    const due = await core.invoicing.pendingEffects.nextDue();
    if (due === null || due > at) return;
    await core.invoicing.pendingEffects.run(at);
  }
}

/** Payments of subscriptions that nobody has heard of. */
async function fillWaiting({ core }: World, count: number): Promise<void> {
  for (let from = 0; from < count; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - from) }, (_, index): Incoming => {
      const number = from + index;
      const sale = {
        paymentId: `lost-${number}`,
        subscriptionId: `unknown-${number % 97}`,
        fanId: 'fan',
        kind: 'renewal',
      };
      const type = 'payment.succeeded';
      const body = JSON.stringify({ type, timestamp: NOW, data: { ...sale, amount: 999, paidAt: NOW } });
      return { id: `event-lost-${number}`, type, timestamp: NOW, body, known: true };
    });
    await Promise.all(batch.map((one) => core.inbox.receive(one)));
    await core.inboxWorker.drain();
  }
}

type Calls = (draw: number) => string[];

/** By page, what it asks for of the `draw`-th object. */
function pagesOf({ models, orders, commissions }: Sizes): Record<string, Calls> {
  const some = (draw: number, count: number) => (draw * 7_919) % count;
  const model = (draw: number) => modelOf(some(draw, models));
  const invoice = (draw: number) => `2026-W47:${model(draw)}`;
  const order = (draw: number) => `${FANS.prefix}-order-${some(draw, orders)}`;
  const affiliate = (draw: number) =>
    `affiliate-${LATER.cycle}-${String(some(draw, commissions / 50)).padStart(6, '0')}`;
  const payout = (draw: number) => `${LATER.cycle}:${affiliate(draw)}`;
  const cycle = `/v1/payout-cycles/${LATER.cycle}`;
  return {
    today: () => ['/v1/today'],
    overdue: () => ['/v1/overdue/summary', `/v1/overdue?${ROWS}`],
    'accounts, a search by the beginning of a name': (draw) => [`/v1/accounts?q=${model(draw).slice(0, 9)}&${ROWS}`],
    'a model': (draw) => [
      `/v1/accounts/${model(draw)}`,
      `/v1/models/${model(draw)}/forecast`,
      `/v1/models/${model(draw)}/trust?limit=500`,
      `/v1/invoices?modelId=${model(draw)}&${ROWS}`,
      `/v1/orders?modelId=${model(draw)}&${ROWS}`,
      `/v1/accounts/${model(draw)}/messages?${ROWS}`,
      `/v1/audit?subject=account:${model(draw)}&${ROWS}`,
    ],
    'an invoice': (draw) => [`/v1/invoices/${invoice(draw)}`, `/v1/audit?subject=invoice:${invoice(draw)}&${ROWS}`],
    orders: () => [`/v1/orders?${ROWS}`],
    'an order': (draw) => [`/v1/orders/${order(draw)}`, `/v1/orders/${order(draw)}/fans?${ROWS}`],
    paydays: () => [`/v1/payout-cycles?${ROWS}`],
    'a payday': () => [
      cycle,
      `${cycle}/changes?limit=20`,
      `${cycle}/exports`,
      `/v1/payouts?cycle=${LATER.cycle}&${ROWS}`,
    ],
    'a payout': (draw) => [`/v1/payouts/${payout(draw)}`, `/v1/audit?subject=payout:${payout(draw)}&${ROWS}`],
    commissions: () => [`/v1/commissions?${ROWS}`],
    events: () => [`/v1/events?${ROWS}`, `/v1/waiting?${ROWS}`],
    webhooks: () => [`/v1/webhooks?${ROWS}`],
    'an account of the ledger': (draw) => [
      `/v1/ledger/balances/model:${model(draw)}`,
      `/v1/ledger/entries?account=model:${model(draw)}&${ROWS}`,
    ],
    audit: () => [`/v1/audit?${ROWS}`],
    health: () => ['/v1/health'],
    charts: () => SERIES_NAMES.map((name) => `/v1/series/${name}`),
    'a model’s home': (draw) => [
      `/v1/ledger/balances/model:${model(draw)}`,
      `/v1/models/${model(draw)}/standing`,
      `/v1/invoices?modelId=${model(draw)}&${ROWS}`,
    ],
    'an affiliate’s commissions': (draw) => [
      `/v1/commissions?affiliateId=${affiliate(draw)}&${ROWS}`,
      `/v1/payouts?accountId=${affiliate(draw)}&${ROWS}`,
    ],
  };
}

/** One draw after the other, each beside reads by id, so that whatever disturbs the machine meets both. */
async function measure(
  world: World,
  name: string,
  callsOf: Calls,
  ask: (path: string) => Promise<void>,
): Promise<Figure> {
  const invoices = world.raw('invoices');
  const times: number[] = [];
  const reads: number[] = [];
  for (const path of callsOf(0)) await ask(path);
  const before = process.cpuUsage();
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const paths = callsOf(draw);
    times.push(await secondsOf(() => Promise.all(paths.map(ask))));
    reads.push(
      await secondsOf(() =>
        Promise.all(paths.map((_, index) => invoices.findOne({ _id: `2026-W47:${modelOf(draw * 31 + index)}` }))),
      ),
    );
  }
  const { user, system } = process.cpuUsage(before);
  const p95 = percentile(times, 95);
  const cost = milliseconds((user + system) / 1_000_000 / DRAWS);
  process.stderr.write(
    `${name}: p50 ${milliseconds(percentile(times, 50))}, p95 ${milliseconds(p95)}, ${cost} of processor; reads by id p95 ` +
      `${milliseconds(percentile(reads, 95))}; load ${(loadavg()[0] ?? 0).toFixed(1)}\n`,
  );
  return {
    name: `data of ${name}, p95 / 200 ms`,
    figure: milliseconds(p95),
    limit: milliseconds(GOAL_SECONDS),
    ratio: p95 / GOAL_SECONDS,
    goal: { atMost: 1 },
  };
}

function appOver({ core }: World) {
  return createApp({
    ...core,
    ...core.invoicing,
    ...core.standing,
    webhookSecrets: [SECRET],
    apiKeys: [{ name: 'bench', key: KEY }],
    ownerKeys: [],
    answers: createAnswers(core.connection, Date.now),
    jobStates: async () => [],
    readiness: async () => ({ ready: true, checks: {} }),
    metrics: new Registry(),
    log: { error: (...parts: unknown[]) => process.stderr.write(`${JSON.stringify(parts)}\n`), warn: () => {} },
    stopping: () => false,
  });
}

function get(port: number, agent: Agent, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${KEY}` };
    request({ host: '127.0.0.1', port, path, agent, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${path}: ${response.statusCode}`));
      });
    })
      .on('error', reject)
      .end();
  });
}
