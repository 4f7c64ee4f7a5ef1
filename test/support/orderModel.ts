/**
 * What rules 4 say, once more, plainly and in memory: one thing after the other, nothing fails. It shares no code with
 * the product. Money in minor units, instants in milliseconds.
 */
export type OrderStep = { at: number } & (
  | { kind: 'wait' }
  | { kind: 'topUp'; model: string; amount: number }
  | {
      kind: 'place';
      order: string;
      model: string;
      marketer: string;
      quantity: number;
      price: number;
      prepaid: boolean;
      chunk: number | null;
      renew: boolean;
    }
  | { kind: 'accept' | 'reject' | 'cancel' | 'violate' | 'stop'; order: string }
  | {
      kind: 'fan';
      id: string;
      order: string;
      person: string;
      startedAt: number;
      flag: 'bot' | 'returning' | 'M0' | 'M1' | null;
    }
  | { kind: 'elsewhere'; id: string; person: string; model: string; startedAt: number }
  | { kind: 'again'; id: string }
  | { kind: 'capacity'; marketer: string; capacity: number | null }
  | { kind: 'terminate'; model: string }
);

export type ModelOrder = {
  status: string;
  delivered: number;
  paid: number;
  owed: number;
  escrow: number;
  position: number | null;
  startedAt: number | null;
  startedBy: string | null;
  endedAt: number | null;
  renewalOf: string | null;
  renewedBy: string | null;
};

export type OrderOutcome = {
  orders: Record<string, ModelOrder>;
  verdicts: Record<string, string>;
  balances: Record<string, number>;
  /** The warnings that were due, each by its order, the fans it had, and the days that were left. */
  warnings: string[];
};

type Kept = ModelOrder & {
  id: string;
  terms: Extract<OrderStep, { kind: 'place' }>;
  placedAt: number;
  settled: number;
  amounts: number;
  acceptedAt: number | null;
  /** When its last fan counted or, without one, when it started; and how many warnings there were since. */
  activeAt: number;
  warned: number;
};

const ANSWER_MS = 72 * 3_600_000;
const DAY_MS = 24 * 3_600_000;
/** Days without a fan, and how many are left then; with none left it is stopped. */
const IDLE = [
  { days: 20, left: 10 },
  { days: 27, left: 3 },
  { days: 30, left: 0 },
];

