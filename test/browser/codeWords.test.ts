import { describe, expect, test } from 'vitest';

import { actorWords } from '../../console/src/actors.ts';
import { failureWords } from '../../console/src/failures.ts';
import { createFormats } from '../../console/src/format.ts';
import { stepMoment } from '../../console/src/pages/account/steps.ts';
import { checkFacts } from '../../console/src/pages/health/checks.ts';
import { orderData } from '../../src/events/outgoing/orders.ts';
import { standingData } from '../../src/events/outgoing/standing.ts';
import { CHECKS } from '../../src/kernel/checks.ts';
import { orderReasonSentence } from '../../src/notices/messages/orderReason.ts';
import type { OrderReason } from '../../src/orders/order.ts';
import { orderReasonWords, reasonsOf } from '../../src/orders/words.ts';
import { failureIn, failureText, type WebhookFailure } from '../../src/outgoing/failure.ts';
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

/** One of each kind that an order ends for, with what is said of it or without. */
const ENDS: OrderReason[] = [
  { kind: 'rejected', reason: 'busy' },
  { kind: 'rejected', reason: null },
  { kind: 'cancelled', reason: 'twice' },
  { kind: 'cancelled', reason: null },
  { kind: 'guarantee-violated', reason: 'bots' },
  { kind: 'guarantee-violated', reason: '' },
  { kind: 'stopped-by-manager', reason: 'fraud' },
  { kind: 'stopped-by-manager', reason: '' },
  { kind: 'not-answered' },
  { kind: 'not-funded' },
  { kind: 'idle', reason: 'no fan counted for 30 days', days: 30 },
  { kind: 'client-terminated' },
  { kind: 'client-blocked', overdueCount: 2, overdueTotal: 50_001 },
  { kind: 'client-owes', amount: 500 },
];

describe('what holds while nothing is paid, and what follows', () => {
  test.each(LANGUAGES)('is said in %s, each in words of its own', (language) => {
    const { say } = toolsIn(language);
    const tools = { say, format: createFormats({ timeZone: 'UTC', currency: 'USD', locale: language }), now: () => AT };
    const unless = { payment: 6_173, invoiceIds: ['2026-W10:m1'] };
    const moments = (['campaigns-paused', 'cpl-orders-blocked'] as const).flatMap((what) =>
      [null, '2026-11-29T06:00:00.000Z'].map((at) => stepMoment({ what, at, unless }, tools)),
    );
    expect(moments.map(({ at, isAhead }) => [at, isAhead])).toEqual([
      [AT.toISOString(), false],
      ['2026-11-29T06:00:00.000Z', true],
      [AT.toISOString(), false],
      ['2026-11-29T06:00:00.000Z', true],
    ]);
    expect(new Set(moments.map(({ what }) => what)).size).toBe(4);
    if (language === 'en') expect(moments[0]?.what).toBe('Campaigns are paused until $61.73 is paid');
  });
});

describe('why an order ended', () => {
  test.each(LANGUAGES)('is said in %s, in the words of chat', (language) => {
    const { say } = toolsIn(language);
    const display = { timeZone: 'UTC', currency: 'USD', locale: language };
    const { because } = reasonsOf({ reasons: ENDS, notRenewedBecause: [] }, display);
    const inConsole = because.map((reason) => orderReasonSentence(reason, say));
    expect(inConsole).toEqual(ENDS.map((reason) => orderReasonWords(reason, display)));
    expect(new Set(inConsole).size).toBe(inConsole.length);
    if (language === 'en') return;
    const english = toolsIn('en');
    expect(inConsole.filter((one, at) => one === orderReasonSentence(because[at] as never, english.say))).toEqual([]);
  });

  test('is answered by the API in each kind that there is, without what only the client may know', () => {
    const display = { timeZone: 'UTC', currency: 'USD', locale: 'en' as const };
    const terminated: OrderReason = { kind: 'partnership-terminated', reason: '' };
    const { because, renewalBlockers } = reasonsOf(
      { reasons: [...ENDS, terminated], notRenewedBecause: [{ kind: 'client-owes', amount: 500 }] },
      display,
    );
    const kinds = orderData.shape.because.element.options.map(({ shape }) => shape.kind.value);
    expect([...new Set(because.map(({ kind }) => kind))].sort()).toEqual(kinds.sort());
    expect(orderData.shape.because.encode(because)).toEqual(because);
    expect(JSON.stringify(because)).not.toMatch(/50001|500|amount|overdue/i);
    expect(renewalBlockers).toEqual([{ kind: 'client-owes' }]);
  });
});

