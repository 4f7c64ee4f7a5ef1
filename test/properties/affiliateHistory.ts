import fc from 'fast-check';

import { failed, program, settled } from '../affiliates/world.ts';
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
const AFFILIATES = ['A0', 'A1'];
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
  ends: fc.uniqueArray(
    fc.record({
      cycle: fc.nat(25),
      affiliate: fc.nat(1),
      fails: fc.boolean(),
      phases: fc.integer({ min: -1, max: 3 }),
    }),
    { maxLength: 14, selector: ({ cycle, affiliate }) => `${cycle} ${affiliate}` },
  ),
});

/** A year of sales, told in phases: at each its facts arrive, in this order. */
export const affiliateHistories: fc.Arbitrary<AffiliateHistory> = ingredients.map((parts) => {
  const facts: Fact[][] = Array.from({ length: PHASES }, () => []);
  const ends: Fact[][] = Array.from({ length: PHASES }, () => []);
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
  parts.subscriptions.forEach(({ affiliate, program: programId, day, phase: when }, index) => {
    const startedAt = iso(START + day * DAY);
    const more = { affiliateId: AFFILIATES[affiliate], startedAt, ...(programId === undefined ? {} : { programId }) };
    arrive(when, tell.subscription(`s${index}`, more));
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
  parts.ends.forEach(({ cycle, affiliate, fails, phases }) => {
    const payday = CYCLES[cycle] ?? '';
    const index = Math.ceil((Date.parse(payday) + DAY - START) / (PHASE_DAYS * DAY)) + phases;
    const when = Math.max(0, Math.min(PHASES - 1, index));
    const payoutId = `${payday}:${AFFILIATES[affiliate]}`;
    ends[when]?.push((fails ? failed : settled)(payoutId, iso(timeOf(when) + ENDS_AFTER)));
  });
  return {
    zone: parts.zone,
    phases: facts.flatMap((arriving, index) => {
      const at = timeOf(index);
      const completion = ends[index] ?? [];
      return [
        { at: iso(at), facts: arriving },
        ...(completion.length === 0 ? [] : [{ at: iso(at + ENDS_AFTER), facts: completion }]),
      ];
    }),
    end: iso(timeOf(PHASES)),
  };
});