export function expectedOrders(steps: OrderStep[]): OrderOutcome {
  const orders = new Map<string, Kept>();
  const queues = new Map<string, Kept[]>();
  const capacities = new Map<string, number | null>();
  const warnings: string[] = [];
  const balances: Record<string, number> = {};
  const owed: { order: Kept; amount: number; at: number; number: number }[] = [];
  const subscriptions: { id: string; person: string; page: string; startedAt: number }[] = [];
  const verdicts: Record<string, string> = {};
  const waiting: Extract<OrderStep, { kind: 'fan' }>[] = [];
  const cancelledEarly = new Set<string>();
  const terminated = new Set<string>();

  const add = (account: string, amount: number): void => {
    balances[account] = (balances[account] ?? 0) + amount;
  };
  const balanceOf = (model: string): number => balances[`model:${model}`] ?? 0;
  const owes = (model: string): boolean => owed.some(({ order }) => order.terms.model === model);
  const of = (model: string, status: string): Kept[] =>
    [...orders.values()]
      .filter((order) => order.terms.model === model && order.status === status)
      .sort((a, b) => a.placedAt - b.placedAt || (a.id < b.id ? -1 : 1));

  function end(order: Kept, status: string, at: number): void {
    order.status = status;
    order.endedAt = at;
  }

  function place(id: string, terms: Kept['terms'], at: number, renewalOf: string | null): void {
    const nothing = { delivered: 0, paid: 0, owed: 0, escrow: 0, position: null, settled: 0, amounts: 0 };
    const never = { startedAt: null, startedBy: null, endedAt: null, renewedBy: null, acceptedAt: null };
    const watch = { activeAt: at, warned: 0 };
    const order: Kept = { id, terms, placedAt: at, status: 'placed', ...nothing, ...never, ...watch, renewalOf };
    orders.set(id, order);
    if (terminated.has(terms.model) || owes(terms.model)) end(order, 'refused', at);
    else if (cancelledEarly.has(id)) end(order, 'cancelled', at);
  }

  function accept(order: Kept, at: number): void {
    const { model, marketer, quantity, price, prepaid } = order.terms;
    if (prepaid) {
      if (balanceOf(model) < quantity * price) return;
      add(`model:${model}`, -quantity * price);
      add(`escrow:${order.id}`, quantity * price);
      order.escrow = quantity * price;
    }
    order.status = 'queued';
    order.acceptedAt = at;
    queues.set(marketer, [...(queues.get(marketer) ?? []), order]);
    startNext(marketer, at);
    for (const fan of waiting.filter((one) => one.order === order.id)) judge(fan, order, at);
  }

  function start(order: Kept, by: string, at: number): void {
    order.status = 'running';
    order.startedAt = at;
    order.startedBy = by === 'fan' ? by : at === order.acceptedAt ? 'acceptance' : 'place';
    order.activeAt = at;
  }

  /** Without a capacity as many as there are. */
  function startNext(marketer: string, at: number): void {
    const running = [...orders.values()].filter((one) => one.terms.marketer === marketer && one.status === 'running');
    const queue = (queues.get(marketer) ?? []).filter(({ status }) => status === 'queued');
    const most = capacities.get(marketer) ?? Number.POSITIVE_INFINITY;
    for (const order of queue.slice(0, Math.max(0, most - running.length))) start(order, 'place', at);
  }

  function judge(fan: Extract<OrderStep, { kind: 'fan' }>, order: Kept, at: number): void {
    const named = fan.flag === 'M0' || fan.flag === 'M1' ? fan.flag : null;
    const page = named ?? order.terms.model;
    const known = subscriptions.some(
      (one) =>
        one.person === fan.person &&
        one.page === order.terms.model &&
        (verdicts[one.id] === 'counted' ||
          one.startedAt < fan.startedAt ||
          (one.startedAt === fan.startedAt && one.id < fan.id)),
    );
    subscriptions.push({ id: fan.id, person: fan.person, page, startedAt: fan.startedAt });
    const isLive = order.status === 'queued' || order.status === 'running';
    const isRunning = isLive && fan.startedAt >= (order.acceptedAt ?? 0);
    if (order.delivered >= order.terms.quantity) verdicts[fan.id] = 'surplus';
    else if (!isRunning) verdicts[fan.id] = 'not_running';
    else if (page !== order.terms.model) verdicts[fan.id] = 'other_source';
    else if (fan.flag === 'bot') verdicts[fan.id] = 'not_real';
    else if (fan.flag === 'returning' || known) verdicts[fan.id] = 'returning';
    else count(fan.id, order, at);
  }

  function count(fan: string, order: Kept, at: number): void {
    verdicts[fan] = 'counted';
    order.delivered += 1;
    if (order.status === 'queued') start(order, 'fan', at);
    order.activeAt = at;
    order.warned = 0;
    const { quantity, chunk, prepaid, marketer } = order.terms;
    const size = chunk ?? (prepaid ? 1 : quantity);
    if (order.delivered % size === 0 || order.delivered === quantity) charge(order, at);
    if (order.delivered < quantity) return;
    end(order, 'completed', at);
    startNext(marketer, at);
    renew(order, at);
  }

  function renew(order: Kept, at: number): void {
    const { renew: wanted, model } = order.terms;
    if (!wanted || terminated.has(model) || owes(model)) return;
    const [first = '', number = '1'] = order.id.split('~r');
    order.renewedBy = `${first}~r${Number(number) + 1}`;
    place(order.renewedBy, order.terms, at, order.id);
  }

  /** What was delivered and is not settled is one amount. */
  function charge(order: Kept, at: number): void {
    const amount = (order.delivered - order.settled) * order.terms.price;
    order.settled = order.delivered;
    order.amounts += 1;
    if (order.terms.prepaid) {
      add(`escrow:${order.id}`, -amount);
      add(`marketer:${order.terms.marketer}`, amount);
      order.escrow -= amount;
      order.paid += amount;
    } else if (!pay(order, amount)) {
      owed.push({ order, amount, at, number: order.amounts });
      order.owed += amount;
    }
  }

  function pay(order: Kept, amount: number): boolean {
    if (balanceOf(order.terms.model) < amount) return false;
    add(`model:${order.terms.model}`, -amount);
    add(`marketer:${order.terms.marketer}`, amount);
    order.paid += amount;
    return true;
  }

  function retry(model: string): void {
    const mine = owed.filter(({ order }) => order.terms.model === model);
    mine.sort(
      (a, b) => a.at - b.at || (a.order.id < b.order.id ? -1 : a.order.id > b.order.id ? 1 : a.number - b.number),
    );
    for (const one of mine) {
      if (!pay(one.order, one.amount)) continue;
      one.order.owed -= one.amount;
      owed.splice(owed.indexOf(one), 1);
    }
  }

  function stop(order: Kept, at: number): void {
    if (order.status !== 'queued' && order.status !== 'running') return;
    const { model, marketer, prepaid } = order.terms;
    if (order.delivered > order.settled) charge(order, at);
    end(order, 'stopped', at);
    startNext(marketer, at);
    if (!prepaid) return;
    add(`escrow:${order.id}`, -order.escrow);
    add(`model:${model}`, order.escrow);
    order.escrow = 0;
    retry(model);
  }

  function terminate(model: string, at: number): void {
    if (terminated.has(model)) return;
    terminated.add(model);
    for (const order of of(model, 'placed')) end(order, 'refused', at);
    const running = of(model, 'running').filter(({ terms }) => !terms.prepaid);
    for (const order of [...of(model, 'queued'), ...running]) stop(order, at);
  }

  function answer(kind: string, id: string, at: number): void {
    const order = orders.get(id);
    if (order === undefined && kind === 'cancel') cancelledEarly.add(id);
    if (order === undefined) return;
    if (kind === 'stop' || kind === 'violate') stop(order, at);
    else if (order.status !== 'placed') return;
    else if (kind === 'accept') accept(order, at);
    else end(order, kind === 'reject' ? 'rejected' : 'cancelled', at);
  }

  /** What is due next by itself, at its own instant: an answer that is missing, or an order that is idle. */
  function nextDue(until: number): { at: number; act: () => void } | null {
    const byId = [...orders.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const due = byId.flatMap((order) => {
      if (order.status === 'placed') {
        const at = order.placedAt + ANSWER_MS;
        return [{ at, act: () => end(order, 'expired', at) }];
      }
      const step = IDLE[order.warned];
      if (order.status !== 'running' || step === undefined) return [];
      const at = order.activeAt + step.days * DAY_MS;
      return [{ at, act: () => (step.left === 0 ? stop(order, at) : warn(order, step.left)) }];
    });
    return due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0] ?? null;
  }

  function warn(order: Kept, left: number): void {
    order.warned += 1;
    warnings.push(`${order.id}:${order.delivered}:${left}`);
  }

  for (const step of steps) {
    const { at } = step;
    for (let due = nextDue(at); due !== null; due = nextDue(at)) due.act();
    switch (step.kind) {
      case 'topUp':
        add('world:topups', -step.amount);
        add(`model:${step.model}`, step.amount);
        retry(step.model);
        break;
      case 'place':
        place(step.order, step, at, null);
        break;
      case 'fan': {
        const order = orders.get(step.order);
        const isAccepted = order !== undefined && ['queued', 'running', 'completed', 'stopped'].includes(order.status);
        if (isAccepted) judge(step, order, at);
        else waiting.push(step);
        break;
      }
      case 'elsewhere':
        subscriptions.push({ id: step.id, person: step.person, page: step.model, startedAt: step.startedAt });
        break;
      case 'capacity':
        capacities.set(step.marketer, step.capacity);
        startNext(step.marketer, at);
        break;
      case 'terminate':
        terminate(step.model, at);
        break;
      case 'wait':
      case 'again':
        break;
      default:
        answer(step.kind, step.order, at);
    }
  }
  return { orders: shown(orders), verdicts, balances: withoutZeros(balances), warnings: warnings.sort() };
}

function shown(orders: Map<string, Kept>): Record<string, ModelOrder> {
  const all = [...orders.values()];
  const accepted = new Map(all.map((order) => [order.id, order.acceptedAt ?? 0]));
  return Object.fromEntries(
    all.map((order) => {
      const { id, status, delivered, paid, owed, escrow, startedAt, startedBy, endedAt, renewalOf, renewedBy } = order;
      // Every acceptance has an instant of its own, and so has every placement but those of renewals.
      const before = (other: Kept) =>
        status === 'queued'
          ? other.status === 'queued' && (accepted.get(other.id) ?? 0) < (order.acceptedAt ?? 0)
          : other.status === 'queued' ||
            (other.status === 'placed' &&
              (other.placedAt < order.placedAt || (other.placedAt === order.placedAt && other.id < id)));
      const ahead = all.filter((other) => other.terms.marketer === order.terms.marketer && before(other)).length;
      const position = status === 'queued' || status === 'placed' ? ahead + 1 : null;
      const times = { startedAt, startedBy, endedAt };
      return [id, { status, delivered, paid, owed, escrow, position, ...times, renewalOf, renewedBy }];
    }),
  );
}

function withoutZeros(balances: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(balances).filter(([, amount]) => amount !== 0));
}
