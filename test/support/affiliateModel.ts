import { type Fact, wallTime, type Zone } from './model.ts';

/**
 * What the facts of a year come to, worked out step by step in the way of the rules, without the product's code. At an
 * idle phase the service takes facts, and its ticks do not run. `earned`: what accounts get as marketers then; `adjusted`: how
 * balances of known accounts are corrected by hand.
 */
export type AffiliatePhase = {
  at: string;
  facts: Fact[];
  idle?: boolean;
  earned?: { accountId: string; amount: number }[];
  adjusted?: { id: string; kind: 'affiliate' | 'marketer'; accountId: string; amount: number }[];
};
export type AffiliateHistory = { zone: Zone; phases: AffiliatePhase[]; end: string };

export type ModelCommission = {
  affiliateId: string;
  paymentId: string;
  amount: number;
  status: string;
  payoutId: string | null;
  payday: string | null;
  refundRequested: boolean;
  reverses?: string;
};
export type ModelPayout = { amount: number; commissions: number; earnings: number; status: string; items: string[] };
export type AffiliateOutcome = {
  commissions: Record<string, ModelCommission>;
  payouts: Record<string, ModelPayout>;
  balances: Record<string, number>;
};

type Data = Record<string, unknown>;
type Subscription = { data: Data; told: [timestamp: string, event: string]; trialArrived: number };
type Charge = { id: string; sub: string; amount: number; paidAt: number; arrived: number };
type Refund = { id: string; payment: string; amount: number; at: number; arrived: number };
type Request = { payment: string; at: number; declined?: { at: number; arrived: number } };
type Version = { at: number; event: string; arrived: number; data: Data };
/** `approved`: from when it is; never while a refund is open. `from`: the first cycle that can take it. */
type Commission = {
  sub: string;
  affiliateId: string;
  paymentId: string;
  programId: string;
  amount: number;
  state: 'live' | 'rejected' | 'withdrawn';
  approved: number;
  from: string;
  payout: string | null;
  reverses?: string;
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const HOLD = 4 * DAY;
const NEVER = Number.POSITIVE_INFINITY;
const text = (value: unknown) => String(value ?? '');

/** Runs a history; what refers to something unknown counts from when that is known. */
export function expectedAffiliates({ zone, phases, end }: AffiliateHistory): AffiliateOutcome {
  const subs = new Map<string, Subscription>();
  const charges: Charge[] = [];
  const refunds: Refund[] = [];
  const requests = new Map<string, Request>();
  const cancels = new Map<string, { at: number; arrived: number }>();
  const versions: Version[] = [];
  const accounts = new Set<string>();
  const commissions = new Map<string, Commission>();
  const payouts = new Map<string, ModelPayout & { accountId: string; cycle: string }>();
  const earned: { accountId: string; amount: number; at: number }[] = [];
  const returned = new Set<string>();
  let waiting: Fact[] = [];
  let clock = Date.parse(phases[0]?.at ?? end);

  const midnight = (date: string) => wallTime(Date.parse(`${date}T00:00:00Z`), 0, zone);
  const cycles = cyclesFrom('2025-12-01', 40);
  const firstPaydayFrom = (at: number) => cycles.find((date) => midnight(date) >= at) ?? '';
  const cycleOf = (approved: number) => cycles.find((date) => approved < midnight(cutoffOf(date))) ?? '';
  /** The first payday that has not been. */
  let next = firstPaydayFrom(clock);

  for (const { at, facts, idle = false, earned: income = [], adjusted = [] } of phases) {
    if (!idle) passPaydays(Date.parse(at));
    clock = Date.parse(at);
    earned.push(...income.map((one) => ({ ...one, at: clock })));
    for (const one of adjusted) adjust(one);
    take(facts);
    look();
  }
  passPaydays(Date.parse(end));
  clock = Date.parse(end);
  return outcome();

  function adjust({ id, kind, accountId, amount }: NonNullable<AffiliatePhase['adjusted']>[number]): void {
    if (!accounts.has(accountId)) return;
    if (kind === 'marketer') earned.push({ accountId, amount, at: clock });
    else commissions.set(id, itemOf(accountId, amount, clock, amount < 0 ? next : fromOf(clock, clock)));
  }

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
        tellSubscription(text(data.subscriptionId), data, [timestamp, id]);
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
          arrived: clock,
        });
        return true;
      case 'refund.requested': {
        const charge = charges.find((one) => one.id === data.paymentId);
        if (charge === undefined) return false;
        const at = when('requestedAt');
        if (at >= charge.paidAt) requests.set(text(data.refundId), { payment: charge.id, at });
        return true;
      }
      case 'refund.declined': {
        const request = requests.get(text(data.refundId));
        if (request === undefined) return false;
        if (when('declinedAt') >= request.at) request.declined = { at: when('declinedAt'), arrived: clock };
        return true;
      }
      case 'payout.settled':
      case 'payout.failed': {
        const payout = payouts.get(text(data.payoutId));
        if (payout === undefined) return false;
        payout.status = type === 'payout.settled' ? 'paid' : 'failed';
        if (payout.status === 'failed') {
          earned.push({ accountId: payout.accountId, amount: payout.earnings, at: clock });
          for (const one of commissions.values()) {
            if (one.payout !== data.payoutId) continue;
            one.payout = null;
            one.from = later(firstPaydayFrom(clock + 1), next);
          }
        }
        return true;
      }
      case 'payout.returned': {
        const payout = payouts.get(text(data.payoutId));
        if (payout === undefined || payout.status === 'due') return false;
        const itemId = `${text(data.payoutId)}~return`;
        if (payout.status === 'failed' || returned.has(itemId)) return true;
        returned.add(itemId);
        const { accountId, commissions: amount, earnings } = payout;
        earned.push({ accountId, amount: earnings, at: clock });
        const from = later(firstPaydayFrom(Math.max(clock, when('at')) + 1), next);
        if (amount > 0) commissions.set(itemId, itemOf(accountId, amount, when('at'), from));
        return true;
      }
      default:
        throw new Error(`the model does not know ${type}`);
    }
  }

  /** A later version of a subscription may have another trial, as long as nothing of it is approved. */
  function tellSubscription(sub: string, data: Data, told: [string, string]): void {
    const known = subs.get(sub);
    if (known !== undefined && !isLater(told, known.told)) return;
    const isNew = known !== undefined && known.data.trialEndsAt !== data.trialEndsAt;
    const mine = [...commissions.values()].filter((one) => one.sub === sub);
    if (isNew && mine.some((one) => one.state === 'live' && one.approved <= clock)) return;
    subs.set(sub, { data, told, trialArrived: isNew ? clock : (known?.trialArrived ?? 0) });
  }

  /** Refunds that hold: by date, as long as they do not exceed the payment, none before it. */
  function held(charge: Charge): Refund[] {
    let left = charge.amount;
    const mine = refunds.filter(({ payment }) => payment === charge.id);
    return mine
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
      .filter((refund) => {
        if (refund.at < charge.paidAt || refund.amount > left) return false;
        left -= refund.amount;
        return true;
      });
  }

  /** What of a charge was given back before it was firm, or at all. */
  function refunded(charge: Charge, firm: number, clawback: boolean): number {
    const dateOf = ({ id, payment, at }: Refund) => {
      const request = requests.get(id);
      return request?.payment === payment ? Math.min(at, request.at) : at;
    };
    const counted = held(charge).filter((refund) => clawback || dateOf(refund) < firm);
    return total(counted.map(({ amount }) => amount));
  }

  /** When a charge is approved, and when the last became known of what that follows from. */
  function approvalOf(charge: Charge, firm: number, trialArrived: number): { approved: number; known: number } {
    const ends = [...requests].flatMap(([id, { payment, at, declined }]) => {
      if (payment !== charge.id || at >= firm) return [];
      const granted = held(charge).find((refund) => refund.id === id);
      return [granted ?? declined ?? { at: NEVER, arrived: 0 }];
    });
    return {
      approved: Math.max(firm, ...ends.map((one) => one.at)),
      known: Math.max(charge.arrived, trialArrived, ...ends.map(({ arrived }) => arrived)),
    };
  }

  function versionOf(charge: Charge, programId: string, firm: number): Data {
    const mine = versions
      .filter(({ data }) => data.programId === programId)
      .concat(programId === 'default' ? [{ at: 0, event: '', arrived: 0, data: DEFAULT }] : [])
      .sort((a, b) => a.at - b.at || (a.event < b.event ? -1 : 1));
    const known = mine.filter(({ arrived }) => arrived < firm || arrived <= charge.arrived);
    return (known.filter((version) => version.at <= charge.paidAt).at(-1) ?? known[0] ?? mine[0])?.data ?? DEFAULT;
  }

  function look(): void {
    for (const [sub, { data, trialArrived }] of subs) {
      const trialEnd =
        data.trialEndsAt === undefined
          ? Date.parse(text(data.startedAt)) + 3 * DAY
          : Date.parse(text(data.trialEndsAt));
      const firmAt = (charge: Charge) => Math.max(charge.paidAt + HOLD, trialEnd);
      const mine = charges.filter((charge) => charge.sub === sub && charge.amount > 0);
      const first = firstOf(mine, firmAt);
      const cancel = cancels.get(sub);
      const ended = cancel !== undefined && cancel.at < trialEnd;
      const programId = text(data.programId ?? 'default');
      const wanted = new Set<string>();
      for (const charge of mine) {
        const firm = firmAt(charge);
        const version = versionOf(charge, programId, firm);
        if (charge !== first && version.charges === 'first') continue;
        const approval = approvalOf(charge, firm, trialArrived);
        const stays = cancel !== undefined && approval.approved <= cancel.arrived && charge.arrived < cancel.arrived;
        if (ended && !stays) continue;
        const id = charge === first ? `${sub}~first` : `${sub}~charge~${charge.id}`;
        wanted.add(id);
        const gone = refunded(charge, firm, version.clawback === true);
        const part = (left: number) =>
          (version.fixedAmount as number | undefined) ?? round(left, Number(version.rateBps));
        const rejected = ended || gone >= charge.amount;
        bring(id, { sub, affiliateId: text(data.affiliateId), programId, paymentId: charge.id }, approval, {
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

  /** By date, but what arrives when the first one known is firm comes too late. */
  function firstOf(mine: Charge[], firmAt: (charge: Charge) => number): Charge | undefined {
    let first: Charge | undefined;
    for (const charge of [...mine].sort((a, b) => a.arrived - b.arrived || byAge(a, b))) {
      if (first === undefined || (byAge(charge, first) < 0 && charge.arrived < firmAt(first))) first = charge;
    }
    return first;
  }

  function bring(
    id: string,
    of: Pick<Commission, 'sub' | 'affiliateId' | 'programId' | 'paymentId'>,
    { approved, known }: { approved: number; known: number },
    { due, full }: { due: number | null; full: number },
  ): void {
    const one = commissions.get(id);
    if (one === undefined) {
      const from = fromOf(approved, known);
      const state = due === null ? 'rejected' : 'live';
      commissions.set(id, { ...of, approved, from, amount: due ?? full, state, payout: null });
      return;
    }
    if (!stands(id, one)) {
      const isRevived = one.state !== 'live' && due !== null;
      if (one.approved !== approved || isRevived) one.from = fromOf(approved, isRevived ? clock : known);
      Object.assign(one, { paymentId: of.paymentId, approved });
    }
    correct(id, one, due, full, 'rejected');
  }

  /** The first cycle that can take what is approved, and was known, at these instants. */
  function fromOf(approved: number, known: number): string {
    return approved === NEVER ? '' : later(later(cycleOf(approved), firstPaydayFrom(known + 1)), next);
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
        ...{ amount: difference, state: 'live', approved: clock, payout: null, reverses: id },
        // What lowers a payout is in the next one that there is.
        from: difference < 0 ? next : fromOf(clock, clock),
      });
      return;
    }
    if (due === null) {
      one.state = end;
      one.amount = full;
      return;
    }
    one.state = 'live';
    one.amount = due;
  }

  function passPaydays(until: number): void {
    for (const cycle of cycles.filter((date) => date >= next && midnight(date) <= until)) {
      clock = Math.max(clock, midnight(cycle));
      const people = [
        ...[...commissions.values()].map((one) => one.affiliateId),
        ...earned.map((one) => one.accountId),
      ];
      for (const accountId of new Set(people)) pay(cycle, accountId);
      next = cycles[cycles.indexOf(cycle) + 1] ?? '';
      take([]);
    }
  }

  function pay(cycle: string, accountId: string): void {
    const payday = midnight(cycle);
    const taken = [...commissions].filter(
      ([, one]) =>
        one.affiliateId === accountId &&
        one.state === 'live' &&
        one.payout === null &&
        ((one.approved <= payday && one.from <= cycle) || one.amount < 0),
    );
    const sum = total(taken.map(([, one]) => one.amount));
    const minimum = Math.max(0, ...taken.map(([, one]) => minimumOf(one.programId, payday)));
    const isPaid = sum > 0 && sum >= minimum;
    const earnings = earnedBy(accountId, payday);
    if (!isPaid && earnings === 0) return;
    const payoutId = `${cycle}:${accountId}`;
    const members = isPaid ? taken : [];
    for (const [, one] of members) one.payout = payoutId;
    if (earnings > 0) earned.push({ accountId, amount: -earnings, at: payday });
    const parts = { commissions: isPaid ? sum : 0, earnings, amount: earnings + (isPaid ? sum : 0) };
    payouts.set(payoutId, { ...parts, status: 'due', items: members.map(([id]) => id).sort(), accountId, cycle });
  }

  /** What was there at the payday and still is. */
  function earnedBy(accountId: string, payday: number): number {
    const mine = earned.filter((one) => one.accountId === accountId);
    const before = total(mine.filter(({ at }) => at < payday).map(({ amount }) => amount));
    return Math.max(0, Math.min(before, total(mine.map(({ amount }) => amount))));
  }

  function minimumOf(programId: string, payday: number): number {
    const mine = versions
      .filter(({ data }) => data.programId === programId)
      .concat(programId === 'default' ? [{ at: 0, event: '', arrived: 0, data: DEFAULT }] : [])
      .sort((a, b) => a.at - b.at || (a.event < b.event ? -1 : 1));
    return Number((mine.filter(({ at }) => at <= payday).at(-1) ?? mine[0])?.data.minimumPayout ?? 0);
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
      const isHeld = one.state === 'live' && one.approved === NEVER;
      const expected = isHeld ? null : later(one.from, next);
      shown[id] = {
        ...{ affiliateId: one.affiliateId, paymentId: one.paymentId, amount: one.amount, payoutId: one.payout },
        refundRequested: isHeld,
        status: one.state === 'rejected' ? 'rejected' : paid ? 'paid' : isApproved ? 'approved' : 'pending',
        payday: one.state === 'rejected' ? null : (one.payout?.slice(0, 10) ?? expected),
        ...(one.reverses === undefined ? {} : { reverses: one.reverses }),
      };
    }
    const told = [...payouts].map(([id, { accountId: _, cycle: __, ...payout }]) => [id, payout] as const);
    for (const { accountId, amount } of earned) {
      balances[`marketer:${accountId}`] = (balances[`marketer:${accountId}`] ?? 0) + amount;
    }
    const nonZero = Object.entries(balances).filter(([, amount]) => amount !== 0);
    return { commissions: shown, payouts: Object.fromEntries(told), balances: Object.fromEntries(nonZero) };
  }
}

/** What is of no sale. */
function itemOf(affiliateId: string, amount: number, approved: number, from: string): Commission {
  return { sub: '', affiliateId, paymentId: '', programId: '', amount, state: 'live', approved, from, payout: null };
}

const DEFAULT: Data = { rateBps: 3_000, charges: 'first' };

function later(a: string, b: string): string {
  return a > b ? a : b;
}

function isLater([at, id]: [string, string], [other, otherId]: [string, string]): boolean {
  return Date.parse(at) > Date.parse(other) || (Date.parse(at) === Date.parse(other) && id > otherId);
}

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
