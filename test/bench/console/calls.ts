import { affiliateOf, drawn, marketerOf, modelOf, type Size } from './fill.ts';
import { LATEST_WEEK } from './invoices.ts';
import { orderOf } from './orders.ts';
import { CYCLES, commissionOf, payoutOf } from './payouts.ts';
import { userOf } from './people.ts';
import { waitingCount, waitingEvent, webhookOf } from './traffic.ts';

/** A `GET` by its address, or a line of the chat's commands that only looks. */
export type Call = string | { command: string };

/**
 * A page as a browser asks for it at first sight (console/src/pages): each wave at once, a later one when the earlier is there.
 * Those of people are asked for by a session of `user`, a chat user; the managers' by a key.
 */
export type Visit = { user?: string; waves: Call[][] };

export type ConsolePage = { name: string; visit(draw: number): Visit };

const SERIES = ['overdue-by-age', 'paid-on-time', 'escrow', 'payouts', 'fans', 'webhook-latency'];
const PAGE = 'limit=100';
const NAMES = ['ava', 'mia sto', 'riv', 'кова', 'nunez 12', 'zoe 3'];

/** Every page, over objects that are drawn at random, and the same in every run. */
export function consolePages(size: Size): ConsolePage[] {
  const [model, marketer, affiliate] = [size.models, size.marketers, size.affiliates].map(
    (below, kind) => (draw: number) => drawn(below, draw, kind),
  ) as [Draw, Draw, Draw];
  const order = (draw: number) => drawn(size.orders, draw, 4);
  const cycle = (draw: number) => CYCLES[drawn(CYCLES.length, draw, 5)] ?? '';
  const manager = (name: string, ...waves: ((draw: number) => Call[])[]): ConsolePage => ({
    name,
    visit: (draw) => ({ waves: waves.map((wave) => wave(draw)) }),
  });
  const fixed = (name: string, ...calls: Call[]) => manager(name, () => calls);
  return [
    fixed('today', '/v1/today'),
    fixed('overdue', '/v1/overdue/summary', `/v1/overdue?${PAGE}`),
    manager('accounts by name', (draw) => [
      `/v1/accounts?${PAGE}&q=${encodeURIComponent(NAMES[draw % NAMES.length] ?? '')}`,
    ]),
    manager('accounts by id', (draw) => [`/v1/accounts?${PAGE}&q=${modelOf(model(draw))}`]),
    manager(
      'account of a model',
      (draw) => [`/v1/accounts/${modelOf(model(draw))}`],
      (draw) => {
        const id = modelOf(model(draw));
        const standing = [`/v1/models/${id}/forecast`, `/v1/models/${id}/trust?limit=500`];
        const lists = [`/v1/invoices?${PAGE}&modelId=${id}`, `/v1/orders?${PAGE}&modelId=${id}`];
        return [...standing, ...lists, ...accountCalls(id)];
      },
    ),
    manager(
      'account of a marketer',
      (draw) => [`/v1/accounts/${marketerOf(marketer(draw))}`],
      (draw) => {
        const id = marketerOf(marketer(draw));
        return [`/v1/orders?${PAGE}&marketerId=${id}`, `/v1/payouts?${PAGE}&accountId=${id}`, ...accountCalls(id)];
      },
    ),
    manager(
      'account of an affiliate',
      (draw) => [`/v1/accounts/${affiliateOf(affiliate(draw))}`],
      (draw) => {
        const id = affiliateOf(affiliate(draw));
        return [
          `/v1/commissions?${PAGE}&affiliateId=${id}`,
          `/v1/payouts?${PAGE}&accountId=${id}`,
          ...accountCalls(id),
        ];
      },
    ),
    manager('invoice', (draw) => [`/v1/invoices/${LATEST_WEEK}:${modelOf(model(draw))}`]),
    fixed('orders', `/v1/orders?${PAGE}`),
    manager('queue of a marketer', (draw) => {
      const id = marketerOf(marketer(draw));
      return [`/v1/marketers/${id}/queue`, `/v1/accounts/${id}`];
    }),
    manager(
      'order',
      (draw) => [`/v1/orders/${orderOf(order(draw))}`],
      (draw) => orderCalls(orderOf(order(draw))),
    ),
    fixed('order with 2 000 fans', `/v1/orders/${orderOf(0)}`, ...orderCalls(orderOf(0))),
    fixed('paydays', '/v1/payout-cycles?limit=12'),
    manager(
      'payday',
      (draw) => ['', '/changes?limit=20'].map((part) => `/v1/payout-cycles/${cycle(draw)}${part}`),
      (draw) => {
        const of = `/v1/payout-cycles/${cycle(draw)}`;
        const lists = [`/v1/payouts?paidWith=${cycle(draw)}&limit=50`, `${of}/exports`, `${of}/results`];
        return [...lists, audit(`cycle:${cycle(draw)}`)];
      },
    ),
    manager('payout', (draw) => {
      const id = payoutOf(cycle(draw), affiliate(draw));
      return [`/v1/payouts/${id}`, audit(`payout:${id}`)];
    }),
    fixed('events in quarantine', `/v1/events?status=quarantined&${PAGE}`),
    fixed('events that wait', `/v1/events?status=waiting&${PAGE}`, `/v1/waiting?${PAGE}`),
    manager('event', (draw) => {
      const id = waitingEvent(drawn(waitingCount(size), draw, 6));
      return [`/v1/events/${id}`, audit(`event:${id}`)];
    }),
    fixed('webhooks', `/v1/webhooks?${PAGE}`),
    fixed('webhooks, parked', `/v1/webhooks?status=parked&${PAGE}`),
    manager('webhook', (draw) => [`/v1/webhooks/${webhookOf(drawn(size.models, draw, 7))}`]),
    manager('ledger of a model', (draw) => ledgerCalls(`model:${modelOf(model(draw))}`)),
    fixed('ledger of the platform', ...ledgerCalls('platform:revenue')),
    fixed('trial balance', `/v1/ledger/trial-balance?month=2026-11&${PAGE}`),
    fixed('audit', `/v1/audit?${PAGE}`),
    fixed('commissions', `/v1/commissions?${PAGE}`),
    manager('commission', (draw) => [`/v1/commissions/${commissionOf(drawn(size.affiliates * 20, draw, 8))}`]),
    ...(['monday', 'payday'] as const).map((run) =>
      fixed(`simulated ${run}`, `/v1/simulate/${run}`, `/v1/simulate/${run}/rows?${PAGE}`),
    ),
    manager(
      'health',
      () => ['/v1/health'],
      () => [`/v1/health/unreachable?${PAGE}`, `/v1/health/unreached?${PAGE}`],
    ),
    fixed('charts', ...SERIES.map((name) => `/v1/series/${name}`)),
    ...peoplePages(size, { model, marketer, affiliate }),
  ];
}

