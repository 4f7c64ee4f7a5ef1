import { z } from 'zod';

import { readJsonFile } from './kernel/jsonFile.ts';
import { ALL_BUT_ADMIN, scopeSchema } from './rights/scope.ts';

/**
 * The numbers of the business, all of them, with their defaults. A deployment overrides any part of it in POLICY_FILE.
 * Money is in minor units, rates in basis points, wall times in the platform's zone.
 */
const count = z.number().int().min(0);
const basisPoints = count.max(10_000);
const hour = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 06:00');
const cents = count.max(Number.MAX_SAFE_INTEGER);

const invoicing = z.strictObject({
  /** When on Monday the invoices of the week before are issued (rules 1.2). */
  issueAt: hour.default('06:00'),
  /** Calendar days from issue to due (rules 1.10). */
  dueDays: count.max(365).default(3),
  /** Volume discount: what was completed in three months, and the discount from there on (rules 1.4). */
  levels: z.array(z.strictObject({ volume: cents, bps: basisPoints })).default([
    { volume: 3_000_000, bps: 300 },
    { volume: 8_000_000, bps: 600 },
  ]),
});

const sanctions = z.strictObject({
  overdueDays: count.default(3),
  overdueTotal: cents.default(50_000),
  reviewOverdueDays: count.default(21),
  reviewLateInvoices: count.default(2),
  windowWeeks: count.default(8),
  /** Whether pausing and blocking wait until a warning of that invoice was delivered, or cannot be (rules 2.9). */
  onlyAfterWarning: z.boolean().default(false),
});

const trust = z.strictObject({
  start: count.max(100).default(50),
  onTime: z.number().int().default(2),
  late: z.number().int().default(-10),
  lateAgain: z.number().int().default(-20),
  orderCompleted: z.number().int().default(1),
  promiseKept: z.number().int().default(1),
  promiseBroken: z.number().int().default(-5),
});

/** What models may promise of an invoice that is overdue (rules 2.11). */
const promises = z.strictObject({
  enabled: z.boolean().default(false),
  /** How many calendar days a promise may wait for its payment. */
  maxDays: count.max(365).default(7),
  /** Below this trust score nothing is offered. */
  minTrust: count.max(100).default(30),
  /** Of two parts, the share of what is still to be paid that is paid at once. */
  firstPartBps: basisPoints.default(2_500),
  /** For so many weeks after a promise was broken nothing is offered. */
  perWeeks: count.max(520).default(8),
});

const orders = z.strictObject({
  answerHours: count.default(72),
  /** How many run at a time for a marketer whose account does not say; null: no limit (rules 4.4). */
  capacity: count.min(1).nullable().default(null),
  /** Calendar days without a fan after which a running order is stopped; 0: never (rules 4.10). */
  idleDays: count.max(3_650).default(30),
});

const commissions = z.strictObject({ trialDays: count.default(3), holdHours: count.default(96) });

const payouts = z.strictObject({
  marketers: z.boolean().default(true),
  /** In chat, what moves more than this asks once more, also when it is typed (docs/chat.md). */
  askAbove: cents.default(100_000),
  /** How many people it takes to say that payouts are paid, or failed (docs/operations.md). */
  approvals: z.union([z.literal(1), z.literal(2)], 'must be 1 or 2').default(1),
});

const notices = z.strictObject({
  quietFrom: hour.default('22:00'),
  quietUntil: hour.default('08:00'),
  /** When, in a person's own zone, what was gathered for a day or a week is told (rules 3). */
  digestAt: hour.default('09:00'),
});

const events = z.strictObject({
  /** How often an event is tried before it is quarantined (docs/integration.md). */
  attempts: count.min(1).default(5),
  /** How many days of the service's clock an event waits for what it refers to. */
  waitDays: count.min(1).default(7),
});

const roles = z.strictObject({
  /** What managers may do of whom the owner has not decided otherwise (docs/rights.md). */
  manager: z.array(scopeSchema).default([...ALL_BUT_ADMIN]),
});

export const policySchema = z.strictObject({
  invoicing: invoicing.prefault({}),
  sanctions: sanctions.prefault({}),
  trust: trust.prefault({}),
  promises: promises.prefault({}),
  orders: orders.prefault({}),
  commissions: commissions.prefault({}),
  payouts: payouts.prefault({}),
  notices: notices.prefault({}),
  events: events.prefault({}),
  roles: roles.prefault({}),
});

export type Policy = z.infer<typeof policySchema>;

export const defaultPolicy: Policy = policySchema.parse({});

/**
 * The policy of a file, or what is wrong with it: every bad key by its path, after `name`, which is what names the file. Unknown keys
 * are refused.
 */
export function readPolicy(file: string, name = 'POLICY_FILE'): { policy: Policy } | { errors: string[] } {
  const read = readJsonFile(file, name);
  if ('errors' in read) return read;
  const parsed = policySchema.safeParse(read.content);
  if (parsed.success) return { policy: parsed.data };
  return {
    errors: parsed.error.issues.map(({ path, message }) =>
      [name, path.join('.'), message].filter((part) => part !== '').join(': '),
    ),
  };
}
