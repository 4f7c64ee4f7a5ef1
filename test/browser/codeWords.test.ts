import { describe, expect, test } from 'vitest';

import { createFormats } from '../../console/src/format.ts';
import { standingData } from '../../src/events/outgoing/standing.ts';
import { reasonSentence, type StandingReason, writtenReason } from '../../src/standing/reason.ts';
import { LANGUAGES } from '../../src/texts/languages.ts';
import { speechOf } from '../../src/texts/speech.ts';
import { toolsIn } from './textsOf.ts';

/** What the service names by a code, in the words of each language; without a browser. */

const AT = new Date('2026-11-26T06:00:00Z');

/** One of each kind. */
const REASONS: { [K in StandingReason['kind']]: Extract<StandingReason, { kind: K }> } = {
  terminated: { kind: 'terminated' },
  overdue: { kind: 'overdue', count: 2, total: 50_001 },
  'overdue-too-long': { kind: 'overdue-too-long', invoiceId: '2026-W47:ava', since: AT },
  'overdue-too-much': { kind: 'overdue-too-much', total: 50_001, limit: 50_000 },
  'under-review': { kind: 'under-review' },
  grace: { kind: 'grace', until: AT },
  'not-warned': { kind: 'not-warned', count: 1 },
  promised: { kind: 'promised', count: 3, until: AT },
};

describe('why somebody stands as they do', () => {
  test.each(LANGUAGES)('is said in %s, each reason in the words of chat', (language) => {
    const { say } = toolsIn(language);
    const reader = { timeZone: 'UTC', currency: 'USD', locale: language };
    const format = createFormats(reader);
    const speech = speechOf({ timeZone: 'UTC', currency: 'USD', locale: language });
    const inConsole = Object.values(REASONS).map((reason) => reasonSentence(writtenReason(reason), { say, ...format }));
    // Chat writes the day of the week and the zone besides, and English as the house does.
    const inChat = Object.values(REASONS).map((reason) =>
      reasonSentence(reason, {
        say: speech.say,
        money: format.money,
        instant: (at) => format.instant(at.toISOString()),
      }),
    );
    expect(inConsole).toEqual(inChat);
    expect(new Set(inConsole).size).toBe(inConsole.length);
    if (language === 'en') return;
    const english = toolsIn('en');
    for (const [index, reason] of Object.values(REASONS).entries()) {
      expect(inConsole[index]).not.toBe(reasonSentence(writtenReason(reason), { say: english.say, ...format }));
    }
  });

  test('is answered by the API in each kind that there is', () => {
    const { because } = standingData.shape;
    const kinds = because.element.options.map(({ shape }) => shape.kind.value);
    expect(kinds.sort()).toEqual(Object.keys(REASONS).sort());
    for (const reason of Object.values(REASONS)) expect(because.encode([reason])).toEqual([writtenReason(reason)]);
  });
});
