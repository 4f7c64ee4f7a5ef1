import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { signedAmountOf } from '../../console/src/amounts.ts';
import { createEventStream } from '../../console/src/eventStream.ts';
import { isOld, QUERIES_OF } from '../../console/src/liveTopics.ts';
import { daysOf, isAccount, isAdjustable, monthIn } from '../../console/src/pages/ledger/accountName.ts';
import { TOPICS } from '../../src/live/change.ts';

describe('what is live', () => {
  test('events are read in whatever pieces they come', () => {
    const whole = 'retry: 3000\nid: 1\n\n: still here\n\ndata: {"topic":"ledger"}\nid: 2\n\n';
    const expected = [{ id: '1', data: '' }, { data: '' }, { id: '2', data: '{"topic":"ledger"}' }];
    for (let size = 1; size <= whole.length; size += 1) {
      const stream = createEventStream();
      const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, at) =>
        whole.slice(at * size, (at + 1) * size),
      );
      expect(pieces.flatMap(stream.take)).toEqual(expected);
    }
  });

  test('a topic makes old what it is in, every topic is known, and an unknown one makes all old', () => {
    expect(Object.keys(QUERIES_OF).sort()).toEqual([...TOPICS].sort());
    expect(isOld('GET /v1/invoices/{id}', new Set(['invoices']))).toBe(true);
    expect(isOld('GET /v1/invoices', new Set(['webhooks']))).toBe(false);
    expect(isOld('GET /v1/anything', new Set(['newer than this page']))).toBe(true);
    expect(isOld('GET /v1/invoices', new Set())).toBe(false);
  });
});

describe('what is shown', () => {
  const everything = new Set<string>(TOPICS);

  test('is read again by some topic, whichever page asks for it', () => {
    const asked = sourcesOf(CONSOLE).flatMap((text) => text.match(/(?<=')GET \/v1\/[^']+(?=')/g) ?? []);
    expect(new Set(asked).size).toBeGreaterThan(30);
    expect(asked.filter((operation) => !isOld(operation, everything))).toEqual([]);
    expect(['told', 'sessions'].filter((key) => !isOld(key, everything))).toEqual([]);
  });

  test('follows what it is made of', () => {
    for (const topic of ['invoices', 'standing', 'orders', 'payouts'])
      expect(isOld('told', new Set([topic]))).toBe(true);
    for (const topic of ['invoices', 'ledger', 'cycles', 'webhooks', 'fans'])
      expect(isOld('GET /v1/series/{name}', new Set([topic]))).toBe(true);
    expect(isOld('GET /v1/orders', new Set(['accounts']))).toBe(true);
    expect(isOld('GET /v1/models/{id}/trust', new Set(['orders']))).toBe(true);
    // What a dialog has foreseen must not change between reading and pressing.
    expect(isOld('foresight', everything)).toBe(false);
  });
});

const CONSOLE = fileURLToPath(new URL('../../console/src', import.meta.url));

function sourcesOf(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
  return files.map((file) => readFileSync(join(folder, file), 'utf8'));
}

describe('the ledger’s pages', () => {
  test('take the accounts that the service takes', () => {
    expect(['model:m1', 'held:2026-W10:m1', 'platform:write-offs'].every(isAccount)).toBe(true);
    expect(['m1', 'model:', 'model:a b', 'other:m1', ''].some(isAccount)).toBe(false);
    expect(['model:m1', 'marketer:c', 'affiliate:a'].every(isAdjustable)).toBe(true);
    expect(['credit:m1', 'escrow:o1', 'platform:commissions'].some(isAdjustable)).toBe(false);
  });

  test('know months, and amounts below zero', () => {
    expect(monthIn('2026-11')).toBe('2026-11');
    for (const text of ['2026-13', '2026-1', 'March', '', null]) expect(monthIn(text)).toBeUndefined();
    expect(daysOf('2026-12')).toEqual({ from: '2026-12-01', to: '2027-01-01' });
    expect(daysOf('2026-02')).toEqual({ from: '2026-02-01', to: '2026-03-01' });
    const amountOf = (text: string) => (/^\d+$/.test(text) ? Number(text) * 100 : null);
    expect(['-5', '5', '−5', '--5', '0', 'x'].map((text) => signedAmountOf(text, amountOf))).toEqual([
      ...[-500, 500, -500, null, null, null],
    ]);
  });
});
