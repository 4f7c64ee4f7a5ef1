/**
 * The rules of invoicing once more, small and slow, written apart from the product and sharing no code with it: it looks
 * at all facts again at every Monday. What the service does is compared with this.
 */

export type Fact = { id: string; type: string; timestamp: string; data: Record<string, unknown> };
export const COMMANDS = ['pay', 'void', 'payOutside', 'writeOff', 'writeOffPaying'] as const;
export type Command = { kind: (typeof COMMANDS)[number]; invoiceId: string };
/** What arrives at one instant, and what people do then. */
export type Phase = { at: string; facts: Fact[]; commands: Command[] };
export type Zone = 'UTC' | 'Europe/Berlin';

export type ModelLine = {
  campaignId: string;
  contractorId: string;
  type: string;
  count: number;
  gross: number;
  rateBps: number;
  cost: number;
  late: number;
};

export type ModelInvoice = {
  invoiceId: string;
  modelId: string;
  week: string;
  status: 'open' | 'completed' | 'credited' | 'void' | 'written_off';
  issuedAt: string;
  dueAt: string;
  completedAt: string | null;
  lines: ModelLine[];
  subtotal: number;
  discountBps: number;
  discount: number;
  credit: number;
  total: number;
};

export type Outcome = {
  invoices: Record<string, ModelInvoice>;
  balances: Record<string, number>;
  /** The transactions of each invoice, void ones too. */
  members: Record<string, string[]>;
  /** Events that took effect. */
  applied: string[];
};

