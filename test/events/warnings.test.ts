import { describe, expect, it } from 'vitest';

import { createCatalogue } from '../../src/events/catalogue.ts';
import { EVENT_TYPES, EVENTS_IN } from '../../src/events/incoming.ts';

const catalogue = createCatalogue('USD');
const AT = '2026-11-23T09:00:00Z';

/** What is told of an event: a known one with more fields, or any other. */
function told(type: string, more: object, envelope: object = {}) {
  const known = type in EVENTS_IN ? EVENTS_IN[type as keyof typeof EVENTS_IN].example : {};
  return catalogue.warningsOf(type, { type, timestamp: AT, data: { ...known, ...more }, ...envelope });
}

describe('what an event has and nobody reads', () => {
  it('is named by its path, with the field that may be meant', () => {
    const { timeZone: _, ...data } = EVENTS_IN['account.updated'].example;
    const json = { type: 'account.updated', timestamp: AT, data: { ...data, timezone: 'Europe/Berlin' } };
    expect(catalogue.warningsOf('account.updated', json)).toEqual({
      warnings: [
        {
          path: 'data.timezone',
          message: 'is no field of account.updated: it is stored, and has no effect; did you mean data.timeZone?',
          suggestion: 'data.timeZone',
        },
      ],
      more: 0,
    });
  });

  it('is found at every depth, and where it would belong elsewhere', () => {
    expect(told('subscription.started', { fan: { bott: true }, returning: true }, { currency: 'USD' })).toMatchObject({
      warnings: [
        { path: 'data.fan.bott', suggestion: 'data.fan.bot' },
        { path: 'data.returning', suggestion: 'data.fan.returning' },
        { path: 'currency', suggestion: 'data.currency' },
      ],
    });
  });

  it('is suggested nothing that is there already, and nothing far', () => {
    expect(told('account.updated', { timezone: 'UTC', email: 'x' })?.warnings).toEqual([
      { path: 'data.timezone', message: expect.stringMatching(/no effect$/) },
      { path: 'data.email', message: expect.stringMatching(/no effect$/) },
    ]);
  });

  it('is told ten times at most, with names that are cut, and counted whole', () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}${'x'.repeat(500)}`, 1]));
    const warnings = told('account.updated', many);
    expect(warnings?.more).toBe(4_990);
    expect(JSON.stringify(warnings).length).toBeLessThan(3_000);
  });

  it('is nothing strange to us by name', () => {
    const odd = JSON.parse('{"__proto__":{"a":1},"constructor":1,"toString":2,"a.b":3}') as object;
    const json = { type: 'refund.declined', timestamp: AT, data: { ...EVENTS_IN['refund.declined'].example, ...odd } };
    expect(catalogue.warningsOf('refund.declined', json)?.warnings.map(({ path }) => path)).toEqual([
      'data.__proto__',
      'data.constructor',
      'data.toString',
      'data.a.b',
    ]);
  });

  it('is its type, where that is not known', () => {
    expect(told('account.update', { whatever: 1 }, { tiemstamp: AT })).toMatchObject({
      warnings: [
        { path: 'type', suggestion: 'account.updated' },
        { path: 'tiemstamp', message: expect.stringContaining('no field of an event') },
      ],
    });
    expect(told('something.else', {})?.warnings).toEqual([
      { path: 'type', message: 'is no type of event: it is stored, and ignored' },
    ]);
  });
});

it.each(EVENT_TYPES)('%s has nothing to warn of as the reference shows it', (type) => {
  expect(told(type, { currency: 'USD' })).toBeNull();
});
