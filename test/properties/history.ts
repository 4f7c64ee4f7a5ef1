import fc from 'fast-check';
import { tell } from '../support/events.ts';
import { COMMANDS, type Command, type Fact, type Phase, wallTime, weekName, type Zone } from '../support/model.ts';

/** What happens, and when it becomes known: at each phase its facts arrive, in this order, and then people act. */
export type History = { zone: Zone; monday: string; phases: Phase[]; end: string };

const DAY = 86_400_000;
const WEEKS = 4;
const MODELS = ['M0', 'M1'];
const MARKETERS = ['c0', 'c1'];
const CAMPAIGNS = ['C0', 'C1', 'C2'];
/** Winter to summer, summer to winter, and a year of 53 weeks. */
const MONDAYS = ['2026-03-09', '2026-10-12', '2026-12-14'];

/** Mostly at the beginning: then something happens at all. */
const early = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(2 * WEEKS - 1) });
const phase = fc.nat(2 * WEEKS - 1);
/** An instant of the history, in milliseconds since its first Monday's midnight; often at the very edge of a week. */
const instant = fc.oneof(
  fc.integer({ min: -7 * DAY, max: (WEEKS + 1) * 7 * DAY }),
  fc.record({ week: fc.integer({ min: -1, max: WEEKS }), edge: fc.constantFrom(-1, 0, 1) }).map(({ week, edge }) => ({
    week,
    edge,
  })),
);
const amount = fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.constantFrom(1, 999, 1_250));
const rate = fc.constantFrom(0, 1, 2_500, 3_333, 4_000, 10_000);

const ingredients = fc.record({
  zone: fc.constantFrom<Zone>('UTC', 'Europe/Berlin'),
  monday: fc.constantFrom(...MONDAYS),
  gapWeeks: fc.constantFrom(0, 0, 5),
  accountPhases: fc.array(early, { minLength: 4, maxLength: 4 }),
  discounts: fc.array(fc.record({ model: fc.nat(1), bps: fc.constantFrom(undefined, 0, 333), day: fc.nat(2), phase }), {
    maxLength: 2,
  }),
  campaigns: fc.array(
    fc.record({ campaign: fc.nat(2), model: fc.nat(1), marketer: fc.nat(1), rate, at: instant, phase: early }),
    { minLength: 1, maxLength: 6 },
  ),
  subscriptions: fc.array(fc.record({ campaign: fc.option(fc.nat(2), { nil: undefined }), phase: early }), {
    maxLength: 2,
  }),
  payments: fc.array(
    fc.record({
      amount,
      at: instant,
      kind: fc.constantFrom('tip', 'renewal'),
      campaign: fc.option(fc.nat(2), { nil: undefined, freq: 4 }),
      subscription: fc.option(fc.nat(1), { nil: undefined }),
      phase,
    }),
    { minLength: 1, maxLength: 14 },
  ),
  refunds: fc.array(
    fc.record({ payment: fc.nat(13), share: fc.constantFrom(3, 2, 1), days: fc.constantFrom(-1, 0, 1, 8), phase }),
    { maxLength: 6 },
  ),
  // One at most for each model and phase: of several, the first to arrive may pay another invoice (rules 0).
  topUps: fc.uniqueArray(fc.record({ model: fc.nat(1), amount: fc.integer({ min: 1, max: 4_000 }), phase }), {
    maxLength: 5,
    selector: ({ model, phase: at }) => `${model} ${at}`,
  }),
  commands: fc.array(fc.record({ kind: fc.constantFrom(...COMMANDS), model: fc.nat(1), week: fc.nat(3), phase }), {
    maxLength: 4,
  }),
});

export const histories: fc.Arbitrary<History> = ingredients.map((parts) => {
  const { zone, monday } = parts;
  const firstDay = Date.parse(`${monday}T00:00:00Z`);
  const dayOf = (week: number) => firstDay + 7 * DAY * (week + (week >= 2 ? parts.gapWeeks : 0));
  const at = (when: number | { week: number; edge: number }) =>
    new Date(
      typeof when === 'number' ? firstDay + when : wallTime(dayOf(when.week), 0, zone) + when.edge,
    ).toISOString();
  const facts: Fact[][] = Array.from({ length: 2 * WEEKS }, () => []);
  const commands: Command[][] = Array.from({ length: 2 * WEEKS }, () => []);
  const campaignOf = (index: number | undefined) => (index === undefined ? {} : { campaignId: CAMPAIGNS[index] });

  [...MODELS, ...MARKETERS].forEach((accountId, index) => {
    facts[parts.accountPhases[index] ?? 0]?.push(
      tell.account(accountId, accountId.startsWith('M') ? 'model' : 'marketer'),
    );
  });
  parts.discounts.forEach(({ model, bps, day, phase: when }, index) => {
    const more = {
      id: `discount-${index}`,
      at: `2026-01-0${day + 1}T00:00:00Z`,
      ...(bps === undefined ? {} : { discountBps: bps }),
    };
    facts[when]?.push(tell.account(MODELS[model] ?? '', 'model', more));
  });
  parts.campaigns.forEach(({ campaign, model, marketer, rate: bps, at: from, phase: when }, index) => {
    const version = { id: `version-${index}`, at: at(from) };
    facts[when]?.push(
      tell.campaign(CAMPAIGNS[campaign] ?? '', MODELS[model] ?? '', MARKETERS[marketer] ?? '', bps, version),
    );
  });
  parts.subscriptions.forEach(({ campaign, phase: when }, index) => {
    facts[when]?.push(tell.subscription(`s${index}`, campaignOf(campaign)));
  });
  parts.payments.forEach(({ campaign, subscription, kind, phase: when, ...payment }, index) => {
    const of = {
      ...campaignOf(campaign),
      ...(subscription === undefined ? {} : { subscriptionId: `s${subscription}` }),
    };
    facts[when]?.push(tell.payment(`p${index}`, payment.amount, at(payment.at), { kind, ...of }));
  });
  parts.refunds.forEach(({ payment, share, days, phase: when }, index) => {
    const paid = parts.payments[payment];
    if (paid === undefined || paid.amount < share) return;
    const refundedAt = new Date(Date.parse(at(paid.at)) + days * DAY).toISOString();
    facts[when]?.push(tell.refund(`r${index}`, `p${payment}`, Math.ceil(paid.amount / share), refundedAt));
  });
  parts.topUps.forEach(({ model, amount: cents, phase: when }, index) => {
    facts[when]?.push(tell.topUp(`t${index}`, MODELS[model] ?? '', cents));
  });
  for (const { kind, model, week, phase: when } of parts.commands) {
    commands[when]?.push({ kind, invoiceId: `${weekName(dayOf(week))}:${MODELS[model]}` });
  }
  return {
    zone,
    monday,
    phases: facts.map((arriving, index) => ({
      at: phaseInstant(index, dayOf, zone),
      facts: arriving,
      commands: commands[index] ?? [],
    })),
    end: new Date(wallTime(dayOf(WEEKS + 1), 12, zone)).toISOString(),
  };
});

/** Of each week Monday 03:00, before the invoices of the week before are issued, and Wednesday noon. */
function phaseInstant(index: number, dayOf: (week: number) => number, zone: Zone): string {
  const monday = dayOf(Math.floor(index / 2));
  return new Date(index % 2 === 0 ? wallTime(monday, 3, zone) : wallTime(monday + 2 * DAY, 12, zone)).toISOString();
}