type Transaction = {
  id: string;
  type: string;
  amount: number;
  at: number;
  modelId: string;
  line: { campaignId: string; contractorId: string; rateBps: number };
};

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** What is to be the state after all phases, and all Mondays until `end`. */
export function expectedOutcome(
  history: { zone: Zone; monday: string; phases: Phase[]; end: string },
  levels: { volume: number; bps: number }[],
): Outcome {
  const { zone } = history;
  const pending: Fact[] = [];
  const known: Fact[] = [];
  const invoices: ModelInvoice[] = [];
  const members: Record<string, string[]> = {};
  const balances: Record<string, number> = {};
  const finalRefunds = new Set<string>();

  // A few weeks early, so that nothing before the first phase is missed.
  let monday = Date.parse(`${history.monday}T00:00:00Z`) - 14 * DAY;
  for (const phase of history.phases) {
    issueUntil(Date.parse(phase.at));
    arrive(phase);
    for (const command of phase.commands) obey(command, phase.at);
  }
  issueUntil(Date.parse(history.end));
  const refused = new Set(refusedRefunds());
  return {
    invoices: Object.fromEntries(invoices.map((invoice) => [invoice.invoiceId, invoice])),
    balances: Object.fromEntries(Object.entries(balances).filter(([, amount]) => amount !== 0)),
    members,
    applied: known
      .filter((fact) => !refused.has(String(fact.data.refundId)))
      .map(({ id }) => id)
      .sort(),
  };

  function issueUntil(until: number): void {
    for (; wallTime(monday + 7 * DAY, 6, zone) <= until; monday += 7 * DAY) issueWeek(monday);
  }

  function issueWeek(start: number): void {
    const [from, until] = [wallTime(start, 0, zone), wallTime(start + 7 * DAY, 0, zone)];
    const issued = wallTime(start + 7 * DAY, 6, zone);
    const billed = new Set(
      invoices.filter(({ status }) => status !== 'void').flatMap((one) => members[one.invoiceId] ?? []),
    );
    const open = transactions().filter(({ id, at }) => !billed.has(id) && at < until);
    for (const modelId of [...new Set(open.map((one) => one.modelId))].sort()) {
      issueInvoice(modelId, weekName(start), from, issued, wallTime(start + 10 * DAY, 6, zone), open);
    }
  }

  function issueInvoice(modelId: string, week: string, from: number, issued: number, due: number, open: Transaction[]) {
    const mine = open.filter((one) => one.modelId === modelId);
    const lines = linesOf(mine, from);
    const subtotal = lines.reduce((total, { cost }) => total + cost, 0);
    const own = latest('account.updated', (data) => data.accountId === modelId)?.data.discountBps;
    const rate = typeof own === 'number' ? own : volumeRate(modelId, issued);
    const discount = subtotal > 0 ? percent(subtotal, rate) : 0;
    const credit = Math.max(0, Math.min(balances[`credit:${modelId}`] ?? 0, subtotal - discount));
    const total = subtotal - discount - credit;
    const invoice: ModelInvoice = {
      invoiceId: `${week}:${modelId}`,
      modelId,
      week,
      status: 'open',
      issuedAt: new Date(issued).toISOString(),
      dueAt: new Date(due).toISOString(),
      completedAt: null,
      lines,
      subtotal,
      discountBps: discount === 0 ? 0 : rate,
      discount,
      credit,
      total,
    };
    invoices.push(invoice);
    members[invoice.invoiceId] = mine.map(({ id }) => id).sort();
    move(`credit:${modelId}`, -credit, 'platform:invoiced');
    if (total > 0) return pay(invoice, new Date(issued).toISOString());
    invoice.status = 'credited';
    settle(invoice, `credit:${modelId}`);
  }

  function volumeRate(modelId: string, issued: number): number {
    const since = threeMonthsBefore(issued, zone);
    const volume = invoices
      .filter((one) => one.modelId === modelId && one.completedAt !== null)
      .filter(({ completedAt }) => Date.parse(completedAt ?? '') >= since && Date.parse(completedAt ?? '') < issued)
      .reduce((total, one) => total + one.total, 0);
    return Math.max(0, ...levels.filter((level) => volume >= level.volume).map(({ bps }) => bps));
  }

  function pay(invoice: ModelInvoice, at: string): void {
    if (invoice.status !== 'open' || invoice.total > (balances[`model:${invoice.modelId}`] ?? 0)) return;
    invoice.status = 'completed';
    invoice.completedAt = at;
    settle(invoice, `model:${invoice.modelId}`);
  }

  function settle(invoice: ModelInvoice, from: string): void {
    add(from, -invoice.total);
    add('platform:invoiced', -invoice.credit);
    add('platform:discounts', -invoice.discount);
    for (const line of invoice.lines) add(`marketer:${line.contractorId}`, line.cost);
  }

  function obey({ kind, invoiceId }: Command, at: string): void {
    const invoice = invoices.find((one) => one.invoiceId === invoiceId);
    if (invoice === undefined || invoice.status !== 'open') return;
    if (kind === 'pay') {
      pay(invoice, at);
    } else if (kind === 'payOutside') {
      invoice.status = 'completed';
      invoice.completedAt = at;
      settle(invoice, 'world:settlements');
    } else if (kind === 'void') {
      invoice.status = 'void';
      move('platform:invoiced', -invoice.credit, `credit:${invoice.modelId}`);
    } else {
      invoice.status = 'written_off';
      if (kind === 'writeOffPaying') settle(invoice, 'platform:write-offs');
      else move('platform:invoiced', -invoice.credit, 'platform:write-offs');
    }
  }

  function arrive(phase: Phase): void {
    pending.push(...phase.facts);
    const refunded = new Set<unknown>();
    for (let found = true; found; ) {
      found = false;
      for (const fact of [...pending]) {
        if (!references(fact).every(isKnown)) continue;
        found = true;
        pending.splice(pending.indexOf(fact), 1);
        if (known.some((other) => factKey(other) === factKey(fact))) continue;
        known.push(fact);
        if (fact.type === 'payment.refunded') refunded.add(fact.data.paymentId);
        if (fact.type === 'balance.topped_up') topUp(fact, phase.at);
      }
    }
    const billed = new Set(
      invoices.filter(({ status }) => status !== 'void').flatMap((one) => members[one.invoiceId] ?? []),
    );
    // What was billed stands, though another refund rules it out now.
    for (const id of refusedRefunds()) {
      const fact = known.find(({ data }) => data.refundId === id);
      if (refunded.has(fact?.data.paymentId) && billed.has(`refund:${id}`)) finalRefunds.add(id);
    }
  }

  function topUp({ data }: Fact, at: string): void {
    const account = `model:${String(data.accountId)}`;
    move('world:topups', -Number(data.amount), account);
    for (const invoice of invoices) if (account === `model:${invoice.modelId}`) pay(invoice, at);
  }

  function isKnown(key: string): boolean {
    return known.some((fact) => provides(fact) === key);
  }

  function ofType(type: string): Fact[] {
    return known.filter((fact) => fact.type === type);
  }

  function latest(
    type: string,
    which: (data: Fact['data'], id: string) => boolean,
    at = Number.POSITIVE_INFINITY,
  ): Fact | undefined {
    const versions = ofType(type)
      .filter(({ data, id }) => which(data, id))
      .sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp) || (a.id < b.id ? -1 : 1));
    return versions.filter(({ timestamp }) => Date.parse(timestamp) <= at).at(-1) ?? versions[0];
  }

  function transactions(): Transaction[] {
    const refused = new Set(refusedRefunds());
    const payments = ofType('payment.succeeded');
    const refunds = ofType('payment.refunded').filter(({ data }) => !refused.has(String(data.refundId)));
    return [
      ...payments.flatMap(({ data }) =>
        transaction(`payment:${String(data.paymentId)}`, data, String(data.kind), Number(data.amount), data.paidAt),
      ),
      ...refunds.flatMap(({ data }) => {
        const payment = payments.find((one) => one.data.paymentId === data.paymentId);
        const id = `refund:${String(data.refundId)}`;
        if (payment === undefined) return [];
        const owner = ownerOf(payment.data);
        return transaction(id, payment.data, 'refund', -Number(data.amount), data.refundedAt, owner);
      }),
    ];
  }

  /** Whose transaction a payment is: that of the model who was billed for it, or of its campaign when it was paid. */
  function ownerOf(payment: Fact['data']): string | undefined {
    const id = `payment:${String(payment.paymentId)}`;
    const invoice = invoices.find((one) => one.status !== 'void' && members[one.invoiceId]?.includes(id));
    return invoice?.modelId ?? transaction(id, payment, '', 0, payment.paidAt)[0]?.modelId;
  }

  /** The versions of a campaign that are ever in force. */
  function isSuperseded(fact: Fact): boolean {
    return ofType('campaign.updated').some(
      (other) =>
        other.data.campaignId === fact.data.campaignId &&
        Date.parse(other.timestamp) === Date.parse(fact.timestamp) &&
        other.id > fact.id,
    );
  }

  function transaction(
    id: string,
    of: Fact['data'],
    type: string,
    amount: number,
    at: unknown,
    owner?: string,
  ): Transaction[] {
    const subscription = ofType('subscription.started').find(({ data }) => data.subscriptionId === of.subscriptionId);
    const campaignId = of.campaignId ?? subscription?.data.campaignId;
    const instant = Date.parse(String(at));
    const version = versionFor(campaignId, instant, owner);
    if (campaignId === undefined || version === undefined) return [];
    const { modelId, contractorId, rateBps } = version.data;
    const line = { campaignId: String(campaignId), contractorId: String(contractorId), rateBps: Number(rateBps) };
    return [{ id, type, amount, at: instant, modelId: String(modelId), line }];
  }

  /** The version in force at an instant; for a refund the one that its payment's model has, or had last. */
  function versionFor(campaignId: unknown, instant: number, owner: string | undefined): Fact | undefined {
    const ofCampaign = (data: Fact['data']) => data.campaignId === campaignId;
    if (owner === undefined) return latest('campaign.updated', ofCampaign, instant);
    const own = ofType('campaign.updated').filter(({ data }) => ofCampaign(data) && data.modelId === owner);
    const inForce = own.filter((fact) => !isSuperseded(fact));
    const ids = new Set((inForce.length > 0 ? inForce : own).map(({ id }) => id));
    return latest('campaign.updated', (_, id) => ids.has(id), instant);
  }

  function refusedRefunds(): string[] {
    const refused: string[] = [];
    for (const payment of ofType('payment.succeeded')) {
      const mine = ofType('payment.refunded')
        .filter(({ data }) => data.paymentId === payment.data.paymentId)
        .map(({ data }) => ({
          id: String(data.refundId),
          amount: Number(data.amount),
          at: Date.parse(String(data.refundedAt)),
        }))
        .sort(
          (a, b) =>
            Number(finalRefunds.has(b.id)) - Number(finalRefunds.has(a.id)) || a.at - b.at || (a.id < b.id ? -1 : 1),
        );
      let left = Number(payment.data.amount);
      for (const { id, amount, at } of mine) {
        const holds = finalRefunds.has(id) || (at >= Date.parse(String(payment.data.paidAt)) && amount <= left);
        if (holds) left -= amount;
        else refused.push(id);
      }
    }
    return refused;
  }

  function add(account: string, amount: number): void {
    balances[account] = (balances[account] ?? 0) + amount;
  }

  function move(from: string, change: number, to: string): void {
    add(from, change);
    add(to, -change);
  }
}

