import type { Connection } from 'mongoose';

import { realMilliseconds } from '../kernel/clock.ts';

/** From here on people hear of it, in milliseconds. */
const TOLD_MS = 2_000;
/** From here on nothing is decided: what is due, and what came first, would be decided wrongly. */
const DECIDES_BELOW_MS = 60_000;
const MEASURED_EVERY_MS = 60_000;
/** While nothing is decided, people wait for the clocks to agree again. */
const MEASURED_AGAIN_MS = 5_000;

export type ClockWatch = ReturnType<typeof createClockWatch>;

/**
 * Compares our clock with the database's (`hello.localTime`), at the start and every minute. The leases of all processes go by the
 * one, and what is due by the other; that two processes agree follows from each agreeing with the database. `warn` hears of every
 * measurement that is off by two seconds or more.
 */
export function createClockWatch(deps: {
  connection: Connection;
  warn: (line: string) => void;
  onError: (error: unknown) => void;
  now?: () => number;
}) {
  const { connection, warn, onError, now = realMilliseconds } = deps;
  let offsetMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let waiting: (() => Promise<void>)[] = [];

  /** Measures at once, and then again and again until `stop`. */
  async function start(): Promise<void> {
    await measure();
    if (!stopped) timer = setTimeout(start, agrees() ? MEASURED_EVERY_MS : MEASURED_AGAIN_MS).unref();
  }

  /** What fails leaves the last measurement: a database that does not answer is told of elsewhere. */
  async function measure(): Promise<void> {
    try {
      const sentAt = now();
      const { localTime } = await connection.getClient().db('admin').command({ hello: 1 });
      if (!(localTime instanceof Date)) return;
      offsetMs = offsetOf(localTime.getTime(), sentAt, now());
      tell();
      if (agrees()) await Promise.all(waiting.splice(0).map((work) => work()));
    } catch (error) {
      onError(error);
    }
  }

  function tell(): void {
    if (Math.abs(offsetMs) < TOLD_MS) return;
    const off = `the database's clock is ${(Math.abs(offsetMs) / 1_000).toFixed(1)} s ${offsetMs > 0 ? 'ahead of' : 'behind'} ours`;
    warn(agrees() ? off : `${off}: nothing is decided until they agree; events are taken and stored`);
  }

  /** Whether decisions can be made by our clock. */
  function agrees(): boolean {
    return Math.abs(offsetMs) < DECIDES_BELOW_MS;
  }

  /** Does something now, or as soon as the clocks agree. */
  async function whenAgreed(work: () => Promise<void>): Promise<void> {
    if (agrees()) await work();
    else waiting = [...waiting, work];
  }

  function stop(): void {
    stopped = true;
    clearTimeout(timer);
  }

  return { start, measure, stop, agrees, whenAgreed, offsetMs: () => offsetMs };
}

/** How far an instant is outside of the time that its round trip took: ahead is positive, behind negative. */
export function offsetOf(theirMs: number, sentMs: number, answeredMs: number): number {
  if (theirMs < sentMs) return theirMs - sentMs;
  return Math.max(0, theirMs - answeredMs);
}
