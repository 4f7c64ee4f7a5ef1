import { describe, expect, it } from 'vitest';

import { isDigestRole, nextRound } from '../../src/digests/rounds.ts';

const next = (role: 'manager' | 'model' | 'affiliate', timeZone: string, after: string) =>
  nextRound({ role, timeZone }, new Date(after), '09:00').toISOString();

describe('when a digest is told', () => {
  it.each([
    // 26 November 2026 is a Thursday.
    ['managers this morning', 'manager', 'UTC', '2026-11-26T08:59:59.999Z', '2026-11-26T09:00:00.000Z'],
    [
      'managers tomorrow, from the instant itself on',
      'manager',
      'UTC',
      '2026-11-26T09:00:00Z',
      '2026-11-27T09:00:00.000Z',
    ],
    ['models on Sunday', 'model', 'UTC', '2026-11-26T12:00:00Z', '2026-11-29T09:00:00.000Z'],
    ['models a week later, after Sunday morning', 'model', 'UTC', '2026-11-29T09:00:00Z', '2026-12-06T09:00:00.000Z'],
    ['affiliates on Monday', 'affiliate', 'UTC', '2026-11-26T12:00:00Z', '2026-11-30T09:00:00.000Z'],
    ['in the zone of the person', 'manager', 'America/Los_Angeles', '2026-11-26T12:00:00Z', '2026-11-26T17:00:00.000Z'],
    ['on the weekday of that zone', 'model', 'Pacific/Auckland', '2026-11-28T19:00:00Z', '2026-11-28T20:00:00.000Z'],
    [
      'at the same hour across a change of the clocks',
      'manager',
      'Europe/Berlin',
      '2026-10-24T07:00:00Z',
      '2026-10-25T08:00:00.000Z',
    ],
  ] as const)('%s', (_, role, timeZone, after, at) => {
    expect(next(role, timeZone, after)).toBe(at);
  });

  it('is for roles that have one', () => {
    expect(['manager', 'model', 'affiliate', 'marketer'].filter(isDigestRole)).toEqual([
      'manager',
      'model',
      'affiliate',
    ]);
  });

  it('comes at an hour that a day leaves out, when that day has it next', () => {
    // On this day the clocks go from 02:00 to 03:00.
    const at = nextRound({ role: 'manager', timeZone: 'Europe/Berlin' }, new Date('2026-03-28T12:00:00Z'), '02:30');
    expect(at.toISOString()).toBe('2026-03-29T01:30:00.000Z');
  });
});
