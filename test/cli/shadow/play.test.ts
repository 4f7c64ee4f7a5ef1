import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readEvent } from '../../../src/cli/readEvent.ts';
import { loadDecided } from '../../../src/cli/shadow/ours.ts';
import type { PastEvent } from '../../../src/cli/shadow/pastEvents.ts';
import { batchFrom, playPast } from '../../../src/cli/shadow/play.ts';
import { eventsOfPurchases } from '../../../src/cli/shadow/purchases.ts';
import type { PlayState } from '../../../src/cli/shadow/workFolder.ts';
import { createCalendar } from '../../../src/kernel/calendar.ts';
import { deepTest } from '../../support/depth.ts';
import { type TestEvent, tell } from '../../support/events.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { createWorld, throwIt, type World } from '../../support/world.ts';

const SAMPLE = new URL('../../../examples/shadow/purchases.csv', import.meta.url);
const END = '1997-02-18T00:00:00Z';
const calendar = createCalendar('UTC');

describe('what is applied together', () => {
  const day = 86_400_000;
  const event = (at: number, type: string, balance?: string): PastEvent => ({
    ...{ at, type, line: 1, start: 0, end: 1 },
    ...(balance === undefined ? {} : { balance }),
  });
  const sizes = (events: PastEvent[], due: number | null = null) => {
    const found: number[] = [];
    for (let from = 0; from < events.length; from += found.at(-1) ?? 1) {
      found.push(batchFrom(events, from, due === null ? null : new Date(due)));
    }
    return found;
  };

  test('are facts that take the same effect in whatever order they arrive', () => {
    expect(sizes([event(0, 'account.updated'), event(1, 'payment.succeeded'), event(2, 'payment.refunded')])).toEqual([
      3,
    ]);
  });

  test('is no order, and no end of a payout, with anything', () => {
    const events = ['payment.succeeded', 'order.placed', 'order.placed', 'payout.settled', 'payment.succeeded'];
    expect(sizes(events.map((type, at) => event(at, type)))).toEqual([1, 1, 1, 1, 1]);
  });

  test('are top-ups of one instant to several accounts', () => {
    const topUp = (at: number, account: string) => event(at, 'balance.topped_up', account);
    expect(sizes([topUp(5, 'a'), topUp(5, 'b'), topUp(5, 'a'), topUp(6, 'b'), event(6, 'payment.succeeded')])).toEqual([
      2, 1, 1, 1,
    ]);
  });

  test('ends where something is due, and after a day', () => {
    const payments = [0, 10, 20, 30].map((at) => event(at, 'payment.succeeded'));
    expect(sizes(payments, 20)).toEqual([2, 1, 1]);
    expect(batchFrom(payments, 0, new Date(0))).toBe(1);
    expect(sizes([event(0, 'payment.succeeded'), event(day - 1, 'tip'), event(day, 'payment.succeeded')])).toEqual([
      1, 1, 1,
    ]);
    expect(sizes([0, day - 1, day].map((at) => event(at, 'payment.succeeded')))).toEqual([2, 1]);
  });
});

