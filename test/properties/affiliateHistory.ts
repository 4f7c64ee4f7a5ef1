import fc from 'fast-check';

import { cameBack, failed, program, refundDeclined, refundRequested, settled } from '../affiliates/world.ts';
import { type AffiliateHistory, cyclesFrom } from '../support/affiliateModel.ts';
import { tell } from '../support/events.ts';
import type { Fact, Zone } from '../support/model.ts';

const DAY = 86_400_000;
const HOUR = DAY / 24;
const PHASES = 18;
/** So far apart that the phases cover a year. */
const PHASE_DAYS = 20;
const START = Date.parse('2026-01-05T00:00:00Z');
/** What becomes of payouts is told apart: whether a payout had failed when a refund arrived makes a difference. */
const ENDS_AFTER = 30 * 60_000;
/** Whether something of a subscription was approved when its trial was told again makes a difference, too. */
const TRIALS_AFTER = 10 * 60_000;
const AFFILIATES = ['A0', 'A1'];
/** Who is paid: one has earned as a marketer alone. */
const PAID = [...AFFILIATES, 'K'];
const CYCLES = cyclesFrom('2026-01-01', 26);

const early = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(PHASES - 1) });
const phase = fc.nat(PHASES - 1);
/** Days before the phase in which something is told: mostly soon after it happened, sometimes a month late or ahead. */
const delay = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 4 * 24 }).map((hours) => hours * HOUR) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 45 * 24 }).map((hours) => hours * HOUR) },
  { weight: 1, arbitrary: fc.integer({ min: -3 * 24, max: 0 }).map((hours) => hours * HOUR) },
);
/** From a charge to its refund; the hold is four days. */
const refundAfter = fc.constantFrom(-1, 0, DAY, 4 * DAY - 1, 4 * DAY, 10 * DAY);

