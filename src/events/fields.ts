import { z } from 'zod';

import type { ReadNumber } from '../kernel/accountNumbers.ts';
import { KNOWN_ID, PLATFORM_ID } from '../kernel/ids.ts';
import { LARGEST_AMOUNT } from '../kernel/money.ts';

/**
 * The kinds of fields that events have, in both directions. What a field is for stands beside it, as `description`; `x-kind`
 * names the format that docs/events.md explains once, `x-unit` what a number counts, `x-default` what holds without it.
 */

const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** An RFC 3339 instant. JavaScript rolls 30 February over to March; here it is an error. */
export const instantSchema = z
  .string()
  .transform((text, context) => {
    const at = new Date(RFC3339.test(text) ? text.toUpperCase() : Number.NaN);
    if (Number.isNaN(at.getTime()) || at.getTime() < 0 || !dayExists(text)) {
      context.addIssue({
        code: 'custom',
        message: 'must be an RFC 3339 instant from 1970 on, as 2026-11-23T06:00:00Z',
      });
      return z.NEVER;
    }
    return at;
  })
  .meta({ format: 'date-time', 'x-kind': 'instant', examples: ['2026-11-23T06:00:00Z'] });

function dayExists(text: string): boolean {
  const [year, month, day] = text.slice(0, 10).split('-').map(Number);
  return (day ?? 0) <= new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate();
}

/** An instant as the service writes it: a Date inside, RFC 3339 in UTC with milliseconds outside. */
export const writtenInstant = z
  .codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: (at) => at.toISOString() })
  .meta({ format: 'date-time', 'x-kind': 'instant', examples: ['2026-11-23T06:00:00.000Z'] });

/** Of one fan, in minor units. */
const HIGHEST_PRICE = 9_000_000;

export const idSchema = z
  .string()
  .regex(PLATFORM_ID, 'must be 1-64 of A-Z a-z 0-9 _ . : -, and neither . nor ..')
  .meta({ 'x-kind': 'id' });
/** Of what may be of the service's own making: an order's campaign, a renewed order. */
export const knownIdSchema = z
  .string()
  .regex(KNOWN_ID, 'must be 1-64 of A-Z a-z 0-9 _ . : - ~, and neither . nor ..')
  .meta({ 'x-kind': 'id' });
/** The number of an account that money is sent to, as it is compared. What is wrong with one never repeats it. */
export function numberField(longest: number, read: (text: string) => ReadNumber) {
  return z
    .string()
    .max(longest)
    .transform((text, context) => {
      const outcome = read(text);
      if ('number' in outcome) return outcome.number;
      context.addIssue({ code: 'custom', message: outcome.fault });
      return z.NEVER;
    });
}

export const payoutIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_.:-]{1,80}$/, 'must be a payout id, as 2026-04-01:ACCOUNT')
  .meta({ 'x-kind': 'id', examples: ['2026-04-01:kim'] });

const AMOUNT = { 'x-kind': 'amount', 'x-unit': 'minor units' };
const amount = z
  .int('must be an integer number of minor units')
  .max(LARGEST_AMOUNT, `must be at most ${LARGEST_AMOUNT} minor units`)
  .meta(AMOUNT);
export const positiveAmount = amount.min(1, 'must be at least 1 minor unit').meta(AMOUNT);
export const amountOrNone = amount.min(0, 'must not be negative').meta(AMOUNT);
export const price = positiveAmount.max(HIGHEST_PRICE, `must be at most ${HIGHEST_PRICE} minor units`).meta(AMOUNT);

/** A whole number within limits; `unit` is what it counts. */
export function wholeFrom(least: number, most: number, unit?: string) {
  return z
    .int('must be an integer')
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`)
    .meta(unit === undefined ? {} : { 'x-unit': unit });
}

export const basisPoints = wholeFrom(0, 10_000, 'basis points').meta({ 'x-kind': 'rate' });
export const reasonSchema = z.string().max(1_000).meta({ 'x-kind': 'text' });

/** Fields of what the service writes, which are not checked again when they are sent: they say what a receiver finds. */
export const written = {
  id: z.string().meta({ 'x-kind': 'id' }),
  amount: z.int().meta(AMOUNT),
  rate: z.int().min(0).max(10_000).meta({ 'x-kind': 'rate', 'x-unit': 'basis points' }),
  instant: writtenInstant,
  /** A day in the platform's time zone. */
  date: z.iso.date().meta({ 'x-kind': 'date', examples: ['2026-04-01'] }),
  count: (unit: string) => z.int().min(0).meta({ 'x-unit': unit }),
  text: z.string().meta({ 'x-kind': 'text' }),
  sentences: z.array(z.string()).meta({ 'x-kind': 'sentences' }),
};