describe('a past that is played', () => {
  let world: World;
  let events: TestEvent[];

  beforeAll(async () => {
    world = await createWorld({ environment: { SHADOW: '1' }, onError: throwIt });
    events = await pastWithTimes();
  });
  afterAll(() => world.close());
  beforeEach(() => world.reset(events[0]?.timestamp ?? END));

  deepTest('decides what was decided when every event came at its own instant', { timeout: 240_000 }, async () => {
    await play();
    const played = await loadDecided(world.core, calendar.dayOf);
    const balances = await balancesOf();
    expect(await world.core.verify()).toEqual([]);
    await world.reset(events[0]?.timestamp ?? END);
    for (const event of events) {
      await world.travelTo(event.timestamp);
      await world.send(event);
    }
    await world.travelTo(END);
    expect(played).toEqual(await loadDecided(world.core, calendar.dayOf));
    expect(balances).toEqual(await balancesOf());
    expect(new Set(played.map(({ kind }) => kind))).toEqual(new Set(['invoice', 'payout', 'standing']));
  });

  deepTest('is gone on with from wherever it was cut off, and ends with the same', { timeout: 120_000 }, async () => {
    const some = events.slice(0, 60);
    const end = '1997-01-20T00:00:00Z';
    const state = await play({ events: some, end });
    const whole = await loadDecided(world.core, calendar.dayOf);
    expect(state.done).toBe(60);
    await world.reset(events[0]?.timestamp ?? END);
    let left = { ...state, done: 0, planned: 0, at: null } as PlayState;
    for (const cutAt of [3, 20, 41]) {
      await expect(play({ events: some, end, state: left, cutAt })).rejects.toThrow('cut off');
      left = lastSaved;
      await world.restart();
    }
    await play({ events: some, end, state: left });
    expect(await loadDecided(world.core, calendar.dayOf)).toEqual(whole);
    expect(await world.core.verify()).toEqual([]);
  });

  let lastSaved: PlayState;

  /** `cutAt`: everything ends when so many events were read, of which half were received. */
  async function play({
    events: list = events,
    end = END,
    state = { kind: 'settlebot-shadow', identity: IDENTITY, token: '', done: 0, planned: 0, at: null } as PlayState,
    cutAt = Number.POSITIVE_INFINITY,
  } = {}): Promise<PlayState> {
    lastSaved = state;
    let read = 0;
    const { catalogue, inbox } = world.core;
    const incoming = list.map(({ id, type, timestamp, data }) => {
      const one = readEvent(catalogue, Buffer.from(JSON.stringify({ id, type, timestamp, data })));
      if ('problem' in one) throw new Error(one.problem);
      return one.event;
    });
    const past = list.map(({ type, timestamp, data }, line): PastEvent => {
      const balance = type === 'balance.topped_up' ? { balance: String(data.accountId) } : {};
      return { at: Date.parse(timestamp), type, ...balance, line, start: 0, end: 0 };
    });
    await playPast({
      ...{ core: world.core, clock: world.clock, events: past, end: new Date(end), reach: () => {} },
      interrupted: new AbortController().signal,
      read: async (wanted) => {
        const batch = wanted.map(({ line }) => incoming[line]).filter((one) => one !== undefined);
        read += batch.length;
        if (read < cutAt) return batch;
        for (const one of batch.slice(0, Math.ceil(batch.length / 2))) {
          world.clock.pin(one.timestamp);
          await inbox.receive(one);
        }
        throw new Error('cut off');
      },
      folder: {
        state: () => lastSaved,
        save: async (change) => {
          lastSaved = { ...lastSaved, ...change };
        },
      },
    });
    return lastSaved;
  }

  async function balancesOf(): Promise<[string, number][]> {
    const accounts = ['model:ava', 'model:bea', 'model:cleo', 'marketer:marco', 'marketer:nina', 'affiliate:ada'];
    return Promise.all(accounts.map(async (account) => [account, await world.core.ledger.balance(account)]));
  }
});

const IDENTITY = { events: '', policy: '', timeZone: 'UTC', currency: 'USD' };

/** The sample, each purchase at a time of its day, with refunds inside and after the hold, some of them asked for first. */
async function pastWithTimes(): Promise<TestEvent[]> {
  const rows = readFileSync(SAMPLE, 'utf8').trim().split('\n');
  const timed = rows.map((row, index) => {
    const seconds = (index * 7_919) % 86_400;
    const clock = new Date(seconds * 1_000).toISOString().slice(10, 19);
    return index === 0 ? row : row.replace(/^\d{4}-\d\d-\d\d/, (day) => `${day}${clock}Z`);
  });
  const file = join(scratchFolder(), `settlebot-shadow-${process.pid}.csv`);
  writeFileSync(file, timed.join('\n'));
  const end = { at: new Date(), name: 'the present' };
  const text = await eventsOfPurchases(file, { currency: 'USD', calendar, end });
  rmSync(file);
  const events: TestEvent[] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const payments = events.filter(({ type }) => type === 'payment.succeeded');
  const refunds = payments.flatMap(({ timestamp, data }, index) => {
    if (index % 6 !== 0) return [];
    const hoursLater = index % 4 === 0 ? 40 : 101;
    const at = new Date(Date.parse(timestamp) + hoursLater * 3_600_000).toISOString();
    const id = String(data.paymentId);
    const amount = index % 12 === 0 ? Number(data.amount) : Math.ceil(Number(data.amount) / 3);
    return [tell.refund(`r-${id}`, id, amount, at)];
  });
  return [...events, ...refunds].sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp));
}