const ingredients = fc.record({
  zone: fc.constantFrom<Zone>('UTC', 'Europe/Berlin'),
  hours: fc.array(fc.nat(72), { minLength: PHASES, maxLength: PHASES }),
  accountPhases: fc.array(early, { minLength: 2, maxLength: 2 }),
  programs: fc.array(
    fc.record({
      program: fc.constantFrom('P0', 'P1', 'default'),
      terms: fc.constantFrom({ rateBps: 3_333 }, { rateBps: 10_000 }, { fixedAmount: 250 }),
      charges: fc.constantFrom('first', 'every', 'every'),
      clawback: fc.boolean(),
      minimumPayout: fc.constantFrom(0, 0, 400, 1_500),
      from: fc.nat(360),
      phase: early,
    }),
    { maxLength: 5 },
  ),
  subscriptions: fc.array(
    fc.record({
      affiliate: fc.nat(1),
      program: fc.constantFrom('P0', 'P1', undefined),
      day: fc.nat(300),
      phase: early,
      /** In days from the start; three unless told. */
      trial: fc.constantFrom(undefined, undefined, 3, 8, 30),
      retold: fc.option(
        fc.record({ trial: fc.constantFrom(undefined, 2, 10, 40), phases: fc.nat(3), later: fc.boolean() }),
      ),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  cancellations: fc.uniqueArray(
    fc.record({ subscription: fc.nat(5), hours: fc.integer({ min: 0, max: 100 }), phase }),
    { maxLength: 2, selector: ({ subscription }) => subscription },
  ),
  charges: fc.array(
    fc.record({
      subscription: fc.nat(5),
      amount: fc.oneof(fc.integer({ min: 1, max: 3_000 }), fc.constantFrom(0, 1, 999)),
      kind: fc.constantFrom('subscription', 'renewal'),
      delay,
      phase,
    }),
    { minLength: 1, maxLength: 16 },
  ),
  refunds: fc.array(
    fc.record({ charge: fc.nat(15), share: fc.constantFrom(3, 2, 1, 1), after: refundAfter, phases: fc.nat(4) }),
    { maxLength: 9 },
  ),
  requests: fc.uniqueArray(
    fc.record({
      charge: fc.nat(15),
      /** Of one of the refunds, or of none that ever comes. */
      refund: fc.nat(12),
      after: refundAfter,
      phases: fc.nat(3),
      declined: fc.option(fc.record({ after: refundAfter, phases: fc.nat(4) })),
    }),
    { maxLength: 5, selector: ({ refund }) => refund },
  ),
  /** What accounts earn as marketers, and lose again. */
  earnings: fc.array(fc.record({ account: fc.nat(2), amount: fc.integer({ min: -400, max: 2_000 }), phase }), {
    maxLength: 8,
  }),
  /** What is corrected by hand. */
  adjusted: fc.array(
    fc.record({
      account: fc.nat(1),
      kind: fc.constantFrom('affiliate', 'affiliate', 'marketer'),
      amount: fc.integer({ min: -600, max: 900 }).filter((amount) => amount !== 0),
      phase,
    }),
    { maxLength: 6 },
  ),
  /** Phases in which nobody runs the ticks. */
  idle: fc.array(fc.boolean(), { minLength: PHASES, maxLength: PHASES }),
  areIdle: fc.constantFrom(true, false, false),
  ends: fc.uniqueArray(
    fc.record({
      cycle: fc.nat(25),
      affiliate: fc.nat(2),
      fails: fc.boolean(),
      phases: fc.integer({ min: -1, max: 3 }),
      /** So many phases later, or earlier, it is told that it came back. */
      returned: fc.option(fc.integer({ min: -1, max: 3 })),
    }),
    { maxLength: 14, selector: ({ cycle, affiliate }) => `${cycle} ${affiliate}` },
  ),
});

/** A year of sales, told in phases: at each its facts arrive, in this order. */
export const affiliateHistories: fc.Arbitrary<AffiliateHistory> = ingredients.map((parts) => {
  const facts: Fact[][] = Array.from({ length: PHASES }, () => []);
  const ends: Fact[][] = Array.from({ length: PHASES }, () => []);
  const trials: Fact[][] = Array.from({ length: PHASES }, () => []);
  const timeOf = (index: number) => START + index * PHASE_DAYS * DAY + (parts.hours[index] ?? 0) * HOUR + 7 * 60_000;
  const iso = (at: number) => new Date(at).toISOString();
  const arrive = (index: number, fact: Fact) => facts[Math.max(0, Math.min(PHASES - 1, index))]?.push(fact);

  AFFILIATES.forEach((accountId, index) => {
    arrive(parts.accountPhases[index] ?? 0, tell.account(accountId, 'affiliate'));
  });
  parts.programs.forEach(({ program: programId, terms, from, phase: when, ...more }, index) => {
    const { rateBps: _, ...rest } = program(programId, {
      ...more,
      id: `program-${index}`,
      at: iso(START + from * DAY),
    }).data;
    arrive(when, {
      ...program(programId, { id: `program-${index}`, at: iso(START + from * DAY) }),
      data: { ...rest, ...terms },
    });
  });
  parts.subscriptions.forEach(({ affiliate, program: programId, day, phase: when, trial, retold }, index) => {
    const startedAt = iso(START + day * DAY);
    const more = { affiliateId: AFFILIATES[affiliate], startedAt, ...(programId === undefined ? {} : { programId }) };
    const trialOf = (days: number | undefined) =>
      days === undefined ? {} : { trialEndsAt: iso(START + (day + days) * DAY) };
    arrive(when, tell.subscription(`s${index}`, { ...more, ...trialOf(trial) }));
    if (retold === null) return;
    const again = tell.subscription(`s${index}`, { ...more, ...trialOf(retold.trial) });
    const timestamp = iso(Date.parse(again.timestamp) + (retold.later ? HOUR : -HOUR));
    trials[Math.min(PHASES - 1, when + retold.phases)]?.push({ ...again, id: `retold-s${index}`, timestamp });
  });
  parts.cancellations.forEach(({ subscription, hours, phase: when }) => {
    const started = parts.subscriptions[subscription];
    if (started === undefined) return;
    const cancelledAt = iso(START + started.day * DAY + hours * HOUR);
    const subscriptionId = `s${subscription}`;
    arrive(when, {
      id: `cancelled-${subscriptionId}`,
      type: 'subscription.cancelled',
      timestamp: cancelledAt,
      data: { subscriptionId, cancelledAt },
    });
  });
  parts.charges.forEach(({ subscription, amount, kind, delay: late, phase: when }, index) => {
    const of = { kind, subscriptionId: `s${subscription % parts.subscriptions.length}` };
    arrive(when, tell.payment(`p${index}`, amount, iso(timeOf(when) - late), of));
  });
  parts.refunds.forEach(({ charge, share, after, phases }, index) => {
    const paid = parts.charges[charge];
    if (paid === undefined || paid.amount < share) return;
    const refundedAt = iso(timeOf(paid.phase) - paid.delay + after);
    arrive(paid.phase + phases, tell.refund(`r${index}`, `p${charge}`, Math.ceil(paid.amount / share), refundedAt));
  });
  parts.requests.forEach(({ charge, refund, after, phases, declined }) => {
    // One that asks for a refund that comes is of the payment of that.
    const of = parts.refunds[refund]?.charge ?? charge;
    const paid = parts.charges[of];
    if (paid === undefined) return;
    const askedAt = timeOf(paid.phase) - paid.delay + after;
    arrive(paid.phase + phases, refundRequested(`r${refund}`, `p${of}`, iso(askedAt)));
    if (declined === null) return;
    const declinedAt = iso(askedAt + declined.after);
    arrive(paid.phase + phases + declined.phases, refundDeclined(`r${refund}`, declinedAt));
  });
  parts.ends.forEach(({ cycle, affiliate, fails, phases, returned }) => {
    const payday = CYCLES[cycle] ?? '';
    const index = Math.ceil((Date.parse(payday) + DAY - START) / (PHASE_DAYS * DAY)) + phases;
    const when = Math.max(0, Math.min(PHASES - 1, index));
    const payoutId = `${payday}:${PAID[affiliate]}`;
    ends[when]?.push((fails ? failed : settled)(payoutId, iso(timeOf(when) + ENDS_AFTER)));
    if (returned === null) return;
    const back = Math.max(0, Math.min(PHASES - 1, when + returned));
    ends[back]?.push(cameBack(payoutId, iso(timeOf(back) + ENDS_AFTER)));
  });
  const adjusted = parts.adjusted.map(({ account, ...one }, index) => ({
    ...{ ...one, id: `adj~${String(index).padStart(22, '0')}`, accountId: AFFILIATES[account] ?? '' },
  }));
  return {
    zone: parts.zone,
    phases: facts.flatMap((arriving, index) => {
      const at = timeOf(index);
      // Paydays pass from the first start on, which runs the ticks.
      const idle = parts.areIdle && parts.idle[index] === true && index > 0;
      const earned = parts.earnings
        .filter((one) => one.phase === index)
        .map(({ account, amount }) => ({ accountId: PAID[account] ?? '', amount }));
      const unlike = [...new Map(earned.map((one) => [`${one.accountId} ${one.amount}`, one])).values()];
      const later = (after: number, told: Fact[]) =>
        told.length === 0 ? [] : [{ at: iso(at + after), facts: told, idle }];
      return [
        { at: iso(at), facts: arriving, idle, earned: unlike, adjusted: adjusted.filter((one) => one.phase === index) },
        ...later(TRIALS_AFTER, trials[index] ?? []),
        ...later(ENDS_AFTER, ends[index] ?? []),
      ];
    }),
    end: iso(timeOf(PHASES)),
  };
});
