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
  | { kind: 'capacity'; marketer: string; capacity: number }
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
  endedAt: number | null;
  renewalOf: string | null;
  renewedBy: string | null;
};

export type OrderOutcome = {
  orders: Record<string, ModelOrder>;
  verdicts: Record<string, string>;
  balances: Record<string, number>;
};

type Kept = ModelOrder & {
  id: string;
  terms: Extract<OrderStep, { kind: 'place' }>;
  placedAt: number;
  settled: number;
  amounts: number;
};

const ANSWER_MS = 72 * 3_600_000;

export function expectedOrders(steps: OrderStep[]): OrderOutcome {
  const orders = new Map<string, Kept>();
  const queues = new Map<string, Kept[]>();
  const capacities = new Map<string, number>();
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
    const never = { startedAt: null, endedAt: null, renewedBy: null };
    const order: Kept = { id, terms, placedAt: at, status: 'placed', ...nothing, ...never, renewalOf };
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
    queues.set(marketer, [...(queues.get(marketer) ?? []), order]);
    startNext(marketer, at);
    for (const fan of waiting.filter((one) => one.order === order.id)) judge(fan, order, at);
  }

  function startNext(marketer: string, at: number): void {
    const running = [...orders.values()].filter((one) => one.terms.marketer === marketer && one.status === 'running');
    const queue = (queues.get(marketer) ?? []).filter(({ status }) => status === 'queued');
    for (const order of queue.slice(0, Math.max(0, (capacities.get(marketer) ?? 1) - running.length))) {
      order.status = 'running';
      order.startedAt = at;
    }
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
    const isRunning = order.status === 'running' && fan.startedAt >= (order.startedAt ?? 0);
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

  for (const step of steps) {
    const { at } = step;
    for (const order of orders.values()) {
      if (order.status === 'placed' && order.placedAt + ANSWER_MS <= at)
        end(order, 'expired', order.placedAt + ANSWER_MS);
    }
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
  return { orders: shown(orders, queues), verdicts, balances: withoutZeros(balances) };
}

function shown(orders: Map<string, Kept>, queues: Map<string, Kept[]>): Record<string, ModelOrder> {
  return Object.fromEntries(
    [...orders.values()].map((order) => {
      const queue = (queues.get(order.terms.marketer) ?? []).filter(({ status }) => status === 'queued');
      const { id, status, delivered, paid, owed, escrow, startedAt, endedAt, renewalOf, renewedBy } = order;
      const position = status === 'queued' ? queue.indexOf(order) + 1 : null;
      return [id, { status, delivered, paid, owed, escrow, position, startedAt, endedAt, renewalOf, renewedBy }];
    }),
  );
}

function withoutZeros(balances: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(balances).filter(([, amount]) => amount !== 0));
}
