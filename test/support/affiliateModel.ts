import { type Fact, wallTime, type Zone } from './model.ts';

/** What the facts of a year come to, worked out step by step in the way of the rules, without the product's code. */
export type AffiliateHistory = { zone: Zone; phases: { at: string; facts: Fact[] }[]; end: string };

export type ModelCommission = {
  affiliateId: string;
  paymentId: string;
  amount: number;
  status: string;
  payoutId: string | null;
  payday: string | null;
  reverses?: string;
};
export type ModelPayout = { amount: number; status: string; items: string[] };
export type AffiliateOutcome = {
  commissions: Record<string, ModelCommission>;
  payouts: Record<string, ModelPayout>;
  balances: Record<string, number>;
};

type Data = Record<string, unknown>;
type Charge = { id: string; sub: string; amount: number; paidAt: number; arrived: number };
type Version = { at: number; event: string; arrived: number; data: Data };
/** `approved`: from when it is. `from`: the first cycle that can take it. */
type Commission = {
  sub: string;
  affiliateId: string;
  paymentId: string;
  programId: string;
  amount: number;
  state: 'live' | 'rejected' | 'withdrawn';
  approved: number;
  known: number;
  from: string;
  payout: string | null;
  reverses?: string;
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const HOLD = 4 * DAY;
const text = (value: unknown) => String(value ?? '');

/** Runs a history; what refers to something unknown counts from when that is known. */
export function expectedAffiliates({ zone, phases, end }: AffiliateHistory): AffiliateOutcome {
  const subs = new Map<string, { data: Data; arrived: number }>();
  const charges: Charge[] = [];
  const refunds: { id: string; payment: string; amount: number; at: number }[] = [];
  const cancels = new Map<string, { at: number; arrived: number }>();
  const versions: Version[] = [];
  const accounts = new Set<string>();
  const firsts = new Map<string, Charge>();
  const commissions = new Map<string, Commission>();
  const payouts = new Map<string, ModelPayout & { accountId: string; cycle: string }>();
  let waiting: Fact[] = [];
  let clock = Date.parse(phases[0]?.at ?? end);

  const midnight = (date: string) => wallTime(Date.parse(`${date}T00:00:00Z`), 0, zone);
  const cycles = cyclesFrom('2025-12-01', 40);
  const firstPaydayFrom = (at: number) => cycles.find((date) => midnight(date) >= at) ?? '';
  const cycleOf = (approved: number) => cycles.find((date) => approved < midnight(cutoffOf(date))) ?? '';

  for (const { at, facts } of phases) {
    drawUntil(Date.parse(at));
    clock = Date.parse(at);
    take(facts);
    look();
  }
  drawUntil(Date.parse(end));
  clock = Date.parse(end);
  return outcome();

  function take(facts: Fact[]): void {
    waiting.push(...facts);
    for (let before = -1; before !== waiting.length; ) {
      before = waiting.length;
      waiting = waiting.filter((fact) => !apply(fact));
    }
  }

  /** False while what it refers to is unknown. */
  function apply({ id, type, timestamp, data }: Fact): boolean {
    const when = (field: string) => Date.parse(text(data[field]));
    switch (type) {
      case 'account.updated':
        accounts.add(text(data.accountId));
        return true;
      case 'program.updated':
        versions.push({ at: Date.parse(timestamp), event: id, arrived: clock, data });
        return true;
      case 'subscription.started': {
        const program = data.programId;
        const known = program === undefined || versions.some((version) => version.data.programId === program);
        if (!accounts.has(text(data.affiliateId)) || !known) return false;
        subs.set(text(data.subscriptionId), { data, arrived: clock });
        return true;
      }
      case 'subscription.cancelled':
        if (!subs.has(text(data.subscriptionId))) return false;
        cancels.set(text(data.subscriptionId), { at: when('cancelledAt'), arrived: clock });
        return true;
      case 'payment.succeeded': {
        const sub = text(data.subscriptionId);
        if (!subs.has(sub)) return false;
        const charge = { id: text(data.paymentId), sub, amount: Number(data.amount), paidAt: when('paidAt') };
        charges.push({ ...charge, arrived: clock });
        return true;
      }
      case 'payment.refunded':
        if (!charges.some((charge) => charge.id === data.paymentId)) return false;
        refunds.push({
          id: text(data.refundId),
          payment: text(data.paymentId),
          amount: Number(data.amount),
          at: when('refundedAt'),
        });
        return true;
      case 'payout.settled':
      case 'payout.failed': {
        const payout = payouts.get(text(data.payoutId));
        if (payout === undefined) return false;
        payout.status = type === 'payout.settled' ? 'paid' : 'failed';
        if (payout.status === 'failed') {
          for (const one of commissions.values()) {
            if (one.payout !== data.payoutId) continue;
            one.payout = null;
            one.from = firstPaydayFrom(clock + 1);
          }
        }
        return true;
      }
      default:
        throw new Error(`the model does not know ${type}`);
    }
  }

  /** Refunds that hold: by date, as long as they do not exceed the payment, none before it. */
  function refunded(charge: Charge, clawback: boolean): number {
    let left = charge.amount;
    let counted = 0;
    const mine = refunds.filter(({ payment }) => payment === charge.id);
    for (const refund of mine.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))) {
      if (refund.at < charge.paidAt || refund.amount > left) continue;
      left -= refund.amount;
      if (clawback || refund.at < charge.paidAt + HOLD) counted += refund.amount;
    }
    return counted;
  }

  function versionOf(charge: Charge, programId: string): Data {
    const mine = versions
      .filter(({ data }) => data.programId === programId)
      .concat(programId === 'default' ? [{ at: 0, event: '', arrived: 0, data: DEFAULT }] : [])
      .sort((a, b) => a.at - b.at || (a.event < b.event ? -1 : 1));
    const known = mine.filter(({ arrived }) => arrived < charge.paidAt + HOLD || arrived <= charge.arrived);
    return (known.filter((version) => version.at <= charge.paidAt).at(-1) ?? known[0] ?? mine[0])?.data ?? DEFAULT;
  }

  function look(): void {
    for (const [sub, { data }] of subs) {
      const mine = charges.filter((charge) => charge.sub === sub && charge.amount > 0).sort(byAge);
      const first = firstOf(sub, mine);
      const trialEnd = data.trialEndsAt ?? Date.parse(text(data.startedAt)) + 3 * DAY;
      const cancel = cancels.get(sub);
      const ended = cancel !== undefined && cancel.at < Number(trialEnd);
      const programId = text(data.programId ?? 'default');
      const wanted = new Set<string>();
      for (const charge of mine) {
        const version = versionOf(charge, programId);
        if (charge !== first && version.charges === 'first') continue;
        const firm = cancel !== undefined && charge.paidAt + HOLD <= cancel.arrived && charge.arrived < cancel.arrived;
        if (ended && !firm) continue;
        const id = charge === first ? `${sub}~first` : `${sub}~charge~${charge.id}`;
        wanted.add(id);
        const gone = refunded(charge, version.clawback === true);
        const part = (left: number) =>
          (version.fixedAmount as number | undefined) ?? round(left, Number(version.rateBps));
        const rejected = ended || gone >= charge.amount;
        bring(id, sub, text(data.affiliateId), programId, charge, {
          due: rejected ? null : part(charge.amount - gone),
          full: part(charge.amount),
        });
      }
      for (const [id, one] of commissions) {
        if (one.sub === sub && one.reverses === undefined && !wanted.has(id))
          correct(id, one, null, one.amount, 'withdrawn');
      }
    }
  }

  function firstOf(sub: string, mine: Charge[]): Charge | undefined {
    const known = firsts.get(sub);
    const open = known === undefined || clock < known.paidAt + HOLD;
    const first = open ? mine[0] : known;
    if (first !== undefined) firsts.set(sub, first);
    return first;
  }

  function bring(
    id: string,
    sub: string,
    affiliateId: string,
    programId: string,
    charge: Charge,
    { due, full }: { due: number | null; full: number },
  ): void {
    const known = commissions.get(id);
    const approved = charge.paidAt + HOLD;
    const place = { paymentId: charge.id, approved, known: charge.arrived };
    const from = [cycleOf(approved), firstPaydayFrom(charge.arrived + 1)].sort().at(-1) ?? '';
    if (known === undefined) {
      const state = due === null ? 'rejected' : 'live';
      commissions.set(id, { ...place, sub, affiliateId, programId, amount: due ?? full, state, from, payout: null });
      return;
    }
    const moved = known.paymentId !== charge.id && !stands(id, known);
    if (moved) Object.assign(known, place, { from });
    correct(id, known, due, full, 'rejected');
  }

  function stands(id: string, one: Commission): boolean {
    return one.payout !== null || [...commissions.values()].some(({ reverses }) => reverses === id);
  }

  function correct(id: string, one: Commission, due: number | null, full: number, end: 'rejected' | 'withdrawn'): void {
    if (stands(id, one)) {
      const reversals = [...commissions.values()].filter(({ reverses }) => reverses === id);
      const difference = (due ?? 0) - one.amount - reversals.reduce((sum, { amount }) => sum + amount, 0);
      if (difference === 0) return;
      commissions.set(`${id}~reversal~${reversals.length + 1}`, {
        ...{ sub: one.sub, affiliateId: one.affiliateId, paymentId: one.paymentId, programId: one.programId },
        ...{ amount: difference, state: 'live', approved: clock, known: clock, payout: null, reverses: id },
        from: [cycleOf(clock), firstPaydayFrom(clock + 1)].sort().at(-1) ?? '',
      });
      return;
    }
    if (due === null) {
      one.state = end;
      one.amount = full;
      return;
    }
    if (one.state !== 'live') one.from = [one.from, firstPaydayFrom(clock + 1)].sort().at(-1) ?? '';
    one.state = 'live';
    one.amount = due;
  }

  function drawUntil(until: number): void {
    for (const cycle of cycles.filter((date) => midnight(date) > clock && midnight(date) <= until)) {
      clock = midnight(cycle);
      for (const affiliateId of new Set([...commissions.values()].map((one) => one.affiliateId)))
        draw(cycle, affiliateId);
      take([]);
    }
  }

  function draw(cycle: string, affiliateId: string): void {
    const unpaid = [...commissions].filter(
      ([, one]) =>
        one.affiliateId === affiliateId && one.state === 'live' && one.payout === null && one.approved <= clock,
    );
    const taken = unpaid.filter(([, one]) => one.from <= cycle);
    const sum = total(taken.map(([, one]) => one.amount));
    const minimum = Math.max(0, ...taken.map(([, one]) => minimumOf(one.programId)));
    if (sum <= 0 || sum < minimum || sum > total(unpaid.map(([, one]) => one.amount))) return;
    const payoutId = `${cycle}:${affiliateId}`;
    for (const [, one] of taken) one.payout = payoutId;
    const items = taken.map(([id]) => id).sort();
    payouts.set(payoutId, { amount: sum, status: 'due', items, accountId: affiliateId, cycle });
  }

  function minimumOf(programId: string): number {
    const mine = versions
      .filter(({ data }) => data.programId === programId)
      .concat(programId === 'default' ? [{ at: 0, event: '', arrived: 0, data: DEFAULT }] : [])
      .sort((a, b) => a.at - b.at || (a.event < b.event ? -1 : 1));
    return Number((mine.filter(({ at }) => at <= clock).at(-1) ?? mine[0])?.data.minimumPayout ?? 0);
  }

  function outcome(): AffiliateOutcome {
    const shown: Record<string, ModelCommission> = {};
    const balances: Record<string, number> = {};
    for (const [id, one] of commissions) {
      if (one.state === 'withdrawn') continue;
      const isApproved = one.state === 'live' && one.approved <= clock;
      const paid = one.payout !== null && payouts.get(one.payout)?.status === 'paid';
      const account = `affiliate:${one.affiliateId}`;
      if (isApproved && one.payout === null) balances[account] = (balances[account] ?? 0) + one.amount;
      const expected = [one.from, cycles.find((date) => midnight(date) > clock) ?? ''].sort().at(-1) ?? '';
      shown[id] = {
        ...{ affiliateId: one.affiliateId, paymentId: one.paymentId, amount: one.amount, payoutId: one.payout },
        status: one.state === 'rejected' ? 'rejected' : paid ? 'paid' : isApproved ? 'approved' : 'pending',
        payday: one.state === 'rejected' ? null : (one.payout?.slice(0, 10) ?? expected),
        ...(one.reverses === undefined ? {} : { reverses: one.reverses }),
      };
    }
    const told = [...payouts].map(([id, { amount, status, items }]) => [id, { amount, status, items }] as const);
    const nonZero = Object.entries(balances).filter(([, amount]) => amount !== 0);
    return { commissions: shown, payouts: Object.fromEntries(told), balances: Object.fromEntries(nonZero) };
  }
}

const DEFAULT: Data = { rateBps: 3_000, charges: 'first' };

function byAge(a: Charge, b: Charge): number {
  return a.paidAt - b.paidAt || (a.id < b.id ? -1 : 1);
}

function round(amount: number, rateBps: number): number {
  return Math.floor((amount * rateBps + 5_000) / 10_000);
}

function total(amounts: number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

/** The 9th before a 16th, the 24th before a 1st. */
function cutoffOf(payday: string): string {
  if (payday.endsWith('-16')) return `${payday.slice(0, 8)}09`;
  const before = new Date(Date.parse(`${payday}T00:00:00Z`) - DAY);
  return `${before.toISOString().slice(0, 8)}24`;
}

/** Paydays from a 1st on. */
export function cyclesFrom(first: string, count: number): string[] {
  const [year = 0, month = 0] = first.split('-').map(Number);
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(year, month - 1 + Math.floor(index / 2), index % 2 === 0 ? 1 : 16)).toISOString().slice(0, 10),
  );
}