function linesOf(transactions: Transaction[], weekStart: number): ModelLine[] {
  const lines = new Map<string, ModelLine>();
  for (const { type, amount, at, line } of transactions) {
    const key = [line.campaignId, line.contractorId, line.rateBps, type].join('\n');
    const sum = lines.get(key) ?? { ...line, type, count: 0, gross: 0, cost: 0, late: 0 };
    sum.count += 1;
    sum.gross += amount;
    sum.late += at < weekStart ? 1 : 0;
    lines.set(key, sum);
  }
  const sorted = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
  return sorted.map((line) => ({ ...line, cost: percent(line.gross, line.rateBps) }));
}

/** Half away from zero, on whole numbers. */
function percent(amount: number, bps: number): number {
  const scaled = Math.abs(amount) * bps;
  const rest = scaled % 10_000;
  const rounded = (scaled - rest) / 10_000 + (rest >= 5_000 ? 1 : 0);
  return rounded === 0 ? 0 : Math.sign(amount) * rounded;
}

function factKey({ id, type, data }: Fact): string {
  const factId = data.topUpId ?? data.refundId ?? data.paymentId ?? (type.startsWith('sub') ? data.subscriptionId : id);
  return `${type} ${String(factId)}`;
}

function references({ type, data }: Fact): string[] {
  const of = (kind: string, id: unknown) => (id === undefined ? [] : [`${kind}:${String(id)}`]);
  switch (type) {
    case 'campaign.updated':
      return [...of('account', data.modelId), ...of('account', data.contractorId)];
    case 'balance.topped_up':
      return of('account', data.accountId);
    case 'payment.refunded':
      return of('payment', data.paymentId);
    case 'account.updated':
      return [];
    default: {
      const own = type === 'payment.succeeded' ? of('subscription', data.subscriptionId) : [];
      return [...own, ...of('account', data.modelId), ...of('campaign', data.campaignId)];
    }
  }
}