type Draw = (draw: number) => number;

function peoplePages(
  size: Size,
  { model, marketer, affiliate }: Record<'model' | 'marketer' | 'affiliate', Draw>,
): ConsolePage[] {
  const users = userOf(size);
  // A session is opened for each; so many people come and go.
  const few = (draw: number) => draw % PEOPLE;
  const own = (kind: 'model' | 'marketer' | 'affiliate', of: Draw, idOf: (index: number) => string) => {
    const index = (draw: number) => of(few(draw));
    return (name: string, calls: (id: string) => Call[]): ConsolePage => ({
      name: `own: ${name}`,
      visit: (draw) => ({ user: users[kind](index(draw)), waves: [calls(idOf(index(draw)))] }),
    });
  };
  const [ofModel, ofMarketer, ofAffiliate] = [
    own('model', model, modelOf),
    own('marketer', marketer, marketerOf),
    own('affiliate', affiliate, affiliateOf),
  ] as const;
  return [
    ofModel('home of a model', (id) => [
      balance(`model:${id}`),
      `/v1/invoices?${PAGE}&modelId=${id}`,
      { command: '/standing' },
    ]),
    ofModel('standing', (id) => [
      `/v1/models/${id}/forecast`,
      `/v1/models/${id}/trust?${PAGE}`,
      { command: '/standing' },
    ]),
    ofModel('invoices', (id) => [`/v1/invoices?${PAGE}&modelId=${id}`]),
    ofModel('orders', (id) => [`/v1/orders?${PAGE}&modelId=${id}`]),
    ofMarketer('home of a marketer', (id) => [
      balance(`marketer:${id}`),
      ...['placed', 'running', 'queued'].map((status) => `/v1/orders?${PAGE}&marketerId=${id}&status=${status}`),
    ]),
    ofAffiliate('commissions', (id) => [`/v1/commissions?${PAGE}&affiliateId=${id}`]),
    ofAffiliate('payouts', (id) => [`/v1/payouts?${PAGE}&accountId=${id}`]),
    ofModel('settings', () => [{ command: '/settings' }, '/console/sessions']),
  ];
}

/** So many people of each role come to their own pages. */
const PEOPLE = 20;

function accountCalls(id: string): Call[] {
  return [`/v1/accounts/${id}/payee`, `/v1/accounts/${id}/messages?${PAGE}`, audit(`account:${id}`)];
}

function orderCalls(id: string): Call[] {
  return [`/v1/orders/${id}/fans?${PAGE}`, audit(`order:${id}`)];
}

function ledgerCalls(account: string): Call[] {
  return [balance(account), `/v1/ledger/entries?account=${account}&${PAGE}`];
}

const balance = (account: string): string => `/v1/ledger/balances/${account}`;
const audit = (subject: string): string => `/v1/audit?${PAGE}&subject=${subject}`;