describe('who acted', () => {
  test.each(LANGUAGES)('is said in %s, where it is neither a person nor a key', (language) => {
    const { say } = toolsIn(language);
    const acting = ['platform', 'service', 'command line', 'cli:deploy'];
    const words = acting.map((actor) => actorWords(actor, say));
    expect(words.filter((one, index) => one === acting[index])).toEqual([]);
    expect(words[3]).toContain('deploy');
    if (language === 'en') return;
    const english = toolsIn('en');
    expect(words.filter((one, index) => one === actorWords(acting[index] ?? '', english.say))).toEqual([]);
  });

  test('is called by name, or as they are known', () => {
    const { say } = toolsIn('uk');
    expect(actorWords('boss via telegram:x', say, 'Boss')).toBe('Boss');
    expect(actorWords('boss via telegram:x', say)).toBe('boss');
    expect(actorWords('ops', say)).toBe('ops');
  });
});

/** One of each kind. */
const FAILURES: { [K in WebhookFailure['kind']]: Extract<WebhookFailure, { kind: K }>[] } = {
  refused: [{ kind: 'refused', status: 503 }],
  redirected: [{ kind: 'redirected', status: 302 }],
  late: [
    { kind: 'late', seconds: 15 },
    { kind: 'late', seconds: 0.05 },
  ],
  unreachable: [
    { kind: 'unreachable', code: 'ECONNREFUSED' },
    { kind: 'unreachable', code: null },
  ],
  erased: [{ kind: 'erased' }],
};

describe('why a webhook did not reach the platform', () => {
  const failures = Object.values(FAILURES).flat();

  test('is read from what was stored', () => {
    for (const failure of failures) expect(failureIn(failureText(failure))).toEqual(failure);
    for (const text of ['answered late', 'cannot be reached (x)', '', null]) expect(failureIn(text)).toBe(null);
  });

  test.each(LANGUAGES)('is said in %s', (language) => {
    const words = failures.map((failure) => failureWords(failure, toolsIn(language).say));
    expect(new Set(words).size).toBe(words.length);
    expect(
      words.filter(
        (one, index) =>
          language !== 'en' && one === failureWords(failures[index] ?? { kind: 'erased' }, toolsIn('en').say),
      ),
    ).toEqual([]);
  });
});

describe('what is checked of the service', () => {
  test.each(LANGUAGES)('is said in %s, each answer in words of its own', (language) => {
    const { say } = toolsIn(language);
    const tools = { say, format: createFormats({ timeZone: 'UTC', currency: 'USD', locale: language }) };
    const valuesOf = (name: keyof typeof CHECKS) =>
      CHECKS[name].map((value) => checkFacts({ checks: { [name]: value }, clockOffsetSeconds: 0 }, tools));
    for (const name of ['database', 'telegram', 'discord', 'shadow'] as const) {
      const values = valuesOf(name).map((facts) => facts.map(({ value }) => value));
      expect(values.every(({ length }) => length === 1)).toBe(true);
      expect(new Set(values.flat()).size).toBe(CHECKS[name].length);
    }
    const apart = checkFacts({ checks: { clock: 'is -7 s away' }, clockOffsetSeconds: -7 }, tools);
    expect(apart.map(({ value }) => value)).toEqual([say('checks.apart', { seconds: '7' })]);
  });
});