function provides({ type, data }: Fact): string {
  switch (type) {
    case 'account.updated':
      return `account:${String(data.accountId)}`;
    case 'campaign.updated':
      return `campaign:${String(data.campaignId)}`;
    case 'subscription.started':
      return `subscription:${String(data.subscriptionId)}`;
    case 'payment.succeeded':
      return `payment:${String(data.paymentId)}`;
    default:
      return '';
  }
}

/** A wall time of a day, given as that day's midnight in UTC; only for times that exist once. */
export function wallTime(day: number, hour: number, zone: Zone): number {
  const utc = day + hour * HOUR;
  return zone === 'UTC' ? utc : utc - (isSummer(utc - HOUR) ? 2 : 1) * HOUR;
}

/** Summer time of the European Union: last Sunday of March to last Sunday of October, 01:00 UTC. */
function isSummer(at: number): boolean {
  const year = new Date(at).getUTCFullYear();
  return at >= lastSunday(year, 2) + HOUR && at < lastSunday(year, 9) + HOUR;
}

function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0));
  return last.getTime() - last.getUTCDay() * DAY;
}

function threeMonthsBefore(at: number, zone: Zone): number {
  const local = new Date(at + (zone === 'UTC' ? 0 : (isSummer(at) ? 2 : 1) * HOUR));
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth() - 3, local.getUTCDate()];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return wallTime(Date.UTC(year, month, Math.min(day, lastDay)), local.getUTCHours(), zone);
}

/** `2026-W10` of the week that begins on this day: its Thursday says which year it belongs to. */
export function weekName(monday: number): string {
  const thursday = new Date(monday + 3 * DAY);
  const dayOfYear = (thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / DAY;
  return `${thursday.getUTCFullYear()}-W${String(Math.floor(dayOfYear / 7) + 1).padStart(2, '0')}`;
}
